"""What a wording says, apart from how it is worded: its ideas and its numbers."""

import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from tasks.link.vectors import stop_words
from tasks.number_words import MAX_NUMBER_WORDS, number_words, parse_number_words

SYNONYMS_FILE = Path(__file__).with_name("synonyms.toml")
WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
# Behind another word: what begins a sentence has its capital for that.
CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][^\W_]*")
# Longest first; what remains of a word keeps at least four letters.
ENDINGS = re.findall(
    r"\w+",
    "ations ation ments ingly ment ings ions ness edly ing ion ism ies ied ers ive ity est ed er es ly al s e y",
)
SHORTEST_STEM = 4
# Not the mark before a title in single ones: "'Spotlight'".
POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
CONTRACTED = re.compile(r"\b(wo|sha|\w+)n['’]t\b", re.IGNORECASE)
CONTRACTED_VERBS = {"wo": "will", "sha": "shall", "ca": "can"}


def expand_negations(text: str) -> str:
    """The text with "will not" for "won't", and so on."""
    return CONTRACTED.sub(lambda match: f"{CONTRACTED_VERBS.get(match[1].lower(), match[1])} not", text)


def fold_wording(text: str) -> str:
    """The text's words, lower case, without punctuation; equal for versions that differ in those only."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("’", "").replace("'", "")))


def stem_word(word: str) -> str:
    """The word in lower case without the endings that change with its place in a sentence."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "s" else SHORTEST_STEM):
            word = word[: -len(ending)]
            break
    # "duties" are more than one "duty", whose own ending is too short a word's to be dropped.
    if len(word) >= SHORTEST_STEM and word[-1] == "i":
        return word[:-1] + "y"
    return word[:-1] if len(word) > SHORTEST_STEM and word[-1] == word[-2] else word


@cache
def _synonyms() -> dict[str, str]:
    sets = tomllib.loads(SYNONYMS_FILE.read_text("utf-8"))["sets"]
    return {form: group[0] for group in sets for word in group for form in (word, stem_word(word))}


def name_ideas(text: str) -> list[str]:
    """The ideas of a text in its order: its content words, each as stem or as the name of its synonyms."""
    return list(_find_ideas(text))


@lru_cache(maxsize=20_000)
def _find_ideas(text: str) -> tuple[str, ...]:
    words = WORD.findall(POSSESSIVE.sub("", expand_negations(text.casefold())))
    return tuple(idea for word in words if (idea := name_word(word)) is not None)


@lru_cache(maxsize=100_000)
def name_word(word: str) -> str | None:
    """The idea of a word in lower case; None of one that says little."""
    if (number := number_words()["small"].get(word)) is not None:
        return None if word == "one" else str(number)
    stem, synonyms = stem_word(word), _synonyms()
    if word in synonyms or stem in synonyms:
        return synonyms.get(word) or synonyms[stem]
    return stem if word not in stop_words("en") and (len(word) > 1 or word.isdigit()) else None


def name_capitals(text: str) -> frozenset[str]:
    """The ideas of the words within a text that have a capital letter: whom and what it names."""
    return frozenset(idea for name in CAPITAL.findall(text) for idea in name_ideas(name))


def list_numbers(text: str) -> frozenset[float]:
    """The values of the numbers in a text, in digits or in words; "one" alone is a pronoun more often than a number."""
    values: list[float] = []
    run: list[str] = []
    half_a, and_a_half = _halves()
    plain = half_a.sub("0.5 ", and_a_half.sub(_add_half, text.casefold()))
    for word in [*WORD.findall(plain), ""]:
        if _is_number_word(word) or (word == "and" and run):
            run.append(word)
            continue
        values.extend(_read_run(run))
        run = [word] if _read_digits(word) is not None else []
    return frozenset(value for value in values if value != 1)


@cache
def _halves() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Match "half a" before a word such as "million", and "two and a half"."""
    listed = number_words()
    scales, small = "|".join(listed["scales"]), "|".join(listed["small"])
    return re.compile(rf"\bhalf an? (?=(?:{scales})\b)"), re.compile(rf"\b({small}|\d{{1,3}}) and a half\b")


def _add_half(match: re.Match[str]) -> str:
    return str(float(number_words()["small"].get(match[1], match[1])) + 0.5)


def _is_number_word(word: str) -> bool:
    listed = number_words()
    return word in listed["small"] or word in listed["scales"]


def _read_run(run: Sequence[str]) -> Iterator[float]:
    """The numbers that words in a row make, of which the first may be in digits ("2.5 million", "two and three")."""
    scales, start = number_words()["scales"], 0
    if run and (value := _read_digits(run[0])) is not None:
        start = next((place for place, word in enumerate(run) if place and word not in scales), len(run))
        yield value * math.prod(scales[word] for word in run[1:start])
    while start < len(run):
        ends = range(min(len(run), start + MAX_NUMBER_WORDS), start, -1)
        found = ((end, parse_number_words(" ".join(run[start:end]))) for end in ends)
        end, value = next((one for one in found if one[1]), (start + 1, None))
        if value is not None:
            yield value
        start = end


def _read_digits(word: str) -> float | None:
    if not word[:1].isdigit():
        return None
    plain = word.replace(",", "")
    return float(plain) if re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", plain, re.ASCII) else None
