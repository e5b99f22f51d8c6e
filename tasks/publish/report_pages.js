// The pages: each function returns the elements of one.

const PAGE_STEP = 50;

function facts(...parts) {
  return el("p", { class: "facts" }, joined(parts));
}

function speakerLink(name) {
  const line = index.people.find((person) => person.named && person.name === name);
  return line ? link(personAddress(line.id), name) : name;
}

function listNames(names, limit) {
  const shown = names.slice(0, limit).map(outlet);
  return shown.join(", ") + (names.length > limit ? ` and ${names.length - limit} more` : "");
}

function digest(line) {
  const items = [];
  if (line.speakers.length) {
    const named = line.speakers.map(([name, times], number) => [
      number ? (number === line.speakers.length - 1 ? " and " : ", ") : "", el("b", {}, speakerLink(name)), ` (${times})`,
    ]);
    items.push(el("li", {}, "Most quoted: ", named, "."));
  }
  line.shared.forEach(({ text, speaker, outlets, wordings }, number) => {
    const more = line.shared_count - line.shared.length;
    items.push(el("li", {}, el("b", {}, `${count(outlets, "outlet")} in ${count(wordings, "wording")}`), ": ",
      el("q", { dir: "auto" }, text), speaker ? ["  ", speaker] : null,
      more > 0 && number === line.shared.length - 1 ? ` (and ${more} more)` : null));
  });
  for (const [quantity, words] of line.disagree) {
    items.push(el("li", {}, el("span", { class: "warn" }, "Outlets disagree"), ` on ${quantity}: `, el("b", {}, words), "."));
  }
  if (line.titles.length) {
    items.push(el("li", {}, el("span", { class: "warn" }, "Titles conflict"), ` for ${line.titles.join(", ")}.`));
  }
  return items.length ? el("ul", { class: "digest" }, items) : null;
}

function storyFacts(line) {
  const originals = line.articles - line.copies;
  return facts(
    count(line.outlets.length, "outlet"), count(originals, "original"),
    line.copies ? count(line.copies, "copy", "copies") : null, time(line.day),
  );
}

function storyCard(line) {
  return el("li", { class: "card" },
    el("h2", {}, link(storyAddress(line.id), line.headline)), storyFacts(line),
    el("p", { class: "facts outlets" }, listNames(line.outlets, 6)), line.articles > 1 ? digest(line) : null);
}

function select(label, options, chosen, change) {
  const box = el("select", {}, options.map(([value, text]) => el("option", { value }, text)));
  box.value = chosen;
  box.addEventListener("change", () => change(box.value));
  return el("label", { class: "choice" }, `${label} `, box);
}

const storyChoice = { order: "told", outlet: "" };

function storiesPage() {
  const { order, outlet: only } = storyChoice;
  let lines = index.stories.filter((line) => only === "" || line.outlets.includes(Number(only)));
  if (order === "new") lines = lines.toSorted((a, b) => String(b.day || "").localeCompare(String(a.day || "")));
  const outlets = index.outlets.map((name, number) => [String(number), name]).sort((a, b) => a[1].localeCompare(b[1]));
  const change = (name) => (value) => {
    storyChoice[name] = value;
    show();
    document.querySelector(`.choice.${name} select`).focus();
  };
  const orders = select("Order", [["told", "most widely told"], ["new", "newest first"]], order, change("order"));
  orders.classList.add("order");
  const filter = select("Outlet", [["", "all"], ...outlets], only, change("outlet"));
  filter.classList.add("outlet");
  return {
    title: "Stories",
    parts: [
      el("h1", { tabindex: -1 }, "Stories"),
      el("div", { class: "choices" }, orders, filter, el("span", { class: "facts" }, count(lines.length, "story", "stories"))),
      lines.length
        ? grow(lines, storyCard, { step: PAGE_STEP, container: el("ol", { class: "cards" }), noun: ["story", "stories"] })
        : el("p", { class: "facts" }, "No story is told."),
    ],
  };
}

function articleItem(item) {
  const line = articleLines.get(item.id);
  const original = item.copy_of && articleLines.get(item.copy_of);
  const role = item.copy_of
    ? ["copy", ` (${item.copy_kind}) of `, original ? link(articleAddress(item.copy_of), outlet(original[2])) : "another article",
      item.copy_words ? el("small", {}, ` ${item.copy_words}`) : null]
    : ["original"];
  return el("tr", {},
    el("th", { scope: "row" }, outlet(line[2])), el("td", {}, link(articleAddress(item.id), line[1])),
    el("td", {}, time(line[3])), el("td", {}, role), el("td", {}, item.speakers.join(", ")));
}

