"""What a draft holds besides its article, read off its lines."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from tasks.clean.draft import Span
from tasks.clean.fields.dates import DateLine, read_date_line, read_stamp_line
from tasks.clean.fields.head import HEAD_LINES, Head, find_dateline, read_head
from tasks.clean.fields.headline import is_outlet_name
from tasks.clean.furniture.captions import FoundCaption, find_captions
from tasks.clean.furniture.dump import find_outside
from tasks.clean.furniture.embeds import find_posts
from tasks.clean.furniture.enciphered import find_enciphered
from tasks.clean.furniture.galleries import find_galleries
from tasks.clean.furniture.link_lines import find_link_lines, find_links_below
from tasks.clean.furniture.lives import find_lives
from tasks.clean.furniture.pull_quotes import find_pull_quotes
from tasks.clean.furniture.rules import (
    LineRules,
    Rule,
    find_line_rule,
    load_rule_set,
    take_parts,
    take_whole,
)
from tasks.clean.furniture.tail import read_tail
from tasks.clean.lines import Line, fold
from tasks.clean.recurring.recurrence import find_recurring_lines

# A sentence in more lines is no note.
MOST_BROKEN_LINES = 12
# "Published: Tuesday, 3 May 2022, 14:05 GMT | Updated: Wednesday, 4 May 2022, 9:15 GMT"
MOST_DATE_WORDS = 16
# "Posted by: admin in Coast May 6, 2022 40 Views"
OPENINGS_OF_STAMPS = ("posted ", "published ")


@dataclass(slots=True)
class Findings:
    """What was read off a draft: its spans to remove, and the fields they fill.

    `stamp` is the date of a line below the headline that a rule takes out, `clock` the page's among its menus.
    """

    head: Head = field(default_factory=Head)
    spans: list[Span] = field(default_factory=list)
    captions: list[FoundCaption] = field(default_factory=list)
    dateline: str | None = None
    stamp: DateLine | None = None
    clock: DateLine | None = None
    outlet_name: str | None = None
    author: str | None = None


@dataclass(slots=True)
class Reading:
    """A draft while it is read: the lines that nothing has taken yet, and what is found.

    Of what an extractor chose (`is_extracted`) only words decide, not position. `set_apart` are the captions, embedded
    posts and links to other stories that a page's markup names, `headings` the texts of its main headings, `subheads`
    the lines that it calls so, and `recurring` hashes of the lines that are furniture of the draft's outlet.
    `line_rules` are what `choose_line_rules` gives for the lines; `openers` are those spans taken that may open a block
    of furniture.
    """

    lines: list[Line]
    text: str
    is_extracted: bool = False
    declared_title: str | None = None
    known_outlet: str | None = None
    recurring: frozenset[int] = frozenset()
    set_apart: Sequence[FoundCaption | Span] = ()
    headings: Sequence[str] = ()
    subheads: Set[str] = frozenset()
    line_rules: Sequence[LineRules] = ()
    openers: list[Span] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def __post_init__(self) -> None:
        if self.set_apart:
            self.take([_span_of(item) for item in self.set_apart])

    def take(self, spans: list[Span]) -> None:
        """Takes the spans, each of which lies in one line, out of the lines."""
        self.lines = _take_spans(self.lines, spans, self.findings)


def _take_ruled_lines(reading: Reading) -> None:
    kept, rules = _take_parts(reading.lines, reading.line_rules, reading.findings)
    reading.lines, reading.openers = _take_whole_lines(kept, rules, reading.findings)


def _take_posts(reading: Reading) -> None:
    reading.take(find_posts(reading.lines))


def _take_galleries(reading: Reading) -> None:
    reading.take(find_galleries(reading.lines))


def _take_pull_quotes(reading: Reading) -> None:
    reading.take(find_pull_quotes(reading.lines))


def _take_enciphered(reading: Reading) -> None:
    reading.take(find_enciphered(reading.lines))


def _take_outside(reading: Reading) -> None:
    if not reading.is_extracted:
        outside = find_outside(reading.lines, reading.findings.spans)
        reading.take(_tell_clock(reading.lines, outside, reading.findings))


def _tell_clock(lines: list[Line], outside: list[Span], findings: Findings) -> list[Span]:
    """The spans around an article, one of them named as the page's clock: a bare date with its weekday among menus."""
    starts = {span.start for span in outside}
    first = next((line.start for line in lines if line.start not in starts), 0)
    dates = {line.start: read_date_line(line.text) for line in lines if line.start in starts and line.start < first}
    start = next((start for start, date in dates.items() if date and date.has_weekday and not date.label), None)
    if start is None:
        return outside
    findings.clock = dates[start]
    return [
        Span(span.start, span.end, "page_clock", "date_among_menus") if span.start == start else span
        for span in outside
    ]


