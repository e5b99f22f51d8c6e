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
    no step that costs anything they are the best; elsewhere Viterbi's algorithm finds them, for all paragraphs at once
    as if each began the text, and for one by itself where a span runs into it.
    """
    heaviest = weights.argmax(axis=-1)
    edges = [0, *(np.flatnonzero(np.diff(paragraphs)) + 1).tolist(), len(heaviest)]
    bounds = list(pairwise(edges))
    costly = (steps[heaviest[:-1], heaviest[1:]] < 0).tolist()
    within = [any(costly[start : end - 1]) for start, end in bounds]
    first_costly = (steps[:, heaviest[edges[:-1]]] < 0).T.tolist()
    dear = [number for number in range(len(bounds)) if within[number] or first_costly[number][0]]
    alone = dict(zip(dear, _viterbi([weights[slice(*bounds[number])] for number in dear], steps, 0), strict=True))
    tags = heaviest.copy()
    for number, (start, end) in enumerate(bounds):
        previous = int(tags[start - 1]) if start else 0
        if previous == 0 and number in alone:
            tags[start:end] = alone[number]
        elif previous and (within[number] or first_costly[number][previous]):
            tags[start:end] = _viterbi([weights[start:end]], steps, previous)[0]
    return tags


def _viterbi(paragraphs: list[np.ndarray], steps: np.ndarray, previous: int) -> list[np.ndarray]:
    """The best tags of each paragraph, a (words, tags) array of weights each, after a word tagged `previous`."""
    if not paragraphs:
        return []
    lengths = np.array([len(weights) for weights in paragraphs])
    # (word, tag, paragraph): numpy adds and compares fastest over long last axes.
    scores = np.zeros((lengths.max(), len(steps), len(lengths)))
    for number, weights in enumerate(paragraphs):
        scores[: len(weights), :, number] = weights
    scores[0] += steps[previous][:, None]
    for position in range(1, len(scores)):
        scores[position] += (scores[position - 1][:, None, :] + steps[:, :, None]).max(axis=0)
    tags = np.zeros((len(scores), len(lengths)), np.int64)
    tags[-1] = scores[-1].argmax(axis=0)
    for position in range(len(scores) - 2, -1, -1):
        # The last word of a paragraph has nothing behind it that its tag must suit.
        is_last = lengths == position + 1
        suited = scores[position] + np.where(is_last, 0, steps[:, tags[position + 1]])
        tags[position] = suited.argmax(axis=0)
    return [tags[:length, number] for number, length in enumerate(lengths.tolist())]


def find_spans(scores: np.ndarray, pieces: Pieces, labels: tuple[str, ...], costs: TagCosts = TagCosts()) -> list[Span]:
    """Spans of one tagging head, left to right; `scores` is (pieces, tags)."""
    words = np.flatnonzero(pieces.is_first)
    if not len(words):
        return []
    log_probability = log_probabilities(scores[words])
    tags = best_tags(costs.weigh(log_probability), pieces.paragraphs[words], costs.transitions(scores.shape[1]))
    chosen = np.exp(log_probability[np.arange(len(words)), tags]).tolist()
    word_ends = np.append(words[1:], len(pieces))
    begins = np.flatnonzero(tags % 2 == 1).tolist()
    path, spans = tags.tolist(), []
    for begin in begins:
        end, inside = begin + 1, path[begin] + 1
        while end < len(path) and path[end] == inside:
            end += 1
        confidence = sum(chosen[begin:end]) / (end - begin)
        spans.append(Span(int(words[begin]), int(word_ends[end - 1]), labels[path[begin] // 2], confidence))
    return spans
