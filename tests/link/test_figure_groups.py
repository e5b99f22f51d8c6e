import math
import re
import tomllib

import pandas as pd
import pytest

from tasks.link.figure_groups import convert_unit, group_figures, interval_of, measure_tolerance, read_contexts
from tasks.link.figure_links import SETTINGS_FILE, name_thing, rounding_step, settings
from tasks.link.voices import add_voices


def make_tables(rows):
    """Tables from rows of (article number, value, unit, quantity, qualifier) with a range as a pair of values."""
    figures = []
    for number, (article, value, unit, quantity, qualifier) in enumerate(rows):
        low, high = value if isinstance(value, tuple) else (value, value)
        figures.append(
            {
                "figure_id": f"{article:016x}:{number}:{number + 2}",
                "article_id": f"{article:016x}",
                "start_char": 0,
                "end_char": 0,
                "text": "",
                "value": (low + high) / 2,
                "low": low,
                "high": high,
                "unit": unit,
                "quantity": quantity,
                "qualifier": qualifier,
            }
        )
    columns = [
        "figure_id",
        "article_id",
        "start_char",
        "end_char",
        "text",
        "value",
        "low",
        "high",
        "unit",
        "quantity",
        "qualifier",
    ]
    articles = pd.DataFrame({"article_id": [f"{number:016x}" for number in range(4)]})
    return pd.DataFrame(figures, columns=columns), articles.assign(
        story_id="story-000000000000", outlet_name=None, text=""
    )


def group(figures, articles, copies=(None,) * 4):
    """What grouping the figures finds, with the words around them read in the articles' texts."""
    placed = figures.merge(read_contexts(figures, articles), on="figure_id")
    return group_figures(placed, add_voices(articles.assign(copy_of_article_id=copies[: len(articles)])))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [(0, 6.0, "hour", "meeting", None), (1, 6.5, "hour", "talk", "about"), (2, 7.0, "hour", "talk", None)],
            [("hour", 6.0, 7.0, 3, True)],
            id="a length that disagrees",
        ),
        pytest.param(
            [(0, 90.0, "minute", "meeting", None), (1, 1.5, "hour", "session", None)],
            [("hour", 1.5, 1.5, 1, False)],
            id="other units that agree",
        ),
        pytest.param(
            [
                (0, 8.0, "foot", "river", None),
                (1, 2.4, "metre", "river", None),
                (2, 240.0, "centimetre", "river", None),
            ],
            [("metre", 2.4, 2.4384, 2, False)],
            id="other units that agree when rounded",
        ),
        pytest.param(
            [(0, 6.0, "foot", "river", None), (1, 2.4, "metre", "river", None)],
            [("metre", 1.8288, 2.4, 2, True)],
            id="other units that disagree",
        ),
        pytest.param(
            [(0, 30.0, "mile", "road", None), (1, 48.0, "kilometre", "road", None), (2, 30.0, "mile", "road", None)],
            [("mile", 29.825817, 30.0, 2, False)],
            id="the unit most figures print",
        ),
        pytest.param(
            [(0, 5000.0, "count", "norland soldier", "about"), (1, 5200.0, "count", "norland troop", None)],
            [("count", 5000.0, 5200.0, 2, False)],
            id="about reaches the other",
        ),
        pytest.param(
            [(0, 5000.0, "count", "soldier", "more than"), (1, 6000.0, "count", "soldier", None)],
            [("count", 5000.0, 6000.0, 2, False)],
            id="more than is open above",
        ),
        pytest.param(
            [
                (0, 60.0, "count", "flood victim", "at least"),
                (0, 90.0, "count", "flood victim", None),
                (1, 60.0, "count", "flood victim", "at least"),
                (2, 90.0, "count", "flood victim", None),
            ],
            [("count", 60.0, 60.0, 1, False), ("count", 90.0, 90.0, 1, False)],
            id="one article gives both",
        ),
        pytest.param(
            [(0, 2.6, "percent", "higher", None), (1, 1.0, "percent", "higher", None)], [], id="two movements"
        ),
        pytest.param(
            [(0, 5000.0, "count", "soldier", "at least"), (1, 4000.0, "count", "soldier", None)],
            [("count", 4000.0, 5000.0, 2, True)],
            id="at least is closed below",
        ),
        pytest.param(
            [(0, (5.0, 7.0), "hour", "talk", "between"), (1, 6.0, "hour", "talk", None)],
            [("hour", 5.0, 7.0, 1, False)],
            id="a range that holds the other",
        ),
        pytest.param([(0, 5.0, "hour", "talk", None), (0, 6.0, "hour", "talk", None)], [], id="one article alone"),
        pytest.param([(0, 5.0, "hour", "talk", None), (1, 5.0, "count", "talk", None)], [], id="unlike units"),
        pytest.param([(0, 5.0, "hour", "talk", None), (1, 5.0, "hour", "flight", None)], [], id="unlike things"),
        pytest.param([(0, 3.0, "count", "tank", None), (1, 400.0, "count", "tank", None)], [], id="far too far apart"),
        pytest.param(
            [(0, 12.0, "count", "injured people", None), (1, 14.0, "count", "people", None)],
            [],
            id="unlike people",
        ),
        pytest.param(
            [(0, 8.0, "hour", "talk", None), (1, 450.0, "minute", "talk", None)],
            [("hour", 7.5, 8.0, 2, True)],
            id="half an hour is no rounding",
        ),
        pytest.param(
            [(0, 2.0, "tonne", "lorry", None), (1, 4400.0, "pound", "lorry", None)],
            [("tonne", 1.995806, 2.0, 2, False)],
            id="pounds and tonnes",
        ),
        pytest.param([], [], id="no figures"),
    ],
)
def test_group_figures_aligns_one_quantity(rows, expected):
    members, groups = group(*make_tables(rows))
    found = [
        (group.unit, group.minimum_value, group.maximum_value, group.value_count, group.disagrees) for group in groups
    ]
    assert found == expected
    assert len(members) == sum(group.figure_count for group in groups)


