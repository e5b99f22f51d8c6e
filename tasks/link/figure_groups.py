"""One quantity of a story as several articles give it, and whether they agree."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from statistics import median

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from schemas import FigureGroup
from tasks.link.figure_aspects import Aspect, find_aspects, find_goals, part_by_aspects
from tasks.link.figure_links import (
    Mention,
    count_printed_digits,
    find_context,
    find_links,
    name_thing,
    read_sides,
    rounding_step,
    settings,
)
from tasks.link.frames import is_among, list_plain
from tasks.link.voices import count_outlets

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


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a story; `factor` converts its unit into the base unit of its family."""

    figure_id: str
    article_id: str
    copy_of_article_id: str | None
    voice_id: str
    voice_outlet: str | None
    value: float
    low: float
    high: float
    unit: str
    factor: float
    quantity: str
    qualifier: str | None
    context: frozenset[str]
    aspects: frozenset[Aspect]


def group_figures(figures: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, list[FigureGroup]]:
    """figure_id and figure_group_id of every figure that is in a group, and the groups.

    A group holds figures from two or more articles of one story that give one quantity.
    `figures` has the columns of its table and those of `read_contexts`, `articles` article_id, story_id,
    copy_of_article_id and the columns of `add_voices`.
    """
    parts = [
        (story_id, unit, part)
        for (story_id, unit), part in sorted(part_figures(figures, articles).items())
        if len({figure.article_id for figure in part}) > 1
    ]
    groups: list[FigureGroup] = []
    members: list[tuple[str, str]] = []
    for story_id, same in find_quantities(parts):
        group = describe_figure_group(story_id, same)
        groups.append(group)
        members.extend((figure.figure_id, group.figure_group_id) for figure in same)
    return pd.DataFrame(members, columns=["figure_id", "figure_group_id"], dtype="str"), groups


def part_figures(figures: pd.DataFrame, articles: pd.DataFrame) -> dict[tuple[str, str], list[Figure]]:
    """The figures of each story and base unit, by figure_id."""
    placed = figures.merge(
        articles[["article_id", "story_id", "copy_of_article_id", "voice_id", "voice_outlet"]], on="article_id"
    )
    placed = placed.sort_values("figure_id")
    converted = [convert_unit(1.0, unit) for unit in placed["unit"]]
    placed = placed.assign(factor=[factor for factor, _ in converted])
    listed = map(Figure, *(list_plain(placed[name]) for name in Figure.__slots__))
    parts: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure, story_id, (_, base) in zip(listed, placed["story_id"], converted, strict=True):
        parts[story_id, base].append(figure)
    return parts


def read_contexts(figures: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """figure_id, context (ideas around it) and aspects (what is told of it) of the figures of these articles.

    `texts` has article_id and text.
    """
    text_of = dict(zip(texts["article_id"], texts["text"], strict=True))
    own = figures[is_among(figures["article_id"], text_of)]
    columns = (own[name] for name in ("article_id", "start_char", "end_char", "unit"))
    contexts, aspects = [], []
    for article_id, start, end, unit in zip(*columns, strict=True):
        before, after = read_sides(text_of[article_id], start, end)
        contexts.append(find_context(before, after))
        aspects.append(find_aspects(before, text_of[article_id][start:end], after, unit))
    found = {"context": pd.Series(contexts, dtype=object), "aspects": pd.Series(aspects, dtype=object)}
    return pd.DataFrame({"figure_id": own["figure_id"].to_numpy(), **found})


def find_quantities(parts: Sequence[tuple[str, str, Sequence[Figure]]]) -> Iterator[tuple[str, Sequence[Figure]]]:
    """Story and figures of each quantity that several articles give.

    `parts` are the figures of a story (its id) and a family of units (the base unit) each.
    """
    figures: list[Figure] = []
    stories: list[str] = []
    links: list[tuple[int, int]] = []
    for story_id, unit, part in parts:
        mentions = [
            Mention(
                figure.value * figure.factor,
                unit,
                *name_thing(figure.quantity),
                figure.context,
                figure.aspects,
                count_printed_digits(figure.value),
            )
            for figure in part
        ]
        links.extend((len(figures) + first, len(figures) + second) for first, second in find_links(mentions))
        figures.extend(part)
        stories.extend([story_id] * len(part))
    ends = np.array(links, int).reshape(-1, 2)
    graph = sparse.coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(figures),) * 2)
    joined: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(connected_components(graph, directed=False)[1].tolist()):
        joined[label].append(row)
    for rows in joined.values():
        for linked in part_goals([figures[row] for row in rows]):
            for places in part_by_aspects([figure.aspects for figure in linked]):
                for same in _part_quantities([linked[place] for place in places]):
                    if len({figure.article_id for figure in same}) > 1:
                        yield stories[rows[0]], same


