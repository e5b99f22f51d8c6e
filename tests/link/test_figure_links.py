import pytest

from tasks.link.figure_aspects import Aspect
from tasks.link.figure_links import (
    Mention,
    count_digits,
    count_printed_digits,
    find_context,
    find_links,
    name_thing,
    read_sides,
    rounding_step,
)


def make_mention(value, unit, thing, context="", told=""):
    aspects = frozenset({Aspect(*told.split())} if told else ())
    digits = count_printed_digits(value)
    return Mention(value, unit, thing, frozenset(), frozenset(context.split()), aspects, digits)


@pytest.mark.parametrize(
    ("first", "second", "linked"),
    [
        pytest.param(("hour", 7.0, "meeting", ""), ("hour", 8.0, "meeting", ""), True, id="one thing, near values"),
        pytest.param(("hour", 2.0, "meeting", ""), ("hour", 9.0, "meeting", ""), False, id="values far apart"),
        pytest.param(("USD", 5e6, "fine", ""), ("USD", 7e6, "loan", ""), False, id="two things"),
        pytest.param(("count", 5.0, "people", "kill"), ("count", 5.0, "people", "arrest"), False, id="two fates"),
        pytest.param(
            ("count", 5.0, "people", "casualty bomb", "fates dead"),
            ("count", 5.0, "people", "arrest bomb", "fates held"),
            False,
            id="same place",
        ),
        pytest.param(
            ("count", 5.0, "people", "casualty bomb", "fates dead"),
            ("count", 6.0, "people", "casualty", "fates dead"),
            True,
            id="dead disagree",
        ),
        pytest.param(
            ("count", 150.0, "people", "aid city"),
            ("count", 250.0, "people", "casualty city", "fates dead"),
            False,
            id="large fates",
        ),
        pytest.param(
            ("count", 400.0, "people", "casualty", "fates dead"),
            ("count", 400.0, "worker", "fly"),
            False,
            id="dead and workers",
        ),
        pytest.param(("count", 4.0, "boat", "sink"), ("count", 4.0, "boat", "sink"), True, id="few, said alike"),
        pytest.param(("count", 4.0, "boat", "sink"), ("count", 4.0, "boat", "sell"), False, id="few, said otherwise"),
        pytest.param(("count", 14.0, "boat", "sink"), ("count", 12.0, "boat", "sink"), True, id="few, all said alike"),
        pytest.param(
            ("count", 40.0, "guard", "harbour gate", "fates dead"),
            ("count", 40.0, "guard", "harbour gate", "fates wounded"),
            False,
            id="one number of dead and wounded",
        ),
        pytest.param(
            ("count", 400.0, "boat", "race a b c"),
            ("count", 500.0, "boat", "harbour d e f"),
            False,
            id="different numbers with nothing in common but what they count",
        ),
        pytest.param(
            ("count", 400.0, "boat", "race a b c"),
            ("count", 500.0, "boat", "race d e f"),
            True,
            id="different numbers of one matter",
        ),
        pytest.param(
            ("hour", 7.0, "meeting", "a b c d"),
            ("hour", 7.5, "meeting", "e f g h"),
            True,
            id="two lengths of one thing",
        ),
        pytest.param(
            ("hour", 7.0, "prison", "a b c d"), ("hour", 7.5, "prison", "e f g h"), False, id="two stays in prison"
        ),
        pytest.param(
            ("kilometre", 0.012, "crater", "leave", "sides radius"),
            ("kilometre", 0.012, "crater", "leave", "sides width"),
            False,
            id="two sides of one thing",
        ),
        pytest.param(
            ("count", 400.0, "boat", "sink", "places velm"),
            ("count", 410.0, "boat", "sink", "places halm"),
            False,
            id="two places",
        ),
        pytest.param(
            ("count", 400.0, "boat", "sink", "places velm"),
            ("count", 410.0, "boat", "sink", "regions france"),
            True,
            id="a town and a country",
        ),
        pytest.param(
            ("count", 400.0, "troops", "send", "others other"), ("count", 400.0, "troops", "send"), True, id="400 more"
        ),
        pytest.param(
            ("count", 51.0, "people", "casualty market", "fates dead"),
            ("count", 49.0, "dead", "casualty market"),
            True,
            id="two tolls of one attack",
        ),
        pytest.param(
            ("count", 51.0, "people", "casualty market", "fates wounded"),
            ("count", 49.0, "dead", "casualty market"),
            False,
            id="a toll and the wounded",
        ),
        pytest.param(
            ("count", 400.0, "man", "casualty velm", "fates dead"),
            ("count", 400.0, "woman", "casualty velm", "fates dead"),
            False,
            id="men and women",
        ),
        pytest.param(
            ("hour", 9.0, "office", "ada cole"),
            ("hour", 9.0, "prison", "ada cole"),
            False,
            id="names around two things",
        ),
        pytest.param(
            ("hour", 9.0, "office", "ada cole"), ("hour", 9.0, "ada", "cole office"), True, id="named beside the other"
        ),
        pytest.param(
            ("USD", 3.2e6, "fine", "kestrel court"),
            ("USD", 3.2e6, "coal", "kestrel court"),
            True,
            id="an amount told alike",
        ),
        pytest.param(
            ("USD", 3e6, "fine", "kestrel court"), ("USD", 3e6, "coal", "kestrel court"), False, id="a round amount"
        ),
    ],
)
def test_find_links_joins_what_is_of_one_quantity(first, second, linked):
    mentions = [make_mention(value, unit, *around) for unit, value, *around in (first, second)]
    assert (list(find_links(mentions)) != []) is linked