def _take_captions(reading: Reading) -> None:
    """Takes captions; those that the markup names are out of the lines already."""
    found = find_captions(reading.lines)
    reading.findings.captions = [item for item in reading.set_apart if isinstance(item, FoundCaption)] + found
    reading.findings.spans += [_span_of(item) for item in found]
    reading.lines = _cut_lines(reading.lines, found)


def _take_recurring(reading: Reading) -> None:
    reading.take(find_recurring_lines(reading.lines, reading.recurring))


def _take_head(reading: Reading) -> None:
    title = _find_printed_title(reading.lines, reading.headings) or reading.declared_title
    head = read_head(reading.lines, declared_title=title, known_outlet=reading.known_outlet)
    reading.findings.head = head
    reading.findings.spans += head.spans
    reading.lines = reading.lines[head.lines_used :]


def _find_printed_title(lines: list[Line], headings: Sequence[str]) -> str | None:
    """The main heading that one of the first lines repeats; None where none does."""
    first = {fold(line.text) for line in lines[:HEAD_LINES]} if headings else set()
    return next((heading for heading in headings if fold(heading) in first), None)


def _take_tail(reading: Reading) -> None:
    """Takes the tail; its outlet and author are noted."""
    findings, known_outlet = reading.findings, reading.known_outlet
    if reading.is_extracted:
        reading.lines = _take_last_lines(reading.lines, findings)
        return
    headline = findings.head.headline
    tail = read_tail(
        reading.lines,
        openers=reading.openers,
        spans_after=list(findings.spans),
        known_outlet=known_outlet or (headline.outlet_name if headline else None),
    )
    findings.outlet_name, findings.author = tail.outlet_name, tail.author
    if tail.author and is_outlet_name(tail.author, known_outlet=known_outlet):
        findings.outlet_name, findings.author = tail.outlet_name or tail.author, None
    findings.spans += tail.spans
    reading.lines = tail.lines


def _take_date_lines(reading: Reading) -> None:
    """Takes the lines that say when the article was published or changed, and nothing else."""
    dates = [(line, read_date_line(line.text)) for line in reading.lines if line.word_count <= MOST_DATE_WORDS]
    labelled = [(line, found) for line, found in dates if found and found.label]
    for _, found in labelled:
        if found.label == "published":
            reading.findings.stamp = reading.findings.stamp or found
    reading.take([Span(line.start, line.end, "date", "labelled_date") for line, _ in labelled])


def _take_lives(reading: Reading) -> None:
    """Takes the lines that present an author; the first of them is noted."""
    lives = [] if reading.is_extracted else find_lives(reading.lines)
    if lives and reading.findings.author is None:
        reading.findings.author = lives[0].name
    reading.take([Span(line.start, line.end, "author_box", "life_of_author") for life in lives for line in life.lines])


def _take_links_below(reading: Reading) -> None:
    if not reading.is_extracted:
        reading.take(find_links_below(reading.lines, reading.openers))


def _take_link_lines(reading: Reading) -> None:
    if not reading.is_extracted:
        links = find_link_lines(reading.lines)
        reading.take([span for span in links if reading.text[span.start : span.end] not in reading.subheads])


def _take_dateline(reading: Reading) -> None:
    if reading.lines and (dateline := find_dateline(reading.lines[0])):
        first = reading.lines[0]
        reading.findings.dateline = dateline[0]
        reading.findings.spans.append(Span(first.start, first.start + dateline[1], "dateline", "dateline"))


def _span_of(item: FoundCaption | Span) -> Span:
    return item if isinstance(item, Span) else Span(item.start, item.end, item.category, item.rule_name)


def _take_parts(
    lines: list[Line], line_rules: Sequence[LineRules], findings: Findings
) -> tuple[list[Line], list[Sequence[Rule]]]:
    """The lines without the parts that rules take out of them, each with the rules that may take all of it.

    A line of which nothing is left is dropped.
    """
    kept: list[Line] = []
    rules_of_kept: list[Sequence[Rule]] = []
    for line, (rules_for_parts, rules) in zip(lines, line_rules, strict=True):
        parts = take_parts(line, rules_for_parts) if rules_for_parts else []
        if not parts:
            kept.append(line)
            rules_of_kept.append(rules)
            continue
        findings.spans += parts
        rest = _trim_line(line, [(part.start, part.end) for part in parts])
        kept += rest
        rules_of_kept += [load_rule_set("whole_line").choose(line.lowered) for line in rest]
    return kept, rules_of_kept


