import pytest

from tasks.annotate.numbers import LARGEST, find_single_numbers
from tasks.annotate.qualifiers import find_qualifier_start


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a third of them", [(1 / 3, True)], id="fraction"),
        pytest.param("three quarters of it, two thirds of that", [(0.75, True), (2 / 3, True)], id="fractions"),
        pytest.param("a third time", [], id="ordinal"),
        pytest.param("1 000 000 men", [(1e6, False)], id="spaces"),
        pytest.param("1.5bn", [(1.5e9, False)], id="short scale"),
        pytest.param("6½ hours", [(6.5, False)], id="sign of a half"),
        pytest.param("6 1/2 hours", [(6.5, False)], id="a fraction in digits"),
        pytest.param("Two and a half million", [(2.5e6, False)], id="half of the scale that follows"),
        pytest.param("two-and-a-half", [(2.5, False)], id="hyphens"),
        pytest.param("2 and a half lakh", [(250_000, False)], id="digits and a half"),
        pytest.param("three and three quarters billion", [(3.75e9, False)], id="three quarters more"),
        pytest.param("a million and a half", [(1.5e6, False)], id="half of the scale before"),
        pytest.param("a quarter of a million", [(250_000, False)], id="a part of a scale"),
        pytest.param("a half-million, a quarter million", [(500_000, False), (250_000, False)], id="without of"),
        pytest.param("half of the votes, nearly half the seats", [(0.5, True), (0.5, True)], id="halves of things"),
        pytest.param("the second half of the game", [], id="a part of time"),
        pytest.param("One in four voters", [(0.25, True)], id="one in four"),
        pytest.param("three out of ten, 1 in 20 homes", [(0.3, True), (0.05, True)], id="out of"),
        pytest.param("one in every three homes", [(1 / 3, True)], id="in every"),
        pytest.param("two in three days", [(2, False), (3, False)], id="two within a time"),
        pytest.param("killed two in nine raids", [(2, False), (9, False)], id="two of others"),
        pytest.param("one in 292 million", [(1, False), (292e6, False)], id="odds"),
        pytest.param("a third of them and a quarter of us", [(1 / 3, True), (0.25, True)], id="two shares"),
        pytest.param("a week and a quarter of rain", [(1, False)], id="no share of what is measured"),
        pytest.param("nine in four", [(9, False), (4, False)], id="no part"),
        pytest.param("won 7 out of 10 points", [(7, False), (10, False)], id="a mark"),
        pytest.param("3,5 million and 3,5 percent", [(3.5e6, False), (3.5, False)], id="decimal comma"),
        pytest.param("for €3,50", [(3.5, False)], id="a price with a comma"),
        pytest.param("groups of 3,5 and 7", [(7, False)], id="a list is no decimal"),
        pytest.param("100.000 men, 1.250.000 men", [(1e5, False), (1.25e6, False)], id="dots part thousands"),
        pytest.param("a rate of 0.500", [(0.5, False)], id="nought and a dot"),
        pytest.param("7hrs, 20kg, 5km", [(7, False), (20, False), (5, False)], id="unit without a space"),
        pytest.param("1'234'567 men, 2’500 men", [(1_234_567, False), (2500, False)], id="signs part thousands"),
        pytest.param("half a year, half a percentage point", [(0.5, False), (0.5, False)], id="half of a unit"),
        pytest.param("half a loaf, half a day's work", [(0.5, False)], id="half of a thing"),
        pytest.param("lasted an hour, for a week", [(1, False), (1, False)], id="one length of time"),
        pytest.param("a week ago, twice a day, for a day of mourning, for a year-long ban", [], id="no length"),
        pytest.param("the A4, 7th, 5x", [], id="letters that are no unit"),
    ],
)
def test_find_single_numbers_reads_parts_and_scales(text, expected):
    assert [(pytest.approx(number.low), number.is_fraction) for number in find_single_numbers(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.500", True), ("12.375", True), ("1.50", False), ("1.000", False), ("1.500 million", False)],
)
def test_find_single_numbers_marks_a_dot_that_may_part_thousands(text, expected):
    assert [number.is_dotted for number in find_single_numbers(text)] == [expected]


def test_find_single_numbers_leaves_out_what_nobody_counts():
    assert all(number.high < LARGEST for number in find_single_numbers("999 trillion trillion and 12 boats"))


@pytest.mark.parametrize(
    ("text", "expected"), [("there were about 40", 11), ("there were 40", 11), ("well over the 40", 0), ("40", 0)]
)
def test_find_qualifier_start_is_where_its_words_begin(text, expected):
    assert find_qualifier_start(text, text.index("40")) == expected
