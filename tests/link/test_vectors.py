import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from tasks.link import vectors
from tasks.link.vectors import (
    cluster_pairs,
    count_words,
    find_similar_pairs,
    join_title_and_text,
    link_average,
    mark_names,
    split_components,
    stop_words,
    weigh_counts,
)


def test_stop_words_are_tokens_and_no_import_of_spacy():
    assert {"the", "of"} < stop_words("en")
    code = "import sys; from tasks.link.vectors import stop_words; print(len(stop_words('de')), 'spacy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert int(told[0]) > 100
    assert told[1] == "False"


@pytest.mark.parametrize("language", ["xx", "e", "../en", ""])
def test_stop_words_of_an_unknown_language_are_none(language):
    assert stop_words(language) == frozenset()


@pytest.mark.parametrize("language", ["en", "de", "xx"])
def test_count_words_hashes_as_scikit_learn_does(language):
    texts = [
        "Boats left the harbour, the harbour was empty.",
        "",
        "Der Fährmann über die Straße: ÄÖÜ, İstanbul, x_1 __ a, ٣٣ 日本語",
        "of the and",
    ]
    known = HashingVectorizer(
        n_features=vectors.COLUMNS,
        alternate_sign=False,
        norm=None,
        stop_words=sorted(stop_words(language)) or None,
        dtype=np.float32,
    ).transform(texts)
    counts = count_words(texts, language)
    assert counts.indptr.tolist() == known.indptr.tolist()
    assert counts.indices.tolist() == known.indices.tolist()
    assert (counts.data % vectors.NAME_MARK).tolist() == known.data.astype(int).tolist()


def test_find_similar_pairs_agrees_with_all_pairs():
    generator = np.random.default_rng(7)
    texts = [" ".join(f"w{word}" for word in generator.integers(0, 60, 30)) for _ in range(80)]
    matrix = weigh_counts(count_words(texts, "xx"))
    exact = np.triu((matrix @ matrix.T).toarray(), 1)
    rows, columns, cosines = find_similar_pairs(matrix, minimum=0.3)
    assert set(zip(rows, columns, strict=True)) == set(zip(*np.nonzero(exact >= 0.3), strict=True))
    assert np.allclose(cosines, exact[rows, columns], atol=1e-5)


def test_find_similar_pairs_are_the_same_in_small_parts(monkeypatch):
    generator = np.random.default_rng(8)
    texts = [" ".join(f"w{word}" for word in generator.integers(0, 90, 40)) for _ in range(50)]
    whole = find_similar_pairs(weigh_counts(count_words(texts, "xx")), minimum=0.2)
    for name, rows in (("WALKED_ROWS", 7), ("INVERTED_ROWS", 11), ("BLOCK_ROWS", 3)):
        monkeypatch.setattr(vectors, name, rows)
    parted = find_similar_pairs(weigh_counts(count_words(texts, "xx")), minimum=0.2)
    assert len(whole[0])
    assert sorted(zip(*whole, strict=True)) == sorted(zip(*parted, strict=True))


def test_weigh_counts_gives_rows_of_unit_length_by_rarity():
    weighed = weigh_counts(count_words(["ferry ferry harbour", "harbour", "harbour"], "en")).toarray()
    assert np.allclose((weighed**2).sum(axis=1), 1)
    ferry, harbour = sorted(weighed[0][weighed[0] > 0], reverse=True)
    assert ferry / harbour == pytest.approx((1 + np.log(2)) * (np.log(54 / 3) + 1) / (np.log(54 / 5) + 1), rel=1e-3)


def test_mark_names_are_the_same_in_small_parts(monkeypatch):
    counts = count_words(["Boats left for Oldport, said Ada Cole", "Boats left", "the town of Vant"], "en")
    whole = mark_names(counts)
    monkeypatch.setattr(vectors, "WALKED_ROWS", 1)
    assert (mark_names(counts) != whole).nnz == 0
    assert whole.getnnz(axis=1).tolist() == [3, 0, 1]


