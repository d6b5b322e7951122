// An address is proposed when the name is typed. That is too late for somebody who is typing, or
// has typed, another one meanwhile.
const field = () => document.querySelector("input[name=slug]");
const asked = new WeakMap();

document.addEventListener("htmx:before:request", ({ detail }) => asked.set(detail.ctx, field()?.value));
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const typing = document.activeElement === field() && ctx.sourceElement !== field();
  if (typing || asked.get(ctx) !== field()?.value) event.preventDefault();
});
