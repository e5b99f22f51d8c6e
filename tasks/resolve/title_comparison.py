"""When two titles are one office, conflict, or may be one person's one after the other."""

import re
from functools import cache, lru_cache

from tasks.resolve.titles import KEPT_TITLES, load_countries, load_title_words


@lru_cache(KEPT_TITLES)
def titles_conflict(one: str, other: str) -> bool:
    """Whether two normalised titles cannot be the same office.

    They agree where one says no more than the other; a different rank ("deputy"), or offices of which
    each has a word that the other lacks, conflict. Places alone never do.
    """
    words = load_title_words()
    first, second = (_office_words(title) - _countries() for title in (one, other))
    if not _offices(first) or not _offices(second):
        return False
    if not first & second & words.heads - words.ranks or (first ^ second) & words.ranks - words.tenures:
        return True
    # "Minister for Trade" and "Minister for Health": each says what the other does not.
    return bool((first - second) & words.portfolios and (second - first) & words.portfolios)


def holds_office(title: str) -> bool:
    """Whether the normalised title names an office, and not only what somebody is called: "diplomat", "candidate"."""
    return bool(_offices(_office_words(title)))


@cache
def _countries() -> frozenset[str]:
    """The common names of all countries."""
    return frozenset(load_countries().values())


def _offices(title: frozenset[str]) -> frozenset[str]:
    """The offices among a title's words; who is chief of something else than [chiefs] may hold any."""
    words = load_title_words()
    offices = title & words.heads - words.ranks - words.beside_office
    return offices - {"chief"} if title.isdisjoint(words.chiefs) else offices


@lru_cache(KEPT_TITLES)
def _office_words(title: str) -> frozenset[str]:
    """Words of the normalised title, its office as all call it: "home secretary" is "interior minister"."""
    for office, common in _same_offices():
        title = office.sub(common, title)
    return frozenset(title.split())


@cache
def _same_offices() -> list[tuple[re.Pattern[str], str]]:
    """Names of offices, each with the one that stands for all."""
    return [(re.compile(rf"\b{office}\b"), common) for office, common in load_title_words().same_office.items()]


def titles_agree(one: str, other: str) -> bool:
    """Whether two normalised titles share an office and none conflicts: more than that nothing is said of them."""
    heads, countries = load_title_words().heads, _countries()
    first, second = _office_words(one), _office_words(other)
    if (first & countries) and (second & countries) and not first & second & countries:
        return False
    return bool(first & second & heads) and not titles_conflict(one, other)


def may_follow_each_other(one: str, other: str) -> bool:
    """Whether one person may hold both normalised offices in turn: of one walk of life, and of one country if told.

    A home secretary becomes prime minister, but no goalkeeper a bishop.
    """
    words, countries = load_title_words(), _countries()
    first, second = set(one.split()), set(other.split())
    if (first & countries) and (second & countries) and not first & second & countries:
        return False
    walks_one, walks_other = (
        {walk for word in title for walk in words.walks.get(word, ())} for title in (first, second)
    )
    return not walks_one.isdisjoint(walks_other)
