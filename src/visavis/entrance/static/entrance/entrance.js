// When the hour comes, a provider who waits is taken in as if they had pressed the button, and a
// client's page asks at once how things stand instead of waiting for the next look.
document.addEventListener("countdown:over", () => {
  const start = document.querySelector("form[data-start-at-the-hour]");
  if (start) start.requestSubmit();
  else location.reload();
});
