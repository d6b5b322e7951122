// A picture is shown as soon as it is chosen, before it is sent.
document.addEventListener("change", (event) => {
  const preview = event.target.closest(".file")?.querySelector(".file-preview");
  const [file] = event.target.files ?? [];
  if (!preview || !file) return;
  const reader = new FileReader();
  reader.onload = () => {
    preview.src = reader.result;
    preview.hidden = false;
  };
  reader.readAsDataURL(file);
});
