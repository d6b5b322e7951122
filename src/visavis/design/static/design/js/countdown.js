// <time data-countdown datetime="..."> counts down to its instant; at zero it tells the page
// ("countdown:over", bubbling) and, with data-reload, loads it again. Browsers' clocks may be wrong,
// so data-now carries the server's.
const running = new Map();

const text = (seconds) => {
  const [days, hours] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24];
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  if (days && Intl.DurationFormat) {
    const units = new Intl.DurationFormat(document.documentElement.lang, { style: "narrow" });
    return units.format({ days, hours, minutes });
  }
  return `${days * 24 + hours ? `${days * 24 + hours}:` : ""}${two(minutes)}:${two(rest)}`;
};

const start = (element) => {
  const ahead = Date.parse(element.dataset.now ?? "") - Date.now() || 0;
  running.set(element, ahead);
};

const tick = () => {
  for (const [element, ahead] of running) {
    if (!element.isConnected) {
      running.delete(element);
      continue;
    }
    const left = Math.ceil((Date.parse(element.dateTime) - Date.now() - ahead) / 1000);
    element.textContent = text(Math.max(0, left));
    if (left > 0) continue;
    running.delete(element);
    element.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
    if ("reload" in element.dataset) location.reload();
  }
};

const find = (root) => {
  for (const element of root.querySelectorAll("time[data-countdown]")) {
    if (!running.has(element)) start(element);
  }
  tick();
};

find(document);
document.addEventListener("htmx:after:process", (event) => find(event.target));
setInterval(tick, 1000);
