import pytest

from tasks.resolve.phrases import read_phrase, singular

PHRASES = {
    "the mayor of Kelm": ("mayor", "is_person"),
    "the 43-year-old": ("43-year-old", "is_person"),
    "the union": ("union", "is_organisation"),
    "a new survey of voters": ("survey", "is_document"),
    "two senior officials": ("official", "is_plural"),
    "his letter": ("letter", "is_owned"),
}


@pytest.mark.parametrize(("text", "noun", "kind"), [(text, *rest) for text, rest in PHRASES.items()])
def test_read_phrase_finds_the_head(text, noun, kind):
    phrase = read_phrase(text)
    assert phrase.noun == noun
    assert getattr(phrase, kind)


def test_read_phrase_tells_gender():
    assert [read_phrase(text).gender for text in ("the woman", "the chairman", "the nurse")] == ["female", "male", None]


SINGULARS = [("women", "woman"), ("parties", "party"), ("analysts", "analyst"), ("news", "news"), ("crisis", "crisis")]


@pytest.mark.parametrize(("word", "expected"), SINGULARS)
def test_singular_drops_the_ending(word, expected):
    assert singular(word) == expected
