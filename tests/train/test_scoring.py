import pytest

from tasks.train.brat import GoldArticle, GoldAttribution
from tasks.train.scoring import Score, Told, score_attributions

TEXT = "Mara Lind said the ferry was late. “We won,” said Roth."
CONTENT, SOURCE, CUE = (15, 33), (0, 9), (10, 14)
ARTICLE = GoldArticle(
    "ferry",
    TEXT,
    (GoldAttribution((CONTENT,), (SOURCE,), (CUE,)), GoldAttribution(((35, 44),), ((50, 54),), ((45, 49),))),
)

# what is told: right, found
CASES = {
    "all of it": ([((CONTENT,), (SOURCE,)), (((35, 44),), ((50, 54),))], (2, 2)),
    "half of a content": ([(((15, 24),), (SOURCE,))], (1, 1)),
    "less than half of a content": ([(((15, 18),), (SOURCE,))], (0, 1)),
    "the wrong source": ([((CONTENT,), ((50, 54),))], (0, 1)),
    "a part of the source": ([((CONTENT,), ((5, 9),))], (1, 1)),
    "no source": ([((CONTENT,), ())], (0, 1)),
    "twice": ([((CONTENT,), (SOURCE,)), ((CONTENT,), (SOURCE,))], (1, 2)),
    "nothing": ([], (0, 0)),
}


@pytest.mark.parametrize(("told", "expected"), CASES.values(), ids=CASES.keys())
def test_score_attributions_counts_contents_with_their_sources(told, expected):
    score = score_attributions([ARTICLE], lambda _: [Told(content, source, ()) for content, source in told])
    assert (score.right, score.found, score.true) == (*expected, 2)


def test_f1_is_nothing_where_nothing_is_right():
    assert Score(0, 3, 4).f1 == 0
    assert Score(2, 4, 4).f1 == 0.5
