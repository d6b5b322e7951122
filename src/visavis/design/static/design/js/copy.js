// [data-copy="text"] copies it and says so for a moment (data-copied, in [data-copy-label]).
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    button.parentElement.querySelector("input")?.select();
    return;
  }
  const label = button.querySelector("[data-copy-label]") ?? button;
  const words = label.textContent;
  if (words === button.dataset.copied) return;
  label.textContent = button.dataset.copied;
  setTimeout(() => (label.textContent = words), 2000);
});
