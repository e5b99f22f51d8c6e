import numpy as np
import pytest

from tasks.link import vectors
from tasks.link.vectors import cluster_pairs, cluster_rows, find_similar_pairs, link_average, stop_words, weigh_words


@pytest.mark.parametrize("language", ["xx", "e", "../en", ""])
def test_stop_words_of_an_unknown_language_are_none(language):
    assert stop_words(language) == frozenset()


def test_find_similar_pairs_agrees_with_all_pairs():
    generator = np.random.default_rng(7)
    texts = [" ".join(f"w{word}" for word in generator.integers(0, 60, 30)) for _ in range(80)]
    matrix = weigh_words(texts, "xx")
    exact = np.triu((matrix @ matrix.T).toarray(), 1)
    rows, columns, cosines = find_similar_pairs(matrix, minimum=0.3)
    assert set(zip(rows, columns, strict=True)) == set(zip(*np.nonzero(exact >= 0.3), strict=True))
    assert np.allclose(cosines, exact[rows, columns], atol=1e-5)


def test_link_average_does_not_chain():
    # 0-1 and 1-2 are alike, 0-2 are not: the average of the second merge falls short.
    similarity = np.array([[1, 0.9, 0], [0.9, 1, 0.6], [0, 0.6, 1]])
    assert link_average(similarity, minimum=0.5).tolist() == [0, 0, 1]


def test_cluster_pairs_counts_a_missing_pair_as_unlike():
    rows, columns = np.array([0, 1]), np.array([1, 2])
    assert cluster_pairs(4, rows, columns, np.array([0.9, 0.6]), minimum=0.5).tolist() == [0, 0, 1, 2]


def test_cluster_rows_bounds_the_size_of_a_component(monkeypatch):
    texts = ["alpha beta gamma delta"] * 12 + ["epsilon zeta eta theta"] * 3
    monkeypatch.setattr(vectors, "MAX_DENSE_ROWS", 5)
    assert cluster_rows(weigh_words(texts, "en"), minimum=0.2).tolist() == [0] * 12 + [1] * 3
