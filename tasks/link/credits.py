"""Whose text an article says it prints: the outlets and agencies that it credits."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

SETTINGS_FILE = Path(__file__).with_name("originals.toml")
BRACKETS = re.compile(r"[(\[]([^()\[\]\n]{2,60})[)\]]")
# Between those whom one place names: "Jo Lind, Reuters", "OLDPORT (AP)", "AFP/dpa"; a hyphen may be part of a name.
BETWEEN = re.compile(r"[,;/|()\[\]&\n]|\s[-–—]|\b(?:and|for|from|of|via|with)\s", re.IGNORECASE)
# "By Reuters Staff"
_WORDS_AROUND = re.compile(r"^by\s+|\s+(?:staff|newsroom|desk|correspondents?|reporters?)$", re.IGNORECASE)
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
    plain = ARTICLE.sub("", " ".join(outlet.split()))
    is_short = len(plain) < settings()["credits"]["shortest_folded"]
    return _house_of_name().get(plain.casefold(), plain if is_short else plain.casefold())


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
    return " ".join(["", *re.findall(r"\w+", text), ""])


@cache
def _phrases() -> re.Pattern[str]:
    found = "|".join(sorted(map(re.escape, settings()["credits"]["phrases"]), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


def read_credits(text: str, *, byline: str | None, dateline: str | None, removed: str | None) -> Credits:
    """All that an article says of where its text is from; `removed` are lines that cleaning took off as a credit.

    In a byline, a dateline and brackets a name counts that stands by itself: "(a mirror of the town)" names nobody.
    """
    limits = settings()["credits"]
    end = text[-limits["end_characters"] :]
    behind = [end[match.end() : match.end() + limits["phrase_characters"]] for match in _phrases().finditer(end)]
    places = [*filter(None, (byline, dateline)), *BRACKETS.findall(text)]
    names = {name.strip(" .:") for place in places for name in BETWEEN.split(place)}
    lines = [*(removed.splitlines() if removed else []), *behind]
    return Credits(frozenset(filter(None, map(_read_house, names))), tuple(dict.fromkeys(map(_space, lines))))


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
