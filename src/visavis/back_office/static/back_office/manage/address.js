// An address is proposed while the name is typed. An answer that comes when somebody has typed
// another address meanwhile is too late.
const address = () => document.querySelector("input[name=slug]")?.value;
const asked = new WeakMap();

document.addEventListener("htmx:before:request", ({ detail }) => asked.set(detail.ctx, address()));
document.addEventListener("htmx:before:swap", (event) => {
  if (asked.get(event.detail.ctx) !== address()) event.preventDefault();
});
