"""How two wordings of one utterance differ."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, kw_only=True)
class WordRun:
    """Successive words of a wording, with the marks and spaces around them.

    `differs`: the other wording has other words here, or none. `left_out` are words of the
    other wording that this one lacks just before the run.
    """

    text: str
    differs: bool = False
    left_out: str = ""


def wording_key(text: str) -> tuple[str, ...]:
    """What makes two wordings the same: the words, whatever their case, quote marks and spacing."""
    return tuple(word.replace("’", "'").casefold() for word in WORD.findall(text))


def is_part(key: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the words of a wording stand in another one, next to each other and in their order."""
    width = len(key)
    return any(other[at : at + width] == key for at in range(len(other) - width + 1))


def compare_wordings(text: str, canonical: str) -> list[WordRun]:
    """`text` in runs of words that `canonical` shares or does not; joining the runs gives `text`."""
    spans = [match.span() for match in WORD.finditer(text)]
    canonical_spans = [match.span() for match in WORD.finditer(canonical)]
    matcher = SequenceMatcher(None, wording_key(canonical), wording_key(text), autojunk=False)
    runs: list[WordRun] = []
    done = 0
    for tag, first, last, start, end in matcher.get_opcodes():
        missing = canonical[canonical_spans[first][0] : canonical_spans[last - 1][1]] if tag == "delete" else ""
        if missing:
            runs.append(WordRun(text="", left_out=missing))
        if start == end:
            continue
        # Marks and spaces between runs belong to neither, so that only words are marked.
        if spans[start][0] > done:
            runs.append(WordRun(text=text[done : spans[start][0]]))
        done = spans[end - 1][1]
        runs.append(WordRun(text=text[spans[start][0] : done], differs=tag != "equal"))
    if done < len(text):
        runs.append(WordRun(text=text[done:]))
    return runs


def compare_with_all(canonical: str, others: Sequence[str]) -> list[WordRun]:
    """`canonical` in runs of words that at least half of the others share or do not; joining the runs gives it."""
    lacking: Counter[int] = Counter()
    for other in others:
        matcher = SequenceMatcher(None, wording_key(canonical), wording_key(other), autojunk=False)
        for tag, first, last, _, _ in matcher.get_opcodes():
            if tag != "equal":
                lacking.update(range(first, last))
    runs: list[WordRun] = []
    done = 0
    spans = [match.span() for match in WORD.finditer(canonical)]
    for differs, numbers in groupby(range(len(spans)), key=lambda number: 2 * lacking[number] > len(others)):
        words = list(numbers)
        start, end = spans[words[0]][0], spans[words[-1]][1]
        if start > done:
            runs.append(WordRun(text=canonical[done:start]))
        runs.append(WordRun(text=canonical[start:end], differs=differs))
        done = end
    return runs + ([WordRun(text=canonical[done:])] if done < len(canonical) else [])
