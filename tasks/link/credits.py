"""Whose text an article says it prints: the outlets and agencies that it credits."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

SETTINGS_FILE = Path(__file__).with_name("originals.toml")
BRACKETS = re.compile(r"[(\[]([^()\[\]\n]{2,60})[)\]]|(?<![\w/])/([^/\n]{2,40})/(?![\w/])")
# What a text begins with, up to its first words: "Oldport: PTI:", "OLDPORT, Jan 10, Reuters –".
HEAD = re.compile(r"\s*+([^\n:–—]{2,40}(?::[ \u00a0][^\n:–—]{2,30})?)(?::\s|\s[–—-]{1,2}\s)")
# What stands behind its last sentence: "AFP", "— Agence France-Presse", "PTI ABC XYZ".
TAIL = re.compile(r"[.!?…][\"'”’)\]]*\s++([^\s.!?][^.!?\n]{1,39}+)\s*+$")
INITIALS = re.compile(r"(?:\s[A-Z]{2,4}){1,3}$")
DOMAIN = re.compile(r"^([\w-]+)\.[a-z]{2,4}(?:\.[a-z]{2})?$", re.IGNORECASE)
# Words; a site of a few letters is one, so that "AA.com" is nobody called AA.
WORDS = re.compile(r"(?<!\w)(?!www\.)\w{1,3}(?:\.[a-z]{2,3}){1,2}\b|\w+")
# What ends a sentence, or what leads to a quotation below it, as a title does not.
SENTENCE_ENDS = (".", "!", "?", "…", '"', "”", "’", "'", ")", ":")
# Between those whom one place names: "Jo Lind, Reuters", "OLDPORT (AP)", "AFP/dpa"; a hyphen may be part of a name.
BETWEEN = re.compile(r"[,;/|()\[\]&\n]|\s[-–—]|\b(?:and|for|from|of|via|with)\s", re.IGNORECASE)
# Of a head "The minister of PA - Mr Lind -" and "Bloomberg and the BBC: a history" the words between make a phrase.
SIGNS = re.compile(r"[,;/|()\[\]&\n]|\s[-–—]|\bvia\s", re.IGNORECASE)
# "By Reuters Staff", "Associated Press Writer"
_WORDS_AROUND = re.compile(
    r"^by\s+|(?<!\s)\s++(?:staff|newsroom|desk|correspondents?|reporters?|writers?)$", re.IGNORECASE
)
ARTICLE = re.compile(r"^the\s+(?=\S)", re.IGNORECASE)


@cache
def settings() -> dict:
    """The sections of originals.toml."""
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


@cache
def _house_of_name() -> Mapping[str, str]:
    agencies = settings()["agencies"]
    return {name.casefold(): house for house, names in agencies.items() for name in (house, *names)}


def name_house(outlet: str) -> str:
    """Whose an outlet's name is: an agency's full name for any of its names, else the name; lower case if not short."""
    plain = ARTICLE.sub("", " ".join(outlet.split()).removeprefix("www."))
    site = DOMAIN.match(plain)
    # "reuters.com", "Reuters India"; of a few letters anybody's site may be, those of agencies are listed.
    is_known = site and len(site[1]) >= settings()["credits"]["shortest_folded"]
    bare = _edition().sub("", site[1] if site and is_known else plain)
    if house := _house_of_name().get(plain.casefold()) or _house_of_name().get(bare.casefold()):
        return house
    is_short = len(plain) < settings()["credits"]["shortest_folded"]
    return plain if is_short else plain.casefold()


@cache
def _edition() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{'|'.join(settings()['credits']['editions'])})$", re.IGNORECASE)


class Credits(NamedTuple):
    """What an article says of where its text is from: names that stand by themselves, and lines that hold some."""

    names: frozenset[str]
    lines: tuple[str, ...]


@cache
def _list_names(house: str) -> tuple[tuple[str, bool], ...]:
    """The words of each of a house's names, between spaces, and whether it is short; all others are in lower case."""
    shortest = settings()["credits"]["shortest_folded"]
    names = [_space(name) for name in (house, *settings()["agencies"].get(house, [])) if _space(name).strip()]
    is_short = [len(name.strip()) < shortest for name in names]
    return tuple((name if short else name.casefold(), short) for name, short in zip(names, is_short, strict=True))


def _space(text: str) -> str:
    return " ".join(["", *WORDS.findall(text), ""])


@cache
def _phrases() -> re.Pattern[str]:
    found = "|".join(sorted(map(re.escape, settings()["credits"]["phrases"]), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


def read_credits(text: str, *, byline: str | None, dateline: str | None, removed: str | None) -> Credits:
    """All that an article says of where its text is from; `removed` are lines that cleaning took off as a credit.

    In a byline, a dateline and brackets a name counts that stands by itself: "(a mirror of the town)" names nobody.
    Before the first words of a text and behind its last sentence it is an agency's; before a title it is its subject.
    """
    limits = settings()["credits"]
    end = text[-limits["end_characters"] :]
    behind = [end[match.end() : match.end() + limits["phrase_characters"]] for match in _phrases().finditer(end)]
    brackets = [one or other for one, other in BRACKETS.findall(text)]
    names = _split_names([*filter(None, (byline, dateline)), *brackets])
    # What stands beside the text without a sign of its own.
    beside = [one for match in (_find_head(text), TAIL.search(end)) if match for one in match[1].split(":")]
    both = [*beside, *(INITIALS.sub("", one) for one in beside)]
    agencies = {_read_house(name) for name in _split_names(both, SIGNS)}
    lines = [*(removed.splitlines() if removed else []), *behind]
    houses = {*map(_read_house, names), *(agencies & settings()["agencies"].keys())} - {""}
    return Credits(frozenset(houses), tuple(dict.fromkeys(map(_space, lines))))


def _find_head(text: str) -> re.Match[str] | None:
    """What stands before the first words of a text; None before a title ("BBC: licence fee to be cut")."""
    head = HEAD.match(text)
    if head is None:
        return None
    first = text[head.end() :].lstrip().partition("\n")[0].rstrip()
    return None if first[:2].islower() or not first.endswith(SENTENCE_ENDS) else head


def _split_names(places: Iterable[str], between: re.Pattern[str] = BETWEEN) -> set[str]:
    return {name.strip(" .:–—-") for place in places for name in between.split(place)}


def _read_house(name: str) -> str:
    """The house of a printed name; empty for a short one in other letters than an agency's own."""
    house = name_house(_WORDS_AROUND.sub("", name))
    is_short = len(name) < settings()["credits"]["shortest_folded"]
    return "" if is_short and name not in (house, *settings()["agencies"].get(house, ())) else house


def find_credited(credits: Credits, houses: Iterable[str]) -> frozenset[str]:
    """Which of the houses (of `name_house`) the credits name; a short name stands there in its own letters."""
    printed = "\n".join(credits.lines)
    folded = printed.casefold()
    return frozenset(
        house
        for house in houses
        if house in credits.names or any(name in (printed if short else folded) for name, short in _list_names(house))
    )
