// On a phone what a choice brings may be out of sight: after a day was pressed in a month,
// [data-reveal] (its times) comes into view.
document.addEventListener("htmx:after:settle", () => {
  if (!document.activeElement?.closest(".month-grid")) return;
  document.querySelector("[data-reveal]")?.scrollIntoView({ block: "nearest" });
});
