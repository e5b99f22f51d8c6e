import numpy as np
import pytest

from tasks.link.quote_pieces import settings
from tasks.link.quote_similarity import compare_sentences, find_contrary, find_marked_apart, find_opposed


def similarity(first, second, kind="similar"):
    *_, similarities = getattr(compare_sentences([first, second]), kind)
    return float(max(similarities, default=0.0))


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
    assert similarity(said, denied, "similar_but_contrary") >= settings()["similarity"]["opposed"]


def test_compare_sentences_lowers_other_numbers():
    assert similarity("Forty nurses signed the long letter", "Ninety nurses signed the long letter") <= 0.34


def test_compare_sentences_of_nothing_is_empty():
    for sentences in ([], ["…", "!"], [""]):
        assert [len(part) for part in compare_sentences(sentences).similar] == [0, 0, 0]


def test_compare_sentences_stays_within_scopes():
    told = ["Nobody will ever close the harbour gate", "Nobody closes the harbour gate, ever", "Fish is dear"]
    alone = compare_sentences(told).similar
    beside = compare_sentences([*told, told[0], *told], np.array([0, 0, 0, 1, 2, 2, 2])).similar
    assert beside[0].tolist() == [*alone[0], *(alone[0] + 4)]
    assert beside[1].tolist() == [*alone[1], *(alone[1] + 4)]
    assert beside[2] == pytest.approx(np.tile(alone[2], 2))


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
    pair = np.array([0]), np.array([1])
    assert find_opposed(texts, *pair).tolist() == [opposed]
    assert find_contrary(texts, *pair).tolist() == [contrary]
