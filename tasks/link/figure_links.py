"""Which figures of a story speak of one quantity: by what they count, by their value and by the words around them."""

import math
import tomllib
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from tasks.link.figure_aspects import Aspect, are_told_apart
from tasks.link.sentences import SENTENCE_OR_LINE_END
from tasks.link.wordings import name_ideas

SETTINGS_FILE = Path(__file__).with_name("figure_groups.toml")
CASUALTY = "casualty"
LOOK_BACK = 4
FATES = ("dead", "wounded")
# Longer decimals come of fractions.
LONGEST_DECIMAL = 6


@cache
def settings() -> dict:
    """The sections of figure_groups.toml."""
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


@cache
def _synonyms() -> dict[str, str]:
    return {noun: group["name"] for group in settings()["synonyms"] for noun in group["nouns"]}


@cache
def _silent_ideas() -> frozenset[str]:
    return frozenset(idea for word in settings()["silent"]["words"] for idea in name_ideas(word))


@cache
def _ideas_of_thing(thing: str) -> frozenset[str]:
    """The ideas of a thing and of the nouns that stand for it."""
    nouns: list[str] = next((group["nouns"] for group in settings()["synonyms"] if group["name"] == thing), [])
    return frozenset(idea for noun in [thing, *nouns] for idea in name_ideas(noun))


@cache
def _generic_ideas() -> frozenset[str]:
    """The ideas of what stories count for many reasons."""
    return frozenset().union(*map(_ideas_of_thing, settings()["generic"]["things"]))


def name_thing(quantity: str) -> tuple[str, frozenset[str]]:
    """What a quantity is of: its head noun under a common name for synonyms, and its modifiers.

    "union talk" and "union meeting" have one name and one modifier.
    """
    words = quantity.split()
    synonyms = _synonyms()
    for length in (2, 1):
        head = " ".join(words[-length:])
        if head in synonyms:
            return synonyms[head], frozenset(words[:-length])
    return (words[-1] if words else ""), frozenset(words[:-1])


