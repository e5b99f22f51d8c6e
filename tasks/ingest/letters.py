"""Which encoding of one byte a text in Latin letters is in: the one whose letters are those of a language.

What is told of a text are its bytes beyond ASCII, and what stands beside each: in Polish "ą" stands within a word, and
the "±" that another encoding reads there does not.
"""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

LETTERS_FILE = Path(__file__).with_name("letters.toml")
HIGH = re.compile(rb"[\x80-\xff]")
# So many tell the language; more take longer.
MOST_BYTES = 5_000
# In western writing, words hold a few such letters; in Cyrillic, Greek or Chinese they consist of them.
LONG_RUN = re.compile(rb"[\x80-\xff]{4,}")
MOST_IN_RUNS = 0.2
# Marks of any language, and those of them that stand within words.
MARKS, INNER_MARKS = frozenset("“”„‟‘’‚–—…«»‹›§°€£•·¿¡ªº\xa0\xad´²³½"), frozenset("’´\xad–—")
# Marks of English that stand by themselves, beside a number mostly; of them those behind a word.
SIGNS, SIGNS_BEHIND = frozenset("¥¢©®™¼¾±×÷¶"), frozenset("™®")
# What reading a byte so costs. They are chosen, not measured: a letter of the language the less the more frequent it is
# (by a few), what no text holds at a place the more the odder.
LETTER, BY_RANK, MARK = 1.0, 0.15, 1.0
AFTER_SMALL, ALONE, BETWEEN_HIGH, WITHIN_WORD, FOREIGN, SYMBOL, CONTROL = 3.0, 2.0, 1.5, 4.0, 5.0, 6.0, 12.0
# What is read right costs about 1.3 a byte; Cyrillic and Greek read as Latin letters cost more than three.
MAXIMUM_COST = 2.2


# What a byte is to its neighbours.
OTHER, SMALL, CAPITAL, BEYOND = range(4)
KINDS = bytes(
    BEYOND if one > 127 else SMALL if chr(one).islower() else CAPITAL if chr(one).isupper() else OTHER
    for one in range(256)
)


def rank_encodings(written: bytes) -> list[str]:
    """Encodings in which a text is of the letters of a language, the likeliest first; none where it is of none."""
    places = _count_places(written)
    total = sum(places.values())
    in_runs = sum(len(run[0]) for run in LONG_RUN.finditer(written))
    if not total or in_runs > MOST_IN_RUNS * len(written.translate(None, bytes(range(128)))):
        return []
    costs: dict[str, float] = {}
    for language, encodings in _languages():
        for encoding in encodings:
            read = _read_bytes(encoding)
            cost = sum(count * _cost(read[byte], around, language) for (byte, *around), count in places.items())
            costs[encoding] = min(cost, costs.get(encoding, cost))
    # The first of equals is the one that stands first in the file.
    return [one for one in sorted(costs, key=costs.__getitem__) if costs[one] <= MAXIMUM_COST * total]


def _count_places(written: bytes) -> Counter[tuple[int, int, int]]:
    """How often each byte beyond ASCII stands between which kinds of bytes."""
    kinds = written.translate(KINDS)
    places: Counter[tuple[int, int, int]] = Counter()
    for number, found in enumerate(HIGH.finditer(written)):
        if number == MOST_BYTES:
            break
        at = found.start()
        before = kinds[at - 1] if at else OTHER
        behind = kinds[at + 1] if at + 1 < len(kinds) else OTHER
        places[written[at], before, behind] += 1
    return places


def _cost(character: str, around: list[int], language: dict[str, int]) -> float:
    before, behind = around
    is_within = before != OTHER and behind != OTHER
    if (rank := language.get(character.lower())) is not None:
        cost = LETTER + BY_RANK * rank
        cost += AFTER_SMALL * (before == SMALL and character.isupper())
        cost += ALONE * (before == behind == OTHER)
        return cost + BETWEEN_HIGH * (before == behind == BEYOND)
    if character in MARKS:
        # A mark may touch another one: "…”".
        is_inner = before in (SMALL, CAPITAL) and behind in (SMALL, CAPITAL) and character not in INNER_MARKS
        return WITHIN_WORD if is_inner else MARK
    if character in SIGNS and behind == OTHER and (before == OTHER or character in SIGNS_BEHIND):
        return MARK
    if not character.isprintable():
        return CONTROL
    return FOREIGN if character.isalpha() else SYMBOL + is_within


@cache
def _languages() -> list[tuple[dict[str, int], list[str]]]:
    """Of each language its letters with their ranks, and its encodings."""
    rules = tomllib.loads(LETTERS_FILE.read_text("utf-8")).values()
    return [({letter: rank for rank, letter in enumerate(rule["letters"])}, rule["encodings"]) for rule in rules]


@cache
def _read_bytes(encoding: str) -> list[str]:
    """The character of each byte; for one that is none a control character."""
    read = [bytes([byte]).decode(encoding, "replace") for byte in range(256)]
    return ["\x80" if one == "\ufffd" else one for one in read]
