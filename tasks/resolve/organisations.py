"""Organisations, places and groups of one article: acronyms, shorter names, countries and who speaks for them."""

import re
import tomllib
from functools import cache

from schemas import EntityMention
from tasks.resolve.clusters import Cluster
from tasks.resolve.names import fold_name
from tasks.resolve.titles import COUNTRIES_FILE, load_countries

_SMALL_WORDS = {"of", "the", "for", "and", "in", "on", "to", "a"}
_LEGAL_FORMS = re.compile(r"(?:,? (?:inc|corp|ltd|llc|plc|co|ag|se|nv|gmbh|spa|ab|oyj)\.?){1,4}$")
# What many names begin with says nothing about which is meant.
_COMMON_FIRST_WORDS = {
    "american", "british", "european", "national", "united", "international", "federal", "new", "north", "south",
    "east", "west", "world", "democratic", "republican", "supreme", "central", "state", "house", "royal",
    "german", "russian",
}  # fmt: skip


def cluster_names(mentions: list[EntityMention], text: str) -> list[Cluster]:
    """Clusters of the mentions that name no person: by name, by country, by acronym and by shorter name."""
    clusters: dict[tuple[str, str], Cluster] = {}
    for mention in mentions:
        if mention.label != "PERSON":
            key = (mention.label, name_key(mention.text, mention.label))
            clusters.setdefault(key, Cluster("", mention.label)).mentions.append(mention)
    return _join_short_names(list(clusters.values()), text)


def name_key(name: str, label: str) -> str:
    """The key under which names of one organisation or place meet; a country's is its common name."""
    plain = re.sub(r"^the ", "", name.lower())
    if label == "PLACE" and plain in load_countries():
        return load_countries()[plain]
    if label == "ORG":
        plain = _LEGAL_FORMS.sub("", plain.rstrip("."))
        common = load_countries().get(plain, plain)
        return fold_name(common) or common
    return fold_name(plain) or plain


def _join_short_names(clusters: list[Cluster], text: str) -> list[Cluster]:
    """The clusters, acronyms and shorter names joined to the one full name that they stand for."""
    organisations = sorted((item for item in clusters if item.label == "ORG"), key=lambda item: -len(item.name))
    joined: dict[int, Cluster] = {}
    for short in organisations:
        longer = [
            item
            for item in organisations
            if item is not short and id(item) not in joined and _stands_for(short.name, item.name, text)
        ]
        if len(longer) == 1:
            longer[0].mentions += short.mentions
            joined[id(short)] = longer[0]
    return [item for item in clusters if id(item) not in joined]


def _stands_for(short: str, full: str, text: str) -> bool:
    if len(short) >= len(full):
        return False
    if is_acronym(short, full) or re.search(rf"{re.escape(full)} \({re.escape(short)}\)", text):
        return True
    words, few = full.split(), short.split()
    if few[0].lower() in _COMMON_FIRST_WORDS or len(short) < 4:
        return False
    # "Brennick" is Brennick Steel Holdings; "the Post" and "the Times" are called by the end of their names.
    return words[: len(few)] == few or (few == words[-1:] and words[-1] in ("Times", "Post", "Journal", "Fed"))


def is_acronym(short: str, full: str) -> bool:
    """Whether the short name is made of the initials of the full one, small words counted or not."""
    letters = short.replace(".", "")
    if not letters.isupper() or not 2 <= len(letters) <= 7:
        return False
    words = re.findall(r"\w+", full)
    initials = "".join(word[0] for word in words).upper()
    capitals = "".join(word[0] for word in words if word.lower() not in _SMALL_WORDS).upper()
    return len(words) > 1 and letters in (initials, capitals)


@cache
def _load_capitals() -> dict[str, str]:
    capitals = tomllib.loads(COUNTRIES_FILE.read_text("utf-8"))["capitals"]
    return {capital: country for country, names in capitals.items() for capital in names}


@cache
def _load_print_names() -> dict[str, str]:
    return tomllib.loads(COUNTRIES_FILE.read_text("utf-8"))["printed"]


def country_of(name: str) -> str | None:
    """Common name, in lower case, of the country that the name, adjective, people or capital means; else None."""
    plain = re.sub(r"^the ", "", name.lower())
    countries = load_countries()
    return countries.get(plain) or countries.get(plain.removesuffix("s")) or _load_capitals().get(plain)


def printed_country(country: str) -> str:
    """The country's name as news prints it: "us" is "United States"."""
    return _load_print_names().get(country, country.title())


def is_capital(name: str) -> bool:
    """Whether the name is a capital's."""
    return re.sub(r"^the ", "", name.lower()) in _load_capitals()