def _trim_line(line: Line, parts: list[tuple[int, int]]) -> list[Line]:
    """The line less the parts at its edges; no line where they leave nothing."""
    if not parts:
        return [line]
    start, end = line.start, line.end
    for part_start, part_end in sorted(parts):
        if not line.text[start - line.start : part_start - line.start].strip():
            start = max(start, part_end)
    for part_start, part_end in sorted(parts, reverse=True):
        if not line.text[part_end - line.start : end - line.start].strip():
            end = min(end, part_start)
    content = line.text[max(0, start - line.start) : max(0, end - line.start)]
    stripped = content.strip()
    if not stripped:
        return []
    start += content.index(stripped[0])
    return [Line(start, start + len(stripped), stripped)]


def _take_whole_lines(
    lines: list[Line], rules: list[Sequence[Rule]], findings: Findings
) -> tuple[list[Line], list[Span]]:
    """The lines that none of their rules takes, and the spans of those taken that may open a block of furniture."""
    kept: list[Line] = []
    openers: list[Span] = []
    gone = 0
    for number, line in enumerate(lines):
        if number < gone:
            continue
        rule = take_whole(line, rules[number]) if rules[number] else None
        if rule is None and len(kept) < 4 and not any(earlier.is_prose for earlier in kept[-3:]):
            rule = find_line_rule(line, "head")
        rest = _find_rest(lines, number) if rule and rule.runs_on else []
        if rule is None or rest is None:
            kept.append(line)
            continue
        gone = number + 1 + len(rest)
        findings.spans += [Span(part.start, part.end, rule.category, rule.name) for part in rest]
        span = Span(line.start, line.end, rule.category, rule.name)
        findings.spans.append(span)
        # Above all other lines it may be the page's clock.
        if kept and not any(earlier.is_prose for earlier in kept):
            findings.stamp = findings.stamp or _read_stamp(line, rule)
        if rule.opens_block:
            openers.append(span)
    return kept, openers


def _read_stamp(line: Line, rule: Rule) -> DateLine | None:
    """The date of a line that a rule takes: of a date line, or of one that says who posted the article."""
    if rule.category == "date":
        return read_date_line(line.text)
    return read_stamp_line(line.text) if line.lowered.startswith(OPENINGS_OF_STAMPS) else None


def _find_rest(lines: list[Line], number: int) -> list[Line] | None:
    """The lines in which the sentence of this one goes on in small letters; None where its end is not in sight."""
    last = number
    while not lines[last].ends_sentence and last + 1 < len(lines) and lines[last + 1].text[0].islower():
        last += 1
    is_whole = last in (number, len(lines) - 1) or lines[last].ends_sentence
    return lines[number + 1 : last + 1] if is_whole and last - number < MOST_BROKEN_LINES else None


def _take_last_lines(lines: list[Line], findings: Findings) -> list[Line]:
    """The lines without those at the end whose words say that they are the tail of a page."""
    while lines and (rule := find_line_rule(lines[-1], "tail")):
        findings.spans.append(Span(lines[-1].start, lines[-1].end, rule.category, rule.name))
        lines = lines[:-1]
    return lines


def _take_spans(lines: list[Line], spans: list[Span], findings: Findings) -> list[Line]:
    """The lines without the spans, each of which lies in one line."""
    if not spans:
        return lines
    findings.spans += spans
    starts = {span.start: span for span in spans}
    ends = {span.end: span for span in spans}
    kept: list[Line] = []
    for line in lines:
        span = starts.get(line.start) or ends.get(line.end)
        kept += _trim_line(line, [(span.start, span.end)]) if span else [line]
    return kept


def _cut_lines(lines: list[Line], captions: list[FoundCaption]) -> list[Line]:
    if not captions:
        return lines
    parts = [(caption.start, caption.end) for caption in captions]
    cut: list[Line] = []
    for line in lines:
        cut += _trim_line(line, [part for part in parts if line.start <= part[0] < line.end])
    return cut


# In this order. Each by itself, so that it can be taken for many drafts in a row.
STEPS = (
    _take_ruled_lines,
    _take_posts,
    _take_galleries,
    _take_pull_quotes,
    _take_enciphered,
    _take_outside,
    _take_captions,
    _take_recurring,
    _take_head,
    _take_date_lines,
    _take_tail,
    _take_links_below,
    _take_lives,
    _take_link_lines,
    _take_dateline,
)
