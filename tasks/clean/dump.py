"""The article inside a raw dump of a whole page, menus and all."""

import re

from tasks.clean.draft import Span
from tasks.clean.lines import Line

# An article has subheadings and lists of its own; a page's menus have dozens of lines. Of 924 press articles and 1 500
# posts none has so many short lines outside the run of its paragraphs.
MINIMUM_LOOSE_LINES = 12
MINIMUM_LOOSE_SHARE = 0.3
# What a short line costs the run in words of prose: three of them outweigh a teaser of a sentence.
LOOSE_LINE_COST = 9
# A longer paragraph is never taken for where it stands.
SAFE_WORDS = 40
BULLETS = "-•*–—"
NUMBERED = re.compile(r"\d{1,3}(?:[.)\s]\s*[A-Z“]|$)")
LIST_HEADS = frozenset({"related", "comment_form", "share", "subscription", "copyright", "source_link"})
MINIMUM_LIST_SHARE = 0.5
HEAD_REACH = 12
HEADLINE_WORDS = range(4, 26)


def find_outside(lines: list[Line], taken: list[Span]) -> list[Span]:
    """Spans of the lines around the article, if the text is a dump of a whole page; else none.

    The article is the run of lines with the most prose less its short lines, and the headline above it. Of the spans
    `taken` out before, one that heads a list of links or a form ends it, if the most prose stands above it and what
    stands below is a list.
    """
    loose = [index for index, line in enumerate(lines) if _is_loose(line)]
    if len(loose) < MINIMUM_LOOSE_LINES or len(loose) < MINIMUM_LOOSE_SHARE * len(lines):
        return []
    start, end = _best_run(lines)
    end = _find_end(lines, start, end, taken)
    outside = [index for index in loose if not start <= index < end]
    if len(outside) < MINIMUM_LOOSE_LINES:
        return []
    headline = _find_headline(lines, start)
    return [
        Span(line.start, line.end, "furniture", "outside_article")
        for index, line in enumerate(lines)
        if not start <= index < end and line.word_count < SAFE_WORDS and not _is_head(lines, index, headline, start)
    ]


def _is_loose(line: Line) -> bool:
    is_item = line.text[0] in BULLETS or NUMBERED.match(line.text) is not None
    return not line.is_prose and not line.ends_sentence and not is_item


def _best_run(lines: list[Line]) -> tuple[int, int]:
    """First and last-but-one index of the run whose prose outweighs its short lines by most."""
    best, best_start, best_end = 0, 0, 0
    total, start = 0, 0
    for index in range(len(lines)):
        if total <= 0:
            total, start = 0, index
        line = lines[index]
        total += -LOOSE_LINE_COST if _is_loose(line) else line.word_count
        if total > best:
            best, best_start, best_end = total, start, index + 1
    return best_start, best_end


def _find_end(lines: list[Line], start: int, end: int, taken: list[Span]) -> int:
    heads = [span.start for span in taken if span.category in LIST_HEADS and span.start > lines[start].start]
    for head in sorted(heads):
        cut = next((index for index in range(start, end) if lines[index].start > head), end)
        above, below = lines[start:cut], lines[cut:end]
        if not below:
            break
        if _prose_words(above) > _prose_words(below) and sum(map(_is_loose, below)) >= MINIMUM_LIST_SHARE * len(below):
            return cut
    return end


def _prose_words(lines: list[Line]) -> int:
    return sum(line.word_count for line in lines if line.is_prose)


def _find_headline(lines: list[Line], start: int) -> int | None:
    """Index of the longest line above the article that may be its headline; None where none is."""
    candidates = [
        index
        for index in range(max(0, start - HEAD_REACH), start)
        if lines[index].word_count in HEADLINE_WORDS and lines[index].text[:1] not in "-•*©(["
    ]
    return max(candidates, key=lambda index: lines[index].word_count, default=None)


def _is_head(lines: list[Line], index: int, headline: int | None, start: int) -> bool:
    """Whether the line is the headline, or stands between it and the article as a byline or a date would."""
    if headline is None or not headline <= index < start:
        return False
    line = lines[index]
    return index == headline or line.lowered.startswith("by ") or any(character.isdigit() for character in line.text)
