"""One quantity of a story as several articles give it, and whether they agree."""

import hashlib
import math
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from schemas import FigureGroup
from tasks.link.stories import count_outlets

SETTINGS_FILE = Path(__file__).with_name("figure_groups.toml")


@cache
def _settings() -> dict:
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


@cache
def _synonyms() -> dict[str, str]:
    return {noun: group["name"] for group in _settings()["synonyms"] for noun in group["nouns"]}


@cache
def _conversions() -> dict[str, tuple[str, float]]:
    """Per unit its family's base unit and how many of that it is."""
    bases = {name: next(unit for unit, factor in family.items() if factor == 1) for name, family in _families().items()}
    return {unit: (bases[name], factor) for name, family in _families().items() for unit, factor in family.items()}


def _families() -> dict[str, dict[str, float]]:
    return _settings()["families"]


def convert_unit(value: float, unit: str) -> tuple[float, str]:
    """The value in the base unit of its family, and that unit; a unit without family stays."""
    base, factor = _conversions().get(unit, (unit, 1.0))
    return value * factor, base


def name_thing(quantity: str) -> tuple[str, frozenset[str]]:
    """What a quantity is of: its head noun under a common name for synonyms, and its modifiers.

    "russian soldier" and "russian troop" have one name and one modifier.
    """
    words = quantity.split()
    synonyms = _synonyms()
    for length in (2, 1):
        head = " ".join(words[-length:])
        if head in synonyms:
            return synonyms[head], frozenset(words[:-length])
    return (words[-1] if words else ""), frozenset(words[:-1])


def group_figures(figures: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, list[FigureGroup]]:
    """figure_id and figure_group_id of every figure that is in a group, and the groups.

    A group holds figures from two or more articles of one story that give one quantity.
    `figures` has the columns of its table, `articles` those of articles with story_id filled.
    """
    placed = figures.merge(articles[["article_id", "story_id", "outlet_name"]], on="article_id")
    converted = [convert_unit(1.0, unit) for unit in placed["unit"]]
    placed["factor"] = [factor for factor, _ in converted]
    placed["base_unit"] = [unit for _, unit in converted]
    things = [name_thing(quantity) for quantity in placed["quantity"]]
    placed["thing"] = [thing for thing, _ in things]
    placed["modifiers"] = [" ".join(sorted(modifiers)) for _, modifiers in things]
    groups: list[FigureGroup] = []
    members: list[tuple[str, str]] = []
    for (story_id, base_unit, _), part in placed.groupby(["story_id", "base_unit", "thing"], sort=True):
        for same in _split_by_value(part.sort_values("figure_id"), str(base_unit)):
            if same["article_id"].nunique() >= 2:
                group = describe_figure_group(str(story_id), str(base_unit), same)
                groups.append(group)
                members.extend((figure_id, group.figure_group_id) for figure_id in same["figure_id"])
    return pd.DataFrame(members, columns=["figure_id", "figure_group_id"], dtype="str"), groups


def _split_by_value(figures: pd.DataFrame, unit: str) -> Iterator[pd.DataFrame]:
    """Figures of one thing, parted where the next larger value is too far off to be the same quantity."""
    if unit == "count" and figures["thing"].iloc[0] in ("people", "child", "man", "woman"):
        # People are counted for many reasons in one story: only what says the same of them is compared.
        parts = [part for _, part in figures.groupby("modifiers", sort=True)]
    else:
        parts = [figures]
    for part in parts:
        values = (part["value"] * part["factor"]).sort_values()
        steps = values / values.shift()
        runs = (steps > _settings()["tolerance"]["same_quantity_factor"]).cumsum()
        for _, run in part.groupby(runs.reindex(part.index), sort=True):
            yield run


def interval_of(value: float, low: float, high: float, qualifier: str | None) -> tuple[float, float]:
    """Lowest and highest true value that a figure allows; infinite where it names one end only."""
    reach = _settings()["tolerance"]["about"]
    if qualifier == "about":
        return low - abs(low) * reach, high + abs(high) * reach
    if qualifier in ("more than", "at least"):
        return low, math.inf
    if qualifier in ("less than", "up to"):
        return -math.inf, high
    return low, high


def describe_figure_group(story_id: str, base_unit: str, figures: pd.DataFrame) -> FigureGroup:
    """The group made of these figures, which have outlet_name and the factor to `base_unit` beside them.

    The group's unit is the one all figures share, else the base unit of their family.
    """
    shares_unit = figures["unit"].nunique() == 1
    factor = 1.0 if shares_unit else figures["factor"]
    values = (figures["value"] * factor).round(6)
    lows, highs = (figures["low"] * factor).round(6), (figures["high"] * factor).round(6)
    intervals = [
        interval_of(*row) for row in zip(values, lows, highs, _plain_objects(figures["qualifier"]), strict=True)
    ]
    smallest = figures["figure_id"].min()
    return FigureGroup(
        figure_group_id="quantity-" + hashlib.sha256(smallest.encode()).hexdigest()[:12],
        story_id=story_id,
        quantity=_most_printed(figures["quantity"]),
        unit=figures["unit"].iloc[0] if shares_unit else base_unit,
        minimum_value=float(lows.min()),
        maximum_value=float(highs.max()),
        figure_count=len(figures),
        value_count=int(values.nunique()),
        article_count=figures["article_id"].nunique(),
        outlet_count=count_outlets(figures.drop_duplicates("article_id")["outlet_name"]),
        disagrees=max(low for low, _ in intervals) > min(high for _, high in intervals),
    )


def _plain_objects(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else value for value in column]


def _most_printed(quantities: pd.Series) -> str:
    counts = Counter(quantities)
    return min(counts, key=lambda quantity: (-counts[quantity], quantity))
