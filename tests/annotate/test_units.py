import tomllib

import pytest

from tasks.annotate.units import UNITS_FILE, find_unit

LISTS = tomllib.loads(UNITS_FILE.read_text("utf-8"))
AFTER = [
    (name, form)
    for part in ("measures", "currencies_after")
    for name, forms in LISTS[part].items()
    for form in forms
    if len(form) > 1 or not form.isalpha()
]


@pytest.mark.parametrize(("name", "form"), AFTER, ids=[form for _, form in AFTER])
def test_find_unit_knows_every_form_of_the_list(name, form):
    unit = find_unit(f"12 {form} of it", 0, 2)
    assert unit is not None
    assert unit.name == name


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        pytest.param("$5", "5", ("USD", "$5"), id="sign before"),
        pytest.param("€ 5 million", "5 million", ("EUR", "€ 5 million"), id="sign and space"),
        pytest.param("5 Hours", "5", ("hour", "5 Hours"), id="capital letter"),
        pytest.param("5 hourly", "5", None, id="part of a word"),
        pytest.param("5 c", "5", None, id="a letter alone"),
        pytest.param("5 square miles", "5", ("square_mile", "5 square miles"), id="the longest form"),
        pytest.param("5 square feet", "5", ("square_foot", "5 square feet"), id="an area, no length"),
        pytest.param("5 statute miles", "5", ("mile", "5 statute miles"), id="a mile by its full name"),
        pytest.param("a 5-mile-long road", "5", ("mile", "5-mile-long"), id="tail"),
        pytest.param("", "", None, id="empty"),
    ],
)
def test_find_unit_reads_what_stands_beside_the_number(text, number, expected):
    start = text.index(number)
    unit = find_unit(text, start, start + len(number))
    assert (unit and (unit.name, text[unit.start : unit.end])) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They seized 20 pounds of copper.", "pound", id="of a substance"),
        pytest.param("They owe 20 pounds of debt.", "GBP", id="of money"),
        pytest.param("The lorry weighed 20 pounds.", "pound", id="weighed"),
        pytest.param("A fine of £3 rose to 20 pounds.", "GBP", id="sign in the sentence"),
        pytest.param("A 20-pound fine", "GBP", id="a fine"),
        pytest.param("The cargo cost 20 pounds.", None, id="both"),
        pytest.param("They took 20 pounds.", None, id="neither"),
        pytest.param("He lost about 20 pounds.", "pound", id="lost"),
        pytest.param("It lost 20 million pounds.", "GBP", id="millions"),
        pytest.param("It cost much. They took 20 pounds.", None, id="another sentence"),
    ],
)
def test_find_unit_parts_pounds_of_money_from_pounds_of_weight(text, expected):
    start = text.index("20")
    unit = find_unit(text, start, start + len("20 million" if "million" in text else "20"))
    assert (unit and unit.name) == expected


@pytest.mark.parametrize("form", LISTS["glued"]["forms"])
def test_find_unit_reads_short_forms_right_behind_the_digits(form):
    unit = find_unit(f"12{form} of it", 0, 2)
    assert unit.is_glued
    assert f"12{form}"[unit.start : unit.end] == f"12{form}"


def test_is_currency_tells_money_from_measures():
    assert find_unit("$5", 1, 2).is_currency
    assert not find_unit("5 km", 0, 1).is_currency
