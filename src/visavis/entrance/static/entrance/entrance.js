// When the hour comes, a provider who waits is taken in as if they had pressed the button. They
// learn of it by the countdown, or by a look that came a moment before it: then the form is
// already one for those who come later.
let waits = false;
const goIn = () => {
  const start = waits && document.querySelector("form#start");
  if (start) {
    waits = false;
    start.requestSubmit();
  }
  return start;
};
const wait = () => {
  if (document.querySelector("#state[data-goes-at-the-hour]")) waits = true;
  else goIn();
};
wait();
document.addEventListener("htmx:after:process", wait);

// Who has no button yet, as all clients, asks at once how things stand instead of waiting for the
// next look.
document.addEventListener("countdown:over", () => {
  if (!goIn()) document.querySelector("#state")?.dispatchEvent(new Event("look"));
});

// The page goes on asking while it gets no answer, and says so.
const lost = document.querySelector("#lost");
const say = (gone) => () => {
  if (lost) lost.hidden = !gone;
};
document.addEventListener("htmx:error", say(true));
document.addEventListener("htmx:after:request", (event) => {
  say(event.detail.ctx?.response?.raw?.status >= 500)();
});
window.addEventListener("offline", say(true));
window.addEventListener("online", () => {
  document.querySelector("#state")?.dispatchEvent(new Event("look"));
});

// Who reads that the meeting takes place elsewhere is taken there after a few seconds.
const onward = document.querySelector("a[data-onward]");
if (onward) setTimeout(() => onward.click(), Number(onward.dataset.onward) * 1000);
