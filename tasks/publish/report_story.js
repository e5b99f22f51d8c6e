// Stories: the cards of the first page, and the page of one.

const PAGE_STEP = 50;

function facts(...parts) {
  return el("p", { class: "facts" }, joined(parts));
}

function speakerLink(name) {
  const line = index.people.find((person) => person.named && person.name === name);
  return line ? link(personAddress(line.id), name) : name;
}

function storyFacts(line) {
  const originals = line.articles - line.copies;
  return facts(
    time(line.day), count(line.outlets.length, "outlet"), count(originals, "original"),
    line.copies ? count(line.copies, "copy", "copies") : null,
  );
}

const SHOWN_OUTLETS = 8;

function outletTags(numbers) {
  const more = numbers.length - SHOWN_OUTLETS;
  return el("ul", { class: "tags", "aria-label": "Outlets" },
    numbers.slice(0, SHOWN_OUTLETS).map((number) => el("li", { class: "tag", dir: "auto" }, outlet(number))),
    more > 0 ? el("li", { class: "tag" }, `${more} more`) : null);
}

function pullQuote({ text, direct, speaker, outlets, wordings }, address) {
  return el("figure", { class: "pull" }, el("blockquote", { dir: "auto" }, link(address, quoted(text, direct))),
    el("figcaption", {}, speaker ? [el("b", {}, speaker), " · "] : null,
      el("span", { class: "told" }, `${count(outlets, "outlet")} in ${count(wordings, "wording")}`)));
}

function sharedQuotes(line) {
  const more = line.shared_count - line.shared.length;
  return el("section", { class: "shared" }, el("h3", { class: "label" }, "Several outlets print"),
    line.shared.map((item) => pullQuote(item, storyAddress(line.id))),
    more > 0 ? el("p", { class: "facts" }, link(storyAddress(line.id), `${more} more, side by side`)) : null);
}

function mostQuoted(line) {
  return el("section", {}, el("h3", { class: "label" }, "Most quoted"),
    bars(line.speakers.map(([name, times]) => [speakerLink(name), times]), "quotations"));
}

function disagreements(line) {
  const more = line.disagree_count - line.disagree.length;
  return el("section", {}, el("h3", { class: "label warn" }, "Outlets disagree"),
    el("dl", { class: "brief" }, line.disagree.map(([quantity, words, values]) => el("div", {},
      el("dt", {}, quantity), el("dd", {}, el("b", {}, words), values.length > 1 ? range(values) : null)))),
    more > 0 ? el("p", { class: "facts" }, `and on ${more} more`) : null);
}

function titlesBrief(line) {
  const more = line.title_count - line.titles.length;
  return el("section", {}, el("h3", { class: "label warn" }, "Titles in conflict"),
    el("dl", { class: "brief" }, line.titles.map(([name, usual, others]) => el("div", {}, el("dt", {}, name),
      el("dd", {}, usual ? [usual, el("span", { class: "by" }, " but also ")] : null, el("b", {}, others.join("; ")))))),
    more > 0 ? el("p", { class: "facts" }, `and ${more} more`) : null);
}

function overview(line) {
  return [
    line.speakers.length ? mostQuoted(line) : null,
    line.disagree.length ? disagreements(line) : null,
    line.titles.length ? titlesBrief(line) : null,
  ].filter(Boolean);
}

function storyCard(line) {
  const heading = el("h2", {}, link(storyAddress(line.id), line.headline));
  if (line.articles === 1) {
    const named = line.speakers.map(([name, times]) => [el("span", {}, speakerLink(name), times > 1 ? ` (${times})` : "")]);
    return el("li", { class: "card single" }, heading,
      el("p", { class: "facts" }, joined([time(line.day), outlet(line.outlets[0]), named.length ? ["quotes ", joined(named, ", ")] : null])));
  }
  const parts = overview(line);
  return el("li", { class: "card" }, storyFacts(line), heading, outletTags(line.outlets),
    line.shared.length || parts.length
      ? el("div", { class: line.shared.length ? "overview" : "overview narrow" }, line.shared.length ? sharedQuotes(line) : null, el("div", { class: "side" }, parts))
      : null);
}

function select(label, options, chosen, change) {
  const box = el("select", {}, options.map(([value, text]) => el("option", { value }, text)));
  box.value = chosen;
  box.addEventListener("change", () => change(box.value));
  return el("label", { class: "choice" }, `${label} `, box);
}

const storyChoice = { order: "told", outlet: "" };

function storyChoices() {
  const change = (name) => (value) => {
    storyChoice[name] = value;
    show().then(() => document.querySelector(`.choice.${name} select`).focus());
  };
  const outlets = index.outlets.map((name, number) => [String(number), name]).sort((a, b) => a[1].localeCompare(b[1]));
  const orders = select("Order", [["told", "most widely told"], ["new", "newest first"]], storyChoice.order, change("order"));
  orders.classList.add("order");
  const filter = select("Outlet", [["", "all"], ...outlets], storyChoice.outlet, change("outlet"));
  filter.classList.add("outlet");
  return [orders, filter];
}

