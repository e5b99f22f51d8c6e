"""Which figures of a story speak of one quantity: by what they count, by their value and by the words around them."""

import math
import tomllib
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

from tasks.link.sentences import SENTENCE_OR_LINE_END
from tasks.link.wordings import name_ideas

SETTINGS_FILE = Path(__file__).with_name("figure_groups.toml")
CASUALTY = "casualty"


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


def find_context(text: str, start: int, end: int) -> frozenset[str]:
    """The ideas of the words around text[start:end], within its sentence; numbers, units and weekdays are left out."""
    tolerance = settings()["tolerance"]
    # With its first character, which may begin a sentence.
    before = SENTENCE_OR_LINE_END.split(text[max(0, start - tolerance["reach_before"]) : start + 1])[-1][:-1]
    after = SENTENCE_OR_LINE_END.split(text[end : end + tolerance["reach_after"]])[0]
    ideas = {idea for idea in name_ideas(before) + name_ideas(after) if not idea[0].isdigit()} - _silent_ideas()
    casualty = settings()["casualty"]
    has_casualty = not ideas.isdisjoint(casualty["ideas"])
    has_casualty |= casualty["lives"] in ideas and not ideas.isdisjoint(casualty["ends_lives"])
    return frozenset(ideas.difference(casualty["ideas"]) | ({CASUALTY} if has_casualty else set()))


@dataclass(frozen=True)
class Mention:
    """One figure as it is compared: its value in the base unit, what it is of, and the ideas around it."""

    value: float
    unit: str
    thing: str
    modifiers: frozenset[str]
    context: frozenset[str]

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
    for position, mention in enumerate(mentions):
        for key in _list_keys(mention):
            rooms[key].append(position)
    for positions in rooms.values():
        ordered = sorted(positions, key=lambda position: (mentions[position].value, position))
        for first, second in pairwise(ordered):
            if _are_close(mentions[first], mentions[second]):
                yield first, second


def _list_keys(mention: Mention) -> Iterator[Hashable]:
    """What a mention must have in common with another to speak of one quantity with it; any key will do."""
    value = float(f"{mention.value:.6g}")
    around = mention.context | set(name_ideas(mention.thing))
    pairs = list(combinations(sorted(around), 2))
    is_generic = mention.unit == "count" and mention.thing in settings()["generic"]["things"]
    words = mention.context - _ideas_of_thing(mention.thing)
    # Five who were killed are not five who were arrested, whatever else is said of both.
    fate = is_generic and CASUALTY in words
    if mention.is_small_count:
        yield from (("small", mention.thing, value, fate, idea) for idea in words)
        if CASUALTY in words:
            yield "small", mention.thing, CASUALTY
        elif not is_generic:
            yield from (("small", mention.thing, mention.modifiers, pair) for pair in combinations(sorted(words), 2))
            if words:
                # All that short sentences say of them: "A dozen houses burned", "14 houses burned".
                yield "small", mention.thing, mention.modifiers, words
        return
    if is_generic:
        yield "generic", mention.modifiers, mention.thing, value, fate
        yield from (("generic", mention.modifiers, mention.thing, fate, idea) for idea in mention.context)
    elif mention.thing not in settings()["generic"]["movements"]:
        yield "thing", mention.thing
    if mention.unit == "count" and (is_generic or mention.thing in settings()["generic"]["persons"]):
        yield "persons", value, CASUALTY in words
    if count_digits(value) > 1:
        yield from (("value", value, idea) for idea in around)
    else:
        yield from (("value", value, pair) for pair in pairs)
    if mention.unit != "count":
        yield from (("near", pair) for pair in pairs)


def _are_close(first: Mention, second: Mention) -> bool:
    """Whether two values of one key may be of one quantity; without a common thing they must be closer."""
    tolerance = settings()["tolerance"]
    factor = tolerance["same_quantity_factor" if first.thing == second.thing else "other_name_factor"]
    is_measure = first.unit != "count"
    if is_measure and not _speak_of_each_other(first, second) and not _is_told_alike(first, second):
        return False
    low, high = sorted((abs(first.value), abs(second.value)))
    return low == high or (low > 0 and high / low <= factor)


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
    return is_equal and count_digits(value) + len(common) >= settings()["tolerance"]["telling"]


def count_digits(value: float) -> int:
    """Significant digits of a value as it is written: 2 of 84 million, 1 of 100 000."""
    return len(f"{value:.6e}".split("e")[0].replace(".", "").replace("-", "").rstrip("0")) or 1


def rounding_step(value: float) -> float:
    """The unit of the last digit that a printed value vouches for: 0.1 of 2.4, 10 of 240, 1 of 8.

    Closing zeros are taken for rounding, but for the first two digits.
    """
    if not value:
        return 1.0
    digits = max(count_digits(value), 2 if abs(value) >= 10 else 1)
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