def test_group_figures_keeps_stories_apart():
    figures, articles = make_tables([(0, 5.0, "hour", "talk", None), (1, 5.0, "hour", "talk", None)])
    articles["story_id"] = [f"story-{number:012x}" for number in range(4)]
    assert group(figures, articles)[1] == []


@pytest.mark.parametrize(
    ("qualifier", "expected"),
    [
        (None, (90, 110)),
        ("between", (90, 110)),
        ("about", (81, 121)),
        ("more than", (90, math.inf)),
        ("up to", (-math.inf, 110)),
    ],
)
def test_interval_of_widens_by_the_qualifier(qualifier, expected):
    assert interval_of(90, 110, qualifier) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "unit", "other", "expected"),
    [
        pytest.param(450.0, "minute", "hour", 0.0, id="the smaller unit of a system is exact"),
        pytest.param(8.0, "hour", "minute", 0.1, id="the larger one is rounded to halves"),
        pytest.param(7.5, "hour", "minute", 0.1, id="a half"),
        pytest.param(7.2, "hour", "minute", 0.05, id="a decimal"),
        pytest.param(8.0, "foot", "metre", 0.5, id="another system"),
        pytest.param(2.4, "metre", "foot", 0.05, id="digits that are printed"),
        pytest.param(60.0, "day", "month", 0.5, id="days beside months"),
        pytest.param(2.0, "month", "day", 0.1, id="months beside days"),
        pytest.param(4.0, "percent", "percent", 0.0, id="one unit"),
    ],
)
def test_measure_tolerance_is_that_of_the_unit(value, unit, other, expected):
    assert measure_tolerance(value, unit, other) == pytest.approx(expected)


def test_systems_are_of_one_family_each():
    for units in settings()["systems"].values():
        assert len({convert_unit(1.0, unit)[1] for unit in units}) == 1
        assert any(set(units) <= set(family) for family in settings()["families"].values())


def test_convert_unit_leaves_units_without_family():
    assert convert_unit(3, "percent") == (3, "percent")
    assert convert_unit(30, "minute") == (pytest.approx(0.5), "hour")


def test_name_thing_joins_synonyms_and_keeps_modifiers():
    assert name_thing("northern soldier") == name_thing("northern troop")
    assert name_thing("peace talk")[1] == {"peace"}
    assert name_thing("tank") == ("tank", frozenset())


