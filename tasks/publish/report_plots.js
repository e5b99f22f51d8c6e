// Plots. Whatever they show stands beside them in words as well, so that they are pictures only.

const PLOT_ROWS = 10;

// Where a value lies between the lowest and the highest, in percent of the plot's width.
function scale(low, high) {
  return (value) => (high === low ? 50 : 5 + (90 * (value - low)) / (high - low));
}

function strip(place, values, { height = 20, radius = 5 } = {}) {
  const plot = svg("svg", { class: "strip", height, "aria-hidden": "true" });
  const middle = height / 2;
  plot.append(svg("line", { x1: "5%", x2: "95%", y1: middle, y2: middle }));
  for (const [low, high] of values) {
    if (low !== high) {
      plot.append(svg("line", { class: "span", x1: `${place(low)}%`, x2: `${place(high)}%`, y1: middle, y2: middle }));
    }
    plot.append(svg("circle", { cx: `${place((low + high) / 2)}%`, cy: middle, r: radius }));
  }
  return plot;
}

// All values of a quantity on one line: how far they lie apart.
function range(values) {
  const ends = values.flat();
  return strip(scale(Math.min(...ends), Math.max(...ends)), values);
}

function bar(share) {
  const plot = svg("svg", { class: "bar", height: 12, "aria-hidden": "true" });
  plot.append(svg("rect", { x: 0, y: 0, height: 12, width: `${Math.max(100 * share, 1)}%`, rx: 2 }));
  return plot;
}

// Names with a bar and a number each: [what, number] in order.
function bars(rows, unit) {
  const most = Math.max(...rows.map(([, number]) => number));
  return el("ul", { class: "bars" }, rows.map(([what, number]) => el("li", {}, el("span", { class: "bar-label" }, what),
    bar(number / most), el("span", { class: "bar-number" }, number.toLocaleString("en"), el("span", { class: "hidden" }, ` ${unit}`)))));
}

// Up to five days from the first to the last, for an axis; fewer where they lie near each other.
function ticks(first, last) {
  const days = Math.round((last - first) / 86400000);
  const steps = Math.min(4, days);
  const dates = Array.from({ length: steps + 1 }, (_, step) => new Date(first + Math.round((days * step) / steps) * 86400000));
  const style = days > 1500 ? { year: "numeric" } : days > 330 ? { month: "short", year: "numeric" } : { day: "numeric", month: "short" };
  return dates.map((date) => [date.getTime(), date.toLocaleDateString("en-GB", { ...style, timeZone: "UTC" })]);
}

function axis(first, last, place) {
  const plot = svg("svg", { class: "axis", height: 22, "aria-hidden": "true" });
  const drawn = ticks(first, last);
  drawn.forEach(([stamp, words], number) => {
    const x = `${place(stamp)}%`;
    const anchor = number === 0 ? "start" : number === drawn.length - 1 ? "end" : "middle";
    plot.append(svg("line", { x1: x, x2: x, y1: 0, y2: 5 }), svg("text", { x, y: 18, "text-anchor": anchor }, words));
  });
  return el("div", { class: "plot-row" }, el("span", {}), plot, el("span", {}));
}

function countByOutlet(spoken) {
  const rows = new Map();
  for (const [articleId, quotes] of spoken) {
    const line = articleLines.get(articleId);
    if (!rows.has(line[2])) rows.set(line[2], { total: 0, days: new Map() });
    const row = rows.get(line[2]);
    row.total += quotes.length;
    if (line[3]) row.days.set(line[3], (row.days.get(line[3]) || 0) + quotes.length);
  }
  return [...rows].sort((a, b) => b[1].total - a[1].total);
}

function timelineRow([number, row], place) {
  const middle = 12;
  const plot = svg("svg", { class: "strip", role: "img", "aria-label": `${outlet(number)}: ${count(row.total, "quotation")}`, height: 24 });
  plot.append(svg("line", { x1: "0%", x2: "100%", y1: middle, y2: middle }));
  for (const [iso, times] of row.days) {
    const dot = svg("circle", { cx: `${place(Date.parse(iso))}%`, cy: middle, r: Math.min(3.5 + Math.sqrt(times) * 1.5, 11) });
    dot.append(svg("title", {}, `${day(iso)}: ${count(times, "quotation")}`));
    plot.append(dot);
  }
  return el("div", { class: "plot-row" }, el("span", { class: "plot-label" }, outlet(number)), plot,
    el("span", { class: "plot-count", "aria-hidden": "true" }, String(row.total)));
}

// One row for each outlet that quotes the person, one dot for each day; bars where all was said on one day.
function timeline(name, spoken) {
  const rows = countByOutlet(spoken);
  const stamps = rows.flatMap(([, row]) => [...row.days.keys()]).map((iso) => Date.parse(iso));
  const [first, last] = [Math.min(...stamps), Math.max(...stamps)];
  const shown = rows.slice(0, PLOT_ROWS);
  const rest = rows.length > PLOT_ROWS ? ` ${count(rows.length - PLOT_ROWS, "outlet")} more below.` : "";
  const undated = rows.reduce((sum, [, row]) => sum + row.total - [...row.days.values()].reduce((a, b) => a + b, 0), 0);
  if (!(last > first)) {
    const on = stamps.length ? ` on ${day(new Date(first).toISOString().slice(0, 10))}${undated ? " or without a date" : ""}` : ", without a date";
    return el("figure", { class: "plot" }, bars(shown.map(([number, row]) => [outlet(number), row.total]), "quotations"),
      el("figcaption", {}, `Quotations of ${name} by outlet, all${on}.${rest}`));
  }
  const place = scale(first, last);
  const span = [first, last].map((stamp) => day(new Date(stamp).toISOString().slice(0, 10)));
  return el("figure", { class: "plot" }, shown.map((row) => timelineRow(row, place)), axis(first, last, place),
    el("figcaption", {}, `Quotations of ${name} by outlet, from ${span[0]} to ${span[1]}; a larger dot is more of them.`
      + `${undated ? ` ${count(undated, "quotation")} without a date ${undated === 1 ? "is" : "are"} counted but not drawn.` : ""}${rest}`));
}
