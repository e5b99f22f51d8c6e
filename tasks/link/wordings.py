"""What a wording says, apart from how it is worded: its ideas and its numbers."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from tasks.link.vectors import stop_words

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
NUMBER_WORDS = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
}
SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
}


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
    words = WORD.findall(expand_negations(text.casefold()).replace("’s", "").replace("'s", ""))
    return tuple(idea for word in words if (idea := name_word(word)) is not None)


@lru_cache(maxsize=100_000)
def name_word(word: str) -> str | None:
    """The idea of a word in lower case; None of one that says little."""
    if word in NUMBER_WORDS:
        return None if word == "one" else str(NUMBER_WORDS[word])
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
    is_open = False
    for word in WORD.findall(text.casefold()):
        value = _read_number(word)
        if value is not None:
            # "twenty five" adds up.
            values = [*values[:-1], values[-1] + value] if is_open else [*values, value]
        elif word in SCALES:
            values = [*values[:-1], values[-1] * SCALES[word]] if is_open else [*values, float(SCALES[word])]
        is_open = value is not None or word in SCALES
    return frozenset(value for value in values if value != 1)


def _read_number(word: str) -> float | None:
    if word in NUMBER_WORDS:
        return float(NUMBER_WORDS[word])
    if not word[0].isdigit():
        return None
    plain = word.replace(",", "")
    return float(plain) if re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", plain, re.ASCII) else None
