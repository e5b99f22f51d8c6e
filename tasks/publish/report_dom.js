"use strict";
// Text from articles reaches the page as text only: every element is made here, and none from markup.

const records = new Map();

function record(name) {
  if (!records.has(name)) {
    const holder = document.getElementById(`data:${name}`);
    records.set(name, holder ? JSON.parse(holder.textContent) : null);
  }
  return records.get(name);
}

const index = record("index");
const articleLines = new Map(index.articles.map((line) => [line[0], line]));
const personLines = new Map(index.people.map((line) => [line.id, line]));
const storyLines = new Map(index.stories.map((line) => [line.id, line]));
const ATTRIBUTES = new Set([
  "class", "id", "title", "type", "scope", "dir", "tabindex", "role", "value", "open", "for", "colspan",
  "aria-label", "aria-current", "aria-hidden", "aria-pressed", "datetime",
  "width", "height", "x1", "x2", "y1", "y2", "cx", "cy", "r", "x", "y", "rx", "text-anchor", "viewBox",
]);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "href") element.setAttribute("href", safeAddress(value));
    else if (ATTRIBUTES.has(name)) element.setAttribute(name, value === true ? "" : String(value));
    else throw new Error(`attribute ${name} is not for this page`);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

// append() takes a string for text, never for markup.
const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

function safeAddress(value) {
  return /^(#|https?:\/\/|validation\.html$|DICTIONARY\.html$)/.test(value) ? value : "#stories";
}

const link = (href, ...children) => el("a", { href }, ...children);
const outlet = (number) => index.outlets[number];
const storyAddress = (id) => `#story/${id}`;
const personAddress = (id) => `#person/${encodeURIComponent(id)}`;
const articleAddress = (id, place) => `#article/${id}${place ? `/${place}` : ""}`;

function count(number, singular, plural) {
  return `${number.toLocaleString("en")} ${number === 1 ? singular : plural || `${singular}s`}`;
}

function day(iso) {
  if (!iso) return "";
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Date(`${iso}T00:00:00Z`).toLocaleDateString("en-GB", options);
}

const time = (iso) => (iso ? el("time", { datetime: iso }, day(iso)) : null);

function joined(parts, separator = " · ") {
  const shown = parts.filter((part) => part !== null && part !== undefined && part !== false && part !== "");
  return shown.flatMap((part, number) => (number ? [separator, part] : [part]));
}

// A list that shows its first items, and more of them at a press.
function grow(items, draw, { step, container, noun }) {
  let shown = 0;
  const more = el("button", { type: "button", class: "more-button" });
  const box = el("div", {}, container, more);
  function add() {
    const next = items.slice(shown, shown + step);
    const drawn = next.map(draw);
    container.append(...drawn);
    const first = shown > 0 && drawn[0] && drawn[0].querySelector("a");
    shown += next.length;
    more.hidden = shown >= items.length;
    more.textContent = `Show ${Math.min(step, items.length - shown)} more of ${count(items.length, noun[0], noun[1])}`;
    if (first) first.focus();
  }
  more.addEventListener("click", add);
  add();
  return box;
}

function range(values, label) {
  const low = Math.min(...values.map((value) => value.low));
  const high = Math.max(...values.map((value) => value.high));
  const place = (value) => `${high === low ? 50 : 6 + (88 * (value - low)) / (high - low)}%`;
  const plot = svg("svg", { class: "range", role: "img", "aria-label": label, height: 34 });
  plot.append(svg("line", { x1: "6%", x2: "94%", y1: 10, y2: 10 }));
  let labelled = -100;
  for (const value of values) {
    const middle = place((value.low + value.high) / 2);
    if (value.low !== value.high) {
      plot.append(svg("line", { class: "span", x1: place(value.low), x2: place(value.high), y1: 10, y2: 10 }));
    }
    const dot = svg("circle", { cx: middle, cy: 10, r: Math.min(3 + value.printed.length, 9) });
    dot.append(svg("title", {}, value.words));
    plot.append(dot);
    if (parseFloat(middle) - labelled > 14) {
      plot.append(svg("text", { x: middle, y: 31, "text-anchor": "middle" }, value.words));
      labelled = parseFloat(middle);
    }
  }
  return plot;
}

const PLOT_ROWS = 8;

// One row for each outlet that quotes the person, one dot for each day; the size tells how often.
function timeline(name, spoken) {
  const byOutlet = new Map();
  for (const [articleId, places] of spoken) {
    const line = articleLines.get(articleId);
    if (!byOutlet.has(line[2])) byOutlet.set(line[2], { total: 0, days: new Map() });
    const row = byOutlet.get(line[2]);
    row.total += places.length;
    if (line[3]) row.days.set(line[3], (row.days.get(line[3]) || 0) + places.length);
  }
  const rows = [...byOutlet].sort((a, b) => b[1].total - a[1].total);
  const days = [...new Set(rows.flatMap(([, row]) => [...row.days.keys()]))].sort();
  const stamps = days.map((iso) => Date.parse(iso));
  const first = stamps[0];
  const width = stamps[stamps.length - 1] - first;
  const place = (iso) => (width ? 3 + (94 * (Date.parse(iso) - first)) / width : 50);
  const most = Math.max(...rows.map(([, row]) => row.total));
  const drawn = rows.slice(0, PLOT_ROWS).map(([number, row]) => {
    const label = `${outlet(number)}: ${count(row.total, "quotation")}`;
    const strip = svg("svg", { role: "img", "aria-label": label, height: 22 });
    if (days.length > 1) {
      strip.append(svg("line", { x1: "0%", x2: "100%", y1: 11, y2: 11 }));
      for (const [iso, times] of row.days) {
        const dot = svg("circle", { cx: `${place(iso)}%`, cy: 11, r: Math.min(3 + Math.sqrt(times) * 1.5, 10) });
        dot.append(svg("title", {}, `${day(iso)}: ${count(times, "quotation")}`));
        strip.append(dot);
      }
    } else {
      strip.append(svg("rect", { x: 0, y: 5, height: 12, width: `${(100 * row.total) / most}%`, rx: 3 }));
    }
    return el("div", { class: "plot-row" }, el("span", { class: "plot-label" }, outlet(number)), strip,
      el("span", { class: "plot-count", "aria-hidden": "true" }, String(row.total)));
  });
  const caption = days.length > 1
    ? `Quotations of ${name} by outlet, from ${day(days[0])} to ${day(days[days.length - 1])}; a larger dot is more of them.`
    : `Quotations of ${name} by outlet${days.length ? `, ${day(days[0])}` : ""}.`;
  const rest = rows.length > PLOT_ROWS ? ` ${count(rows.length - PLOT_ROWS, "outlet")} more below.` : "";
  return el("figure", { class: "plot" }, drawn, el("figcaption", {}, caption + rest));
}
