// The time held while the form is open: [data-hold] is the note about it. Whoever leaves gives it back,
// whoever comes back takes it again, and when its minutes are over the note says so.
const form = document.querySelector("form#details:has([data-hold])");
const note = () => form.querySelector("[data-hold]");
let over = Infinity;
let sending = false;

const body = (fields) => {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

const count = () => {
  const { seconds } = note().dataset;
  over = seconds ? Date.now() + seconds * 1000 : Infinity;
};

const tick = () => {
  if (Date.now() < over) return;
  over = Infinity;
  note().querySelector("[data-hold-running]").hidden = true;
  note().querySelector("[data-hold-over]").hidden = false;
};

const take = async () => {
  if (!note().dataset.hold) return;
  const answer = await fetch(note().dataset.hold, { method: "POST", body: body({ note: "" }) });
  if (!answer.ok) return;
  note().outerHTML = await answer.text();
  count();
};

const shown = (event) => {
  sending = false;
  const [arrival] = performance.getEntriesByType("navigation");
  const again = event.persisted || ["reload", "back_forward"].includes(arrival?.type);
  if (again || !note().dataset.code) take();
};

const left = () => {
  const { code, release } = note().dataset;
  if (code && !sending) navigator.sendBeacon(release, body({ code }));
};

if (form) {
  count();
  setInterval(tick, 1000);
  form.addEventListener("submit", () => { sending = true; });
  addEventListener("pagehide", left);
  // A page that a browser prepares unasked takes no time from anybody.
  if (document.prerendering) document.addEventListener("prerenderingchange", shown, { once: true });
  else addEventListener("pageshow", shown);
}
