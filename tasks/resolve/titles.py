"""Titles printed beside a person's name: found, normalised, compared."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TITLES_FILE = Path(__file__).with_name("titles.toml")
COUNTRIES_FILE = Path(__file__).with_name("countries.toml")
_SMALL_WORDS = {"of", "the", "for", "a", "an", "and", "at", "in", "to", "s"}
_WORD = re.compile(r"[\w.&’'-]+")
_MAXIMUM_WORDS = 10
# An apposition after the name: to the next comma, stop, dash or relative word.
_APPOSITION = re.compile(
    r",\s+(?:(?:the|an?|its|his|her|their)\s+)?([^,.;:()“”\"\n–—]{3,90}?)(?=\s*(?:[,.;:(\n–—“\"]|$|\s(?:who|which|said|told|and)\b))"
)


@dataclass(frozen=True)
class TitleWords:
    """The lexicon of titles.toml, in sets of lower-case words."""

    heads: frozenset[str]
    modifiers: frozenset[str]
    ranks: frozenset[str]
    honorifics: dict[str, str | None]
    gendered: dict[str, str]
    person_nouns: frozenset[str]
    strangers: frozenset[str]
    clause_words: frozenset[str]
    tenures: frozenset[str]
    portfolios: frozenset[str]
    equals: dict[str, str]


@cache
def load_title_words() -> TitleWords:
    """The lexicon of titles.toml."""
    data = tomllib.loads(TITLES_FILE.read_text("utf-8"))
    honorifics: dict[str, str | None] = {}
    for gender, words in data["honorifics"].items():
        honorifics.update(dict.fromkeys(words, None if gender == "neutral" else gender))
    return TitleWords(
        heads=frozenset(data["offices"]["heads"]),
        modifiers=frozenset(data["offices"]["modifiers"]),
        ranks=frozenset(data["offices"]["ranks"]),
        honorifics=honorifics,
        gendered={word: gender for gender, words in data["gendered"].items() for word in words},
        person_nouns=frozenset(data["person_nouns"]["words"]),
        strangers=frozenset(data["strangers"]["words"]),
        clause_words=frozenset(data["clause_words"]["words"]),
        tenures=frozenset(data["offices"]["tenures"]),
        portfolios=frozenset(data["offices"]["portfolios"]),
        equals={variant: word for word, variants in data["equal"].items() for variant in variants},
    )


@cache
def load_countries() -> dict[str, str]:
    """The common name by every name and adjective of a country, all in lower case."""
    names = tomllib.loads(COUNTRIES_FILE.read_text("utf-8"))["names"]
    return {variant: country for country, variants in names.items() for variant in [country, *variants]}


def honorific_before(text: str, start: int) -> tuple[str | None, str | None]:
    """The form of address ("ms") that stands right before `start`, and the gender it tells."""
    match = re.search(r"\b([A-Z][a-z]{0,8})\.?\s+$", text[max(0, start - 14) : start])
    word = match.group(1).lower() if match else None
    words = load_title_words()
    return (word, words.honorifics[word]) if word in words.honorifics else (None, None)


def title_before(text: str, start: int, *, floor: int = 0) -> str | None:
    """The office printed right before the name that begins at `start`; None where there is none.

    Words are taken to the left, not below `floor`, while they can be part of a title: offices, their modifiers,
    countries, and other capitalised words that stand beside one or follow "of". A title holds an office.
    """
    window = text[max(floor, start - 120) : start]
    window = re.split(r"[\n“”\"(:;]|[.!?]\s+(?=[A-Z])|,\s", window)[-1]
    words = _WORD.findall(window)[-_MAXIMUM_WORDS:]
    first = len(words)
    while first and _may_be_in_title(words, first - 1):
        first -= 1
    while first < len(words) and not (_is_title_word(words[first]) or words[first][:1].isupper()):
        first += 1
    while first < len(words) and _plain(words[first]) in _SMALL_WORDS:
        first += 1
    title = words[first:]
    heads = [place for place, word in enumerate(title) if _plain(word) in load_title_words().heads]
    if (
        not heads
        or _plain(title[-1]) in _SMALL_WORDS
        or (heads[-1] < len(title) - 1 and not _is_complement(title[heads[-1] + 1 :]))
    ):
        return None
    return " ".join(title)


def _plain(word: str) -> str:
    return re.sub(r"[’']s$", "", word).strip(".").lower()


def _is_title_word(word: str) -> bool:
    words, plain = load_title_words(), _plain(word)
    is_office = plain in words.heads or (plain in words.modifiers and plain not in _SMALL_WORDS)
    return is_office or plain in load_countries()


def _may_be_in_title(words: list[str], place: int) -> bool:
    word = words[place]
    if _is_title_word(word):
        return True
    if _plain(word) in _SMALL_WORDS:
        return place > 0 and _plain(words[place - 1]) not in _SMALL_WORDS | {"and"} and word[:1].islower()
    # "Monday" or "On" opens a sentence; it is no part of an office.
    return word[:1].isupper() and _plain(word) not in load_title_words().strangers


def _is_complement(words: list[str]) -> bool:
    """Whether what follows the office says of what: "of Kelm", "for Trade", "State"."""
    return words[0].lower() in _SMALL_WORDS or all(map(_is_title_word, words))


def title_after(text: str, end: int) -> str | None:
    """The office in the apposition right after the name that ends at `end`; None where there is none."""
    words = load_title_words()
    match = _APPOSITION.match(text, end)
    if match is None:
        return None
    phrase = match.group(1).strip()
    plain = [_plain(word) for word in _WORD.findall(phrase)]
    place = next((place for place, word in enumerate(plain[:7]) if word in words.heads), None)
    if place is None or len(plain) > 14 or any(map(_is_verbal, _WORD.findall(phrase)[:place])):
        return None
    return phrase


def _is_verbal(word: str) -> bool:
    """Whether the word before an office shows that a clause stands there, not a title."""
    if word.lower() in load_title_words().clause_words:
        return True
    return word.islower() and word.endswith(("ed", "ing")) and word not in load_title_words().modifiers


def normalize_title(title: str) -> str:
    """The title in lower case, countries under one name, small words dropped: "us deputy secretary state"."""
    lowered = re.sub(r"[’']s\b", "", title.lower())
    for variant, country in _longest_first():
        lowered = re.sub(rf"(?<![\w.]){re.escape(variant)}(?![\w])", country, lowered)
    equals = load_title_words().equals
    lowered = lowered.replace("chief executive officer", "chief executive")
    found = [word.strip(".'’-") for word in _WORD.findall(lowered)]
    words = [equals.get(word, word) for word in found if word and word not in _SMALL_WORDS]
    countries = set(load_countries().values())
    places = [word for word in words if word in countries]
    return " ".join(dict.fromkeys([*places, *(word for word in words if word not in countries)]))


@cache
def _longest_first() -> list[tuple[str, str]]:
    return sorted(load_countries().items(), key=lambda pair: -len(pair[0]))


def titles_conflict(one: str, other: str) -> bool:
    """Whether two normalised titles cannot be the same office.

    They agree where one says no more than the other; a different rank ("deputy"), or offices of which
    each has a word that the other lacks, conflict. Places alone never do.
    """
    words = load_title_words()
    countries = set(load_countries().values())
    first, second = (set(title.split()) - countries for title in (one, other))
    offices_one, offices_two = first & words.heads - words.ranks, second & words.heads - words.ranks
    if not offices_one or not offices_two:
        return False
    if not offices_one & offices_two or (first ^ second) & words.ranks - words.tenures:
        return True
    # "Minister for Trade" and "Minister for Health": each says what the other does not.
    return bool((first - second) & words.portfolios and (second - first) & words.portfolios)


def gender_of_title(title: str) -> str | None:
    """Gender that the words of a title tell; None where they do not."""
    gendered = load_title_words().gendered
    return next((gendered[word] for word in title.lower().split() if word in gendered), None)
