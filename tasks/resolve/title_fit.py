"""How well the titles printed for a person fit a description: "the mayor", "the German diplomat"."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse
from tasks.resolve.organisations import country_of
from tasks.resolve.phrases import Phrase, load_phrase_words, singular
from tasks.resolve.titles import KEPT_TITLES, load_title_words, normalize_title

# What a title that holds the noun or a word of its kin, a word more of it, its country and having held office before
# speak for somebody, and what another rank speaks against, beside how much the person stands out. Chosen on
# data/gold/speakers.
TITLE, SYNONYM, MODIFIER, COUNTRY, TENURE, OTHER_RANK = 2.0, 1.5, 0.7, 1.2, 0.8, 0.5
_TITLE_WORD = re.compile(r"[\w-]+")
# Party and state behind a lawmaker's name: "(D-Fla.)", "(R-Tex.)", "(Vt.)"; or the place: "of Florida".
_PARTY_AND_STATE = re.compile(
    r",?\s\(?(?:([DRI])[-–—])?([A-Z][\w.]*(?:\s[A-Z][\w.]*)?)\)|\sof\s([A-Z]\w+(?:\s[A-Z]\w+)?)"
)


def fit_of_titles(cluster: Cluster, phrase: Phrase, discourse: Discourse) -> float:
    """How well the titles printed for the person fit the phrase; 0 where they say nothing, below where they differ."""
    asked = _read_asked(phrase)
    near = _words_near(cluster, discourse)
    best = 0.0
    if asked.noun in near:
        best = SYNONYM + MODIFIER * len(asked.modifiers & near)
    for title in cluster.titles:
        best = max(best, _fit_of_title(title, asked, near))
    if asked.country is not None:
        countries = _countries_near(cluster, discourse).union(*map(_countries_of_title, cluster.titles))
        if asked.country in countries:
            best += COUNTRY
        elif countries:
            best -= COUNTRY
    return best


@dataclass(frozen=True)
class _Asked:
    """What a phrase asks of a person's titles: `wanted` are the nouns that answer it, `before` stands before its noun,
    `modifiers` before or behind it."""

    noun: str
    parts: frozenset[str]
    wanted: frozenset[str]
    before: frozenset[str]
    modifiers: frozenset[str]
    country: str | None


@lru_cache(KEPT_TITLES)
def _read_asked(phrase: Phrase) -> _Asked:
    before = frozenset(singular(word) for word in phrase.words[:-1])
    return _Asked(
        noun=phrase.noun,
        parts=frozenset(_parted(phrase.noun)),
        wanted=frozenset({phrase.noun, *load_phrase_words().same.get(phrase.noun, ())}),
        before=before,
        modifiers=before | {singular(word) for word in phrase.tail},
        country=next((found for word in [*phrase.words, *phrase.tail] if (found := country_of(word))), None),
    )


def _fit_of_title(title: str, asked: _Asked, near: frozenset[str]) -> float:
    words = [*_words_of_title(title)]
    words += [asked.noun] if asked.parts <= set(words) else []
    if asked.wanted.isdisjoint(words):
        return 0.0
    # "The band leader" is no party's leader, nor a president: a word for what is led says so.
    if asked.noun not in words and says_of_what(asked.before, [*words, *near]):
        return 0.0
    exact = TITLE if asked.noun in words else SYNONYM
    modifiers = asked.modifiers
    shared = len(modifiers & ({*words} | near)) - len(_ranks(words) ^ _ranks(modifiers)) * OTHER_RANK
    holds_tenure = "former" in modifiers and "former" in words
    return exact + MODIFIER * shared + (TENURE if holds_tenure else 0.0)


@lru_cache(KEPT_TITLES)
def _countries_of_title(title: str) -> frozenset[str]:
    return frozenset(found for word in _TITLE_WORD.findall(title) if (found := country_of(word)))


def holds_all_words(cluster: Cluster, phrase: Phrase) -> bool:
    """Whether a title printed for the person holds the noun and all words before it."""
    wanted = {part for word in phrase.words for part in _parted(singular(word))}
    return any(wanted <= set(_words_of_title(title)) for title in cluster.titles)


@lru_cache(KEPT_TITLES)
def _words_of_title(title: str) -> tuple[str, ...]:
    """The title's words in the singular, the parts of those with a hyphen, and what abbreviations stand for."""
    words = [singular(word) for word in _TITLE_WORD.findall(title.lower())]
    words += [part for word in words if "-" in word for part in _parted(word)]
    return (*words, *(full for word in words if (full := load_title_words().equals.get(word))))


