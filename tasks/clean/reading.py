"""What a draft holds besides its article, read off its lines."""

from dataclasses import dataclass, field

from tasks.clean.captions import FoundCaption, find_captions
from tasks.clean.draft import Span
from tasks.clean.dump import find_outside
from tasks.clean.embeds import find_posts
from tasks.clean.enciphered import find_enciphered
from tasks.clean.galleries import find_galleries
from tasks.clean.head import Head, find_dateline, read_head
from tasks.clean.headline import is_outlet_name
from tasks.clean.lines import Line
from tasks.clean.link_lines import find_link_lines
from tasks.clean.pull_quotes import find_pull_quotes
from tasks.clean.rules import choose_rules, find_line_parts, find_whole_line
from tasks.clean.tail import read_tail

# Each finds lines that are no paragraph of the article by more than their own words.
LINE_FINDERS = (find_posts, find_galleries, find_pull_quotes, find_enciphered)


@dataclass(slots=True)
class Findings:
    """What was read off a draft: its spans to remove, and the fields they fill."""

    head: Head = field(default_factory=Head)
    spans: list[Span] = field(default_factory=list)
    captions: list[FoundCaption] = field(default_factory=list)
    dateline: str | None = None
    outlet_name: str | None = None
    author: str | None = None


def read_draft(
    lines: list[Line], text: str, *, is_page: bool, declared_title: str | None, known_outlet: str | None
) -> Findings:
    """What the draft holds besides its article. Of a page's extracted body only words decide, not position."""
    findings = Findings()
    lines = _take_parts(lines, text, findings)
    lines, openers = _take_whole_lines(lines, text, findings)
    for find_spans in LINE_FINDERS:
        lines = _take_spans(lines, find_spans(lines), findings)
    if not is_page:
        lines = _take_spans(lines, find_outside(lines, findings.spans), findings)
    findings.captions = find_captions(lines)
    findings.spans += [Span(item.start, item.end, item.category, item.rule_name) for item in findings.captions]
    lines = _cut_lines(lines, findings.captions)
    findings.head = read_head(lines, declared_title=declared_title, known_outlet=known_outlet)
    findings.spans += findings.head.spans
    lines = lines[findings.head.lines_used :]
    if not is_page:
        headline = findings.head.headline
        tail = read_tail(
            lines,
            rules=choose_rules(text, "tail"),
            openers=openers,
            spans_after=list(findings.spans),
            known_outlet=known_outlet or (headline.outlet_name if headline else None),
        )
        lines, findings.outlet_name, findings.author = tail.lines, tail.outlet_name, tail.author
        if tail.author and is_outlet_name(tail.author, known_outlet=known_outlet):
            findings.outlet_name, findings.author = tail.outlet_name or tail.author, None
        findings.spans += tail.spans
        lines = _take_spans(lines, find_link_lines(lines), findings)
    if lines and (dateline := find_dateline(lines[0])):
        findings.dateline = dateline[0]
        findings.spans.append(Span(lines[0].start, lines[0].start + dateline[1], "dateline", "dateline"))
    return findings


def _take_parts(lines: list[Line], text: str, findings: Findings) -> list[Line]:
    """The lines without the parts that rules take out of them; a line of which nothing is left is dropped."""
    rules = choose_rules(text, "anywhere", "line_start", "line_end")
    kept: list[Line] = []
    for line in lines:
        parts = find_line_parts(line, rules) if rules else []
        findings.spans += parts
        kept += _trim_line(line, [(part.start, part.end) for part in parts])
    return kept


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


def _take_whole_lines(lines: list[Line], text: str, findings: Findings) -> tuple[list[Line], list[Span]]:
    """The lines that no rule takes, and the spans of those taken that may open a block of furniture."""
    rules, head_rules = choose_rules(text, "whole_line"), choose_rules(text, "head")
    kept: list[Line] = []
    openers: list[Span] = []
    for line in lines:
        rule = find_whole_line(line, rules)
        if rule is None and not any(earlier.is_prose for earlier in kept[-3:]) and len(kept) < 4:
            rule = find_whole_line(line, head_rules)
        if rule is None:
            kept.append(line)
            continue
        span = Span(line.start, line.end, rule.category, rule.name)
        findings.spans.append(span)
        if rule.opens_block:
            openers.append(span)
    return kept, openers


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
    parts = [(caption.start, caption.end) for caption in captions]
    cut: list[Line] = []
    for line in lines:
        cut += _trim_line(line, [part for part in parts if line.start <= part[0] < line.end])
    return cut
