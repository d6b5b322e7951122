// Draws the calendar with EventCalendar where there is room for it. The agenda below stays for
// narrow screens; both show what the filters in the address let through.
const root = document.querySelector("[data-calendar]");
const filters = document.querySelector("[data-filters]");
const dialog = document.querySelector("#dialog");
const VIEWS = { day: "resourceTimeGridDay", week: "timeGridWeek", month: "dayGridMonth", list: "listWeek" };
const text = (name) => root.dataset[`text${name}`];

// A wall time, as the address carries it: never an instant, the zone goes beside it.
const two = (number) => String(number).padStart(2, "0");
const wall = (date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;

const query = (more) => {
  const all = new URLSearchParams(new FormData(filters));
  for (const [name, value] of Object.entries(more)) all.set(name, value);
  return all;
};

const open = (url) => window.htmx.ajax("GET", url, { target: "#dialog-content", swap: "innerHTML" });

const remember = (view, day) => {
  filters.elements.view.value = Object.keys(VIEWS).find((name) => VIEWS[name] === view);
  filters.elements.day.value = day;
  history.replaceState(null, "", `?${query({})}`);
};

const line = (className, words) => {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = words;
  return element;
};

const CAMERA =
  '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m16 13 5.2 3.5a.5.5 0 0 0 .8-.4V7.9a.5.5 0 0 0-.8-.4L16 10.5"/><rect x="2" y="6" width="14" height="12" rx="2"/></svg>';

const SLOT = { minutes: 30, height: 38 };
const OPENS = 7;

// How many lines of words an event has room for.
const room = ({ start, end }, view) => {
  if (view.type === VIEWS.month) return 1;
  if (view.type === VIEWS.list) return 2;
  return Math.floor((((end - start) / 60000 / SLOT.minutes) * SLOT.height - 6) / 19);
};

const content = ({ event, timeText, view }) => {
  const facts = event.extendedProps;
  if (!facts.detail) return { domNodes: [line("event-line", timeText)] };
  const head = document.createElement(facts.url ? "a" : "span");
  head.className = "event-head";
  head.draggable = false;
  if (facts.url) head.href = facts.url;
  if (facts.online) {
    head.innerHTML = CAMERA;
    head.append(line("visually-hidden", text("Online")));
  }
  const month = view.type === VIEWS.month;
  head.append(line("event-line", month ? `${timeText} ${event.title}` : event.title));
  const when = [facts.status, timeText].filter(Boolean);
  const what = [facts.detail, facts.provider].filter(Boolean);
  const lines = room(event, view);
  if (lines < 2) return { domNodes: [head] };
  const below = lines < 3 ? [[...when, ...what]] : [when, what];
  return { domNodes: [head, ...below.map((words) => line("event-line", words.join(" · ")))] };
};

const fresh = (wallTime, resource) => {
  if (!root.dataset.newUrl) return;
  const values = query({ start: wallTime, next: location.pathname + location.search });
  values.delete("view");
  values.set("day", wallTime.slice(0, 10));
  if (values.get("offering") === "online") values.delete("offering");
  if (resource) values.set("provider", resource.id);
  location.assign(`${root.dataset.newUrl}?${values}`);
};

const moved = async (info) => {
  const { event, revert } = info;
  const values = new URLSearchParams({
    start: wall(event.start),
    zone: filters.elements.zone.value,
    provider: info.newResource?.id ?? event.resourceIds[0],
  });
  // Whatever comes of it: a move that was made reloads the page, any other one snaps back.
  dialog.addEventListener("close", revert, { once: true });
  await open(`${event.extendedProps.move}?${values}`);
  if (!dialog.open) revert();
};

// A press opens the pop-up; with a modifier key it is the link that it looks like.
const clicked = ({ event, jsEvent }) => {
  if (jsEvent.type !== "click" || jsEvent.ctrlKey || jsEvent.metaKey || !event.extendedProps.url) return;
  jsEvent.preventDefault();
  open(event.extendedProps.url);
};

// EventCalendar nests the roles of a table in ways that screen readers cannot follow. Without
// them it reads as what it is: days, and in them links.
const ROLES = ["table", "rowgroup", "row", "columnheader", "cell", "list", "listitem"]
  .map((role) => `[role=${role}]`)
  .join();
const plain = () => {
  for (const element of root.querySelectorAll(ROLES)) element.removeAttribute("role");
  for (const element of root.querySelectorAll("[aria-colindex]")) element.removeAttribute("aria-colindex");
  for (const heading of root.querySelectorAll("h4:not([aria-level])")) heading.setAttribute("aria-level", "3");
  for (const event of root.querySelectorAll(".ec-event[role=button]")) {
    event.removeAttribute("role");
    event.removeAttribute("tabindex");
  }
};

let calendar;

const events = async ({ startStr, endStr }) => {
  const response = await fetch(`${root.dataset.eventsUrl}?${query({ start: startStr, end: endStr })}`);
  if (!response.ok) throw new Error(response.statusText);
  const found = await response.json();
  // Days begin at a whole hour, whenever the first appointment does.
  const first = Math.min(OPENS, ...found.map(({ start }) => Number(start.slice(11, 13))));
  calendar.setOption("slotMinTime", `${two(first)}:00`);
  return found;
};

const draw = () => {
  const drawing = JSON.parse(document.querySelector("#calendar-drawing").textContent);
  // With the day beside it, browsers write "30 Mon" in English.
  const weekday = new Intl.DateTimeFormat(drawing.locale, { weekday: "short" });
  // Without a country, browsers put the month first in English; the rest of the page does not.
  const dates = new Intl.DateTimeFormat(drawing.locale === "en" ? "en-GB" : drawing.locale, {
    dateStyle: "medium",
  });
  new MutationObserver(plain).observe(root, { childList: true, subtree: true });
  calendar = window.EventCalendar.create(root, {
    view: VIEWS[drawing.view],
    date: drawing.day,
    timeZone: drawing.offset,
    locale: drawing.locale,
    firstDay: drawing.firstDay,
    resources: drawing.resources,
    headerToolbar: {
      start: "today prev,next",
      center: "title",
      end: Object.values(VIEWS).join(","),
    },
    buttonText: (words) => ({
      ...words,
      today: text("Today"),
      prev: text("Previous"),
      next: text("Next"),
      [VIEWS.day]: text("Day"),
      [VIEWS.week]: text("Week"),
      [VIEWS.month]: text("Month"),
      [VIEWS.list]: text("List"),
    }),
    allDaySlot: false,
    slotMinTime: `${two(OPENS)}:00`,
    slotMaxTime: "21:00",
    flexibleSlotTimeLimits: true,
    slotDuration: { minutes: SLOT.minutes },
    slotHeight: SLOT.height,
    slotEventOverlap: false,
    titleFormat: (start, end) => dates.formatRange(start, end),
    dayHeaderFormat: (date) => `${weekday.format(date)} ${date.getDate()}`,
    nowIndicator: true,
    dayMaxEvents: true,
    eventDurationEditable: false,
    selectable: Boolean(root.dataset.newUrl),
    noEventsContent: text("None"),
    views: {
      dayGridMonth: {
        dayHeaderFormat: { weekday: "short" },
        titleFormat: { year: "numeric", month: "long" },
      },
    },
    eventContent: content,
    eventSources: [{ events }],
    datesSet: ({ view }) => {
      const day = calendar?.getOption("date");
      if (day) remember(view.type, wall(day).slice(0, 10));
    },
    eventClick: clicked,
    eventDrop: moved,
    select: ({ startStr, resource, allDay }) => !allDay && fresh(startStr.slice(0, 16), resource),
    dateClick: ({ dateStr, resource, allDay }) => {
      if (!allDay) fresh(dateStr.slice(0, 16), resource);
    },
  });
  root.dataset.ready = "";
};

if (root && filters) {
  filters.addEventListener("change", () => filters.requestSubmit());
  const roomy = matchMedia("(width >= 60rem)");
  const drawOnce = () => root.dataset.ready === undefined && roomy.matches && draw();
  drawOnce();
  roomy.addEventListener("change", drawOnce);
}
