// Pages of people, articles, refusals and the run.

function personItem(line) {
  return el("li", {}, el("span", { class: "row-main" }, link(personAddress(line.id), line.name || "No speaker found"),
    line.title ? el("span", { class: "by" }, ` ${line.title}`) : null),
    el("span", { class: "facts" }, joined([count(line.quotes, "quotation"), count(line.outlets.length, "outlet")])));
}

function peoplePage() {
  const lists = [
    ["People", index.people.filter((line) => line.named && line.label === "PERSON")],
    ["Organisations, countries and others", index.people.filter((line) => line.named && line.label !== "PERSON")],
    ["Speakers without a name", index.people.filter((line) => !line.named)],
  ];
  return {
    title: "People",
    parts: [el("h1", { tabindex: -1 }, "People and what they said"),
      lists.filter(([, lines]) => lines.length).map(([title, lines]) => section(title, ` ${count(lines.length, "speaker")}`,
        grow(lines, personItem, { step: PAGE_STEP, container: el("ul", { class: "rows" }), noun: ["speaker"] }))),
      index.people.length ? null : el("p", { class: "empty" }, "Nobody is quoted in these articles.")],
  };
}

function said(articleId, place, quote, { withSpeaker = false, isWanted = false } = {}) {
  const [content, kind, cue, speaker, title, name, , uncertain, flags] = quote;
  const printed = [speaker || "no speaker named", title ? `, ${title}` : null,
    withSpeaker && name && name !== speaker ? ` (${name})` : null];
  return el("li", { class: `said ${kind}${isWanted ? " wanted-quote" : ""}` }, el("a", { href: articleAddress(articleId, place), dir: "auto" }, quoted(content, kind === "direct")),
    el("span", { class: "facts" }, joined([printed, cue ? el("i", {}, cue) : null, kind, ...flags,
      uncertain ? el("span", { class: "warn" }, "uncertain") : null])));
}

function saidInArticle([articleId, quotes]) {
  const line = articleLines.get(articleId);
  return el("li", { class: "said-in" }, el("h3", {}, el("span", { dir: "auto" }, outlet(line[2])), " ", link(articleAddress(articleId), line[1]), " ", time(line[3])),
    el("ul", { class: "plain" }, quotes.map(([place, quote]) => said(articleId, place, quote))));
}

async function personPage(id) {
  const person = await record(`person:${id}`);
  const line = personLines.get(id);
  if (!person || !line) return missingPage();
  const name = line.name || "No speaker found";
  return {
    title: name,
    parts: [el("h1", { tabindex: -1 }, name), line.title ? el("p", { class: "standing" }, line.title) : null,
      facts(count(line.quotes, "quotation"), count(line.outlets.length, "outlet")),
      person.aliases.length ? el("p", { class: "facts" }, `Also printed as ${person.aliases.join(", ")}.`) : null,
      section(line.named ? "Who quoted them, and when" : "Where it is printed, and when", null, timeline(name, person.quotes)),
      section("What was said, in the order of publication", null,
        grow(person.quotes, saidInArticle, { step: 25, container: el("ul", { class: "plain" }), noun: ["article"] }))],
  };
}

function articleRow(line) {
  const [id, title, number, iso, , quotes, copy] = line;
  return el("li", {}, el("span", { class: "row-main" }, link(articleAddress(id), title), el("span", { class: "by", dir: "auto" }, ` ${outlet(number)}`)),
    el("span", { class: "facts" }, joined([time(iso), count(quotes, "quotation"), copy ? "copy" : null])));
}

function articlesPage() {
  return {
    title: "Articles",
    parts: [el("h1", { tabindex: -1 }, "Articles"), index.articles.length
      ? grow(index.articles, articleRow, { step: PAGE_STEP, container: el("ul", { class: "rows" }), noun: ["article"] })
      : el("p", { class: "empty" }, "No input was an article. ", link("#refused", "What was refused, and why"))],
  };
}

const EDIT_NOTES = {
  removed: ([, category, rule]) => `removed: ${category}, rule ${rule}`,
  mended: ([, , rule, before]) => `received as: ${before} (rule ${rule})`,
  flagged: ([, , rule, proposal]) => `left as received; perhaps ${proposal} (rule ${rule})`,
};

function piece(item, places) {
  if (typeof item === "string") return item;
  const [text, roles, owners, edit] = item;
  const wanted = owners.includes(places.wanted);
  const kind = edit ? edit[0] : "";
  const classes = joined([roles, kind, wanted ? "wanted" : ""], " ").join("");
  const tag = kind === "removed" ? "del" : wanted ? "mark" : "span";
  const element = el(tag, { class: classes, title: edit ? EDIT_NOTES[kind](edit) : null },
    kind === "removed" ? [el("span", { class: "why" }, edit[1]), " "] : null, text);
  if (wanted && (!places.found || (roles.includes("quote") || roles.includes("reported")) && !places.foundQuote)) {
    places.found = element;
    places.foundQuote = roles.includes("quote") || roles.includes("reported");
  }
  return element;
}

