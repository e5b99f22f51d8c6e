import tomllib

import pytest

from tasks.link.wordings import (
    SYNONYMS_FILE,
    expand_negations,
    fold_wording,
    list_numbers,
    name_ideas,
    stem_word,
)

SYNONYMS = tomllib.loads(SYNONYMS_FILE.read_text("utf-8"))


def test_fold_wording_leaves_the_words():
    assert fold_wording("“It’s the Harbour-gate!”") == fold_wording("its the harbour gate")


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        (["harbour", "harbours"], "harbour"),
        (["discuss", "discussed", "discussing", "discussion", "discussions"], "discus"),
        (["plan", "plans"], "plan"),
        (["boat", "boats"], "boat"),
        (["gas"], "gas"),
        (["duty", "duties"], "duty"),
        ([""], ""),
    ],
)
def test_stem_word_drops_endings(words, stem):
    assert {stem_word(word) for word in words} == {stem}


@pytest.mark.parametrize(
    ("text", "ideas"),
    [
        ("The soldiers are going back", ["troop", "going", "return"]),
        ("It is what it is", []),
        ("Twelve boats, 12 boats", ["12", "boat", "12", "boat"]),
        ("We won't raise taxes", ["rais", "taxe"]),
        ("They won the vote", ["win", "vote"]),
        ("We don’t want it and can't wait", ["want", "wait"]),
        ("", []),
        ("the dog's 'Spotlight'", ["dog", "spotlight"]),
    ],
)
def test_name_ideas_keeps_content_words_under_one_name(text, ideas):
    assert name_ideas(text) == ideas


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("We won't go", "We will not go"),
        ("Won’t they?", "will not they?"),
        ("We can't and shan't", "We can not and shall not"),
        ("It doesn't, isn’t", "It does not, is not"),
        ("The student's tent", "The student's tent"),
    ],
)
def test_expand_negations_writes_contractions_in_full(text, expanded):
    assert expand_negations(text) == expanded


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("three hundred nurses", {300}),
        ("twenty five boats and 1,200 men", {25, 1200}),
        ("1.5 million, half of one", {1_500_000}),
        ("one lakh soldiers", {100_000}),
        ("9" * 400, set()),
        ("two hundred and fifty thousand", {250_000}),
        ("thirteen boats and two trillion fish, 3 lakhs and five", {13, 2e12, 300_000, 5}),
        ("five and six", {5, 6}),
        ("two " * 5000, {2}),
        ("nobody", set()),
    ],
)
def test_list_numbers_reads_digits_and_words(text, numbers):
    assert list_numbers(text) == numbers


def test_synonyms_stand_in_one_set_each():
    words = [word for group in SYNONYMS["sets"] for word in set(group)]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(("first", "second"), SYNONYMS["examples"]["same"])
def test_name_ideas_finds_most_ideas_in_common(first, second):
    ideas, others = set(name_ideas(first)), set(name_ideas(second))
    assert 2 * len(ideas & others) >= len(ideas | others)


@pytest.mark.parametrize(("first", "second"), SYNONYMS["examples"]["different"])
def test_name_ideas_keeps_unlike_statements_apart(first, second):
    ideas, others = set(name_ideas(first)), set(name_ideas(second))
    assert 2 * len(ideas & others) <= len(ideas | others)