def test_find_links_reaches_over_figures_of_another_quantity():
    told = ("fates dead", "fates wounded", "fates dead")
    mentions = [make_mention(40.0, "count", "guard", "harbour gate", aspect) for aspect in told]
    assert set(find_links(mentions)) == {(0, 2)}


def test_find_links_of_none_or_one_is_empty():
    assert list(find_links([])) == []
    assert list(find_links([make_mention(1.0, "hour", "talk")])) == []


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("peace talk", ("meeting", frozenset({"peace"}))),
        ("police officer", ("policeman", frozenset())),
        ("kite", ("kite", frozenset())),
        ("", ("", frozenset())),
    ],
)
def test_name_thing_parts_head_and_modifiers(quantity, expected):
    assert name_thing(quantity) == expected


def test_find_context_stays_within_the_sentence_and_leaves_numbers_out():
    text = "Ferries stopped. Five people died in the 2 trains near Velm. Schools closed."
    context = find_context(*read_sides(text, text.index("Five"), text.index("Five") + 4))
    assert context == {"casualty", "people", "train", "near", "velm"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Since Nov. 12 Mr. Cole counts 90 boats", {"mr", "cole", "count", "boat", "nov"}, id="abbreviations"
        ),
        pytest.param("The flood claimed 90 lives", {"flood", "claim", "casualty", "live"}, id="lives lost"),
        pytest.param("On Monday 90 miles of river, 3 percent, froze", {"river", "froz"}, id="units and weekdays"),
        pytest.param("In town live 90 people", {"town", "live", "people"}, id="lives led"),
    ],
)
def test_find_context_reads_the_ideas_around(text, expected):
    assert find_context(*read_sides(text, text.index("90"), text.index("90") + 2)) == expected


@pytest.mark.parametrize(("value", "digits"), [(200 / 3, 1), (2.4, 2), (214_488, 6), (1_234_567, 7), (30, 1)])
def test_count_printed_digits_takes_a_fraction_in_words_for_one(value, digits):
    assert count_printed_digits(round(value, 6)) == digits


@pytest.mark.parametrize(
    ("value", "digits", "step"),
    [(84e6, 2, 1e6), (1e5, 1, 1e4), (2.4, 2, 0.1), (240, 2, 10), (8, 1, 1), (0, 1, 1)],
)
def test_count_digits_and_rounding_step_read_what_a_value_vouches_for(value, digits, step):
    assert (count_digits(value), rounding_step(value)) == (digits, pytest.approx(step))
