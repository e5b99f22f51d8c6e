"use strict";
// Everything on the page is there without this script; it opens, searches and hides.

const items = [...document.querySelectorAll(".item")];
const search = document.getElementById("search");
const found = document.getElementById("found");
const texts = new Map();

function textOf(item) {
  if (!texts.has(item)) texts.set(item, item.textContent.toLocaleLowerCase());
  return texts.get(item);
}

function filterItems() {
  const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of items) {
    item.hidden = words.some((word) => !textOf(item).includes(word));
    if (!item.hidden) shown += 1;
  }
  found.hidden = words.length === 0;
  found.textContent = shown === 0 ? "Nothing found." : `${shown} of ${items.length} entries hold these words.`;
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (search.value) {
    search.value = "";
    filterItems();
  }
  for (let node = target; node; node = node.parentElement) {
    if (node.tagName === "DETAILS") node.open = true;
  }
  target.scrollIntoView({ block: target.classList.contains("place") ? "center" : "start" });
}

let waiting;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(filterItems, 120);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  }
});
document.getElementById("show-removed").addEventListener("change", (event) => {
  document.body.classList.toggle("without-removed", !event.target.checked);
});
addEventListener("hashchange", openTarget);
openTarget();
