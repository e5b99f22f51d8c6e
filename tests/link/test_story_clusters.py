import numpy as np
import pandas as pd
import pytest

from tasks.link import story_clusters
from tasks.link.story_clusters import (
    Gate,
    compare_articles,
    measure_nearness,
    part_components,
    settings,
    tie_rows,
)
from tasks.link.vectors import count_words, mark_names, weigh_counts

FERRY = "The ferry Marisol rammed the pier of Oldhaven, and nine passengers were hurt, captain Edda Rohl said."
FERRY_AGAIN = "Nine passengers were hurt when the ferry Marisol of captain Edda Rohl rammed a pier in Oldhaven."
CHESS = "Chess champion Ilsa Brandt beat challenger Bello in Vant and keeps the title of the world."


def compare(texts, days=None, settled=None, window=14):
    counts = count_words(texts, "en")
    days = np.array(days if days is not None else [np.nan] * len(texts), float)
    return compare_articles(counts, days, pd.Series(settled or [None] * len(texts), dtype=object), window_days=window)


def test_compare_articles_parts_two_events():
    compared = compare([FERRY, CHESS, FERRY_AGAIN])
    assert compared.labels.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([0, 1], [0, 0], id="next day"),
        pytest.param([0, np.nan], [0, 0], id="one day unknown"),
        pytest.param([0, 15], [0, 1], id="outside of the window"),
    ],
)
def test_compare_articles_keeps_the_window(days, expected):
    assert compare([FERRY, FERRY_AGAIN], days).labels.tolist() == expected


def test_compare_articles_gives_pairs_that_may_be_copies_whatever_their_days():
    compared = compare([FERRY, FERRY], [0, 100])
    assert compared.labels.tolist() == [0, 1]
    assert [part.tolist() for part in compared.alike[:2]] == [[0], [1]]


def test_compare_articles_keeps_what_was_one_story():
    assert compare([FERRY, CHESS, FERRY_AGAIN], settled=["s", "s", None]).labels[:2].tolist() == [0, 0]


def test_tie_rows_ties_each_row_to_the_one_before_it():
    rows, columns, similarities = tie_rows(np.array([0, 1, 0, 0]))
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 2), (2, 3)]
    assert similarities.tolist() == [1, 1]


def test_fade_halves_with_the_days_between():
    half_life = settings()["half_life_days"]
    gate = Gate(mark_names(count_words([CHESS] * 3, "en")), np.array([0, half_life, np.nan]), 14)
    faded = gate.fade(np.array([0, 0, 0]), np.array([0, 1, 2]))
    assert faded.tolist() == [1, 0.5, 1]


def test_lets_through_needs_a_name_in_common_where_pairs_are_doubtful():
    texts = ["today we met Anna Berg and Carl Dorn", "today we met Emil Falk and Gert Holm", "there met Anna Berg"]
    gate = Gate(mark_names(count_words(texts, "en")), np.array([np.nan] * 3), 14)
    assert gate.lets_through(np.array([0, 0]), np.array([1, 2]), np.array([0.2, 0.2])).tolist() == [False, True]
    assert gate.lets_through(np.array([0]), np.array([1]), np.array([0.9])).tolist() == [True]


def test_measure_nearness_is_one_for_a_row_alone_and_zero_without_words():
    vectors = weigh_counts(count_words([FERRY, ""], "en"))
    assert measure_nearness(vectors, np.array([0, 1])).tolist() == pytest.approx([1, 0])
    assert len(measure_nearness(vectors[:0], np.array([], int))) == 0


def test_compare_articles_is_the_same_in_small_parts(monkeypatch):
    generator = np.random.default_rng(5)
    events = [[f"w{word}" for word in generator.integers(0, 3000, 30)] for _ in range(12)]
    texts = [" ".join(generator.choice(events[number % 12], 40)) for number in range(60)]
    whole = compare(texts)
    monkeypatch.setattr(story_clusters, "PAIRS_AT_ONCE", 2)
    monkeypatch.setattr(story_clusters, "CLUSTERS_AT_ONCE", 2)
    parted = compare(texts)
    assert whole.labels.tolist() == parted.labels.tolist() == [number % 12 for number in range(60)]
    assert np.allclose(whole.nearness, parted.nearness)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param([2, 2, 3], [[2, 2], [3]], id="as many as fit"),
        pytest.param([2, 9, 2], [[2], [9], [2]], id="one too large for all"),
        pytest.param([], [], id="none"),
    ],
)
def test_part_components_bounds_the_pairs(monkeypatch, sizes, expected):
    monkeypatch.setattr(story_clusters, "PAIRS_AT_ONCE", 4)
    parts = part_components([np.arange(size) for size in sizes])
    assert [[len(members) for members in part] for part in parts] == expected