function paragraph(item, places) {
  if (Array.isArray(item)) return el("p", { dir: "auto" }, item.map((part) => piece(part, places)));
  return el("div", { class: "removed-block" }, item.gone.map((part) => el("p", { dir: "auto" }, piece(part, places))));
}

function legend() {
  const marks = [["quote", "quotation"], ["reported", "reported speech"], ["speaker", "speaker"], ["cue", "cue"],
    ["figure", "figure"], ["mended", "mended"], ["flagged", "in doubt, left as received"]];
  return el("p", { class: "legend" }, "Marked: ", marks.map(([name, words]) => [el("span", { class: name }, words), " "]),
    el("del", { class: "removed" }, el("span", { class: "why" }, "reason"), " removed text"));
}

function articleFields(article, line) {
  const story = article.story && storyLines.get(article.story);
  const original = article.copy_of && articleLines.get(article.copy_of);
  const fields = [...article.fields];
  if (article.url) fields.push(["Address", el("a", { href: article.url }, article.url)]);
  if (article.copy_of) fields.push(["Copy of", [original ? link(articleAddress(article.copy_of), original[1]) : "another article", ` (${article.copy_kind})`]]);
  if (story && story.articles > 1) fields.push(["Story", [link(storyAddress(story.id), story.headline), ` (${count(story.articles, "article")})`]]);
  return el("dl", { class: "fields" }, fields.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { dir: "auto" }, value))));
}

async function articlePage(id, wanted) {
  const article = await record(`article:${id}`);
  if (!article) return missingPage();
  const line = articleLines.get(id);
  const places = { wanted };
  const text = el("div", { class: "text" }, article.text.map((item) => paragraph(item, places)));
  const removed = el("input", { type: "checkbox" });
  removed.checked = true;
  removed.addEventListener("change", () => text.classList.toggle("without-removed", !removed.checked));
  const quotes = Object.entries(article.quotes);
  return {
    title: article.title,
    target: places.found,
    parts: [el("h1", { tabindex: -1 }, article.title),
      facts(outlet(article.outlet), time(line[3]), count(article.words, "word"), count(quotes.length, "quotation")),
      el("div", { class: "reading" },
        el("section", { "aria-label": "Text" }, legend(), el("label", { class: "choice" }, removed, " show removed text"), text),
        el("div", { class: "margin" }, el("section", {}, el("h2", {}, "About this article"), articleFields(article, line)),
          quotes.length ? el("section", {}, el("h2", {}, "Quotations"), el("ul", { class: "plain" },
            quotes.map(([place, quote]) => said(id, place, quote, { withSpeaker: true, isWanted: place === wanted })))) : null))],
  };
}

function refusedPage() {
  const rows = index.refusals.map(([what, row, stage, check, observed, expected]) => el("tr", {},
    el("th", { scope: "row", dir: "auto" }, what, row ? [el("br"), el("small", {}, row)] : null),
    [stage, check, observed, expected].map((value) => el("td", { dir: "auto" }, value))));
  return {
    title: "Refused",
    parts: [el("h1", { tabindex: -1 }, "Refused"), rows.length
      ? el("p", { class: "facts" }, "Kept out of the tables, with the reason. After a fix, ", el("code", {}, "onrecord quarantine --retry"), " takes them in again.") : null,
    rows.length
      ? table(["Input", "Stage", "Check", "Seen", "Expected"], rows, "What was refused")
      : el("p", { class: "empty" }, "Nothing: every input is an article or an exact duplicate, and every row passed its checks."),
      index.left_out.refusals ? el("p", { class: "facts" }, `${count(index.left_out.refusals, "refusal")} more in the table quarantine.`) : null],
  };
}

function runPage() {
  const { run } = index;
  const heading = el("h1", { tabindex: -1 }, "Run");
  if (!run) return { title: "Run", parts: [heading, el("p", {}, "No run is recorded.")] };
  const rows = run.stages.map(([stage, taken, made]) => el("tr", {}, el("th", { scope: "row" }, stage), el("td", {}, taken), el("td", {}, made)));
  const fields = run.fields.filter(([, value]) => value);
  return {
    title: "Run",
    parts: [heading, el("p", {}, `${run.sum} ${run.batches}`), table(["Stage", "In", "Out"], rows, "What each stage took in and made"),
      el("dl", { class: "fields" }, fields.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
      el("p", {}, "Beside this page: ", link("validation.html", "the checks that the tables passed"), " and ",
        link("DICTIONARY.html", "what each column means"), ".")],
  };
}

function missingPage() {
  return { title: "Not here", parts: [el("h1", { tabindex: -1 }, "Not on this page"),
    el("p", {}, "The tables hold more than this page shows. ", link("#stories", "To the stories"))] };
}
