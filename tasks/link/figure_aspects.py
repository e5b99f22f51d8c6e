"""What the words next to a figure tell of it that sets it apart from figures of like things."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

from tasks.link.day_forms import CALENDAR_WORDS
from tasks.link.wordings import stem_word
from tasks.number_words import number_words

ASPECTS_FILE = Path(__file__).with_name("figure_aspects.toml")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[,;:()]")
# "in West Velm", "near the Vantian border": where, by the names behind a preposition of place.
PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Aa]cross|(?:village|town|city|state|district|province|county) of)\s+"
    r"(?:the\s+)?((?:[A-Z][\w'’-]++\s?){1,4}+)"
    # "in Kelp, Darsa province"
    r"(?:,\s+((?:[A-Z][\w'’-]++\s?){1,3}+)(?=$|[,;.]|province|district|county|state|region))?"
)
NAME_PART = re.compile(r"[^\W_]+")
POSSESSIVE = re.compile(r"['’]s\b")
# "39 feet (12 metres) across"
ASIDE = re.compile(r"^\s*\([^()]{1,40}\)")
# "a 12-metre-long wall"
COMPOUND_END = re.compile(r"-([a-z]+)$")
CURRENCY = re.compile(r"[A-Z]{3}")
# "70 percent of the refugees", "of registered voters": what it is a share of.
WHOLE = re.compile(r"\s+of\s+([a-z]+(?:\s+[a-z]+){0,3})")
# What parts even figures of one value.
PARTING = ("fates", "directions", "sides")


class Aspect(NamedTuple):
    """What is told of a figure, by the group of words it is told by: `("fates", "dead")`."""

    group: str
    told: str


@cache
def _data() -> dict:
    data = tomllib.loads(ASPECTS_FILE.read_text("utf-8"))
    data["regions"]["words"] = frozenset(data["regions"]["words"])
    data["active"]["endings"] = tuple(data["active"]["endings"])
    return data


@cache
def _words_of(group: str) -> dict[str, str]:
    """What each word of a group tells."""
    return {word: name for name, words in _data()[group].items() if name != "units" for word in words}


@cache
def _groups_of(unit: str) -> tuple[str, ...]:
    """The groups that are read for a unit."""
    names = {unit, "money"} if CURRENCY.fullmatch(unit) else {unit}
    return tuple(
        name for name in ("fates", "directions", "sides", "goals") if names.intersection(_data()[name]["units"])
    )


def find_aspects(before: str, printed: str, after: str, unit: str) -> frozenset[Aspect]:
    """What the words around a figure tell of it; empty where they tell nothing.

    `before` and `after` are what stands beside it, as it is printed, in its sentence.
    """
    near = before[-_data()["reach"]["characters_before"] :]
    left, right = WORD.findall(near)[::-1], WORD.findall(ASIDE.sub("", after))
    if match := COMPOUND_END.search(printed):
        right.insert(0, match[1])
    found = {Aspect(group, told) for group in _groups_of(unit) if (told := _find_nearest(left, right, group))}
    if unit == "count" and (_is_other(right[:1]) or _is_other(left[:1])):
        found.add(Aspect("others", "other"))
    if unit == "count" and is_part_of_number(right[:3]):
        found.add(Aspect("others", "part"))
    if unit == "percent" and (whole := WHOLE.match(after)):
        found.update(Aspect("wholes", stem_word(word)) for word in _read_whole(whole[1].split()))
    found.update(_find_places(before, after))
    return frozenset(found)


def _is_other(words: Sequence[str]) -> bool:
    return len(words) > 0 and words[0].lower() in _data()["others"]["words"]


def is_part_of_number(words: Sequence[str]) -> bool:
    """Whether the words behind a figure tell of how many it is a part ("two of the five candidates")."""
    after = [word.lower() for word in words]
    is_number = len(after) > 2 and (after[2].isdigit() or after[2] in number_words()["small"])
    return is_number and after[0] == "of" and after[1] in ("the", "its", "their", "these", "those")


def _find_nearest(left: Sequence[str], right: Sequence[str], group: str) -> str | None:
    """What the nearest word of the group tells, of those in the figure's clause."""
    reach = _data()["reach"]
    told = []
    for place, word in enumerate(left[: reach["before"]]):
        if _ends_clause(word) or (group == "fates" and word.lower() in reach["ends_before"]):
            break
        if word.lower() == "up" and left[place - 1 : place] == ["to"]:
            continue
        if name := _words_of(group).get(word.lower()):
            told.append((place, name))
            break
    for place, word in enumerate(right[: reach["after" if group in ("fates", "goals") else "after_measures"]]):
        if _ends_clause(word):
            break
        following = right[place + 1] if place + 1 < len(right) else ""
        # "24 ambulances took the wounded away"
        is_noun = right[place - 1 : place] == ["the"]
        is_compared = right[place - 1 : place] == ["than"]
        is_apart = is_noun or is_compared or _is_active(word.lower(), following)
        if (name := _words_of(group).get(word.lower())) and not is_apart:
            told.append((place, name))
            break
    return min(told, default=(0, None))[1]


