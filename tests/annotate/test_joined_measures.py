import pytest

from tasks.annotate.figures import find_units
from tasks.annotate.joined_measures import join_measures
from tasks.annotate.ranges import find_numbers
from tasks.annotate.units import unit_lists


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("7 hours and 30 minutes", [("7 hours and 30 minutes", 7.5, "hour")], id="and"),
        pytest.param(
            "two weeks, three and a half days", [("two weeks, three and a half days", 2.5, "week")], id="comma"
        ),
        pytest.param("6 feet 3 inches", [("6 feet 3 inches", 6.25, "foot")], id="no word between"),
        pytest.param(
            "1 hour, 15 minutes and 36 seconds", [("1 hour, 15 minutes and 36 seconds", 1.26, "hour")], id="three"
        ),
        pytest.param("2h 15m", [("2h 15m", 2.25, "hour")], id="letters"),
        pytest.param("eight hours and a half", [("eight hours and a half", 8.5, "hour")], id="half behind"),
        pytest.param("a mile and three quarters", [("a mile and three quarters", 1.75, "mile")], id="article"),
        pytest.param("7 hours and 90 minutes", [("7 hours", 7, "hour"), ("90 minutes", 90, "minute")], id="no part"),
        pytest.param("7 hours and 3 days", [("7 hours", 7, "hour"), ("3 days", 3, "day")], id="a larger unit"),
        pytest.param("7 hours or 30 minutes", [("7 hours", 7, "hour"), ("30 minutes", 30, "minute")], id="or"),
        pytest.param("2 days, 3 metres", [("2 days", 2, "day"), ("3 metres", 3, "metre")], id="another measure"),
        pytest.param("", [], id="empty"),
    ],
)
def test_join_measures_makes_one_of_the_parts(text, expected):
    numbers = find_numbers(text)
    joined = zip(*join_measures(text, numbers, find_units(text, numbers)), strict=True)
    assert [(text[unit.start : unit.end], number.low, unit.name) for number, unit in joined] == [
        (printed, pytest.approx(value), name) for printed, value, name in expected
    ]


def test_parts_are_units_of_the_list():
    names = set(unit_lists()["measures"])
    for larger, smaller in unit_lists()["parts"].items():
        assert {larger, *smaller} <= names
