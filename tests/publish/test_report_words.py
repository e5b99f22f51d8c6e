from pathlib import Path

import pytest

from tasks.publish.report_reading import read_report
from tasks.publish.report_views import QuantityView
from tasks.publish.report_words import (
    count_things,
    describe_disagreement,
    describe_values,
    format_number,
    join_words,
    name_outlets,
    name_unit,
)
from tests.made_up_tables import made_up_rows, write_staged


def read_quantity(folder: Path, **changes: object) -> QuantityView:
    """The quantity of the made-up tables, its first figure changed."""
    rows = made_up_rows()
    for name, value in changes.items():
        setattr(rows["figures"][0], name, value)
    report = read_report(write_staged(folder, rows))
    [quantity] = [view for story in report.stories for view in story.quantities]
    return quantity


def test_describe_values_names_the_unit_once(tmp_path: Path) -> None:
    assert describe_values(read_quantity(tmp_path)) == "7, 7.5 or 8 hours"


def test_describe_values_keeps_units_that_differ(tmp_path: Path) -> None:
    assert describe_values(read_quantity(tmp_path, unit="foot")) == "7 feet, 7.5 hours or 8 hours"


@pytest.mark.parametrize(
    ("changes", "ending"),
    [
        pytest.param({}, "Coast Wire 8 hours. The largest is 14 % above the smallest.", id="near"),
        pytest.param({"low": 2.0, "high": 2.0}, "The largest is 4 times the smallest.", id="far"),
        pytest.param({"low": 2.0, "high": 3.0}, "The largest is 4 times the smallest.", id="range"),
        pytest.param({"low": 0.0, "high": 0.0}, "Coast Wire 8 hours.", id="from-nothing"),
        pytest.param({"unit": "foot"}, "Coast Wire 8 hours.", id="units-differ"),
    ],
)
def test_describe_disagreement_tells_how_far_values_lie_apart(tmp_path: Path, changes: dict, ending: str) -> None:
    assert describe_disagreement(read_quantity(tmp_path, **changes)).endswith(ending)


def test_describe_disagreement_is_empty_where_there_is_none(tmp_path: Path) -> None:
    quantity = read_quantity(tmp_path)
    quantity.group.disagrees = False
    assert describe_disagreement(quantity) == ""


def test_name_outlets_names_the_first_of_many() -> None:
    assert [name_outlets(list("abcde"[:size])) for size in (1, 2, 3, 5)] == [
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and 2 more",
    ]


@pytest.mark.parametrize(
    ("unit", "number", "expected"),
    [("hour", 1, "hour"), ("hour", 2, "hours"), ("foot", 8, "feet"), ("USD", 5, "USD"), ("percent", 5, "%"),
     ("nautical_mile", 3, "nautical miles"), ("count", 3, "")],
)  # fmt: skip
def test_name_unit_agrees_in_number(unit: str, number: float, expected: str) -> None:
    assert name_unit(unit, number) == expected


@pytest.mark.parametrize(("value", "expected"), [(7.0, "7"), (7.5, "7.5"), (100000.0, "100,000"), (0.125, "0.125")])
def test_format_number_writes_it_as_people_do(value: float, expected: str) -> None:
    assert format_number(value) == expected


def test_join_words_makes_a_list_of_a_sentence() -> None:
    assert [join_words(list("abc"[:size]), "or") for size in range(4)] == ["", "a", "a or b", "a, b or c"]


def test_count_things_agrees_in_number() -> None:
    assert [count_things(number, "copy", "copies") for number in (0, 1, 2)] == ["0 copies", "1 copy", "2 copies"]
