// Keeps a room page up to date: asks for the part that changes and puts it in if it has changed.
// Without this script the page works too; people reload it.
const room = document.getElementById("room");
let shown = room.innerHTML.trim();

async function look() {
  try {
    const response = await fetch(room.dataset.stateUrl, { cache: "no-store" });
    if (!response.ok) return;
    const text = (await response.text()).trim();
    if (text !== shown) {
      shown = text;
      room.innerHTML = text;
    }
  } catch {
    // The server is away for a moment; the next look will tell.
  }
}

setInterval(look, 1500);