def _ends_clause(word: str) -> bool:
    return not word[0].isalpha() or word.lower() in _data()["reach"]["ends"]


def _is_active(word: str, following: str) -> bool:
    """Whether a verb behind a figure has an object of its own ("three men killed a guard")."""
    active = _data()["active"]
    is_object = following.lower() in active["objects"] or following[:1].isdigit() or following[:1].isupper()
    is_always = word.endswith(active["always"]) and word not in active["never"]
    return word.endswith(active["endings"]) and (is_object or is_always)


def _read_whole(words: Sequence[str]) -> list[str]:
    """The noun that `words` begin with, and an adjective before one in the plural; none where anyone is meant by it."""
    lists = _data()["wholes"]
    none, anyone = frozenset(lists["ends"]), frozenset(lists["anyone"])
    kept = list(dropwhile(lambda word: word in lists["determiners"], words))[:2]
    is_described = len(kept) > 1 and kept[1].endswith("s") and not kept[0].endswith("s") and kept[1] not in none
    kept = kept[: 2 if is_described else 1]
    return [] if not (anyone | none).isdisjoint(kept) else kept


def _find_places(before: str, after: str) -> Iterator[Aspect]:
    wide = _data()["regions"]["words"]
    for text in (before, after):
        for match in PLACE.finditer(text):
            for name in filter(None, match.groups()):
                words = NAME_PART.findall(POSSESSIVE.sub("", name.lower()))
                # A town lies in a country: only two towns or two countries are two places.
                group = "regions" if not wide.isdisjoint(words) else "places"
                yield from (Aspect(group, word) for word in words if word not in CALENDAR_WORDS)


def are_told_apart(first: frozenset[Aspect], second: frozenset[Aspect], *, is_telling: bool, has_places: bool) -> bool:
    """Whether two figures are of two quantities by what is told of them.

    Places and wholes part them where `has_places`; that one is of others does but where one value `is_telling`.
    """
    if not first and not second:
        return False
    is_beside = not is_telling and _of_group(first, "others") != _of_group(second, "others")
    if is_beside and not _share(first, second, "fates"):
        return True
    groups = (*PARTING, "places", "regions", "wholes") if has_places else PARTING
    return any(_differ(first, second, group) for group in groups)


def part_by_aspects(aspects: Sequence[frozenset[Aspect]]) -> list[list[int]]:
    """Positions of figures that links have joined, parted where two things are told of them.

    What tells nothing stays with what is told of most.
    """
    parts = [list(range(len(aspects)))]
    for group in PARTING:
        parts = [part for whole in parts for part in _part(whole, aspects, group)]
    return parts


def find_goals(aspects: Sequence[frozenset[Aspect]]) -> list[bool]:
    """Which figures are told to be still to be reached."""
    return [bool(_of_group(told, "goals")) for told in aspects]


def _part(positions: list[int], aspects: Sequence[frozenset[Aspect]], group: str) -> list[list[int]]:
    told = [min(_of_group(aspects[position], group), default=None) for position in positions]
    counts = Counter(one for one in told if one)
    if len(counts) < 2:
        return [positions]
    most = min(counts, key=lambda one: (-counts[one], one))
    parts: dict[Aspect, list[int]] = defaultdict(list)
    for position, one in zip(positions, told, strict=True):
        parts[one or most].append(position)
    return list(parts.values())


def _of_group(aspects: frozenset[Aspect], group: str) -> set[Aspect]:
    return {aspect for aspect in aspects if aspect.group == group}


def _differ(first: frozenset[Aspect], second: frozenset[Aspect], group: str) -> bool:
    if not first or not second:
        return False
    one, other = _of_group(first, group), _of_group(second, group)
    return bool(one) and bool(other) and one.isdisjoint(other)


def _share(first: frozenset[Aspect], second: frozenset[Aspect], group: str) -> bool:
    return not _of_group(first, group).isdisjoint(second)
