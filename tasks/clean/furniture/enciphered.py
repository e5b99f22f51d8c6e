"""Paragraphs that a paywall made unreadable: letters exchanged by a cipher."""

import re
from functools import cache
from string import ascii_lowercase

from tasks.clean.draft import Span
from tasks.clean.lines import Line
from tasks.clean.tables import load_table

# ROT47 of "<p>" and "</p>": the paywalls of local papers' sites encipher each paragraph with its tags.
OPENING_TAG, CLOSING_TAG = "kAm", "k^Am"
ROT47_TAGS = re.compile(r"kAm.*|.*k\^Am")
MINIMUM_WORDS = 8
# A line with one of these common words needs no further look: most have one.
COMMONEST = " the "
PLAIN = (" of ", " and ", " to ", " in ", " a ")
# Of the words of a paragraph in plain English a third and more are small common ones.
MINIMUM_COMMON_SHARE = 0.2


def find_enciphered(lines: list[Line]) -> list[Span]:
    """Spans of the lines that are enciphered."""
    return [Span(line.start, line.end, "enciphered", "enciphered") for line in lines if is_enciphered(line)]


def is_enciphered(line: Line) -> bool:
    """Whether the line is a cipher's: with its tags, or readable once its letters are moved along the alphabet."""
    if line.text.startswith(OPENING_TAG) or line.text.endswith(CLOSING_TAG):
        return line.word_count >= 4 and ROT47_TAGS.fullmatch(line.text) is not None
    if line.word_count < MINIMUM_WORDS or COMMONEST in line.lowered:
        return False
    if not line.text.isascii() or any(map(line.lowered.__contains__, PLAIN)):
        return False
    words = line.lowered.split()
    if not _words("common").isdisjoint(words):
        return False
    limit = MINIMUM_COMMON_SHARE * len(words)
    return any(sum(word in shifted for word in words) >= limit for shifted in _shifted_words())


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(load_table("words.toml")[key])


@cache
def _shifted_words() -> tuple[frozenset[str], ...]:
    """The common English words under each of the 25 shifts of the alphabet."""
    tables = [str.maketrans(ascii_lowercase, ascii_lowercase[n:] + ascii_lowercase[:n]) for n in range(1, 26)]
    return tuple(frozenset(word.translate(table) for word in _words("common_english")) for table in tables)
