"use strict";
// Text from articles reaches the page as text only: every element is made here, and none from markup.

// The page's data: lists of records, packed, each element saying the number of its first record. The index is
// number 0; after it come the stories, people and articles in the order of its lists.
const holders = [...document.querySelectorAll("script[data-first]")];
const firsts = holders.map((holder) => Number(holder.dataset.first));
let index, articleLines, personLines, storyLines, numbers;

async function unpack(holder) {
  const packed = Uint8Array.from(atob(holder.textContent), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

const KEPT_CHUNKS = 8;
const chunks = new Map();

// The list of records that holds a number; the latest lists stay unpacked.
function chunkOf(number) {
  const place = firsts.findLastIndex((first) => first <= number);
  if (!chunks.has(place)) {
    chunks.set(place, unpack(holders[place]));
    if (chunks.size > KEPT_CHUNKS) chunks.delete(chunks.keys().next().value);
  }
  return chunks.get(place).then((list) => list[number - firsts[place]]);
}

// The record of a story, person or article; undefined where the page has none.
const record = async (name) => (numbers.has(name) ? chunkOf(numbers.get(name)) : undefined);

async function readIndex() {
  [index] = await unpack(holders[0]);
  articleLines = new Map(index.articles.map((line) => [line[0], line]));
  personLines = new Map(index.people.map((line) => [line.id, line]));
  storyLines = new Map(index.stories.map((line) => [line.id, line]));
  const names = [
    ...index.stories.map((line) => `story:${line.id}`), ...index.people.map((line) => `person:${line.id}`),
    ...index.articles.map((line) => `article:${line[0]}`),
  ];
  numbers = new Map(names.map((name, place) => [name, place + 1]));
}

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
const quoted = (text, isDirect) => (isDirect && !/^[“"«„‘']/.test(text) ? `“${text}”` : text);
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
