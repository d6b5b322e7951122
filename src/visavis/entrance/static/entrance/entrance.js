// When the hour comes, a provider who waits is taken in as if they had pressed the button, and a
// client's page asks at once how things stand instead of waiting for the next look.
document.addEventListener("countdown:over", () => {
  const start = document.querySelector("form[data-start-at-the-hour]");
  if (start) start.requestSubmit();
  else document.querySelector("#state")?.dispatchEvent(new Event("look"));
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
