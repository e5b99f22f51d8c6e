"""Keys under which names of one organisation, place or group meet, and the bodies that every country has."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from tasks.resolve.names import CACHED_NAMES, fold_name, split_name
from tasks.resolve.phrases import singular
from tasks.resolve.titles import load_countries, load_title_words

SAME_NAMES_FILE = Path(__file__).with_name("same_names.toml")
_LEGAL_FORMS = re.compile(r"(?:\.com)?(?:,? (?:inc|corp|ltd|llc|plc|co|ag|se|nv|gmbh|spa|ab|oyj)\.?){0,4}$")
_BODY_OF_FIELD = re.compile(r"(ministry|department) (?:of|for) (?:the )?(.+)")
_OWNER_ENDING = re.compile(r"[’']s?$")
_COUNTRY_REACH = 45


@dataclass(frozen=True)
class National:
    """A body that most countries have: its common name, and whose it is where the name or the text tells."""

    body: str
    country: str | None


def entity_key(name: str, label: str, country: str | None = None) -> str | None:
    """The key of a name; None for a surname alone, which many people share.

    A national body's holds its country: the one that the name tells, else `country`.
    """
    if label == "PERSON":
        return f"person:{fold_name(name) or name.lower()}" if split_name(name)[0] else None
    if label == "ORG" and (national := read_national(name)):
        country = national.country or country
        return f"entity:{national.body} of {country}" if country else f"entity:{national.body}"
    return f"entity:{name_key(name, label)}"


@lru_cache(maxsize=CACHED_NAMES)
def name_key(name: str, label: str) -> str:
    """The key under which names of one organisation, place or group meet: its common name, letters and digits alone.

    A country's is its common name; a group's is the people or party, whether one or many are named.
    """
    plain = re.sub(r"^the ", "", name.lower())
    if label == "GROUP":
        return f"people {_letters(_group_name(plain))}"
    same = _load_same_names(label)
    if label == "ORG":
        stripped = _LEGAL_FORMS.sub("", plain.rstrip("."))
        plain = plain if plain in same else stripped
    elif label == "PLACE" and "." in name:
        plain = _load_states().get(plain.rstrip("."), plain)
    common = load_countries().get(plain) or same.get(plain, plain)
    return _letters(common) or common


def _group_name(plain: str) -> str:
    """The people's common name: the adjective of the country, else the noun for one of them."""
    same, countries = _load_same_names("GROUP"), load_countries()
    for form in (plain, singular(plain)):
        if form in same or form in countries:
            name = same.get(form, form)
            return f"of {countries[name]}" if name in countries else name
    return singular(plain)


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=CACHED_NAMES)
def read_national(name: str) -> National | None:
    """The body and the country that the name of a national body tells: "U.S. Senate", "Ministry of Defence of Japan".

    None where the name is of no such body.
    """
    plain = re.sub(r"^the ", "", name.lower().replace("’", "'"))
    if plain in _load_same_names("ORG"):
        return None
    country, body = _split_country(plain)
    first, _, rest = body.partition(" ")
    if first in _load_national()["between"]:
        body = rest
    if match := _BODY_OF_FIELD.fullmatch(body):
        body = f"{match.group(2)} {match.group(1)}"
    field, _, kind = body.rpartition(" ")
    data = _load_national()
    is_ministry = kind in ("ministry", "department") and field in data["fields"]
    if is_ministry:
        body = f"{_FIELDS.get(field, field)} {kind}"
    body = body.replace("'", "")
    return National(body, country) if is_ministry or body in data["names"] else None


def tells_country(name: str) -> bool:
    """Whether the name is that of a national body and says of which country."""
    national = read_national(name)
    return national is not None and national.country is not None


# Fields of two spellings or names.
_FIELDS = {"foreign affairs": "foreign", "external affairs": "foreign", "defense": "defence", "labour": "labor"}


def _split_country(plain: str) -> tuple[str | None, str]:
    """The country that opens or ends the name, and the name without it."""
    words = plain.split(" ")
    for count in (3, 2, 1):
        if len(words) > count:
            opening = _OWNER_ENDING.sub("", " ".join(words[:count]))
            if opening in load_countries():
                return load_countries()[opening], " ".join(words[count:])
    head, of, land = plain.rpartition(" of ")
    land = land.removeprefix("the ")
    if of and land in load_countries():
        return load_countries()[land], head
    return None, plain


def country_before(text: str, start: int) -> tuple[str, str] | None:
    """The country whose the body named at `start` is, where it stands right before, and as it is printed.

    "Russian" and "France's" before "Foreign Ministry", "North Korea's" before "ruling Workers' Party".
    """
    words = text[max(0, start - _COUNTRY_REACH) : start].split(" ")
    if len(words) < 2 or words.pop():
        return None
    if words[-1] in _load_national()["between"]:
        words.pop()
    for count in (2, 1):
        printed = " ".join(words[-count:]).lstrip('(“"‘\n')
        plain = _OWNER_ENDING.sub("", printed)
        if len(words) >= count and plain[:1].isupper() and plain.lower() in load_countries():
            return load_countries()[plain.lower()], printed
    return None


@cache
def _load_data() -> dict:
    return tomllib.loads(SAME_NAMES_FILE.read_text("utf-8"))


@cache
def _load_same_names(label: str) -> dict[str, str]:
    """The name that stands for all, by every name of same_names.toml of that label."""
    return {name: names[0] for names in _load_data().get(label, []) for name in names}


@cache
def _load_national() -> dict[str, frozenset[str]]:
    return {key: frozenset(word.replace("'", "") for word in words) for key, words in _load_data()["national"].items()}


def is_company_short(short: str, full: str) -> bool:
    """Whether the full name is the short one and what companies and parties are called besides: "Brennick Steel"."""
    words, few = full.split(), short.split()
    rest = {word.lower().rstrip(".,") for word in words[len(few) :]}
    return words[: len(few)] == few and not rest.isdisjoint(load_company_words())


@cache
def load_company_words() -> frozenset[str]:
    """Words, in lower case, that a company's name ends with and that its short name lacks."""
    return frozenset(_load_data()["companies"]["words"])


@cache
def _load_states() -> dict[str, str]:
    """American states in lower case by their abbreviation without the last stop."""
    return {short.lower().rstrip("."): name.lower() for short, name in load_title_words().states.items()}