def read_sides(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind text[start:end], within its sentence and its reach."""
    tolerance = settings()["tolerance"]
    # With its first character, which may begin a sentence.
    before = SENTENCE_OR_LINE_END.split(text[max(0, start - tolerance["reach_before"]) : start + 1])[-1][:-1]
    return before, SENTENCE_OR_LINE_END.split(text[end : end + tolerance["reach_after"]])[0]


def find_context(before: str, after: str) -> frozenset[str]:
    """The ideas of the words around a figure; numbers, units and weekdays are left out."""
    ideas = {idea for idea in name_ideas(before) + name_ideas(after) if not idea[0].isdigit()} - _silent_ideas()
    casualty = settings()["casualty"]
    has_casualty = not ideas.isdisjoint(casualty["ideas"])
    has_casualty |= casualty["lives"] in ideas and not ideas.isdisjoint(casualty["ends_lives"])
    return frozenset(ideas.difference(casualty["ideas"]) | ({CASUALTY} if has_casualty else set()))


@dataclass(frozen=True)
class Mention:
    """One figure as it is compared: its value in the base unit, what it is of, the ideas around it, what is told of it.

    `digits` are the significant ones of the value in the unit it is printed in.
    """

    value: float
    unit: str
    thing: str
    modifiers: frozenset[str]
    context: frozenset[str]
    aspects: frozenset[Aspect]
    digits: int

    @property
    def fate(self) -> str | None:
        """What became of those it counts; None where nothing tells."""
        if self.thing in FATES:
            return self.thing
        return next((aspect.told for aspect in self.aspects if aspect.group == "fates"), None)

    @property
    def is_generic(self) -> bool:
        """Whether it counts what stories count for many reasons."""
        return self.unit == "count" and self.thing in settings()["generic"]["things"]

    @property
    def is_of_dead(self) -> bool:
        """Whether it counts those who lost their lives."""
        return self.fate == "dead"

    @property
    def is_small_count(self) -> bool:
        """Whether it counts so few that other things of the story are as many by chance."""
        return self.unit == "count" and self.value < settings()["tolerance"]["small_count"]


def find_links(mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Pairs of positions that speak of one quantity; what is linked by way of others is not repeated.

    All mentions are of one story and one unit. Figures meet where they have a key in common, so that the work grows
    with the figures and not with their pairs.
    """
    rooms: dict[Hashable, list[int]] = defaultdict(list)
    # By value: who shares a key then stands there in the order of the values.
    for position in sorted(range(len(mentions)), key=lambda position: mentions[position].value):
        for key in _list_keys(mentions[position]):
            rooms[key].append(position)
    # Two figures often have many keys in common.
    close: dict[tuple[int, int], bool] = {}
    for ordered in rooms.values():
        for place, second in enumerate(ordered):
            # Figures of another quantity may stand between two in the order of their values.
            for first in reversed(ordered[max(0, place - LOOK_BACK) : place]):
                pair = first, second
                if pair not in close:
                    close[pair] = _are_close(mentions[first], mentions[second])
                    if close[pair]:
                        yield pair
                if close[pair]:
                    break


def _list_keys(mention: Mention) -> Iterator[Hashable]:
    """What a mention must have in common with another to speak of one quantity with it; any key will do."""
    value = float(f"{mention.value:.6g}")
    around = (mention.context | set(name_ideas(mention.thing))) - _generic_ideas()
    pairs = list(combinations(sorted(around), 2))
    is_generic = mention.is_generic
    words = mention.context - _ideas_of_thing(mention.thing)
    # Five who were killed are not five who were arrested, whatever else is said of both.
    fate = mention.fate if is_generic else None
    if mention.is_small_count:
        yield from (("small", mention.thing, value, fate, idea) for idea in words)
        if mention.is_of_dead:
            yield "small", mention.thing, CASUALTY
        elif not is_generic:
            yield from (("small", mention.thing, mention.modifiers, pair) for pair in combinations(sorted(words), 2))
            if words:
                # All that short sentences say of them: "A dozen houses burned", "14 houses burned".
                yield "small", mention.thing, mention.modifiers, words
        return
    if mention.unit == "count" and mention.fate and (is_generic or mention.thing in FATES):
        # "Killed 51 people", "49 dead"
        yield from (("fate", mention.fate, idea) for idea in words - _generic_ideas() - {CASUALTY})
    if is_generic:
        yield "generic", mention.modifiers, mention.thing, value, fate
        yield from (("generic", mention.modifiers, mention.thing, fate, idea) for idea in mention.context)
    elif mention.thing not in settings()["generic"]["movements"]:
        yield "thing", mention.thing
    if mention.unit == "count" and (is_generic or mention.thing in settings()["generic"]["persons"]):
        yield "persons", value, mention.fate
    if mention.digits > 1:
        yield from (("value", value, idea) for idea in around)
    else:
        yield from (("value", value, pair) for pair in pairs)
    if mention.unit != "count":
        yield from (("near", pair) for pair in pairs)


def _are_close(first: Mention, second: Mention) -> bool:
    """Whether two values of one key may be of one quantity; without a common thing they must be closer."""
    tolerance = settings()["tolerance"]
    factor = tolerance["same_quantity_factor" if first.thing == second.thing else "other_name_factor"]
    low, high = sorted((abs(first.value), abs(second.value)))
    if low != high and (low <= 0 or high / low > factor):
        return False
    is_measure = first.unit != "count"
    has_places = first.value != second.value or (first.is_small_count and first.is_generic)
    # "Another 2,000 troops" are the 2,000 troops of other outlets; two others are any two.
    is_telling = first.value == second.value and not first.is_small_count
    if are_told_apart(first.aspects, second.aspects, is_telling=is_telling, has_places=has_places):
        return False
    if first.thing != second.thing and {first.thing, second.thing} <= set(settings()["generic"]["apart"]):
        return False
    if is_measure and not _speak_of_each_other(first, second) and not _is_told_alike(first, second):
        return False
    if first.unit == "count" and first.fate != second.fate and _need_one_fate(first, second):
        return False
    return first.value == second.value or _have_more_in_common(first, second)


def _need_one_fate(first: Mention, second: Mention) -> bool:
    """Whether what became of one must be told of the other: of two things, and of a few that differ."""
    return first.thing != second.thing or (second.is_small_count and first.value != second.value)


def _have_more_in_common(first: Mention, second: Mention) -> bool:
    """Whether two that differ share more than what they count, or little else is said of one ("3 died in Velm")."""
    # A meeting has one length, a crater one depth; things are counted, and cost money, for many reasons.
    is_measured = first.unit not in ("count", "percent") and not first.unit.isupper()
    if is_measured and first.thing == second.thing and first.thing not in settings()["stays"]["things"]:
        return True
    thing = _ideas_of_thing(first.thing) | _ideas_of_thing(second.thing) | _ideas_of_thing("people") | {CASUALTY}
    one, other = first.context - thing, second.context - thing
    is_short = min(len(one), len(other)) < settings()["tolerance"]["few_ideas"]
    return is_short or not one.isdisjoint(other) or (first.modifiers == second.modifiers and bool(first.modifiers))


def _speak_of_each_other(first: Mention, second: Mention) -> bool:
    """Whether the thing that one measures is named, by whatever noun, where the other stands.

    Else what both have around them are the names of the story: three years in office and three years in prison.
    """
    return any(
        one.thing == other.thing
        or not _ideas_of_thing(one.thing).isdisjoint(other.context | set(name_ideas(other.thing)))
        for one, other in ((first, second), (second, first))
    )


def _is_told_alike(first: Mention, second: Mention) -> bool:
    """Whether both have one value that chance seldom gives twice, and more than a name of the story around it."""
    stays = settings()["stays"]["things"]
    if first.thing in stays and second.thing in stays:
        return False
    value = float(f"{first.value:.6g}")
    common = (first.context | set(name_ideas(first.thing))) & (second.context | set(name_ideas(second.thing)))
    is_equal = value == float(f"{second.value:.6g}")
    is_money = first.unit.isupper()
    needed = settings()["tolerance"]["telling" if is_money else "telling_measure"]
    return is_equal and max(first.digits, second.digits) + len(common) >= needed


def count_printed_digits(value: float) -> int:
    """Significant digits of a value as it is written; 1 of a fraction in words such as two thirds."""
    digits = count_digits(value)
    return 1 if digits > LONGEST_DECIMAL and not float(value).is_integer() else digits


def count_digits(value: float) -> int:
    """Significant digits of a value: 2 of 84 million, 1 of 100 000."""
    return len(f"{value:.6e}".split("e")[0].replace(".", "").replace("-", "").rstrip("0")) or 1


def rounding_step(value: float) -> float:
    """The unit of the last digit that a printed value vouches for: 0.1 of 2.4, 10 of 240, 1 of 8.

    Closing zeros are taken for rounding, but for the first two digits.
    """
    if not value:
        return 1.0
    digits = max(count_digits(value), 2 if abs(value) >= 10 else 1)
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
