// A rejected form's summary takes the focus, so that it is read out and seen.
const focus = (root) => root.querySelector("[data-focus]")?.focus();

focus(document);
document.addEventListener("htmx:after:settle", (event) => focus(event.target));
