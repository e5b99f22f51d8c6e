from dataclasses import dataclass

import numpy as np
import pytest

from tasks.link import quote_judges
from tasks.link.quote_judges import Judge, Pair, find_catchwords


@dataclass
class Told:
    texts: list[str]
    speakers: np.ndarray
    kinds: np.ndarray
    articles: np.ndarray


def tell(*sentences):
    """Sentences of one speaker, each "article kind: text"; kinds by their first letters."""
    kinds = {"d": "direct", "m": "mixed", "i": "indirect"}
    places, texts = zip(*(sentence.split(": ", 1) for sentence in sentences), strict=True)
    articles, letters = zip(*(place.split() for place in places), strict=True)
    return Told(
        list(texts),
        np.zeros(len(texts), int),
        np.array([kinds[letter] for letter in letters], object),
        np.array(articles, object),
    )


@pytest.mark.parametrize(
    ("first", "second", "is_thin"),
    [
        ("that the speeches of the provisional director were dangerous", "to praise the provisional director", True),
        ("he took part in a contest at the party early this month", "how friends came to the party this month", True),
        ("the yard must stop its night work near the school", "the yard should stop night work at the school", False),
        ("she was not ready to support Holt", "that she was not ready to support Mr Holt", False),
        ("the flood took two bridges", "the flood took two bridges", False),
    ],
)
def test_is_thin_tells_what_is_named_from_what_is_said(first, second, is_thin):
    assert Judge(tell(f"a i: {first}", f"b i: {second}")).is_thin(Pair(0, 1)) == is_thin


def test_is_thin_asks_nothing_of_two_direct_sentences():
    texts = "The old boxes of the chest are a grave concern", "The biggest question now is the lid of the boxes"
    assert Judge(tell(f"a d: {texts[0]}", f"b i: {texts[1]}")).is_thin(Pair(0, 1))
    assert not Judge(tell(f"a d: {texts[0]}", f"b d: {texts[1]}")).is_thin(Pair(0, 1))


@pytest.mark.parametrize(
    ("first", "second", "is_apart"),
    [
        ("a d: The claims about the wells are taken seriously.", "a d: The claims show why we need inspectors.", True),
        ("a d: The claims about the wells are taken seriously.", "b d: The claims show why we need inspectors.", False),
        ("a i: the claims about the wells are taken seriously", "a d: The claims show why we need inspectors.", False),
        ("a d: We take the claims about the wells seriously.", "a m: the claims about the wells", False),
        ("a i: Velm did not plan to attack the island", "a i: Velm had no plans to invade the island", False),
    ],
)
def test_is_of_one_article_parts_what_a_reporter_prints_side_by_side(first, second, is_apart):
    assert Judge(tell(first, second)).is_of_one_article(Pair(0, 1)) == is_apart


def find(*sentences):
    told = tell(*sentences)
    rows, columns = np.triu_indices(len(sentences), 1)
    found = find_catchwords(Judge(told), rows, columns, np.ones(len(rows), bool))
    return {(int(row), int(column)) for row, column in zip(rows[found], columns[found], strict=True)}


def test_find_catchwords_finds_words_that_stand_in_unlike_sentences_of_an_article():
    assert find(
        "a m: honest harbour money",
        "b d: They praise me for being right about honest harbour money.",
        "b d: The island was robbed last night of honest harbour money.",
    ) == {(0, 1), (0, 2)}


def test_find_catchwords_knows_words_of_a_reporter_in_another_form():
    sentences = (
        "b d: They praise me for being right about radical harbour populism.",
        "b d: Last night the island was robbed by a radical harbour populist.",
    )
    assert find("a m: radical harbour populism", *sentences) == {(0, 1), (0, 2)}
    assert find("a d: radical harbour populism", *sentences) == {(0, 1)}


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(
            (
                "a m: honest harbour money",
                "b d: They praise me for being right about honest harbour money.",
                "c d: The island was robbed last night of honest harbour money.",
            ),
            id="of two articles",
        ),
        pytest.param(
            (
                "a m: honest harbour money",
                "b d: They praise me for being right about honest harbour money.",
                "b d: They praise me now for having been right about honest harbour money.",
            ),
            id="of like sentences",
        ),
        pytest.param(("a m: honest harbour money", "b d: They praise me for honest harbour money."), id="of one"),
    ],
)
def test_find_catchwords_leaves_words(sentences):
    assert find(*sentences) == set()


def test_find_catchwords_asks_once_for_the_same_words(monkeypatch):
    """As many articles as print the words and as many sentences beside them would else be compared over and over."""
    asked = []
    are_unlike = quote_judges._are_unlike
    monkeypatch.setattr(quote_judges, "_are_unlike", lambda *given: asked.append(given) or are_unlike(*given))
    praise = [f"b{number} d: They praise me for being right about honest harbour money." for number in range(9)]
    assert find(*(f"a{number} m: honest harbour money" for number in range(9)), *praise) == set()
    assert len(asked) == 1
