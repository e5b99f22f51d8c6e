"""Words in pieces: set in letters apart, or cut by the end of a line."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from tasks.clean.edits import Edit
from tasks.clean.lines import is_hard_wrapped
from tasks.clean.mending.forms import HYPHENS, LETTERS_APART, SMALL_LINES, has_form
from tasks.clean.mending.rules import load_mendings, words
from tasks.clean.tables import load_table

SPACED = re.compile(r"(?<![\w'’&.])[A-Za-z](?: {1,3}[A-Za-z]){4,}(?![\w'’&])")
WIDE_GAP = re.compile(r" {2,3}")
LINE_HYPHEN = re.compile(r"-(?:[ \t]*\r?\n[ \t]*| )(?=[a-z]{2})")
LINE_SOFT_HYPHEN = re.compile(r"\u00ad[ \t]*\r?\n[ \t]*(?=[a-z]{2})")
SOFT_HYPHEN = "\u00ad"
LINE_START = re.compile(r"\n[ \t]*(?=[a-z])")
MINIMUM_LETTERS = 5
# A shorter line is a heading, an item or a verse.
MINIMUM_CUT_LINE = 50
MINIMUM_REST = 15
LONGEST_SPACED = 200
# A longer run of letters is read no further.
LONGEST_WORD = 60
# White space between two lines of one paragraph.
LONGEST_GAP = 12
LONE_LETTERS = frozenset({"a", "i"})


def find_spaced_letters(text: str) -> Iterator[Edit]:
    """Edits that join letters set apart to the words they make, and flags where the words are not known."""
    if not has_form(text, *LETTERS_APART):
        return
    often = words("often_spaced")
    known = {word.lower() for word in re.findall(r"[A-Za-z]{2,}", text)} | often | words("joining")
    for match in SPACED.finditer(text):
        found = match.group()
        if len(found) > LONGEST_SPACED:
            continue
        groups = ["".join(group.split()) for group in WIDE_GAP.split(found)]
        parted = [_part_letters(group.lower(), known) for group in groups]
        gaps = [" "] * (len(groups) - 1) + [""]
        # Small words are made of any letters: one of five tells, or one of those often set so.
        telling = [part for parts in parted for part in parts if len(part) >= MINIMUM_LETTERS or part in often]
        if all(parted) and telling:
            spelled = [_spell(group, parts) + gap for group, parts, gap in zip(groups, parted, gaps, strict=True)]
            yield load_mendings()["spaced_letters"].edit(text, match.start(), match.end(), "".join(spelled))
        elif max(map(len, groups)) > MINIMUM_LETTERS:
            joined = "".join(group + gap for group, gap in zip(groups, gaps, strict=True))
            yield load_mendings()["doubtful_letters"].edit(text, match.start(), match.end(), joined)


def _spell(letters: str, parts: list[str]) -> str:
    """The letters parted by spaces as `parts` are, in their own case."""
    spelled, position = [], 0
    for part in parts:
        spelled.append(letters[position : position + len(part)])
        position += len(part)
    return " ".join(spelled)


def _part_letters(letters: str, known: set[str]) -> list[str]:
    """The small letters as known words, as few as can be; empty where they are not made of any."""
    if letters in LONE_LETTERS:
        return [letters]
    # For each length: the fewest words that make up so many letters, and the length of the last of them.
    best: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(letters)
    for end in range(2, len(letters) + 1):
        for size in range(2, end + 1):
            before = best[end - size]
            if before and letters[end - size : end] in known:
                found = best[end]
                if found is None or before[0] + 1 < found[0]:
                    best[end] = (before[0] + 1, size)
    parts: list[str] = []
    end = len(letters)
    while end and (found := best[end]):
        parts.insert(0, letters[end - found[1] : end])
        end -= found[1]
    return parts if not end else []


def find_cut_words(text: str) -> Iterator[Edit]:
    """Edits that join what a hyphen at the end of a line cut, and flags where the hyphen may belong to the word."""
    mending = load_mendings()
    known: Counter[str] | None = None
    hyphens = LINE_HYPHEN.finditer(text) if has_form(text, *HYPHENS) else ()
    soft_hyphens = LINE_SOFT_HYPHEN.finditer(text) if SOFT_HYPHEN in text else ()
    for match in chain(hyphens, soft_hyphens):
        start, end = match.start() - 1, match.end()
        if start < 1 or not text[start].islower():
            continue
        left, right = _word_up_to(text, start + 1), _word_from(text, end)
        if len(left) < 2 or right in words("after_open_hyphen"):
            continue
        known = known if known is not None else Counter(word.lower() for word in re.findall(r"\w+(?:-\w+)*", text))
        letter, is_line_end = text[start], "\n" in match.group()
        if f"{left}{right}".lower() in known or (is_line_end and (SOFT_HYPHEN in match.group() or _is_rest(right))):
            yield mending["hyphen_at_line_end"].edit(text, start, end, letter)
        elif is_line_end and f"{left}-{right}".lower() in known:
            yield mending["hyphen_at_line_end"].edit(text, start, end, f"{letter}-")
        elif is_line_end or _may_be_rest(left, right, known):
            yield mending["doubtful_hyphen"].edit(text, start, end, letter)


def _is_rest(word: str) -> bool:
    return word in words("word_rests")


def _may_be_rest(left: str, right: str, known: Counter[str]) -> bool:
    """Whether what a hyphen and a space part stands nowhere else, and its second half ends as the rest of a word."""
    return right.endswith(tuple(words("rest_endings"))) and known[left.lower()] == known[right.lower()] == 1


def _word_up_to(text: str, end: int) -> str:
    start = end
    lowest = max(0, end - LONGEST_WORD)
    while start > lowest and text[start - 1].isalpha():
        start -= 1
    return text[start:end]


def _word_from(text: str, start: int) -> str:
    end = start
    highest = min(len(text), start + LONGEST_WORD)
    while end < highest and text[end].isalpha():
        end += 1
    return text[start:end]


def find_cut_lines(text: str) -> Iterator[Edit]:
    """Edits that join a line broken inside its sentence to the next.

    None where lines are broken at a fixed width: there all breaks but empty lines are spaces.
    """
    if not has_form(text, *SMALL_LINES):
        return
    leading_on = frozenset(load_table("words.toml")["leading_on"])
    found: list[Edit] = []
    for match in LINE_START.finditer(text):
        before = text[max(0, match.start() - LONGEST_GAP) : match.start()]
        last = match.start() - len(before) + len(before.rstrip()) - 1
        if not before.rstrip() or not text[last].islower():
            continue
        rest_end = text.find("\n", match.end())
        rest_length = (len(text) if rest_end == -1 else rest_end) - match.end()
        if last - text.rfind("\n", 0, last) < MINIMUM_CUT_LINE or rest_length < MINIMUM_REST:
            continue
        if _word_up_to(text, last + 1).lower() in leading_on:
            mending = load_mendings()["sentence_cut_by_line"]
            found.append(mending.edit(text, last, match.end(), text[last] + " "))
    if found and not is_hard_wrapped(text.replace("\u00a0", " ")):
        yield from found