def part_goals(figures: Sequence[Figure]) -> list[Sequence[Figure]]:
    """The figures that links have joined; where one tells what is needed, those of its value, and each other value.

    Of "the 1,237 delegates needed" and "1,086 delegates", whoever prints 1,237 means what is needed; and what is there
    may be that of several who want it.
    """
    told = find_goals([figure.aspects for figure in figures])
    goals = {figure.value * figure.factor for figure, is_goal in zip(figures, told, strict=True) if is_goal}
    if not goals:
        return [figures]
    parts: dict[bool, list[Figure]] = defaultdict(list)
    for figure in figures:
        parts[figure.value * figure.factor in goals].append(figure)
    return [parts[True], *part_by_value(parts[False])]


def _part_quantities(figures: Sequence[Figure]) -> Iterable[Sequence[Figure]]:
    """The figures that links have joined, parted by value where one article gives several quantities."""
    own: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        own[figure.article_id].append(figure)
    return part_by_value(figures) if any(map(gives_several, own.values())) else [figures]


def gives_several(figures: Sequence[Figure]) -> bool:
    """Whether the figures of one article are of several quantities: they cannot be one value.

    "At least 84 dead" and "130 dead" may both be true of one event, but an article that prints both tells of two.
    """
    closed = [
        replace(figure, qualifier=figure.qualifier if figure.qualifier in ("about", "between") else None)
        for figure in figures
    ]
    return len(figures) > 1 and find_disagreement(closed)


def part_by_value(figures: Sequence[Figure]) -> Iterable[Sequence[Figure]]:
    """Figures of which one article gives several, parted by value.

    They are of one kind, such as shares of a vote, so that only what has the same value is one quantity.
    """
    units = {figure.unit for figure in figures}
    spans = []
    for position, figure in enumerate(figures):
        # Only between units is a value rounded.
        reach = max((measure_tolerance(figure.value, figure.unit, unit) for unit in units - {figure.unit}), default=0.0)
        spans.append(((figure.low - reach) * figure.factor, (figure.high + reach) * figure.factor, position))
    runs: list[list[int]] = []
    end = -math.inf
    for low, high, position in sorted(spans):
        if low > end or not runs:
            runs.append([])
            end = math.inf
        end = min(end, high)
        runs[-1].append(position)
    return [[figures[position] for position in sorted(run)] for run in runs]


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


def describe_figure_group(story_id: str, figures: Sequence[Figure]) -> FigureGroup:
    """The group made of these figures.

    The group's unit is the one that most figures print; values of others are converted into it.
    """
    unit = choose_unit(figures)
    base = next(figure.factor for figure in figures if figure.unit == unit)

    def convert(name: str) -> list[float]:
        return [round(getattr(figure, name) * (figure.factor / base), 6) for figure in figures]

    smallest = min(figure.figure_id for figure in figures)
    copies = {figure.article_id: figure.copy_of_article_id is not None for figure in figures}
    return FigureGroup(
        figure_group_id="quantity-" + hashlib.sha256(smallest.encode()).hexdigest()[:12],
        story_id=story_id,
        quantity=_most_printed(figure.quantity for figure in figures),
        unit=unit,
        minimum_value=min(convert("low")),
        maximum_value=max(convert("high")),
        figure_count=len(figures),
        value_count=len(set(convert("value"))),
        article_count=len(copies),
        copy_count=sum(copies.values()),
        outlet_count=count_outlets((figure.voice_id, figure.voice_outlet) for figure in figures),
        disagrees=find_disagreement(figures),
    )


