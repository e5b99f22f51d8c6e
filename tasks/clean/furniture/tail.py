"""What stands below an article's text: source links, lists of other articles, the author's box."""

import re
from dataclasses import dataclass, field

from tasks.clean.draft import Span
from tasks.clean.fields.headline import is_outlet_name
from tasks.clean.furniture.lives import MAXIMUM_BIOGRAPHY_WORDS, PERSON_LINE, is_biography
from tasks.clean.furniture.rules import find_line_rule
from tasks.clean.lines import Line, fold

MAXIMUM_FURNITURE_WORDS = 25
MAXIMUM_BLOCK_LINES = 60
MAXIMUM_LISTED_WORDS = 20
PARAGRAPH_WORDS = 12
INITIALISM_END = re.compile(r"\b(?:[A-Z]\.){2}$")
BOX_REACH = 6
NAME_LINE = re.compile(
    r"(?:[A-Z][\w.'’&-]*|of|the|de|van|von|el|al)(?:\s(?:[A-Z][\w.'’&-]*|of|the|and|de|van|von|el|al)){0,5}|admin|editor|staff"
)
PROMOTION = re.compile(
    r"\b(?:website|web site|portal|news (?:agency|outlet|platform|channel|source|desk|team)|publication|blog)\b|"
    r"\b(?:is|was|has been) (?:a|an|the|our)\b[^.]{0,80}"
    r"\b(?:reporter|journalist|writer|author|editor|correspondent|columnist|contributor|blogger|content|"
    r"freelance\w*|producer|intern)\b|"
    r"\b(?:covers|covering|writes about|writes for|passionate about|years of experience)\b|@\w+",
    re.IGNORECASE,
)
# Behind a paragraph, these show that the article is over.
END_CATEGORIES = frozenset(
    {"shortcode", "source_link", "comment_form", "related", "share", "subscription", "author_box"}
)


@dataclass(slots=True)
class Tail:
    """What was taken from a text's end: spans of the draft, and the names found there."""

    lines: list[Line]
    spans: list[Span] = field(default_factory=list)
    outlet_name: str | None = None
    author: str | None = None

    def take(self, count: int, category: str, rule_name: str) -> None:
        """Takes the last `count` lines."""
        self.spans += [Span(line.start, line.end, category, rule_name) for line in self.lines[-count:]]
        del self.lines[-count:]


def read_tail(lines: list[Line], *, openers: list[Span], spans_after: list[Span], known_outlet: str | None) -> Tail:
    """The tail of the text; `lines` of the result are those that stay.

    `openers` are furniture lines taken out before that may open a block; `spans_after` all spans taken out before.
    A paragraph that ends a sentence is never taken for its position.
    """
    tail = Tail(list(lines))
    while tail.lines and (
        _take_last_line(tail)
        or _take_block(tail, openers)
        or _take_opened_list(tail, openers)
        or _take_author_box(tail)
        or _take_name_above_box(tail, spans_after)
        or _take_outlet_line(tail, spans_after, known_outlet)
    ):
        pass
    return tail


def _take_last_line(tail: Tail) -> bool:
    rule = find_line_rule(tail.lines[-1], "tail")
    if rule:
        tail.take(1, rule.category, rule.name)
    return rule is not None


def _loose_lines(lines: list[Line]) -> int:
    """How many lines at the end are short and end no sentence."""
    count = 0
    for line in reversed(lines[-MAXIMUM_BLOCK_LINES:]):
        if line.ends_sentence or line.word_count > MAXIMUM_FURNITURE_WORDS:
            break
        count += 1
    return count


def _take_block(tail: Tail, openers: list[Span]) -> bool:
    loose = _loose_lines(tail.lines)
    for count in range(loose, 0, -1):
        line = tail.lines[-count]
        rule = find_line_rule(line, "tail", opening=True)
        if rule:
            tail.take(count, rule.category, rule.name)
            return True
        before = [span for span in openers if span.end <= line.start]
        previous_start = tail.lines[-count - 1].start if count < len(tail.lines) else -1
        if before and before[-1].start > previous_start:
            tail.take(count, before[-1].category, before[-1].rule_name)
            return True
    return False


