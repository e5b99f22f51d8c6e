import pytest

from tasks.annotate.numbers import LARGEST, find_numbers, find_qualifier_start, number_words, parse_number_words


@pytest.mark.parametrize("word", sorted(number_words()["small"]))
def test_parse_number_words_knows_every_small_number(word):
    assert parse_number_words(word) == number_words()["small"][word]


@pytest.mark.parametrize("word", sorted(number_words()["scales"]))
def test_parse_number_words_multiplies_by_every_scale(word):
    assert parse_number_words(f"three {word}") == 3 * number_words()["scales"][word]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a third of them", [(1 / 3, True)], id="fraction"),
        pytest.param("three quarters of it, two thirds of that", [(0.75, True), (2 / 3, True)], id="fractions"),
        pytest.param("a third time", [], id="ordinal"),
        pytest.param("1 000 000 men", [(1e6, False)], id="spaces"),
        pytest.param("1.5bn", [(1.5e9, False)], id="short scale"),
        pytest.param("6½ hours", [(6.5, False)], id="sign of a half"),
    ],
)
def test_find_numbers_reads_parts_and_scales(text, expected):
    assert [(pytest.approx(number.low), number.is_fraction) for number in find_numbers(text)] == expected


def test_find_numbers_gives_offsets_in_order_without_overlap():
    text = "Between 5 and 7 hours, 3 million men, half an hour, a tenth of them"
    found = find_numbers(text)
    assert [text[number.start : number.end] for number in found] == ["5 and 7", "3 million", "half an", "a tenth"]
    assert [number.is_range for number in found] == [True, False, False, False]


def test_find_numbers_leaves_out_what_nobody_counts():
    assert all(number.high < LARGEST for number in find_numbers("999 trillion trillion and 12 boats"))


@pytest.mark.parametrize(
    ("text", "expected"), [("there were about 40", 11), ("there were 40", 11), ("well over the 40", 0), ("40", 0)]
)
def test_find_qualifier_start_is_where_its_words_begin(text, expected):
    assert find_qualifier_start(text, text.index("40")) == expected
