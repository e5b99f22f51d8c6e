"""The lines of a text, each a paragraph, and what can be seen of a line from outside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.clean.whitespace import INVISIBLE, LINE_BREAK, NEWLINES, SPACES

LINE = re.compile(f"[^{NEWLINES}]+")
BLOCK = re.compile(f"(?:[^{NEWLINES}]+(?:\r\n|[{NEWLINES}])?)+")
EMPTY_LINE = re.compile(f"\n[{SPACES}]*\r?\n")
STRIP = NEWLINES + " \t\x1f\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
CLOSERS = "\"'”’»›)]}"
SENTENCE_MARKS = ".!?…。！？।؟"
# Characters of scripts written without spaces count as words, one each.
UNSPACED = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"
UNSPACED_CHARACTER = re.compile(UNSPACED)
SPACED_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
WORD = re.compile(rf"{UNSPACED}|{SPACED_WORD.pattern}")
# Longer on average is no word but a sentence without spaces, or an address.
MAXIMUM_WORD_LENGTH = 15
# Typewriter and e-mail habit breaks lines at 60 to 80 characters; 100 leaves room for wider terminals.
WRAP_WIDTH = range(40, 101)
MINIMUM_WRAPPED_LINES = 6


@dataclass(slots=True)
class Line:
    """One line, or one paragraph of a hard-wrapped text: characters [start, end) of a draft, edges stripped.

    `lowered` is the text in small letters; `word_count` counts words parted by white space, or characters in a
    script that writes without it; `ends_sentence` tells whether it ends with a full stop or its like, quotation
    marks and brackets aside; `is_prose` whether it reads as a sentence or more: eight words that end one, or
    twenty-five in any case.
    """

    start: int
    end: int
    text: str
    lowered: str = field(init=False)
    word_count: int = field(init=False)
    ends_sentence: bool = field(init=False)
    is_prose: bool = field(init=False)

    def __post_init__(self) -> None:
        self.lowered = self.text.lower()
        count = len(self.text.split())
        self.word_count = count if count * MAXIMUM_WORD_LENGTH > len(self.text) else count_words(self.text)
        last = self.text.rstrip(CLOSERS)[-1:]
        self.ends_sentence = bool(last) and last in SENTENCE_MARKS
        self.is_prose = self.word_count >= 25 or (self.word_count >= 8 and self.ends_sentence)


def split_lines(text: str, *, join_lines: bool = False) -> list[Line]:
    """The lines that hold anything, in order; blocks between empty lines if `join_lines`."""
    return list(find_lines(text, join_lines=join_lines))


def find_lines(text: str, *, join_lines: bool = False) -> Iterator[Line]:
    """The lines that hold anything, one after another; blocks between empty lines if `join_lines`."""
    for match in (BLOCK if join_lines else LINE).finditer(text):
        content = match.group().strip(STRIP)
        if content:
            start = match.start() + match.group().index(content[0])
            yield Line(start, start + len(content), content)


def is_hard_wrapped(text: str) -> bool:
    """Whether lines were broken at a fixed width: then only an empty line parts paragraphs."""
    if not EMPTY_LINE.search(text):
        return False
    lines = [line.strip(STRIP) for line in LINE_BREAK.split(text)]
    broken = [line for line, following in pairwise(lines) if line and following]
    if len(broken) < MINIMUM_WRAPPED_LINES or max(map(len, lines)) not in WRAP_WIDTH:
        return False
    open_ends = sum(line.rstrip(CLOSERS)[-1:] not in SENTENCE_MARKS for line in broken)
    return open_ends / len(broken) > 0.7


def count_words(text: str) -> int:
    """Words of the text: letters and digits in a row, with inner apostrophe, point or hyphen."""
    pattern = WORD if UNSPACED_CHARACTER.search(text) else SPACED_WORD
    return len(pattern.findall(text))


def fold(text: str) -> str:
    """The text for comparing lines: lower case, letters and digits only, single spaces."""
    return " ".join(re.findall(r"\w+", INVISIBLE.sub("", text).casefold()))
