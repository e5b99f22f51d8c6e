"""The article inside a raw dump of a whole page, menus and all."""

import re

from tasks.clean.draft import Span
from tasks.clean.fields.dates import read_date_line, read_stamp_line
from tasks.clean.fields.headline import is_outlet_name
from tasks.clean.furniture.captions import find_caption
from tasks.clean.lines import Line, fold
from tasks.clean.tables import load_table

# An article has subheadings and lists of its own; a page's menus have dozens of lines. Of 924 press articles and 1 500
# posts none has so many short lines outside the run of its paragraphs.
MINIMUM_LOOSE_LINES = 12
# Where rules took most of the menus before, fewer are left.
MINIMUM_LOOSE_LEFT = 6
MINIMUM_ENTRIES = 24
MINIMUM_LOOSE_SHARE = 0.3
MENU_LINES = 8
MENU_WORDS = 4
MENU_CHARS = 40
MENU_CATEGORIES = frozenset({"furniture", "share", "subscription", "consent"})
NO_MENU = frozenset("0123456789:")
# What a short line costs the run in words of prose: three of them outweigh a teaser of a sentence.
LOOSE_LINE_COST = 9
# What a sentence alone between short lines is worth of its words: it may be a teaser below its headline.
LONE_PROSE_SHARE = 0.25
# A list of short texts under headings is the article itself if the run without them holds less of all prose.
MINIMUM_RUN_SHARE = 0.25
# A longer paragraph is never taken for where it stands.
SAFE_WORDS = 40
BULLETS = "-•*–—"
# "Posted on May 3, 2022 by ada": blogs print it above the headline, too.
STAMPS = ("posted ", "published ")
CLOCK = re.compile(r"\d{1,2}:\d\d")
SHORT_WORD = 3
FIRST_PARAGRAPHS = 3
# "Ada Cole", on the line below the headline.
NAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z]\.)?(?: [A-Z][\w'’-]+){1,2}")
NUMBERED = re.compile(r"\d{1,3}(?:[.)\s]\s*[A-Z“]|$)")
LIST_HEADS = frozenset({"related", "comment_form", "share", "subscription", "copyright", "source_link"})
MINIMUM_LIST_SHARE = 0.5
MINIMUM_TEASER_SHARE = 0.3
MAXIMUM_HEAD_WORDS = 6
HEAD_REACH = 12
HEADLINE_WORDS = range(5, 26)
STANDFIRST_WORDS = 10


def find_outside(lines: list[Line], taken: list[Span]) -> list[Span]:
    """Spans of the lines around the article, if the text is a dump of a whole page; else none.

    The article is the run of lines with the most prose less its short lines, and the headline above it. Of the spans
    `taken` out before, one that heads a list of links or a form ends it, if the most prose stands above it and what
    stands below is a list.
    """
    loose = [index for index, line in enumerate(lines) if _is_loose(line)]
    if len(loose) < MINIMUM_LOOSE_LEFT or len(loose) < MINIMUM_LOOSE_SHARE * len(lines):
        return []
    entries = [span.start for span in taken if _is_entry_taken(span)]
    if len(loose) < MINIMUM_LOOSE_LINES and len(loose) + len(entries) < MINIMUM_ENTRIES:
        return []
    start, end = _best_run(lines, lone_share=LONE_PROSE_SHARE)
    if _prose_words(lines[start:end]) < MINIMUM_RUN_SHARE * _prose_words(lines):
        start, end = _best_run(lines, lone_share=1)
    end = _find_end(lines, start, end, taken)
    start = _find_start(lines, start, end)
    outside = [index for index in loose if not start <= index < end]
    if start == end or len(outside) < MINIMUM_LOOSE_LEFT:
        return []
    above = [entry for entry in entries if entry < lines[start].start]
    below = [entry for entry in entries if entry > lines[end - 1].start]
    is_page = len(outside) >= MINIMUM_LOOSE_LINES or len(outside) + len(above) + len(below) >= MINIMUM_ENTRIES
    if not is_page or not (_has_menu(lines[:start], above) or _has_menu(lines[end:], below)):
        return []
    headline = _find_headline(lines, start)
    return [
        Span(line.start, line.end, "furniture", "outside_article")
        for index, line in enumerate(lines)
        if not start <= index < end and line.word_count < SAFE_WORDS and not _is_head(lines, index, headline, start)
    ]


def _is_entry_taken(span: Span) -> bool:
    """Whether a rule took the span for a word of a menu or a button: it is short."""
    return span.category in MENU_CATEGORIES and span.end - span.start <= MENU_CHARS


def _has_menu(lines: list[Line], entries: list[int]) -> bool:
    """Whether enough lines in a row are words of a menu: lists of an article have figures, labels or sentences.

    `entries` are the starts of such lines that rules took before.
    """
    kinds = [(start, True) for start in entries]
    for line in lines:
        is_entry = _is_loose(line) and line.word_count <= MENU_WORDS and not any(map(NO_MENU.__contains__, line.text))
        kinds.append((line.start, is_entry))
    in_row = 0
    for _, is_entry in sorted(kinds):
        in_row = in_row + 1 if is_entry else 0
        if in_row >= MENU_LINES:
            return True
    return False


def _is_loose(line: Line) -> bool:
    if line.is_prose or line.ends_sentence:
        return False
    return line.text[0] not in BULLETS and NUMBERED.match(line.text) is None


def _best_run(lines: list[Line], *, lone_share: float) -> tuple[int, int]:
    """First index and one past the last of the run whose prose outweighs its short lines by most.

    Of a sentence alone between short lines only the share `lone_share` counts.
    """
    best, best_start, best_end = 0.0, 0, 0
    total, start = 0.0, 0
    for index in range(len(lines)):
        if total <= 0:
            total, start = 0, index
        total += _value(lines, index, lone_share)
        if total > best:
            best, best_start, best_end = total, start, index + 1
    return best_start, best_end


def _value(lines: list[Line], index: int, lone_share: float) -> float:
    line = lines[index]
    if _is_loose(line):
        return -LOOSE_LINE_COST
    neighbours = lines[max(0, index - 1) : index] + lines[index + 1 : index + 2]
    is_lone = line.word_count < SAFE_WORDS and all(_is_loose(neighbour) for neighbour in neighbours)
    return line.word_count * (lone_share if is_lone else 1)


def _find_start(lines: list[Line], start: int, end: int) -> int:
    """Index of the line below the byline or date that stands above most of the prose and below a list; else `start`."""
    for index in range(start, end):
        if not _is_loose(lines[index]) or not _is_marker(lines[index]):
            continue
        above, below = lines[start:index], lines[index + 1 : end]
        if _prose_words(below) <= _prose_words(above):
            break
        if sum(map(_is_loose, above)) >= MINIMUM_TEASER_SHARE * len(above):
            start = index + 1
    return start


def _find_end(lines: list[Line], start: int, end: int, taken: list[Span]) -> int:
    heads = [span.start for span in taken if span.category in LIST_HEADS and span.start > lines[start].start]
    heads += [line.start - 1 for line in lines[start + 1 : end] if _heads_list(line)]
    for head in sorted(heads):
        cut = next((index for index in range(start, end) if lines[index].start > head), end)
        above, below = lines[start:cut], lines[cut:end]
        if not below:
            break
        if _prose_words(above) > _prose_words(below) and sum(map(_is_loose, below)) >= MINIMUM_LIST_SHARE * len(below):
            return cut
    return end


def _heads_list(line: Line) -> bool:
    table = load_table("furniture/dump.toml")
    bare = line.lowered.strip(" :»›>→").replace("’", "'")
    return bare in table["list_heads"] or (
        _is_loose(line)
        and line.word_count <= MAXIMUM_HEAD_WORDS
        and bare.startswith(tuple(table["list_head_openings"]))
    )


def _prose_words(lines: list[Line]) -> int:
    return sum(line.word_count for line in lines if line.is_prose)


def _find_headline(lines: list[Line], start: int) -> int | None:
    """Index of the line above the article that may be its headline.

    The nearest above the byline or date, else the nearest of all; where that is a standfirst, the line above it.
    """
    reach = range(start - 1, max(0, start - HEAD_REACH) - 1, -1)
    found = [index for index in reach if _is_headline_like(lines[index])]
    above_marker = [index for index in found if _stands_above_marker(lines, index)]
    index = next(iter(above_marker or found), None)
    if not index or not _is_headline_like(lines[index - 1]):
        return index
    if lines[index].word_count >= STANDFIRST_WORDS:
        return index - 1 if lines[index - 1].word_count < lines[index].word_count else index
    return index - 1 if _tells_the_same(lines[index - 1], lines[start : start + FIRST_PARAGRAPHS]) else index


def _tells_the_same(headline: Line, paragraphs: list[Line]) -> bool:
    """Whether the first paragraphs use most longer words of the line: one of another article's link they do not."""
    words = {word for word in fold(headline.text).split() if len(word) > SHORT_WORD}
    used = {word for line in paragraphs for word in fold(line.text).split()}
    return 2 * len(words & used) > len(words)


def _stands_above_marker(lines: list[Line], index: int) -> bool:
    """Whether a byline or a date stands below the line; its label may stand between: "Published"."""
    below = lines[index + 1]
    is_label = below.lowered.strip(" :") in load_table("furniture/dump.toml")["date_labels"]
    return _is_marker(lines[index + 2] if is_label and index + 2 < len(lines) else below)


def _is_marker(line: Line) -> bool:
    return line.lowered.startswith("by ") or read_date_line(line.text) is not None


def _is_headline_like(line: Line) -> bool:
    is_open = line.text[0] not in "-•*©([" and line.text[-1] not in ".:"
    return line.word_count in HEADLINE_WORDS and is_open and not _is_marker(line) and not _is_captioned(line)


def _is_head(lines: list[Line], index: int, headline: int | None, start: int) -> bool:
    """Whether the line is the headline, its stamp above it, or stands below it as a byline or a date would."""
    if headline is None or not headline - 1 <= index < start:
        return False
    line = lines[index]
    if index < headline:
        return line.lowered.startswith(STAMPS) and read_stamp_line(line.text) is not None
    if index <= headline + 1:
        # Below a headline stands its standfirst, or its author.
        is_name = NAME.fullmatch(line.text) is not None
        if index == headline or is_name or _is_headline_like(line):
            return True
    is_dated = any(map(str.isdigit, line.text)) and CLOCK.fullmatch(line.text) is None
    return line.lowered.startswith("by ") or is_dated or is_outlet_name(line.text) or _is_captioned(line)


def _is_captioned(line: Line) -> bool:
    return find_caption(line, is_edge=False) is not None