function storiesPage() {
  const { order, outlet: only } = storyChoice;
  let lines = index.stories.filter((line) => only === "" || line.outlets.includes(Number(only)));
  if (order === "new") lines = lines.toSorted((a, b) => String(b.day || "").localeCompare(String(a.day || "")));
  return {
    title: "Stories",
    parts: [
      el("div", { class: "title-row" }, el("h1", { tabindex: -1 }, "Stories"),
        index.stories.length > 1 ? el("div", { class: "choices" }, storyChoices(), el("span", { class: "facts" }, count(lines.length, "story", "stories"))) : null),
      lines.length
        ? grow(lines, storyCard, { step: PAGE_STEP, container: el("ol", { class: "cards" }), noun: ["story", "stories"] })
        : el("p", { class: "empty" }, index.articles.length ? "No story of this outlet." : "No input was an article. ", index.articles.length ? null : link("#refused", "What was refused, and why")),
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
    el("th", { scope: "row", dir: "auto" }, outlet(line[2])), el("td", {}, link(articleAddress(item.id), line[1])),
    el("td", {}, time(line[3]) || el("span", { class: "by" }, "not dated")), el("td", {}, role), el("td", {}, item.speakers.join(", ")));
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
    el("span", { class: "by" }, joined([[speaker || "no speaker named", title ? `, ${title}` : null], cue ? el("i", {}, cue) : null, kind])));
}

function wording(item, isOnly) {
  return el("li", { class: item.base && !isOnly ? "wording base" : "wording" },
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
    el("ul", { class: "wordings" }, item.wordings.map((one) => wording(one, item.wordings.length === 1))));
}

function quantity(item) {
  const ends = item.values.flatMap((value) => [value.low, value.high]);
  const place = item.one_unit && item.values.length > 1 ? scale(Math.min(...ends), Math.max(...ends)) : null;
  return el("li", { class: "quantity" },
    el("h3", {}, `${item.quantity}: ${item.words}`, item.disagrees ? el("small", { class: "warn" }, "disagrees") : null),
    item.sentence ? el("p", {}, item.sentence) : null,
    el("ul", { class: place ? "values scaled" : "values" }, item.values.map((value) => el("li", {},
      el("b", {}, value.words), place ? strip(place, [[value.low, value.high]]) : null,
      el("span", { class: "given" }, joined(value.printed.map(([id, number, where, text]) =>
        el("span", {}, link(articleAddress(id, where), outlet(number)), " ", el("q", { dir: "auto" }, text))), "; "))))));
}

function whereLinks(where) {
  return joined(where.map(([id, number]) => link(articleAddress(id), outlet(number))), ", ");
}

function conflict([name, titles]) {
  const usual = titles.filter(([, isUsual]) => isUsual);
  const others = titles.filter(([, isUsual]) => !isUsual);
  return el("li", { class: "quantity" }, el("h3", {}, speakerLink(name)),
    usual.map(([title, , where]) => el("p", { class: "usual" }, "Usually ", el("b", {}, title), ": ", whereLinks(where), ".")),
    el("ul", { class: "values" }, others.map(([title, , where]) => el("li", {},
      el("b", { class: "warn" }, title), el("span", { class: "given" }, whereLinks(where))))));
}

function section(title, note, ...children) {
  return el("section", {}, el("h2", {}, title, note ? el("small", {}, note) : null), ...children);
}

function wordingLegend() {
  return el("p", { class: "legend" }, el("span", {}, el("span", { class: "base-sample" }), "the wording that others are compared with"),
    el("span", {}, el("mark", {}, "marked"), " other words"), el("span", {}, el("span", { class: "gap" }), " words left out"),
    el("span", {}, el("span", { class: "context" }, "grey:"), " printed around it by this outlet only"));
}

async function storyPage(id) {
  const story = await record(`story:${id}`);
  if (!story) return missingPage();
  const line = storyLines.get(id);
  const agreeing = story.quantities.filter((item) => !item.disagrees);
  const disagreeing = story.quantities.filter((item) => item.disagrees);
  const parts = overview(line);
  return {
    title: story.headline,
    parts: [
      el("h1", { tabindex: -1 }, story.headline), storyFacts(line), outletTags(line.outlets),
      parts.length ? el("div", { class: "glance" }, parts) : null,
      story.utterances.length ? section("The same words, by outlet", null, wordingLegend(),
        grow(story.utterances, utterance, { step: 12, container: el("ul", { class: "plain" }), noun: ["utterance"] })) : null,
      disagreeing.length || agreeing.length ? section("Figures, by outlet", null,
        el("ul", { class: "plain" }, disagreeing.map(quantity)),
        agreeing.length ? el("details", {}, el("summary", {}, `${count(agreeing.length, "figure")} without disagreement`),
          el("ul", { class: "plain" }, agreeing.map(quantity))) : null) : null,
      story.titles.length ? section("Titles in conflict", null, el("ul", { class: "plain" }, story.titles.map(conflict))) : null,
      section("Articles", null, table(["Outlet", "Article", "Published", "Original or copy", "Most quoted"],
        story.articles.map(articleItem), "Articles of this story")),
      story.speakers.length > line.speakers.length ? section("Everyone quoted", null, el("p", {},
        joined(story.speakers.map(([name, times]) => el("span", {}, speakerLink(name), ` (${times})`)), ", "))) : null,
    ],
  };
}
