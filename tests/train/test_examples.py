from random import Random

import numpy as np

from tasks.annotate.tagger.labels import ROLES, begin_tag
from tasks.train.brat import GoldArticle, GoldAttribution
from tasks.train.conll import GoldEntities
from tasks.train.examples import UNSCORED, attribution_examples, entity_examples, vary_marks
from tests.annotate.tagger.tiny_model import tiny_reader

TEXT = "Mara said we won.\n" + "the ferry was late.\n" * 80 + "“We won” said Lind."


def _span(words: str, start: int = 0) -> tuple[int, int]:
    place = TEXT.index(words, start)
    return place, place + len(words)


ARTICLE = GoldArticle(
    "ferry",
    TEXT,
    (
        GoldAttribution((_span("we won"),), (_span("Mara"),), (_span("said"),)),
        GoldAttribution((_span("“We won”"),), (_span("Lind"),), (_span("said", 100),)),
        GoldAttribution((_span("the ferry was late"),), (), ()),
    ),
)


def test_attribution_examples_score_every_word_once_and_point_inside_the_window():
    reader = tiny_reader()
    examples = list(attribution_examples(ARTICLE, reader, Random(3), vary=False))
    scored = sum(int((example.tags != UNSCORED).sum()) for example in examples)
    assert len(examples) > 1
    assert scored == int(reader.read(TEXT).is_first.sum())
    begins = {role: begin_tag(position) for position, role in enumerate(ROLES)}
    for example in examples:
        for first, cue, source in example.pointers:
            assert example.tags[first] == begins["content"]
            assert cue in (0, UNSCORED) or example.tags[cue] in (begins["cue"], UNSCORED)
            assert source in (0, UNSCORED) or example.tags[source] in (begins["source"], UNSCORED)
    rows = np.concatenate([example.pointers for example in examples])
    assert len(rows) == 3
    assert (rows[:, 1:] == 0).all(axis=1).sum() == 1


def test_attribution_examples_are_the_same_for_the_same_draws():
    one, two = (list(attribution_examples(ARTICLE, tiny_reader(), Random(5))) for _ in range(2))
    assert [example.ids.tolist() for example in one] == [example.ids.tolist() for example in two]


def test_entity_examples_tag_entities():
    gold = GoldEntities("x", "Mara Lind won", ((0, 9, "PER"),))
    (example,) = entity_examples(gold, tiny_reader(), Random(1))
    assert example.tags.tolist() == [UNSCORED, 1, 2, 0, UNSCORED]
    assert example.pointers.shape == (0, 3)


def test_vary_marks_keeps_the_length():
    texts = {vary_marks(TEXT, Random(seed)) for seed in range(80)}
    assert all(len(text) == len(TEXT) for text in texts)
    for mark in '"«„‘':
        assert any(mark in text for text in texts)
    assert any(not set(text) & set('“"«„‘') for text in texts)
