from itertools import product

import numpy as np

from tasks.annotate.tagger.labels import ROLE_TAGS, ROLES, legal_transitions
from tasks.annotate.tagger.spans import TagCosts, best_tags, find_spans, log_probabilities
from tests.annotate.tagger.tagged_scores import TAGS, tagged
from tests.annotate.tagger.tiny_model import tiny_reader


def test_find_spans_reads_begin_and_inside():
    pieces = tiny_reader().read("Mara Lind said we won")
    spans = find_spans(tagged("B-source I-source B-cue B-content I-content"), pieces, ROLES)
    assert [(span.first, span.last, span.label) for span in spans] == [
        (0, 2, "source"),
        (2, 3, "cue"),
        (3, 5, "content"),
    ]
    assert all(span.confidence > 0.9 for span in spans)


def test_find_spans_takes_a_word_with_all_its_pieces():
    pieces = tiny_reader().read("lately said")
    scores = tagged("B-source O O")
    assert [(span.first, span.last) for span in find_spans(scores, pieces, ROLES)] == [(0, 2)]


def test_best_tags_mends_an_inside_that_nothing_begins():
    scores = log_probabilities(tagged("O I-content I-content O"))
    tags = best_tags(scores, np.zeros(4, int), TagCosts().transitions(ROLE_TAGS))
    legal = legal_transitions(ROLE_TAGS)
    assert all(legal[before, after] for before, after in zip([0, *tags], tags, strict=False))
    assert TAGS["I-content"] in tags.tolist()


def test_best_tags_leaves_legal_tags_alone():
    scores = log_probabilities(tagged("B-source B-cue O B-content I-content"))
    expected = [3, 5, 0, 1, 2]
    assert best_tags(scores, np.zeros(5, int), TagCosts().transitions(ROLE_TAGS)).tolist() == expected


def test_best_tags_joins_a_content_that_is_dear_to_begin():
    scores = log_probabilities(tagged("B-content I-content I-content O B-content I-content I-content", strength=1.0))
    costs = TagCosts(begin=(3.0, 0.0, 0.0))
    tags = best_tags(costs.weigh(scores), np.zeros(7, int), costs.transitions(ROLE_TAGS))
    assert tags.tolist() == [1, 2, 2, 2, 2, 2, 2]


def test_best_tags_goes_on_from_the_paragraph_before():
    scores = log_probabilities(tagged("B-content I-content I-content O"))
    tags = best_tags(scores, np.array([0, 0, 1, 1]), TagCosts().transitions(ROLE_TAGS))
    assert tags.tolist() == [1, 2, 2, 0]


def test_weigh_favours_a_label():
    scores = log_probabilities(tagged("O O", strength=1.0))
    weighed = TagCosts(favour=(0.0, 2.0)).weigh(scores)
    assert best_tags(weighed, np.zeros(2, int), TagCosts().transitions(ROLE_TAGS)).tolist() == [TAGS["B-source"]] * 2
    assert np.array_equal(weighed[:, :3], scores[:, :3])


def test_find_spans_gives_the_models_own_probability():
    pieces = tiny_reader().read("Mara said")
    scores = tagged("O O", strength=1.0)
    (first, second) = find_spans(scores, pieces, ROLES, TagCosts(favour=(0.0, 2.0)))
    assert first.label == second.label == "source"
    assert first.confidence < 0.2


def test_best_tags_agrees_with_trying_every_path():
    random = np.random.default_rng(0)
    costs = TagCosts(begin=(1.5, 0.2, 0.0))
    steps = costs.transitions(ROLE_TAGS)
    for _ in range(20):
        weights = random.normal(size=(5, ROLE_TAGS)) * 3
        paragraphs = np.array([0, 0, 0, 1, 1])
        first = _best_by_trial(weights[:3], steps, 0)
        second = _best_by_trial(weights[3:], steps, first[-1])
        assert best_tags(weights, paragraphs, steps).tolist() == [*first, *second]


def _best_by_trial(weights: np.ndarray, steps: np.ndarray, previous: int) -> tuple[int, ...]:
    def total(path: tuple[int, ...]) -> float:
        pairs = zip((previous, *path), path, strict=False)
        return sum(steps[before, after] for before, after in pairs) + weights[range(len(path)), path].sum()

    return max(product(range(weights.shape[1]), repeat=len(weights)), key=total)
