// Toasts can be put away; those that only report success go by themselves.
const dismiss = (toast) => toast?.remove();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) dismiss(button.closest("[data-toast]"));
});

for (const toast of document.querySelectorAll("[data-toast].success, [data-toast].info")) {
  let timer = setTimeout(dismiss, 8000, toast);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(dismiss, 3000, toast)));
}
