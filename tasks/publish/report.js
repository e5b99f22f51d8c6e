// Which page is shown, where the reader stands on it, and the search over all of them.

const main = document.getElementById("main");
const search = document.getElementById("search");
const found = document.getElementById("found");
const scrolled = new Map();
let shownHash = null;
let drawing = 0;

// Letters that are one letter to Unicode and an accented one to a reader without that key.
const PLAIN_LETTERS = { ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", ı: "i", æ: "ae", œ: "oe", ħ: "h", ß: "ss" };
const fold = (text) =>
  text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[łøđðþıæœħß]/g, (letter) => PLAIN_LETTERS[letter]);

function highlighted(text, words) {
  const folded = fold(text);
  // Folding may change the length; then nothing is marked rather than the wrong letters.
  if (folded.length !== text.length) return [text];
  const marks = words.flatMap((word) => {
    const at = [];
    for (let from = folded.indexOf(word); from !== -1; from = folded.indexOf(word, from + word.length)) at.push([from, from + word.length]);
    return at;
  }).sort((a, b) => a[0] - b[0]);
  const parts = [];
  let done = 0;
  for (const [start, end] of marks) {
    if (start < done) continue;
    parts.push(text.slice(done, start), el("mark", {}, text.slice(start, end)));
    done = end;
  }
  return [...parts, text.slice(done)];
}

const holds = (text, words) => { const folded = fold(text || ""); return words.every((word) => folded.includes(word)); };

function shortened(text, words) {
  const at = Math.max(0, fold(text).indexOf(words[0]) - 120);
  return (at ? "…" : "") + text.slice(at, at + 320) + (text.length > at + 320 ? "…" : "");
}

function resultList(title, items, draw, noun) {
  return items.length ? section(title, ` ${count(items.length, noun[0], noun[1])}`,
    grow(items, draw, { step: 20, container: el("ul", { class: "rows" }), noun })) : null;
}

// What is searched of each article: its words without case and accents, and its quotations.
const searched = new Map();

function searchedOf(id, article) {
  if (!searched.has(id)) {
    const pieces = article.text.flatMap((item) => (Array.isArray(item) ? item : item.gone));
    const words = [article.title, outlet(article.outlet), ...article.fields.map(([, value]) => value),
      pieces.map((item) => (typeof item === "string" ? item : item[0])).join(""),
      ...Object.values(article.quotes).map((quote) => quote[5] || "")];
    searched.set(id, { text: fold(words.join("\n")), quotes: Object.entries(article.quotes) });
  }
  return searched.get(id);
}

// Goes through all articles in slices, so that typing stays smooth.
async function searchArticles(words, ticket) {
  const quotes = [];
  const articles = [];
  let pause = performance.now();
  for (const line of index.articles) {
    if (performance.now() - pause > 15) {
      await new Promise((resume) => setTimeout(resume));
      if (ticket !== drawing) return null;
      pause = performance.now();
    }
    const article = searched.get(line[0]) || searchedOf(line[0], await record(`article:${line[0]}`));
    if (!words.every((word) => article.text.includes(word))) continue;
    articles.push(line);
    for (const [place, quote] of article.quotes) {
      if (holds(`${quote[0]} ${quote[5] || quote[3] || ""}`, words)) quotes.push([line, place, quote]);
    }
  }
  return { quotes, articles };
}

function foundQuote([line, place, quote], words) {
  return el("li", {}, el("a", { href: articleAddress(line[0], place), dir: "auto" }, highlighted(shortened(quote[0], words), words)),
    el("span", { class: "facts" }, " ", joined([quote[5] || quote[3], outlet(line[2]), time(line[3])])));
}

