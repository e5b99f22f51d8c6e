"""One quantity of a story as several articles give it, and whether they agree."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import permutations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from schemas import FigureGroup
from tasks.link.figure_links import Mention, find_context, find_links, name_thing, rounding_step, settings
from tasks.link.membership import is_among
from tasks.link.stories import count_outlets

# Factors of conversion are floats: equal values may differ in their last digits.
CONVERSION_ERROR = 1e-9


@cache
def _conversions() -> dict[str, tuple[str, float]]:
    """Per unit its family's base unit and how many of that it is."""
    bases = {name: next(unit for unit, factor in family.items() if factor == 1) for name, family in _families().items()}
    return {unit: (bases[name], factor) for name, family in _families().items() for unit, factor in family.items()}


def _families() -> dict[str, dict[str, float]]:
    return settings()["families"]


def convert_unit(value: float, unit: str) -> tuple[float, str]:
    """The value in the base unit of its family, and that unit; a unit without family stays."""
    base, factor = _conversions().get(unit, (unit, 1.0))
    return value * factor, base


def group_figures(figures: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, list[FigureGroup]]:
    """figure_id and figure_group_id of every figure that is in a group, and the groups.

    A group holds figures from two or more articles of one story that give one quantity.
    `figures` has the columns of its table and `context` of `read_contexts`, `articles` article_id, story_id and
    outlet_name.
    """
    placed = figures.merge(articles[["article_id", "story_id", "outlet_name"]], on="article_id")
    converted = [convert_unit(1.0, unit) for unit in placed["unit"]]
    placed["factor"] = [factor for factor, _ in converted]
    placed["base_unit"] = [unit for _, unit in converted]
    groups: list[FigureGroup] = []
    members: list[tuple[str, str]] = []
    for (story_id, _), part in placed.groupby(["story_id", "base_unit"], sort=True):
        if part["article_id"].nunique() < 2:
            continue
        for same in find_quantities(part.sort_values("figure_id").reset_index(drop=True)):
            if same["article_id"].nunique() >= 2:
                group = describe_figure_group(str(story_id), same)
                groups.append(group)
                members.extend((figure_id, group.figure_group_id) for figure_id in same["figure_id"])
    return pd.DataFrame(members, columns=["figure_id", "figure_group_id"], dtype="str"), groups


