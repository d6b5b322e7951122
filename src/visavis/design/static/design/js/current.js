// Where tabs or the navigation are longer than their place, the current one is scrolled into it.
const show = (list) => {
  const current = list.querySelector("[aria-current=page]")?.getBoundingClientRect();
  if (!current) return;
  const place = list.getBoundingClientRect();
  list.scrollLeft += current.left - place.left - (place.width - current.width) / 2;
  list.scrollTop += current.top - place.top - (place.height - current.height) / 2;
};

for (const list of document.querySelectorAll(".tabs, .office-nav")) {
  show(list);
  list.addEventListener("toggle", () => show(list));
}
