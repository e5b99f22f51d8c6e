import pytest

from tasks.annotate.noun_phrases import (
    ends_phrase,
    is_collective,
    is_number,
    is_plural,
    load_lexicon,
    name_phrase,
    read_phrase,
    read_phrase_backwards,
    singular_of,
    skip_determiners,
    skip_number,
    verb_of,
    words_after,
    words_before,
)


@pytest.mark.parametrize(
    ("word", "plural", "singular"),
    [
        ("boats", True, "boat"),
        ("cities", True, "city"),
        ("crashes", True, "crash"),
        ("policemen", True, "policeman"),
        ("children", True, "child"),
        ("news", False, "news"),
        ("glass", False, "glass"),
        ("town's", False, "town's"),
        ("politics", False, "politics"),
        ("boat", False, "boat"),
    ],
)
def test_is_plural_and_singular_of_read_nouns(word, plural, singular):
    assert (is_plural(word), singular_of(word)) == (plural, singular)


@pytest.mark.parametrize(("plural", "singular"), sorted(load_lexicon().plurals.items()))
def test_singular_of_knows_every_listed_plural(plural, singular):
    assert singular_of(plural) == singular


@pytest.mark.parametrize(
    ("word", "expected"),
    [("lasted", "last"), ("stopped", "stop"), ("carried", "carry"), ("rose", "rise"), ("died", "die"), ("bed", None)],
)
def test_verb_of_gives_the_base_form(word, expected):
    assert verb_of(word) == expected


@pytest.mark.parametrize(
    ("words", "plural", "expected"),
    [
        ("striking dockers march on", True, ["striking", "dockers"]),
        ("police officers came", True, ["police", "officers"]),
        ("of the men", True, None),
        ("aid package for farmers", False, ["aid", "package"]),
        ("meeting ended", False, ["meeting"]),
        ("", False, None),
    ],
)
def test_read_phrase_ends_with_its_head(words, plural, expected):
    assert read_phrase(words.split(), plural=plural) == expected


def test_read_phrase_backwards_stops_at_a_small_word():
    assert read_phrase_backwards(["after", "the", "long", "peace", "talks"]) == ["peace", "talks"]
    assert read_phrase_backwards(["the"]) is None


def test_name_phrase_gives_the_singular_in_small_letters():
    assert name_phrase(["Vantian", "Troops"]) == "vantian troop"


def test_words_before_and_after_stay_within_the_sentence():
    text = "It rained. The U.S. sent 40 (or so) grey ships. They left."
    at = text.index("40")
    assert words_before(text, at) == ["The", "U.S.", "sent"]
    assert words_after(text, at + 2) == ["grey", "ships"]


def test_skip_determiners_and_skip_number_leave_the_noun():
    assert skip_determiners(["the", "$", "loan"]) == ["loan"]
    assert skip_number(["three", "40", "boats"]) == ["boats"]


@pytest.mark.parametrize(("word", "expected"), [("of", True), (",", True), ("don't", True), ("harbour", False)])
def test_ends_phrase_knows_small_words_and_signs(word, expected):
    assert ends_phrase(word) is expected


def test_is_number_and_is_collective_look_words_up():
    assert [is_number(word) for word in ("7", "seven", "lakh", "boat")] == [True, True, True, False]
    assert [is_collective(word) for word in ("police", "boats")] == [True, False]
