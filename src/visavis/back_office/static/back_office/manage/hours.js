// Rows of hours are added, removed and copied in place. Without this module the same buttons
// send the form, and the server answers with the rows changed.
const rowsOf = (day) => day.querySelector("[data-rows]");

const fresh = (key) => {
  const row = document.querySelector("[data-row]")?.cloneNode(true) ?? null;
  if (!row) return null;
  row.querySelector(".hours-error")?.remove();
  for (const input of row.querySelectorAll("input[type=time]")) {
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  row.querySelector("[data-overnight]").hidden = true;
  row.querySelector("[type=checkbox]").checked = false;
  return rename(row, key);
};

const rename = (row, key) => {
  for (const input of row.querySelectorAll("input")) input.name = input.name.replace(/-[^-]+$/, `-${key}`);
  return row;
};

// The server counts the rows of a day: so do the boxes and buttons in them.
const number = (day) => {
  const rows = [...rowsOf(day).children];
  rows.forEach((row, place) => {
    row.querySelector("[type=checkbox]").value = place;
    row.querySelector("[name=remove]").value = `${day.dataset.day}-${place}`;
  });
  const closed = day.querySelector("[data-closed]");
  if (closed) closed.hidden = rows.length > 0;
};

const actions = {
  add(day) {
    const row = fresh(day.dataset.day);
    if (!row) return false;
    rowsOf(day).append(row);
    number(day);
    row.querySelector("input").focus();
    return true;
  },
  remove(day, button) {
    if (!document.querySelectorAll("[data-row]")[1]) return false; // the last one is the pattern
    button.closest("[data-row]").remove();
    number(day);
    day.querySelector("[name=add]").focus();
    return true;
  },
  copy(day, button, form) {
    for (const box of button.parentElement.querySelectorAll("input:checked")) {
      const other = form.querySelector(`[data-day="${box.value}"]`);
      const copies = [...rowsOf(day).children].map((row) => rename(row.cloneNode(true), box.value));
      rowsOf(other).replaceChildren(...copies);
      number(other);
      box.checked = false;
    }
    button.closest("details").open = false;
    return true;
  },
};

for (const form of document.querySelectorAll("form[data-hours]")) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    const act = button && actions[button.name];
    if (act?.(button.closest("[data-day]"), button, form)) event.preventDefault();
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.target.type !== "time") return;
    const [starts, ends] = [...row.querySelectorAll("input[type=time]")].map((input) => input.value);
    const box = row.querySelector("[data-overnight]");
    box.hidden = !(starts && ends && ends <= starts && ends !== "00:00") && !box.querySelector("input").checked;
  });
}