def choose_unit(figures: Sequence[Figure]) -> str:
    """The unit that most figures print; of equals the one in which their values are nearest to 1."""
    counts = Counter(figure.unit for figure in figures)
    factors = {figure.unit: figure.factor for figure in figures}
    middle = median(abs(figure.value * figure.factor) for figure in figures)

    def rank(unit: str) -> tuple[int, float, str]:
        value = middle / factors[unit]
        return -counts[unit], abs(math.log10(value)) if value > 0 else 0.0, unit

    return min(counts, key=rank)


def find_disagreement(figures: Sequence[Figure]) -> bool:
    """Whether two of the figures cannot both be true.

    Figures in one unit are taken as printed; between units one of the two may be rounded (`measure_tolerance`), and
    so it is beside what joins two units ("2 hours and 5 minutes").
    """
    spans: dict[str, set[tuple[float, float, float]]] = defaultdict(set)
    for figure in figures:
        low, high = interval_of(figure.low, figure.high, figure.qualifier)
        spans[figure.unit].add((low, high, figure.value))
    for unit, printed in spans.items():
        is_apart = _is_empty(max(low for low, _, _ in printed), min(high for _, high, _ in printed))
        if is_apart and not all(_may_be_one(unit, one, unit, other) for one, other in combinations(printed, 2)):
            return True
    return any(
        not _may_be_one(unit, span, other_unit, other_span)
        for (unit, printed), (other_unit, other_printed) in combinations(spans.items(), 2)
        for span in printed
        for other_span in other_printed
    )


def _may_be_one(
    unit: str, span: tuple[float, float, float], other_unit: str, other_span: tuple[float, float, float]
) -> bool:
    """Whether two spans (lowest, highest, printed value) in two units hold one value, or one of them rounded does."""
    (low, high, value), (other_low, other_high, other_value) = span, other_span
    factor, other_factor = convert_unit(1.0, unit)[0], convert_unit(1.0, other_unit)[0]
    reach = max(
        measure_tolerance(value, unit, other_unit) * factor,
        measure_tolerance(other_value, other_unit, unit) * other_factor,
    )
    if unit == other_unit and _is_in_halves(value, unit) != _is_in_halves(other_value, unit):
        reach = settings()["tolerance"]["larger_unit"] * factor
    lowest_end = min(high * factor, other_high * other_factor)
    return not _is_empty(max(low * factor, other_low * other_factor) - reach, lowest_end)


def _is_empty(low: float, high: float) -> bool:
    return low > high + CONVERSION_ERROR * max(1.0, abs(high))


def measure_tolerance(value: float, unit: str, other_unit: str) -> float:
    """How far from the truth a printed value may be, in its unit, beside one that is printed in `other_unit`.

    Of two units of one system the smaller is exact and the larger is rounded to halves; from one system to another
    either may be rounded to the digits it prints.
    """
    systems = _systems()
    is_larger = convert_unit(1.0, unit)[0] > convert_unit(1.0, other_unit)[0]
    is_one_system = unit == other_unit or (unit in systems and systems[unit] == systems.get(other_unit))
    step = rounding_step(value) / 2
    if is_one_system and not is_larger:
        return 0.0
    is_halves = is_larger and (_is_in_halves(value, unit) or (is_one_system and (2 * value).is_integer()))
    return settings()["tolerance"]["larger_unit"] if is_halves else step


def _is_in_halves(value: float, unit: str) -> bool:
    """Whether it is a length of time that may be rounded to a whole or half of its unit."""
    return unit in settings()["families"]["duration"] and (2 * value).is_integer()


@cache
def _systems() -> dict[str, str]:
    return {unit: name for name, units in settings()["systems"].items() for unit in units}


def _most_printed(quantities: Iterable[str]) -> str:
    counts = Counter(quantities)
    return min(counts, key=lambda quantity: (-counts[quantity], quantity))