def _parted(word: str) -> list[str]:
    """The words that a hyphen joins, where each may stand in a title alone: "vice-president", but not "co-founder"."""
    known = load_title_words()
    parts = word.split("-")
    return parts if all(part in known.heads or part in known.modifiers for part in parts) else [word]


def is_called(cluster: Cluster, noun: str, discourse: Discourse) -> bool:
    """Whether the noun itself, or what it is short for, is printed as the person's office, party or trade."""
    wanted = set(normalize_title(noun).split())
    titles = (set(normalize_title(title).split()) for title in cluster.titles)
    return noun in _words_near(cluster, discourse) or any(wanted <= words for words in titles)


def remember_description(cluster: Cluster, phrase: Phrase, discourse: Discourse) -> None:
    """Lets the phrase speak for the person from here on: after "the Vermont senator", "the senator" is the same."""
    if len(phrase.words) > 1:
        discourse.words_near[cluster.local_id] = _words_near(cluster, discourse) | set(phrase.words)


def says_of_what(modifiers: Set[str], words: list[str]) -> bool:
    """Whether the phrase has a noun before its head that the title lacks."""
    known = load_title_words()
    said = modifiers - set(words) - known.modifiers - known.heads - known.ranks - load_phrase_words().people
    said -= _state_words()
    # "The three-term governor": how long, not of what.
    said = {word for word in said if not word.endswith(("-term", "-time", "-year"))}
    return any(country_of(word) is None and not word.endswith(("ed", "ing", "ive", "al", "an", "ic")) for word in said)


@cache
def _state_words() -> frozenset[str]:
    return frozenset(word for name in load_title_words().states.values() for word in name.lower().split())


def _words_near(cluster: Cluster, discourse: Discourse) -> frozenset[str]:
    """Party and place printed behind the person's name, in lower case: "republican", "new", "york"."""
    if cluster.local_id not in discourse.words_near:
        words: set[str] = set()
        parties, states = load_title_words().parties, load_title_words().states
        for mention in cluster.mentions:
            if found := _PARTY_AND_STATE.match(discourse.text, mention.end_char):
                party, state, place = found.groups()
                printed = place or state
                words |= {parties[party]} if party else set()
                words |= {*states.get(printed, printed).lower().split()}
        discourse.words_near[cluster.local_id] = frozenset(words)
    return discourse.words_near[cluster.local_id]


def _ranks(words: Iterable[str]) -> set[str]:
    return set(words) & load_title_words().ranks


def _countries_near(cluster: Cluster, discourse: Discourse) -> set[str]:
    """Countries named right behind the person's first full mention, as in "who was Germany's ambassador"."""
    mention = max(cluster.mentions, key=lambda item: len(item.text.split()))
    stop = discourse.text.find(".", mention.end_char, mention.end_char + 120)
    places = discourse.places_between(mention.end_char, stop if stop > 0 else mention.end_char + 120)
    # What stands behind somebody else's name is theirs.
    places = list(takewhile(lambda place: place.cluster.label != "PERSON" or place.cluster is cluster, places))
    names = [discourse.text[place.start : place.end] for place in places if place.cluster.label in ("PLACE", "GROUP")]
    return {country for name in names[:1] if (country := country_of(name))}
