// Typing another time ticks it, picking a service or provider shows their times at once, and the
// fields of a new client are there only while nobody known is picked.
document.addEventListener("input", ({ target }) => {
  const fields = target.closest("[data-other-fields]");
  if (fields) fields.parentElement.querySelector("[data-other]").checked = true;
});

document.addEventListener("change", ({ target }) => {
  if (target.closest("[data-pick-provider]")) target.form.requestSubmit();
  if (target.name === "client") showNewClient();
});

const showNewClient = () => {
  const fields = document.querySelector("[data-new-client]");
  const picked = document.querySelector("input[name=client]:checked");
  if (fields) fields.hidden = Boolean(picked?.value);
};

showNewClient();