function table(heads, rows, label) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    el("table", {}, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, rows)));
}

function runs(list) {
  return list.map((run) => {
    if (typeof run === "string") return run;
    const [text, what] = run;
    if (what === "differs") return el("mark", {}, text);
    if (what === "context") return el("span", { class: "context" }, text);
    return el("span", { class: "gap", title: `leaves out: ${text}` }, el("span", { class: "hidden" }, `[leaves out: ${text}]`));
  });
}

function printedLine([articleId, number, place, speaker, title, cue, kind]) {
  return el("li", {}, link(articleAddress(articleId, place), outlet(number)),
    el("span", { class: "by" }, " ", joined([[speaker || "no speaker named", title ? `, ${title}` : null], cue ? el("i", {}, cue) : null, kind])));
}

function wording(item) {
  return el("li", { class: item.base ? "wording base" : "wording" },
    el("blockquote", { dir: "auto" }, runs(item.runs)),
    item.cut ? el("p", { class: "facts" }, "The same words, cut short.") : null, el("ul", { class: "printed" }, item.printed.map(printedLine)));
}

function utterance(item) {
  const speaker = item.speaker || "Speaker not known";
  const warnings = [
    item.speaker_disagrees ? el("span", { class: "warn" }, "named differently") : null,
    item.denied ? el("span", { class: "warn" }, "one wording denies what another says") : null,
  ];
  return el("li", { class: "utterance" },
    el("h3", {}, item.person && personLines.has(item.person) ? link(personAddress(item.person), speaker) : speaker,
      el("small", {}, joined([count(item.outlets, "outlet"), count(item.variants, "wording"), ...warnings]))),
    el("ul", { class: "wordings" }, item.wordings.map(wording)));
}

function quantity(item) {
  return el("li", { class: "quantity" },
    el("h3", {}, `${item.quantity}: ${item.words}`, item.disagrees ? el("small", { class: "warn" }, "disagrees") : null),
    item.sentence ? el("p", {}, item.sentence) : null,
    item.values.length > 1 && item.one_unit ? range(item.values, item.words) : null,
    el("dl", {}, item.values.flatMap((value) => [
      el("dt", {}, value.words),
      el("dd", {}, joined(value.printed.map(([id, number, place, text]) =>
        el("span", {}, link(articleAddress(id, place), outlet(number)), " ", el("q", { dir: "auto" }, text))), "; ")),
    ])));
}

function conflict([name, titles]) {
  return el("li", { class: "quantity" }, el("h3", {}, name), el("dl", {}, titles.flatMap(([title, usual, where]) => [
    el("dt", {}, title, usual ? el("small", {}, " usual") : null),
    el("dd", {}, joined(where.map(([id, number]) => link(articleAddress(id), outlet(number))), ", ")),
  ])));
}

function section(title, note, ...children) {
  return el("section", {}, el("h2", {}, title, note ? el("small", {}, note) : null), ...children);
}

function storyPage(id) {
  const story = record(`story:${id}`);
  if (!story) return missingPage();
  const line = storyLines.get(id);
  const agreeing = story.quantities.filter((item) => !item.disagrees);
  const disagreeing = story.quantities.filter((item) => item.disagrees);
  const legend = [el("mark", {}, "marked"), " words differ between wordings; ", el("span", { class: "gap" }), " words are left out; ", el("span", { class: "context" }, "grey"), " words no other outlet prints"];
  return {
    title: story.headline,
    parts: [
      el("h1", { tabindex: -1 }, story.headline), storyFacts(line), digest(line),
      story.utterances.length ? section("The same words, by outlet", legend,
        grow(story.utterances, utterance, { step: 12, container: el("ul", { class: "plain" }), noun: ["utterance"] })) : null,
      disagreeing.length || agreeing.length ? section("Figures, by outlet", null,
        el("ul", { class: "plain" }, disagreeing.map(quantity)),
        agreeing.length ? el("details", {}, el("summary", {}, `${count(agreeing.length, "figure")} without disagreement`),
          el("ul", { class: "plain" }, agreeing.map(quantity))) : null) : null,
      story.titles.length ? section("Titles in conflict", null, el("ul", { class: "plain" }, story.titles.map(conflict))) : null,
      section("Articles", null, table(["Outlet", "Article", "Published", "Original or copy", "Most quoted"],
        story.articles.map(articleItem), "Articles of this story")),
      story.speakers.length ? section("Who is quoted", null, el("p", {},
        joined(story.speakers.map(([name, times]) => el("span", {}, speakerLink(name), ` (${times})`)), ", "))) : null,
    ],
  };
}

