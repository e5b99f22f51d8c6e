import re
import tomllib

import pytest

from tasks.link.figure_aspects import ASPECTS_FILE, Aspect, are_told_apart, find_aspects, part_by_aspects

EXAMPLES = tomllib.loads(ASPECTS_FILE.read_text("utf-8"))["examples"]


def read_aspects(*texts):
    """ "fates dead" as an aspect."""
    return frozenset(Aspect(*text.split(" ", 1)) for text in texts if text)


def read_unit(printed):
    return next((unit for unit in ("percent", "metre") if unit in printed), "count")


@pytest.mark.parametrize(("text", "expected"), [(one["text"], one["aspects"]) for one in EXAMPLES])
def test_find_aspects_reads_the_examples_of_its_rules(text, expected):
    before, printed, after = re.fullmatch(r"(.*)\{(.+)\}(.*)", text).groups()
    unit = "percent" if printed == "a third" else read_unit(printed)
    assert find_aspects(before, printed, after, unit) == read_aspects(*expected)


def test_find_aspects_reads_sides_of_lengths_only():
    assert find_aspects("waits ", "3 hours", " long", "hour") == frozenset()
    assert find_aspects("a wall ", "3 metres", " long", "metre") == read_aspects("sides length")


def test_find_aspects_reads_a_side_behind_another_unit_in_brackets():
    assert find_aspects("a hole ", "39 feet", " (12 metres) across", "foot") == read_aspects("sides width")


@pytest.mark.parametrize(
    ("first", "second", "has_places", "expected"),
    [
        pytest.param("fates dead", "fates wounded", False, True, id="two fates"),
        pytest.param("fates dead", "", False, False, id="a fate and none"),
        pytest.param("sides depth", "sides depth", False, False, id="one side"),
        pytest.param("others other", "", False, True, id="others and all"),
        pytest.param("others other|fates dead", "fates dead", False, False, id="others of one fate"),
        pytest.param("places velm", "places halm", True, True, id="two places"),
        pytest.param("places velm", "regions france", True, False, id="a town and a country"),
        pytest.param("regions spain", "regions france", True, True, id="two countries"),
        pytest.param("places velm", "places halm", False, False, id="two places of one value"),
        pytest.param("wholes voter", "wholes refuge", True, True, id="shares of two things"),
        pytest.param("places velm|places west", "places velm", True, False, id="a place and a part of its name"),
    ],
)
def test_are_told_apart_compares_what_both_tell(first, second, has_places, expected):
    one, other = (read_aspects(*told.split("|")) for told in (first, second))
    assert are_told_apart(one, other, is_telling=False, has_places=has_places) is expected
    assert are_told_apart(other, one, is_telling=False, has_places=has_places) is expected


def test_are_told_apart_takes_others_of_a_telling_value_for_all():
    told = read_aspects("others other"), frozenset()
    assert not are_told_apart(*told, is_telling=True, has_places=False)
    assert are_told_apart(*told, is_telling=False, has_places=False)


def test_part_by_aspects_leaves_what_tells_nothing_with_most():
    told = [read_aspects("sides depth"), frozenset(), read_aspects("sides width"), read_aspects("sides width")]
    assert part_by_aspects(told) == [[0], [1, 2, 3]]


def test_part_by_aspects_keeps_figures_of_one_kind_together():
    assert part_by_aspects([read_aspects("fates dead"), frozenset()]) == [[0, 1]]
    assert part_by_aspects([]) == [[]]
