// The visitor's own time zone: input[data-own-zone] receives it; [data-zone-offer] appears where the
// page's zone (its value) is another one, with the name in [data-zone-name]s; an untouched
// select[data-zones=own] is set to it. A body[data-zone-cookie] has the server told, by the cookie of
// that name; a [data-zone-follow] (its value is the zone it was written in) is then fetched anew.
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const offset = (zone) => new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
  .formatToParts().find((part) => part.type === "timeZoneName").value;

const tell = (cookie) => {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}=${own}; path=/; samesite=lax${secure}`;
};

// Only once per page: a server that does not know the zone goes on in its own.
const follow = (element) => {
  if (!element || element.dataset.zoneFollow === own) return false;
  const address = location.pathname + location.search;
  window.htmx.ajax("GET", address, { target: element, select: `#${element.id}`, swap: "outerMorph" });
  return true;
};

const apply = (root) => {
  for (const input of root.querySelectorAll("input[data-own-zone]")) input.value = own;
  for (const select of root.querySelectorAll("select[data-zones=own]")) {
    if (select.querySelector(`option[value="${own}"]`)) select.value = own;
  }
  for (const offer of root.querySelectorAll("[data-zone-offer]")) {
    const shown = offer.dataset.zoneOffer;
    offer.hidden = shown === own || offset(shown) === offset(own);
    for (const name of offer.querySelectorAll("[data-zone-name]")) {
      name.textContent = own.split("/").pop().replaceAll("_", " ");
    }
  }
};

if (own) {
  if (document.body.dataset.zoneCookie) tell(document.body.dataset.zoneCookie);
  if (!follow(document.querySelector("[data-zone-follow]"))) apply(document);
  document.addEventListener("htmx:after:process", (event) => apply(event.target));
}