def test_link_average_does_not_chain():
    # 0-1 and 1-2 are alike, 0-2 are not: the average of the second merge falls short.
    similarity = np.array([[1, 0.9, 0], [0.9, 1, 0.6], [0, 0.6, 1]])
    assert link_average(similarity, minimum=0.5).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("size", "between", "step", "clusters"),
    [
        pytest.param(4, 0.3, 0.0, 1, id="alike enough without a step"),
        pytest.param(4, 0.3, 0.1, 2, id="less than four rows a side ask for"),
        pytest.param(4, 0.45, 0.1, 1, id="as much as four rows a side ask for"),
        pytest.param(1, 0.3, 0.1, 1, id="two rows ask for the minimum"),
    ],
)
def test_link_average_asks_for_more_of_larger_sides(size, between, step, clusters):
    similarity = np.full((2 * size, 2 * size), between)
    similarity[:size, :size] = similarity[size:, size:] = 0.8
    labels = link_average(similarity, minimum=0.2, step=step)
    assert len(set(labels[:size])) == len(set(labels[size:])) == 1
    assert len(set(labels)) == clusters


def test_link_average_cuts_as_the_plain_cut_where_the_step_is_small():
    random = np.random.default_rng(3).random((40, 40))
    similarity = (random + random.T) / 2
    plain = link_average(similarity, minimum=0.5)
    assert link_average(similarity, minimum=0.5, step=1e-9).tolist() == plain.tolist()
    assert 1 < len(set(plain)) < 40


def test_join_title_and_text_repeats_title_and_lead():
    articles = pd.DataFrame({"title": ["Flood", None], "text": ["a b c d", "e f"]})
    joined = join_title_and_text(articles, title_weight=2, lead_words=3, reading_words=3)
    assert [text.split() for text in joined] == [
        ["Flood", "Flood", "a", "b", "c", "a", "b", "c"],
        ["e", "f", "e", "f"],
    ]


def test_cluster_pairs_counts_a_missing_pair_as_unlike():
    rows, columns = np.array([0, 1]), np.array([1, 2])
    assert cluster_pairs(4, rows, columns, np.array([0.9, 0.6]), minimum=0.5).tolist() == [0, 0, 1, 2]


def test_cluster_pairs_keeps_many_components_apart():
    rows, columns = np.array([0, 1, 3, 5, 5]), np.array([1, 2, 4, 6, 7])
    similarities = np.array([0.9, 0.6, 0.9, 0.3, 0.8])
    assert cluster_pairs(8, rows, columns, similarities, minimum=0.5).tolist() == [0, 0, 1, 2, 2, 3, 4, 3]


def test_split_components_bounds_the_size_of_a_component(monkeypatch):
    monkeypatch.setattr(vectors, "MAX_DENSE_ROWS", 3)
    # Two tight groups of three, tied by one weak pair.
    rows, columns = np.array([0, 1, 3, 4, 2]), np.array([1, 2, 4, 5, 3])
    pairs = rows, columns, np.array([0.9, 0.9, 0.9, 0.9, 0.2])
    pieces = [(piece.tolist(), is_tight) for piece, is_tight in split_components(6, pairs, 0.15)]
    assert pieces == [([0, 1, 2], False), ([3, 4, 5], False)]


def test_find_similar_pairs_looks_only_for_pairs_of_new_rows():
    matrix = weigh_counts(count_words(["alpha beta gamma"] * 4, "en"))
    rows, columns, _ = find_similar_pairs(matrix, minimum=0.5, first_row=3)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 3), (1, 3), (2, 3)]


def test_find_similar_pairs_keeps_the_nearest():
    texts = ["alpha beta", "alpha beta gamma delta", "alpha beta gamma"]
    matrix = weigh_counts(count_words(texts, "en"))
    rows, columns, _ = find_similar_pairs(matrix, minimum=0.1, neighbours=1)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 2)]


def test_mark_names_takes_capitals_within_a_sentence():
    names = mark_names(count_words(["Boats left for Oldport, said Ada Cole", "Boats left the harbour"], "en"))
    assert np.diff(names.indptr).tolist() == [3, 0]


def test_weigh_counts_leaves_a_text_without_words_at_zero():
    assert weigh_counts(count_words(["of the", "ferry harbour"], "en")).getnnz(axis=1).tolist() == [0, 2]
