import numpy as np
import pandas as pd
import pytest

from tasks.link.quote_similarity import (
    compare_sentences,
    cut_pieces,
    find_contrary,
    find_marked,
    find_marked_apart,
    find_opposed,
    measure_containment,
    settings,
    split_quotes,
    weigh_pieces,
)
from tasks.link.wordings import name_ideas


def similarity(first, second, **options):
    *_, similarities = compare_sentences([first, second], **options)
    return float(max(similarities, default=0.0))


@pytest.mark.parametrize(
    ("content", "segments", "expected"),
    [
        pytest.param("One ends. Two begins.", "", ["One ends.", "Two begins."], id="two sentences"),
        pytest.param("Never again, We go.", "5:17 30:36", ["Never again,", "We go."], id="parted by a cue"),
        pytest.param("It rose 3.5 percent", "", ["It rose 3.5 percent"], id="no stop within a number"),
        pytest.param("", "", [""], id="empty"),
    ],
)
def test_split_quotes_gives_sentences_and_pieces(content, segments, expected):
    assert split_quotes(pd.DataFrame({"content": [content], "content_segments": [segments]})) == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the talks were “frank and candid”, as ever", ["frank and candid"]),
        ("he named it a “farce” of old", []),
        ("no marks here", []),
        (
            'the roof was "past hope of repair" and "a danger to children"',
            ["past hope of repair", "a danger to children"],
        ),
    ],
)
def test_find_marked_gives_what_is_more_than_a_word(sentence, expected):
    assert find_marked(sentence) == expected


def test_cut_pieces_adds_clauses_of_several_ideas():
    sentence = "The harbour gate stays open until winter, and the fishing boats return from the northern islands"
    pieces = cut_pieces([sentence, "Short one"])
    assert pieces.texts[0] == sentence
    assert pieces.owners.tolist() == [0] * (len(pieces.texts) - 1) + [1]
    assert pieces.is_clause.tolist() == [text not in (sentence, "Short one") for text in pieces.texts]
    assert pieces.is_clause.sum() == 2


def test_compare_sentences_finds_a_rewording_and_parts_a_stranger():
    gate = "Nobody will ever close the harbour gate of our town"
    assert (
        similarity(gate, "No one is going to shut our town's harbour gate, ever")
        > settings()["similarity"]["same_speaker"]
    )
    assert similarity(gate, "The price of fish rises before winter") < settings()["similarity"]["same_speaker"]


def test_compare_sentences_lowers_what_contradicts():
    said, denied = "We will close the harbour gate in winter", "We will not close the harbour gate in winter"
    assert similarity(said, denied) <= settings()["similarity"]["contrary"]
    assert similarity(said, denied, keeps_contrary=True) >= settings()["similarity"]["opposed"]


def test_compare_sentences_lowers_other_numbers():
    assert similarity("Forty nurses signed the long letter", "Ninety nurses signed the long letter") <= 0.34


def test_compare_sentences_of_nothing_is_empty():
    assert [len(part) for part in compare_sentences([])] == [0, 0, 0]
    assert [len(part) for part in compare_sentences(["…", "!"])] == [0, 0, 0]


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("the talks were “honest and useful”", "the petition was “useful and overdue”", True),
        ("the talks were “honest and useful”", "the discussion, “candid and helpful.”", False),
        ("the talks were “honest and useful”", "the talks were honest and useful", False),
    ],
)
def test_find_marked_apart_judges_what_stands_in_marks(first, second, apart):
    assert find_marked_apart([first, second], np.array([0]), np.array([1])).tolist() == [apart]


@pytest.mark.parametrize(
    ("first", "second", "opposed", "contrary"),
    [
        ("We have plans to attack", "We have no plans to attack", True, True),
        ("We have no plans to attack", "We do not intend to invade", False, False),
        ("Three boats sank", "Five boats sank", False, True),
        ("Three boats sank", "Boats sank", False, False),
    ],
)
def test_find_opposed_and_find_contrary_judge_pairs(first, second, opposed, contrary):
    texts = [first, second]
    ideas = [name_ideas(text) for text in texts]
    pair = np.array([0]), np.array([1])
    assert find_opposed(texts, ideas, *pair).tolist() == [opposed]
    assert find_contrary(texts, ideas, *pair).tolist() == [contrary]


def test_measure_containment_is_the_share_that_the_larger_has():
    vectors = weigh_pieces(["harbour gate", "the harbour gate stays open", "fish"])
    contained = measure_containment(vectors, np.array([0, 1]), np.array([1, 2]))
    assert contained[0] > 0.9
    assert contained[1] < 0.2
