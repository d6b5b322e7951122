// The one entry: each module brings one behaviour, and every page works without any of them.
import "./busy.js";
import "./copy.js";
import "./countdown.js";
import "./current.js";
import "./dialog.js";
import "./focus.js";
import "./menu.js";
import "./preview.js";
import "./reveal.js";
import "./toast.js";
import "./zone.js";

document.documentElement.classList.add("scripted");