def read_contexts(figures: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """figure_id and context, the ideas of the words around it, of the figures of these articles (article_id, text)."""
    text_of = dict(zip(texts["article_id"], texts["text"], strict=True))
    own = figures[is_among(figures["article_id"], text_of)]
    contexts = [
        find_context(text_of[article_id], start, end)
        for article_id, start, end in zip(own["article_id"], own["start_char"], own["end_char"], strict=True)
    ]
    return pd.DataFrame({"figure_id": own["figure_id"].to_numpy(), "context": pd.Series(contexts, dtype=object)})


def find_quantities(figures: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Figures of one story and unit family, parted by the quantity they give; those that stand alone are left out."""
    mentions = [
        Mention(value * factor, unit, *name_thing(quantity), context)
        for value, factor, unit, quantity, context in zip(
            *(figures[name] for name in ("value", "factor", "base_unit", "quantity", "context")), strict=True
        )
    ]
    links = np.array(list(find_links(mentions)), int).reshape(-1, 2)
    graph = sparse.coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(mentions),) * 2)
    _, labels = connected_components(graph, directed=False)
    spread = figures["article_id"].groupby(labels).nunique()
    for label in spread.index[spread > 1]:
        same = figures[labels == label]
        is_many = any(gives_several(own) for _, own in same.groupby("article_id") if len(own) > 1)
        yield from part_by_value(same) if is_many else [same]


def gives_several(figures: pd.DataFrame) -> bool:
    """Whether the figures of one article are of several quantities: they cannot be one value.

    "At least 84 dead" and "130 dead" may both be true of one event, but an article that prints both tells of two.
    """
    closed = figures["qualifier"].where(figures["qualifier"].isin(["about", "between"]), None)
    return len(figures) > 1 and find_disagreement(figures.assign(qualifier=closed), figures["factor"])


def part_by_value(figures: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Figures of which one article gives several, parted by value.

    They are of one kind, such as shares of a vote, so that only what has the same value is one quantity.
    """
    # Only between units is a value rounded.
    share = 0.5 if figures["unit"].nunique() > 1 else 0.0
    spans = [
        ((low - rounding_step(low) * share) * factor, (high + rounding_step(high) * share) * factor, position)
        for position, (low, high, factor) in enumerate(figures[["low", "high", "factor"]].to_numpy(float))
    ]
    runs = np.empty(len(spans), int)
    run, end = 0, -math.inf
    for low, high, position in sorted(spans):
        if low > end:
            run, end = run + 1, math.inf
        end = min(end, high)
        runs[position] = run
    for _, same in figures.groupby(runs, sort=True):
        yield same


def interval_of(low: float, high: float, qualifier: str | None) -> tuple[float, float]:
    """Lowest and highest true value that a figure allows; infinite where it names one end only."""
    reach = settings()["tolerance"]["about"]
    if qualifier == "about":
        return low - abs(low) * reach, high + abs(high) * reach
    if qualifier in ("more than", "at least"):
        return low, math.inf
    if qualifier in ("less than", "up to"):
        return -math.inf, high
    return low, high


def describe_figure_group(story_id: str, figures: pd.DataFrame) -> FigureGroup:
    """The group made of these figures, which have outlet_name and the factor to their base unit beside them.

    The group's unit is the one that most figures print; values of others are converted into it.
    """
    unit = choose_unit(figures)
    factors = figures["factor"] / figures.loc[figures["unit"] == unit, "factor"].iloc[0]
    values, lows, highs = ((figures[name] * factors).round(6) for name in ("value", "low", "high"))
    smallest = figures["figure_id"].min()
    return FigureGroup(
        figure_group_id="quantity-" + hashlib.sha256(smallest.encode()).hexdigest()[:12],
        story_id=story_id,
        quantity=_most_printed(figures["quantity"]),
        unit=unit,
        minimum_value=float(lows.min()),
        maximum_value=float(highs.max()),
        figure_count=len(figures),
        value_count=int(values.nunique()),
        article_count=figures["article_id"].nunique(),
        outlet_count=count_outlets(figures.drop_duplicates("article_id")["outlet_name"]),
        disagrees=find_disagreement(figures, factors),
    )


def choose_unit(figures: pd.DataFrame) -> str:
    """The unit that most figures print; of equals the one in which their values are nearest to 1."""
    counts = Counter(figures["unit"])
    middle = (figures["value"] * figures["factor"]).abs().median()

    def rank(unit: str) -> tuple[int, float, str]:
        value = middle / figures.loc[figures["unit"] == unit, "factor"].iloc[0]
        return -counts[unit], abs(math.log10(value)) if value > 0 else 0.0, unit

    return min(counts, key=rank)


def find_disagreement(figures: pd.DataFrame, factors: pd.Series) -> bool:
    """Whether two of the figures cannot both be true; `factors` convert each into one unit.

    Figures in one unit are taken as printed. Between units each counts as rounded: 8 feet are 2.4 metres.
    """
    bounds = pd.DataFrame(
        [
            (unit, *(end * factor for end in (*interval_of(low, high, qualifier), *round_ends(low, high, qualifier))))
            for unit, factor, low, high, qualifier in zip(
                figures["unit"], factors, figures["low"], figures["high"], _plain(figures["qualifier"]), strict=True
            )
        ],
        columns=["unit", "low", "high", "rounded_low", "rounded_high"],
    )
    units = bounds.groupby("unit").agg({"low": "max", "high": "min", "rounded_low": "max", "rounded_high": "min"})
    disagree_within = (units["low"] > units["high"] * (1 + CONVERSION_ERROR)).any()
    rounded = units[["rounded_low", "rounded_high"]].to_numpy(float)
    return bool(disagree_within) or any(
        low > high * (1 + CONVERSION_ERROR) for (low, _), (_, high) in permutations(rounded, 2)
    )


def round_ends(low: float, high: float, qualifier: str | None) -> tuple[float, float]:
    """Lowest and highest true value of a figure that may have been rounded to the digits it prints."""
    return interval_of(low - rounding_step(low) / 2, high + rounding_step(high) / 2, qualifier)


def _plain(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else value for value in column]


def _most_printed(quantities: pd.Series) -> str:
    counts = Counter(quantities)
    return min(counts, key=lambda quantity: (-counts[quantity], quantity))
