"""Rows of a tagging head turned into spans."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tasks.annotate.tagger.labels import begin_tag, legal_transitions
from tasks.annotate.tagger.pieces import Pieces

# Forbids a transition without making sums undefined.
FORBIDDEN = -1e4


@dataclass(frozen=True, slots=True)
class Span:
    """A tagged stretch: half-open range of pieces, its label, and the mean probability of its tags."""

    first: int
    last: int
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TagCosts:
    """What is added to the model's log-probabilities before the best tags are looked for, for each label in order.

    `begin` is taken off where a span begins, `favour` added to every word of a span; empty ones change nothing.
    """

    begin: tuple[float, ...] = ()
    favour: tuple[float, ...] = ()

    def weigh(self, log_probability: np.ndarray) -> np.ndarray:
        """(words, tags) with what each label is favoured by."""
        weighed = log_probability.copy()
        for position, favour in enumerate(self.favour):
            weighed[:, begin_tag(position) : begin_tag(position) + 2] += favour
        return weighed

    def transitions(self, tags: int) -> np.ndarray:
        """(tags, tags): what the step from the row's tag to the column's adds."""
        steps = np.where(legal_transitions(tags), 0.0, FORBIDDEN)
        for position, cost in enumerate(self.begin):
            steps[:, begin_tag(position)] -= cost
        return steps


def log_probabilities(scores: np.ndarray) -> np.ndarray:
    """Log-softmax over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def best_tags(weights: np.ndarray, paragraphs: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """The tags whose weights and steps sum to most, paragraph by paragraph.

    `weights` is (words, tags), `steps` (tags, tags), `paragraphs` each word's paragraph. Where the heaviest tags take
    no step that costs anything they are the best; elsewhere Viterbi's algorithm finds them.
    """
    tags = weights.argmax(axis=-1)
    edges = [0, *(np.flatnonzero(np.diff(paragraphs)) + 1).tolist(), len(tags)]
    for start, end in pairwise(edges):
        previous = int(tags[start - 1]) if start else 0
        path = tags[start:end]
        if (steps[np.concatenate([[previous], path[:-1]]), path] < 0).any():
            tags[start:end] = _viterbi(weights[start:end], steps, previous)
    return tags


def _viterbi(weights: np.ndarray, steps: np.ndarray, previous: int) -> np.ndarray:
    every = np.arange(weights.shape[1])
    score = weights[0] + steps[previous]
    origins = np.empty(weights.shape, np.int64)
    for position in range(1, len(weights)):
        candidates = score[:, None] + steps
        origins[position] = candidates.argmax(axis=0)
        score = candidates[origins[position], every] + weights[position]
    tags = np.empty(len(weights), np.int64)
    tags[-1] = score.argmax()
    for position in range(len(tags) - 1, 0, -1):
        tags[position - 1] = origins[position, tags[position]]
    return tags


def find_spans(scores: np.ndarray, pieces: Pieces, labels: tuple[str, ...], costs: TagCosts = TagCosts()) -> list[Span]:
    """Spans of one tagging head, left to right; `scores` is (pieces, tags)."""
    words = np.flatnonzero(pieces.is_first)
    if not len(words):
        return []
    log_probability = log_probabilities(scores[words])
    tags = best_tags(costs.weigh(log_probability), pieces.paragraphs[words], costs.transitions(scores.shape[1]))
    chosen = np.exp(log_probability[np.arange(len(words)), tags])
    word_ends = np.append(words[1:], len(pieces))
    begins = np.flatnonzero(tags % 2 == 1)
    spans = []
    for begin in begins.tolist():
        end = begin + 1
        while end < len(tags) and tags[end] == tags[begin] + 1:
            end += 1
        label = labels[int(tags[begin]) // 2]
        spans.append(Span(int(words[begin]), int(word_ends[end - 1]), label, float(chosen[begin:end].mean())))
    return spans
