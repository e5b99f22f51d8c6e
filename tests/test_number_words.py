import pytest

from tasks.number_words import number_words, parse_number_words


@pytest.mark.parametrize("word", sorted(number_words()["small"]))
def test_parse_number_words_knows_every_small_number(word):
    assert parse_number_words(word) == number_words()["small"][word]


@pytest.mark.parametrize("word", sorted(number_words()["scales"]))
def test_parse_number_words_multiplies_by_every_scale(word):
    assert parse_number_words(f"three {word}") == 3 * number_words()["scales"][word]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("seven", 7),
        ("twenty-five", 25),
        ("two dozen", 24),
        ("a hundred thousand", 100_000),
        ("half a million", 500_000),
        ("two hundred and fifty thousand", 250_000),
        ("five million two hundred thousand", 5_200_000),
        ("one lakh", 100_000),
        ("three crore", 30_000_000),
        ("two three", None),
    ],
)
def test_parse_number_words_gives_the_value(phrase, value):
    assert parse_number_words(phrase) == value
