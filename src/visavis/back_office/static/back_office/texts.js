// The names of variables become buttons that put them where the cursor was last.
let target = document.querySelector("#text textarea");
document.addEventListener("focusin", (event) => {
  if (event.target.matches("#text textarea, #text input[type=text]")) target = event.target;
});

for (const name of document.querySelectorAll("[data-insert]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "variable";
  button.append(name.cloneNode(true));
  name.replaceWith(button);
  button.addEventListener("click", () => {
    const { selectionStart: start, selectionEnd: end } = target;
    target.focus();
    target.setRangeText(name.dataset.insert, start, end, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