function personItem(line) {
  return el("li", {}, link(personAddress(line.id), line.name || "No speaker found"),
    el("span", { class: "facts" }, " ", joined([line.title, count(line.quotes, "quotation"), count(line.outlets.length, "outlet")])));
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
      index.people.length ? null : el("p", { class: "facts" }, "No quotation has a named speaker.")],
  };
}

function said(articleId, place, quote, { withSpeaker = false } = {}) {
  const [content, kind, cue, speaker, title, name, , uncertain, flags] = quote;
  const words = kind === "direct" && !/^[“"«„‘']/.test(content) ? `“${content}”` : content;
  const printed = [speaker || "no speaker named", title ? `, ${title}` : null,
    withSpeaker && name && name !== speaker ? ` (${name})` : null];
  return el("li", { class: `said ${kind}` }, el("a", { href: articleAddress(articleId, place), dir: "auto" }, words),
    el("span", { class: "facts" }, joined([printed, cue ? el("i", {}, cue) : null, kind, ...flags,
      uncertain ? el("span", { class: "warn" }, "uncertain") : null])));
}

function saidInArticle([articleId, places]) {
  const line = articleLines.get(articleId);
  const { quotes } = record(`article:${articleId}`);
  return el("li", {}, el("h3", {}, outlet(line[2]), " ", link(articleAddress(articleId), line[1]), " ", time(line[3])),
    el("ul", { class: "plain" }, places.map((place) => said(articleId, place, quotes[place]))));
}

function personPage(id) {
  const person = record(`person:${id}`);
  const line = personLines.get(id);
  if (!person || !line) return missingPage();
  const name = line.name || "No speaker found";
  return {
    title: name,
    parts: [el("h1", { tabindex: -1 }, name),
      facts(line.title, count(line.quotes, "quotation"), count(line.outlets.length, "outlet")),
      person.aliases.length ? el("p", { class: "facts" }, `Also printed as ${person.aliases.join(", ")}.`) : null,
      section("Who quoted them, and when", null, timeline(name, person.quotes)),
      section("What was said, in the order of publication", null,
        grow(person.quotes, saidInArticle, { step: 25, container: el("ul", { class: "plain" }), noun: ["article"] }))],
  };
}

function articleRow(line) {
  const [id, title, number, iso, , quotes, copy] = line;
  return el("li", {}, link(articleAddress(id), title),
    el("span", { class: "facts" }, " ", joined([outlet(number), time(iso), count(quotes, "quotation"), copy ? "copy" : null])));
}

function articlesPage() {
  return {
    title: "Articles",
    parts: [el("h1", { tabindex: -1 }, "Articles"), index.articles.length
      ? grow(index.articles, articleRow, { step: PAGE_STEP, container: el("ul", { class: "rows" }), noun: ["article"] })
      : el("p", { class: "facts" }, "No input was an article.")],
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
  const classes = joined([roles, kind, kind === "removed" ? edit[3] : "", wanted ? "wanted" : ""], " ").join("");
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
    el("del", { class: "removed foreign" }, el("span", { class: "why" }, "reason"), " removed text"));
}

function articlePage(id, wanted) {
  const article = record(`article:${id}`);
  if (!article) return missingPage();
  const line = articleLines.get(id);
  const story = article.story && storyLines.get(article.story);
  const original = article.copy_of && articleLines.get(article.copy_of);
  const fields = article.fields.map(([name, value]) => [name, value]);
  if (article.url) fields.push(["Address", el("a", { href: article.url }, article.url)]);
  if (article.copy_of) fields.push(["Copy of", [original ? link(articleAddress(article.copy_of), original[1]) : "another article", ` (${article.copy_kind})`]]);
  if (story) fields.push(["Story", link(storyAddress(story.id), story.headline)]);
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
      el("dl", { class: "fields" }, fields.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { dir: "auto" }, value)))),
      legend(), el("label", { class: "choice" }, removed, " show removed text"),
      section("Text", null, text),
      quotes.length ? section("Quotations", null, el("ul", { class: "plain" },
        quotes.map(([place, quote]) => said(id, place, quote, { withSpeaker: true })))) : null],
  };
}

function refusedPage() {
  const rows = index.refusals.map(([what, row, stage, check, observed, expected]) => el("tr", {},
    el("th", { scope: "row", dir: "auto" }, what, row ? [el("br"), el("small", {}, row)] : null),
    [stage, check, observed, expected].map((value) => el("td", { dir: "auto" }, value))));
  return {
    title: "Refused",
    parts: [el("h1", { tabindex: -1 }, "Refused"), rows.length
      ? table(["Input", "Stage", "Check", "Seen", "Expected"], rows, "What was refused")
      : el("p", {}, "Every input is an article or an exact duplicate, and every row passed its checks."),
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
