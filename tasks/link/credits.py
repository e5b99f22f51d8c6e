"""Whose text an article says it prints: the outlets and agencies that it credits."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

SETTINGS_FILE = Path(__file__).with_name("originals.toml")
BRACKETS = re.compile(r"[(\[]([^()\[\]\n]{2,60})[)\]]")


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
    plain = " ".join(outlet.split())
    is_short = len(plain) < settings()["credits"]["shortest_folded"]
    return _house_of_name().get(plain.casefold(), plain if is_short else plain.casefold())


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


def read_credits(text: str, noted: Iterable[str]) -> str:
    """All that an article says of where its text is from, a line for each place.

    `noted` is what stood beside the text: byline, dateline, credits that cleaning took off.
    """
    limits = settings()["credits"]
    end = text[-limits["end_characters"] :]
    behind = [end[match.end() : match.end() + limits["phrase_characters"]] for match in _phrases().finditer(end)]
    return "\n".join([*filter(None, noted), *BRACKETS.findall(text), *behind])


def find_credited(credits: str, houses: Iterable[str]) -> frozenset[str]:
    """Which of the houses (of `name_house`) the credits name; a short name stands there in its own letters."""
    printed = "\n".join(map(_space, credits.splitlines()))
    folded = printed.casefold()
    return frozenset(
        house for house in houses if any(name in (printed if short else folded) for name, short in _list_names(house))
    )
