// A form is sent once: its button turns busy and further presses do nothing. Forms that htmx sends
// are none of our business (it has prevented the submission by now), nor are those with data-many.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "many" in form.dataset) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the back button shows the page as it was left.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy=true]")?.removeAttribute("aria-busy");
  }
});
