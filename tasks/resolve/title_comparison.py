"""When two titles are one office, conflict, or may be one person's one after the other."""

import re

from tasks.resolve.titles import load_countries, load_title_words


def titles_conflict(one: str, other: str) -> bool:
    """Whether two normalised titles cannot be the same office.

    They agree where one says no more than the other; a different rank ("deputy"), or offices of which
    each has a word that the other lacks, conflict. Places alone never do.
    """
    words = load_title_words()
    countries = set(load_countries().values())
    first, second = (set(_common_office(title).split()) - countries for title in (one, other))
    if not _offices(first) or not _offices(second):
        return False
    if not first & second & words.heads - words.ranks or (first ^ second) & words.ranks - words.tenures:
        return True
    # "Minister for Trade" and "Minister for Health": each says what the other does not.
    return bool((first - second) & words.portfolios and (second - first) & words.portfolios)


def holds_office(title: str) -> bool:
    """Whether the normalised title names an office, and not only what somebody is called: "diplomat", "candidate"."""
    return bool(_offices(set(_common_office(title).split())))


def _offices(title: set[str]) -> set[str]:
    """The offices among a title's words; who is chief of something else than [chiefs] may hold any."""
    words = load_title_words()
    offices = title & words.heads - words.ranks - words.beside_office
    return offices - {"chief"} if title.isdisjoint(words.chiefs) else offices


def _common_office(title: str) -> str:
    """The normalised title, its office under the name that stands for all: "home secretary" is "interior minister"."""
    for office, common in load_title_words().same_office.items():
        title = re.sub(rf"\b{office}\b", common, title)
    return title


def titles_agree(one: str, other: str) -> bool:
    """Whether two normalised titles share an office and none conflicts: more than that nothing is said of them."""
    heads, countries = load_title_words().heads, set(load_countries().values())
    first, second = set(_common_office(one).split()), set(_common_office(other).split())
    if (first & countries) and (second & countries) and not first & second & countries:
        return False
    return bool(first & second & heads) and not titles_conflict(one, other)


def may_follow_each_other(one: str, other: str) -> bool:
    """Whether one person may hold both normalised offices in turn: of one walk of life, and of one country if told.

    A home secretary becomes prime minister, but no goalkeeper a bishop.
    """
    words, countries = load_title_words(), set(load_countries().values())
    first, second = set(one.split()), set(other.split())
    if (first & countries) and (second & countries) and not first & second & countries:
        return False
    walks_one, walks_other = (
        {walk for word in title for walk in words.walks.get(word, ())} for title in (first, second)
    )
    return not walks_one.isdisjoint(walks_other)
