"""Which characters of a text stand between quotation marks."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

OPENING = "“«‟"
CLOSING = "”»"
LOW_OPENING = "„‚"
STRAIGHT = '"'
RARE_MARKS = frozenset(["„", "‟", "«", "»", "''", "``", "‘‘", "’’"])
# Two single marks typed for a double one.
_MARK = re.compile(r"``|''|‘‘|’’|[“«‟”»„\"]")
_PARAGRAPH = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘(\[]?[A-Z])")
_SINGLE_QUOTED = re.compile(r"(?<![\w’'])‘(?=\w)([^‘\n]{12,}?[,.?!…]”?)’(?!\w)")


@dataclass(frozen=True)
class QuotedSpan:
    """One stretch between marks: [start, end) without the marks, [outer_start, outer_end) with them.

    `flags` holds unclosed_mark (no closing mark; ends with its paragraph or where the next quotation
    opens), unopened_mark (no opening mark; starts with its sentence), continued (reopens the quotation
    that the paragraph before left open).
    """

    outer_start: int
    start: int
    end: int
    outer_end: int
    flags: frozenset[str] = frozenset()


def pair_quote_marks(text: str) -> list[QuotedSpan]:
    """Spans between quotation marks, left to right; offsets count characters of `text`.

    Curly, straight, German, French and doubled single marks count; where a paragraph has none of them,
    single curly marks around twelve characters or more that end in a comma or stop do. Marks are paired
    inside a paragraph, so an odd one cannot reach past it. A quotation left open at the end of a
    paragraph and opened again by the next is the same one: the later part is flagged `continued`.
    """
    spans: list[QuotedSpan] = []
    was_left_open = False
    for paragraph in _PARAGRAPH.finditer(text):
        found, left_open = _pair_in_paragraph(text, paragraph.start(), paragraph.end())
        if found and was_left_open and not text[paragraph.start() : found[0].outer_start].strip():
            found[0] = _with_flag(found[0], "continued")
        spans.extend(found)
        was_left_open = left_open
    return spans


def _with_flag(span: QuotedSpan, flag: str) -> QuotedSpan:
    return QuotedSpan(span.outer_start, span.start, span.end, span.outer_end, span.flags | {flag})


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    role: str  # "open", "close" or "either"


def _find_marks(text: str, start: int, end: int) -> list[_Mark]:
    marks: list[_Mark] = []
    is_german = any(text.find(low, start, end) >= 0 for low in LOW_OPENING)
    has_either = False
    for match in _MARK.finditer(text, start, end):
        position, printed = match.start(), match[0]
        if printed in CLOSING or (is_german and printed == "“"):
            role = "close"
        elif len(printed) == 1 and printed != STRAIGHT:
            role = "open"
        elif printed == STRAIGHT and text[position - 1 : position].isdigit() and not has_either:
            # A straight mark after a digit may be inches; a closing one has an opener before it.
            continue
        else:
            role, has_either = "either", True
        marks.append(_Mark(position, match.end(), role))
    return marks


def _pair_in_paragraph(text: str, start: int, end: int) -> tuple[list[QuotedSpan], bool]:
    """Spans of one paragraph, and whether its last quotation was left open."""
    marks = _find_marks(text, start, end)
    singles = _single_quoted(text, start, end)
    if not marks or any(span.start <= mark.start < span.end for span in singles for mark in marks):
        # Double marks inside single ones quote within the quotation.
        return singles, False
    spans: list[QuotedSpan] = []
    opened: _Mark | None = None
    last_end = start
    for mark in marks:
        role = _role_of(mark, text, end, opened is not None)
        if role == "open" and not text[mark.end : end].strip(" .,;"):
            # Nothing follows: a closing mark typed as an opening one.
            role = "close"
        if role == "open":
            if opened is not None:
                spans.append(_cut_before(text, opened, mark.start))
            opened = mark
            continue
        if opened is not None:
            spans.append(_trimmed(text, opened.start, opened.end, mark.start, mark.end, frozenset()))
            opened = None
        else:
            spans.append(_unopened(text, max(last_end, start), mark))
        last_end = mark.end
    if opened is not None:
        spans.append(_trimmed(text, opened.start, opened.end, end, end, frozenset({"unclosed_mark"})))
    return [span for span in spans if span.end > span.start], opened is not None


def _role_of(mark: _Mark, text: str, end: int, is_open: bool) -> str:
    if mark.role != "either":
        return mark.role
    before = text[mark.start - 1] if mark.start else " "
    after = text[mark.end] if mark.end < end else " "
    if before.isspace() or before in "([—–-":
        if not after.isspace():
            return "open"
    elif after.isspace() or after in ".,;:?!)]—–-":
        return "close"
    return "close" if is_open else "open"


def _trimmed(text: str, outer_start: int, start: int, end: int, outer_end: int, flags: frozenset[str]) -> QuotedSpan:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return QuotedSpan(outer_start, start, end, max(outer_end, end), flags)


def _cut_before(text: str, opened: _Mark, limit: int) -> QuotedSpan:
    """The quotation opened at `opened` when another opens at `limit` without a close between.

    It is taken to run to the last sentence end before `limit`.
    """
    return _trimmed(text, opened.start, opened.end, limit, limit, frozenset({"unclosed_mark"}))


def _unopened(text: str, start: int, mark: _Mark) -> QuotedSpan:
    """The quotation that a closing mark ends without an opening one: it starts with its sentence."""
    inside = text[start : mark.start]
    starts = [start] + [start + match.end() for match in _SENTENCE_END.finditer(inside)]
    first = starts[bisect_right(starts, mark.start) - 1]
    return _trimmed(text, first, first, mark.start, mark.end, frozenset({"unopened_mark"}))


def _single_quoted(text: str, start: int, end: int) -> list[QuotedSpan]:
    return [
        QuotedSpan(match.start(), match.start(1), match.end(1), match.end())
        for match in _SINGLE_QUOTED.finditer(text, start, end)
    ]


def with_common_marks(text: str) -> str:
    """The text with curly marks in place of German, French and doubled single ones; offsets stay as they are.

    A space takes the place of the second character of a doubled mark.
    """
    characters = list(text)
    for span in pair_quote_marks(text):
        for start, end, mark in ((span.outer_start, span.start, "“"), (span.end, span.outer_end, "”")):
            printed = text[start:end].strip()
            is_german_close = mark == "”" and printed == "“"
            if printed in RARE_MARKS or is_german_close:
                first = text.index(printed, start)
                characters[first : first + len(printed)] = mark + " " * (len(printed) - 1)
    return "".join(characters)


def quoted_share(spans: list[QuotedSpan], segments: list[tuple[int, int]], text: str) -> float:
    """Share of the segments' letters and digits that stand between marks; 0 for none."""
    starts = [span.start for span in spans]
    total = quoted = 0
    for start, end in segments:
        total += _count_letters(text, start, end)
        for place in range(max(0, bisect_right(starts, start) - 1), bisect_left(starts, end)):
            until = min(end, spans[place].end, *starts[place + 1 : place + 2])
            quoted += _count_letters(text, max(start, starts[place]), until)
    return quoted / total if total else 0.0


def _count_letters(text: str, start: int, end: int) -> int:
    return sum(map(str.isalnum, text[start : max(start, end)]))


def is_quoted_sentence(text: str, span: QuotedSpan) -> bool:
    """Whether the quoted words are a sentence of their own: a capital, and a stop or a paragraph's end."""
    words = text[span.start : span.end]
    ends = words.rstrip("’' ")[-1:] in (".", "!", "?", "…", ",") or span.flags & {"unclosed_mark"}
    return bool(ends) and (words[:1].isupper() or words[:1] in "[…'‘")
