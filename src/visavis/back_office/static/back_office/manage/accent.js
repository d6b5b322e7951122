// The company's colour is shown while it is chosen.
const input = document.querySelector("[data-accent]");
const preview = document.querySelector("[data-accent-preview]");

input?.addEventListener("input", () => {
  const colour = input.value;
  for (const name of ["--accent", "--accent-edge", "--accent-strong"]) preview?.style.setProperty(name, colour);
  preview?.style.setProperty("--accent-tint", `color-mix(in srgb, ${colour} 12%, var(--surface))`);
});
