from itertools import product

import numpy as np
import pytest

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
    tags = best_tags(scores, TagCosts().transitions(ROLE_TAGS))
    legal = legal_transitions(ROLE_TAGS)
    assert all(legal[before, after] for before, after in zip([0, *tags], tags, strict=False))
    assert TAGS["I-content"] in tags.tolist()


def test_best_tags_leaves_legal_tags_alone():
    scores = log_probabilities(tagged("B-source B-cue O B-content I-content"))
    expected = [3, 5, 0, 1, 2]
    assert best_tags(scores, TagCosts().transitions(ROLE_TAGS)).tolist() == expected


def test_best_tags_joins_a_content_that_is_dear_to_begin():
    scores = log_probabilities(tagged("B-content I-content I-content O B-content I-content I-content", strength=1.0))
    costs = TagCosts(begin=(3.0, 0.0, 0.0))
    tags = best_tags(costs.weigh(scores), costs.transitions(ROLE_TAGS))
    assert tags.tolist() == [1, 2, 2, 2, 2, 2, 2]


def test_weigh_favours_a_label():
    scores = log_probabilities(tagged("O O", strength=1.0))
    weighed = TagCosts(favour=(0.0, 2.0)).weigh(scores)
    assert best_tags(weighed, TagCosts().transitions(ROLE_TAGS)).tolist() == [TAGS["B-source"]] * 2
    assert np.array_equal(weighed[:, :3], scores[:, :3])


def test_find_spans_gives_the_models_own_probability():
    pieces = tiny_reader().read("Mara said")
    scores = tagged("O O", strength=1.0)
    (first, second) = find_spans(scores, pieces, ROLES, TagCosts(favour=(0.0, 2.0)))
    assert first.label == second.label == "source"
    assert first.confidence < 0.2


def test_best_tags_agrees_with_trying_every_path():
    random = np.random.default_rng(0)
    steps = TagCosts(begin=(1.5, 0.2, 0.0)).transitions(ROLE_TAGS)
    for _ in range(30):
        weights = random.normal(size=(5, ROLE_TAGS)) * 3
        assert best_tags(weights, steps).tolist() == _best_by_trial(weights, steps)


def _best_by_trial(weights: np.ndarray, steps: np.ndarray) -> list[int]:
    def total(path: tuple[int, ...]) -> float:
        pairs = zip((0, *path), path, strict=False)
        return sum(steps[before, after] for before, after in pairs) + weights[range(len(path)), path].sum()

    return list(max(product(range(weights.shape[1]), repeat=len(weights)), key=total))


@pytest.mark.parametrize("spread", [0.3, 1.0, 3.0], ids=["alike", "unlike", "sure"])
def test_best_tags_agrees_with_viterbi_over_the_whole_text(spread):
    random = np.random.default_rng(1)
    steps = TagCosts(begin=(1.5, 0.2, 0.0)).transitions(ROLE_TAGS)
    for _ in range(20):
        weights = random.normal(size=(60, ROLE_TAGS)) * spread
        # Words of which the model is sure part one stretch in dispute from the next.
        weights[::7, 0] += 20
        assert best_tags(weights, steps).tolist() == _best_by_viterbi(weights, steps)


def _best_by_viterbi(weights: np.ndarray, steps: np.ndarray) -> list[int]:
    sums, origins = weights[0] + steps[0], []
    for word in weights[1:]:
        reached = sums[:, None] + steps
        origins.append(reached.argmax(axis=0))
        sums = reached.max(axis=0) + word
    tags = [int(sums.argmax())]
    for origin in reversed(origins):
        tags.append(int(origin[tags[-1]]))
    return tags[::-1]
