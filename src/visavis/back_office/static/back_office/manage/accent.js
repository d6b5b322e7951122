// The company's colour is shown while it is chosen.
const input = document.querySelector("[data-accent]");
const preview = document.querySelector("[data-accent-preview]");

input?.addEventListener("input", () => {
  for (const name of ["--accent", "--accent-edge"]) preview?.style.setProperty(name, input.value);
});
