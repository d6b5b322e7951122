// <a href="#id" data-dialog> opens a <dialog>, [data-dialog-close] closes it; so does a press beside
// it. What htmx puts into the remote dialog opens that.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("a[data-dialog]");
  const dialog = opener && document.querySelector(opener.hash || null);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  const open = closer?.closest("dialog[open]") ?? (event.target.matches("dialog[open]") && event.target);
  if (!open) return;
  event.preventDefault();
  open.close();
});

document.addEventListener("htmx:after:swap", () => {
  const remote = document.querySelector("[data-dialog-remote]");
  if (!remote) return;
  const filled = remote.querySelector("#dialog-content").childElementCount > 0;
  if (!filled && remote.open) remote.close();
  if (filled && !remote.open) remote.showModal();
  // What replaced the content took the focus away with it.
  else if (filled && !remote.contains(document.activeElement)) remote.querySelector("h2").focus();
});

document.addEventListener(
  "close",
  (event) => event.target.matches?.("[data-dialog-remote]") && event.target.querySelector("#dialog-content").replaceChildren(),
  true,
);
