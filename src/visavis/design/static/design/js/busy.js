// A form is sent once: its button turns busy and further presses do nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("data-sending", "");
});

const release = (root) => {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll("[data-sending]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("data-sending");
  }
};

// Coming back with the back button shows the page as it was left.
addEventListener("pageshow", (event) => event.persisted && release(document));
document.addEventListener("htmx:finally:request", () => release(document));
