"""The lines of a text, each a paragraph, and what can be seen of a line from outside."""

import re
from itertools import pairwise

from tasks.clean.mending.whitespace import NEWLINES, SPACES, drop_invisible, has_plain_spaces

BLOCK = re.compile(f"(?:[^{NEWLINES}]+(?:\r\n|[{NEWLINES}])?)+")
EMPTY_LINE = re.compile(f"\n[{SPACES}]*\r?\n")
CLOSERS = "\"'”’»›)]}"
SENTENCE_MARKS = ".!?…。！？।؟"
# Characters of scripts written without spaces count as words, one each.
UNSPACED = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"
UNSPACED_CHARACTER = re.compile(UNSPACED)
SPACED_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
WORD = re.compile(rf"{UNSPACED}|{SPACED_WORD.pattern}")
LETTERS = re.compile(r"\w+")
JOINERS = "'’.-"
# One byte for each character, and no script without spaces; it lacks only the typographic marks of western texts.
WESTERN = "latin-1"
TYPOGRAPHIC = (("’", "'"), ("“", " "), ("”", " "), ("—", " "), ("–", " "), ("‘", " "), ("…", " "), ("•", " "))
# For each of its bytes: a letter or digit, a mark that may join two, or neither.
KINDS = "".join(
    "-" if character in JOINERS else "a" if LETTERS.match(character) else " " for character in map(chr, range(256))
).encode()
# Longer on average is no word but a sentence without spaces, or an address.
MAXIMUM_WORD_LENGTH = 15
# Typewriter and e-mail habit breaks lines at 60 to 80 characters; 100 leaves room for wider terminals.
WRAP_WIDTH = range(40, 101)
MINIMUM_WRAPPED_LINES = 6


class Line:
    """One line, or one paragraph of a hard-wrapped text: characters [start, end) of a draft, edges stripped.

    `lowered` is the text in small letters; `word_count` counts words parted by white space, or characters in a
    script that writes without it; `ends_sentence` tells whether it ends with a full stop or its like, quotation
    marks and brackets aside; `is_prose` whether it reads as a sentence or more: eight words that end one, or
    twenty-five in any case.
    """

    __slots__ = ("end", "ends_sentence", "is_prose", "lowered", "start", "text", "word_count")

    def __init__(self, start: int, end: int, text: str, *, single_spaces: bool = False) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.lowered = text.lower()
        self.word_count, self.ends_sentence, self.is_prose = measure_line(text, single_spaces=single_spaces)


def measure_line(text: str, *, single_spaces: bool = False) -> tuple[int, bool, bool]:
    """The `word_count`, `ends_sentence` and `is_prose` of a line with this text, which has no white space around it.

    `single_spaces` tells that it has none within it but single plain spaces: then its words are counted faster.
    """
    count = text.count(" ") + 1 if single_spaces else len(text.split())
    if count * MAXIMUM_WORD_LENGTH <= len(text):
        count = count_words(text)
    last = text[-1:]
    if last in CLOSERS:
        last = text.rstrip(CLOSERS)[-1:]
    ends_sentence = last != "" and last in SENTENCE_MARKS
    return count, ends_sentence, count >= 25 or (count >= 8 and ends_sentence)


def split_lines(text: str, *, join_lines: bool = False) -> list[Line]:
    """The lines that hold anything, in order; blocks between empty lines if `join_lines`."""
    lines: list[Line] = []
    single_spaces = not join_lines and "  " not in text and has_plain_spaces(text)
    position = 0
    # A string's own lines end where NEWLINES says, and what it strips is white space as whitespace.py has it.
    for piece in BLOCK.findall(text) if join_lines else text.splitlines(keepends=True):
        if join_lines:
            # Blocks are parted by empty lines; lines follow one upon another.
            position = text.index(piece, position)
        if content := piece.strip():
            start = position + piece.index(content[0])
            lines.append(Line(start, start + len(content), content, single_spaces=single_spaces))
        position += len(piece)
    return lines


def is_hard_wrapped(text: str) -> bool:
    """Whether lines were broken at a fixed width: then only an empty line parts paragraphs."""
    lines = text.splitlines()
    # Of most texts the longest line alone tells.
    if len(max(lines, key=len, default="").strip()) >= WRAP_WIDTH.stop:
        return False
    lines = [line.strip() for line in lines]
    if max(map(len, lines), default=0) not in WRAP_WIDTH or not EMPTY_LINE.search(text):
        return False
    broken = [line for line, following in pairwise(lines) if line and following]
    if len(broken) < MINIMUM_WRAPPED_LINES:
        return False
    open_ends = sum(line.rstrip(CLOSERS)[-1:] not in SENTENCE_MARKS for line in broken)
    return open_ends / len(broken) > 0.7


def count_words(text: str) -> int:
    """Words of the text: letters and digits in a row, with inner apostrophe, point or hyphen."""
    western = text
    for mark, plain in TYPOGRAPHIC:
        western = western.replace(mark, plain)
    try:
        kinds = b" " + western.encode(WESTERN).translate(KINDS)
    except UnicodeEncodeError:
        pattern = WORD if UNSPACED_CHARACTER.search(text) else SPACED_WORD
        return len(pattern.findall(text))
    # A row of letters behind a space is a word, and so is one behind a mark that stands behind no letter itself.
    return kinds.count(b" a") + kinds.count(b" -a") + kinds.count(b"--a")


def fold(text: str) -> str:
    """The text for comparing lines: lower case, letters and digits only, single spaces."""
    return " ".join(LETTERS.findall(drop_invisible(text).casefold()))
