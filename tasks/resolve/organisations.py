"""Organisations, places and groups of one article: acronyms, shorter names, countries and who speaks for them."""

import re
import tomllib
from collections import defaultdict
from functools import cache
from itertools import takewhile

from schemas import EntityMention
from tasks.resolve.clusters import Cluster
from tasks.resolve.name_keys import country_before, entity_key, is_company_short, read_national
from tasks.resolve.phrases import load_phrase_words
from tasks.resolve.titles import COUNTRIES_FILE, load_countries

_SMALL_WORDS = {"of", "the", "for", "and", "in", "on", "to", "a"}
# What many names begin with says nothing about which is meant.
_COMMON_FIRST_WORDS = {
    "american", "british", "european", "national", "united", "international", "federal", "new", "north", "south",
    "east", "west", "world", "democratic", "republican", "supreme", "central", "state", "house", "royal",
    "german", "russian",
}  # fmt: skip


def cluster_names(mentions: list[EntityMention], text: str) -> list[Cluster]:
    """Clusters of the mentions that name no person: by name, by country, by acronym and by shorter name.

    A national body named without its country is the one of the only country beside which the article names it. Of
    groups "Norwegian" and "Norwegians" stay two here, since only the one can speak.
    """
    clusters: dict[tuple[str, str | None], Cluster] = {}
    for mention in mentions:
        if mention.label == "PERSON":
            continue
        told = country_before(text, mention.start_char) if _is_bare_body(mention.text, mention.label) else None
        key = entity_key(mention.text, mention.label, told[0] if told else None)
        if mention.label == "GROUP":
            key = mention.text.lower()
        cluster = clusters.setdefault((mention.label, key), Cluster("", mention.label))
        if told and cluster.known_as is None:
            cluster.known_as = f"{told[1]} {mention.text}"
        cluster.mentions.append(mention)
    return _join_short_names(_join_national_bodies(list(clusters.values())), text)


def _is_bare_body(name: str, label: str) -> bool:
    """Whether a national body is named without its country."""
    national = read_national(name) if label == "ORG" else None
    return national is not None and national.country is None


def _join_national_bodies(clusters: list[Cluster]) -> list[Cluster]:
    """The clusters; a body without a country is joined to the only one of a country."""
    bodies: dict[str, list[Cluster]] = defaultdict(list)
    bare: dict[str, Cluster] = {}
    for cluster in clusters:
        national = read_national(cluster.name) if cluster.label == "ORG" else None
        if national and national.country:
            bodies[national.body].append(cluster)
        elif national:
            bare[national.body] = cluster
    joined = {body: of_country[0] for body, of_country in bodies.items() if len(of_country) == 1 and body in bare}
    for body, cluster in joined.items():
        cluster.mentions += bare[body].mentions
    gone = {id(bare[body]) for body in joined}
    return [cluster for cluster in clusters if id(cluster) not in gone]


def _join_short_names(clusters: list[Cluster], text: str) -> list[Cluster]:
    """The clusters, acronyms and shorter names joined to the one full name that they stand for."""
    organisations = sorted((item for item in clusters if item.label == "ORG"), key=lambda item: -len(item.name))
    holding = _index_names(organisations)
    joined: dict[int, Cluster] = {}
    for short in organisations:
        name = short.name
        told = _find_told(name, organisations, text)
        asked = sorted({*holding[name.split()[0]], *holding[name.replace(".", "")], *told})
        longer = [
            item
            for place, item in ((place, organisations[place]) for place in asked)
            if item is not short and id(item) not in joined and (place in told or _stands_for(short, item, text))
        ]
        if len(longer) == 1:
            longer[0].mentions += short.mentions
            joined[id(short)] = longer[0]
    return [item for item in clusters if id(item) not in joined]


def _find_told(name: str, organisations: list[Cluster], text: str) -> set[int]:
    """The places of the organisations of longer name before which the text prints the name in brackets.

    "Kelm Port Authority (KPA)": whatever the letters stand for, the text says so.
    """
    # What stands before each print of it in brackets, the last piece having none behind it.
    before = text.split(f" ({name})")[:-1]
    return {
        place
        for place, item in enumerate(organisations if before else ())
        if len(name) < len(item.name) and any(part.endswith(item.name) for part in before)
    }


def _index_names(organisations: list[Cluster]) -> defaultdict[str, list[int]]:
    """The places in the list of the organisations whose name holds a word or has such initials."""
    holding: defaultdict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(organisations):
        for key in {*item.name.split(), *_initials(item.name)}:
            holding[key].append(place)
    return holding


def _stands_for(short: Cluster, full: Cluster, text: str) -> bool:
    """Whether the one is printed for the other: an acronym, "Brennick" of Brennick Steel, "the Observatory"."""
    one, other = short.name, full.name
    if len(one) >= len(other):
        return False
    if is_acronym(one, other):
        return True
    words, few = other.split(), one.split()
    if few[0].lower() in _COMMON_FIRST_WORDS or len(one) < 4:
        return False
    kinds = load_phrase_words().organisations
    if is_company_short(one, other):
        return True
    if words[: len(few)] == few and not kinds.isdisjoint(word.lower() for word in words[len(few) :]):
        # The Kelm Museum is something else than Kelm where Kelm alone is named before it.
        return _is_introduced(full, short, text)
    # The kind that a name tells: "the Observatory" of the Kelm Observatory for Rights, "the Post".
    head = list(takewhile(lambda word: word.lower() not in _SMALL_WORDS, words))
    is_kind = few[-1].lower() in kinds or few[-1] in ("Times", "Post", "Journal", "Fed")
    return is_kind and len(few) < len(head) and head[-len(few) :] == few


def _is_introduced(full: Cluster, short: Cluster, text: str) -> bool:
    """Whether the full name stands before the short one, headlines apart."""
    headline = text.find("\n", text.find("\n") + 1)
    first = min(mention.start_char for mention in full.mentions)
    return not any(headline < mention.start_char < first for mention in short.mentions)


def is_acronym(short: str, full: str) -> bool:
    """Whether the short name is made of the initials of the full one, small words counted or not."""
    letters = short.replace(".", "")
    if not letters.isupper() or not 2 <= len(letters) <= 7:
        return False
    return letters in _initials(full)


def _initials(name: str) -> tuple[str, ...]:
    """The initials of a name's words, in capitals, of all and of those that are not small; none of a single word."""
    words = re.findall(r"\w+", name)
    initials = "".join(word[0] for word in words).upper()
    capitals = "".join(word[0] for word in words if word.lower() not in _SMALL_WORDS).upper()
    return (initials, capitals) if len(words) > 1 else ()


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