def _take_opened_list(tail: Tail, openers: list[Span]) -> bool:
    """Takes short lines below a list's head to the end of the text, where at least half of them end no sentence.

    To each that is a paragraph by its form there must be two that end none.
    """
    for opener in reversed(openers):
        count = sum(line.start >= opener.end for line in tail.lines)
        below = tail.lines[len(tail.lines) - count :]
        if not 0 < count <= MAXIMUM_BLOCK_LINES or max(line.word_count for line in below) > MAXIMUM_LISTED_WORDS:
            continue
        headlines = sum(map(_may_end_headline, below))
        paragraphs = sum(line.word_count >= PARAGRAPH_WORDS and not _may_end_headline(line) for line in below)
        # A single headline may stand above the last paragraph of the text.
        if opener.category == "related" and 2 * headlines >= max(count, 4 * paragraphs):
            tail.take(count, opener.category, opener.rule_name)
            return True
    return False


def _may_end_headline(line: Line) -> bool:
    return not line.ends_sentence or line.text.endswith(("?", "!")) or INITIALISM_END.search(line.text) is not None


def _take_author_box(tail: Tail) -> bool:
    first = max(1, len(tail.lines) - BOX_REACH)
    for index in range(first, len(tail.lines)):
        name, rest = tail.lines[index], tail.lines[index + 1 :]
        if not _is_name_line(name):
            continue
        repeated = bool(rest) and fold(rest[0].text) == fold(name.text)
        box = rest[1:] if repeated else rest
        if (box or repeated) and _is_author_box(name.text, box, repeated=repeated):
            tail.author = tail.author or name.text
            tail.take(len(tail.lines) - index, "author_box", "author_box")
            return True
    if len(tail.lines) > 3 and is_biography(tail.lines[-1], tail.lines[:-1]):
        tail.take(1, "author_box", "biography")
        return True
    return False


def _is_name_line(line: Line) -> bool:
    return line.word_count <= 6 and not line.ends_sentence and NAME_LINE.fullmatch(line.text) is not None


def _is_author_box(name: str, box: list[Line], *, repeated: bool) -> bool:
    """Whether all lines below the name present it: at most three, and each that is prose promotes."""
    prose = [line for line in box if line.ends_sentence or line.word_count > MAXIMUM_FURNITURE_WORDS]
    if len(prose) > 3 or len(box) > BOX_REACH or (not prose and not repeated):
        return False
    names = fold(name).split()
    return all(
        line.word_count <= MAXIMUM_BIOGRAPHY_WORDS
        and (
            # A name that stands twice and then opens the paragraph is presented by it.
            (repeated and fold(line.text).startswith(fold(name)))
            or (bool(PROMOTION.search(line.text)) and (repeated or fold(line.text).startswith(names[0])))
        )
        for line in prose
    )


def _take_name_above_box(tail: Tail, spans_after: list[Span]) -> bool:
    """Takes a person's name between the last paragraph and the box that presents the author."""
    if len(tail.lines) < 3:
        return False
    before, line = tail.lines[-2:]
    below = [span for span in (*spans_after, *tail.spans) if span.start >= line.end]
    is_above_box = bool(below) and min(below, key=lambda span: span.start).category == "author_box"
    if not (is_above_box and before.is_prose and before.ends_sentence and PERSON_LINE.fullmatch(line.text)):
        return False
    tail.author = tail.author or line.text
    tail.take(1, "author_box", "name_above_box")
    return True


def _take_outlet_line(tail: Tail, spans_after: list[Span], known_outlet: str | None) -> bool:
    line = tail.lines[-1]
    if (
        len(tail.lines) < 3
        or line.word_count > 4
        or len(line.text) < 4
        or line.ends_sentence
        or not tail.lines[-2].is_prose
    ):
        return False
    is_over = any(span.start >= line.end and span.category in END_CATEGORIES for span in (*spans_after, *tail.spans))
    # A dump that prints the outlet's name in small letters prints it just before its own trailer.
    is_lower = line.text.islower() and all(word.isalpha() for word in line.text.split())
    if not is_over or not (is_lower or is_outlet_name(line.text, known_outlet=known_outlet)):
        return False
    tail.outlet_name = tail.outlet_name or line.text
    tail.take(1, "outlet", "outlet_line")
    return True