EXAMPLES = tomllib.loads(SETTINGS_FILE.read_text("utf-8"))["examples"]


@pytest.mark.parametrize(("first", "second"), EXAMPLES["same"])
def test_name_thing_gives_the_same_things_one_name(first, second):
    assert name_thing(first)[0] == name_thing(second)[0]


@pytest.mark.parametrize(("first", "second"), EXAMPLES["different"])
def test_name_thing_keeps_different_things_apart(first, second):
    assert name_thing(first)[0] != name_thing(second)[0]


def make_figures_in_text(texts):
    """Tables from texts in which each figure stands as {value unit quantity}, of one article each."""
    rows, contexts = [], []
    for article, text in enumerate(texts):
        plain, figures = "", []
        for part in re.split(r"(\{[^}]+\})", text):
            if part.startswith("{"):
                value, unit, quantity = part[1:-1].split(" ", 2)
                figures.append((article, float(value), unit, quantity, None, len(plain)))
                part = value
            plain += part
        rows += figures
        contexts.append(plain)
    figures, articles = make_tables([row[:5] for row in rows])
    figures["start_char"] = [row[5] for row in rows]
    figures["end_char"] = figures["start_char"] + 1
    articles = articles.iloc[: len(texts)].assign(text=contexts)
    return figures, articles


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(
            ["{3 count people} drowned in the flood.", "The flood killed {3 count people}."],
            [(3.0, 3.0, False)],
            id="few people who lost their lives",
        ),
        pytest.param(
            ["{3 count people} drowned in the flood.", "{2 count people} have to sign the order."],
            [],
            id="few people of two kinds",
        ),
        pytest.param(
            ["{3 count people} drowned in the flood.", "{4 count people} died in the flood."],
            [(3.0, 4.0, True)],
            id="few people who lost their lives, counted otherwise",
        ),
        pytest.param(
            ["The company offered {4 percent rise}.", "A raise: {4.5 percent offer} was what the company offered."],
            [(4.0, 4.5, True)],
            id="other names and the same words around",
        ),
        pytest.param(
            ["The {2 hour flight} was late.", "The {2.083333 hour flight}, late.", "The {125 minute flight} was late."],
            [(2.0, 2.083333, False)],
            id="a length of time and minutes more",
        ),
        pytest.param(
            ["The {2 hour flight} was late.", "The {2.166667 hour flight} was late."],
            [(2.0, 2.166667, True)],
            id="a length of time and too many minutes more",
        ),
        pytest.param(
            ["The {3 day strike} and the {9 day strike} of Velm.", "The {70 hour strike} of Velm."],
            [(2.916667, 3.0, False)],
            id="parted by value between units",
        ),
        pytest.param(
            ["{600 count passenger} slept on the quay.", "{600 count people} had no bed."],
            [(600.0, 600.0, False)],
            id="people who are passengers",
        ),
        pytest.param(
            ["Cole had {48 percent vote}, Marsh {23 percent vote}.", "Turnout was {30 percent vote}."],
            [],
            id="shares of one kind",
        ),
        pytest.param(
            ["Cole had {48 percent vote}, Marsh {23 percent vote}.", "Marsh got {23 percent vote}."],
            [(23.0, 23.0, False)],
            id="one share of several",
        ),
    ],
)
def test_group_figures_reads_the_words_around(texts, expected):
    _, groups = group(*make_figures_in_text(texts))
    assert [(group.minimum_value, group.maximum_value, group.disagrees) for group in groups] == expected


@pytest.mark.parametrize(
    ("value", "step"), [(8, 1), (2.4, 0.1), (240, 10), (4000, 100), (412, 1), (10, 1), (1_200_000, 100_000), (0, 1)]
)
def test_rounding_step_is_the_last_digit_that_counts(value, step):
    assert rounding_step(value) == pytest.approx(step)


def test_group_figures_counts_no_copy_as_another_voice():
    figures, articles = make_tables([(number, 5.0, "hour", "talk", None) for number in range(4)])
    articles["outlet_name"] = ["Bell", "Star", "Sun", "Globe"]
    _, (quantity,) = group(figures, articles, (None, f"{0:016x}", f"{0:016x}", None))
    assert (quantity.article_count, quantity.copy_count, quantity.outlet_count) == (4, 2, 2)