async function searchPage(wanted, ticket) {
  const words = fold(wanted).split(/\s+/).filter(Boolean);
  const heading = el("h1", { tabindex: -1 }, `Search: ${wanted}`);
  const stories = index.stories.filter((line) => holds(`${line.headline} ${line.titles.join(" ")}`, words));
  const people = index.people.filter((line) => line.named && holds(`${line.name} ${line.title || ""}`, words));
  const first = [
    resultList("Stories", stories, (line) => el("li", {}, link(storyAddress(line.id), highlighted(line.headline, words)), storyFacts(line)), ["story", "stories"]),
    resultList("People", people, personItem, ["speaker"]),
  ];
  main.replaceChildren(heading, ...first.filter(Boolean));
  found.textContent = "Searching the articles…";
  const result = await searchArticles(words, ticket);
  if (!result) return;
  const rest = [
    resultList("Quotations", result.quotes, (item) => foundQuote(item, words), ["quotation"]),
    resultList("Articles", result.articles, articleRow, ["article"]),
  ];
  main.append(...rest.filter(Boolean));
  found.textContent = stories.length + people.length + result.articles.length === 0
    ? "Nothing found."
    : joined([count(stories.length, "story", "stories"), count(people.length, "speaker"), count(result.quotes.length, "quotation"), count(result.articles.length, "article")], ", ").join("") + " found.";
}

const PAGES = {
  stories: storiesPage, story: storyPage, people: peoplePage, person: personPage, articles: articlesPage,
  article: articlePage, refused: refusedPage, run: runPage,
};
const PARENTS = { story: "stories", person: "people", article: "articles" };

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// Draws the page that the address names; what it drew comes back, or nothing where another page was asked for meanwhile.
async function show() {
  const ticket = ++drawing;
  main.setAttribute("aria-busy", "true");
  const [name, ...parts] = location.hash.slice(1).split("/").map(decode);
  const current = PARENTS[name] || name || "stories";
  for (const anchor of document.querySelectorAll("nav a")) {
    if (anchor.getAttribute("href") === `#${current}`) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  if (name === "search") {
    document.title = "Search: the record";
    await searchPage(parts.join("/"), ticket);
    if (ticket === drawing) main.removeAttribute("aria-busy");
    return null;
  }
  found.textContent = "";
  const page = await (Object.hasOwn(PAGES, name) ? PAGES[name] : storiesPage)(...parts);
  if (ticket !== drawing) return null;
  document.title = `${page.title}: the record`;
  main.replaceChildren(...page.parts.flat(Infinity).filter(Boolean));
  main.removeAttribute("aria-busy");
  if (page.target) page.target.scrollIntoView({ block: "center" });
  return page;
}

async function navigate() {
  if (location.hash === "#main" && shownHash !== null) return main.focus();
  if (shownHash !== null) scrolled.set(shownHash, scrollY);
  const isFirst = shownHash === null;
  shownHash = location.hash;
  if (!shownHash.startsWith("#search/") && search.value) search.value = "";
  const page = await show();
  if (!page) return;
  if (!page.target) scrollTo(0, scrolled.get(shownHash) || 0);
  // A reader of the screen hears the new page's heading; the first page is read from its top.
  if (!isFirst) main.querySelector("h1").focus({ preventScroll: true });
}

let waiting;
search.addEventListener("input", () => {
  if (!index) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const hash = search.value.trim() ? `#search/${encodeURIComponent(search.value.trim())}` : "#stories";
    if (hash === location.hash) return;
    if (location.hash.startsWith("#search/")) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
    shownHash = hash;
    show();
  }, 200);
});

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
  }
});

const theme = document.getElementById("theme");
const isDark = () => (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
function nameTheme() {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", `Use ${isDark() ? "light" : "dark"} colours`);
}
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
nameTheme();

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
readIndex().then(() => {
  addEventListener("hashchange", navigate);
  return navigate();
}).catch((error) => {
  main.replaceChildren(el("h1", {}, "This page could not be unpacked"),
    el("p", {}, "It needs a browser of 2024 or later: Chrome or Edge 123, Firefox 120, Safari 17.5. All that it shows is in the tables beside it."),
    el("p", { class: "facts" }, String(error)));
});
