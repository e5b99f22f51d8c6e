import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from tasks.link.quote_pieces import settings
from tasks.link.quote_vectors import list_runs, measure_containment, weigh_texts
from tasks.link.wordings import fold_wording, name_ideas

TEXTS = ["The harbour gate stays open", "a harbour gate, É 漢字", "", "Fish is dear; fish!", "x", "the harbour gate"]


def weigh(texts, scopes=None):
    """The vectors, by default of one scope."""
    ideas = [name_ideas(text) for text in texts]
    return weigh_texts(texts, ideas, np.zeros(len(texts), int) if scopes is None else np.array(scopes))


def weigh_with_a_library(texts):
    """The same products from scikit-learn's vectors of one scope."""
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
    ideas = TfidfVectorizer(analyzer=name_ideas, sublinear_tf=True)
    weight = settings()["pieces"]["weight_of_ideas"] ** 0.5
    folded = [fold_wording(text) for text in texts]
    joined = sparse.hstack([letters.fit_transform(folded), ideas.fit_transform(texts) * weight]).tocsr()
    products = (joined @ joined.T).toarray()
    lengths = np.sqrt(products.diagonal())
    lengths[lengths == 0] = 1
    return products / np.outer(lengths, lengths)


def test_weigh_texts_is_tf_idf_of_letters_and_ideas():
    vectors = weigh(TEXTS)
    assert (vectors @ vectors.T).toarray() == pytest.approx(weigh_with_a_library(TEXTS), abs=1e-6)


def test_weigh_texts_counts_within_each_scope():
    vectors = weigh(TEXTS * 2 + TEXTS[:2], [0] * 6 + [1] * 6 + [2] * 2)
    products = (vectors @ vectors.T).toarray()
    assert products[:6, :6] == pytest.approx(products[6:12, 6:12], abs=1e-6)
    assert products[12:, 12:] == pytest.approx(weigh_with_a_library(TEXTS[:2]), abs=1e-6)
    assert not products[:6, 6:].any()
    assert not products[6:12, 12:].any()


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["…"]], ids=["none", "empty", "several empty", "no words"])
def test_weigh_texts_of_no_words_is_zero(texts):
    vectors = weigh(texts)
    assert (vectors.shape[0], vectors.nnz) == (len(texts), 0)


@pytest.mark.parametrize(
    ("texts", "runs"),
    [
        (["ab"], [" ab", "ab ", " ab "]),
        (["a"], [" a "]),
        (["abc", "d"], [" ab", "abc", "bc ", " abc", "abc ", " d "]),
        (["a b"], [" a ", " b "]),
    ],
    ids=["short word", "letter", "two texts", "two words"],
)
def test_list_runs_counts_runs_within_words(texts, runs):
    rows, numbers = list_runs(texts)
    assert len(rows) == len(runs)
    assert len(set(numbers.tolist())) == len(set(runs))


def test_measure_containment_is_the_share_that_the_larger_has():
    contained = measure_containment(
        weigh(["harbour gate", "the harbour gate stays open", "fish"]), np.array([0, 1]), np.array([1, 2])
    )
    assert contained[0] > 0.9
    assert contained[1] < 0.2
