"""Rows of a tagging head turned into spans."""

from dataclasses import dataclass

import numpy as np

from tasks.annotate.tagger.labels import begin_tag, legal_transitions
from tasks.annotate.tagger.pieces import Pieces

# Forbids a transition without making sums undefined.
FORBIDDEN = -1e4
# Sums of weights that differ by less may differ by rounding.
TIE = 1e-6


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


def best_tags(weights: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """The tags whose weights and steps sum to most; `weights` is (words, tags), `steps` (tags, tags).

    The heaviest tags, each inside that nothing begins made a begin, take only steps that are allowed. Better tags
    differ from them in the stretches alone where they may win back what these steps cost: Viterbi's algorithm finds
    those, for all stretches at once.
    """
    heaviest = weights.argmax(axis=-1)
    is_illegal = steps[np.append(0, heaviest[:-1]), heaviest] <= FORBIDDEN
    tags = heaviest - is_illegal
    firsts, ends = _disputed_stretches(weights, steps, tags)
    return _viterbi(weights, steps, tags, firsts, ends) if len(firsts) else tags


def _disputed_stretches(weights: np.ndarray, steps: np.ndarray, tags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First words of the stretches in which other tags may sum to more, and one past their last words.

    Other tags from word a to word b save at most what the steps to these words and to the next one cost, and lose at
    least what each word's heaviest tag weighs more than its second; a word is in dispute if any such a and b around
    it save as much as they lose.
    """
    cost = -steps[np.append(0, tags[:-1]), tags]
    second, first = np.partition(weights, -2, axis=-1)[:, -2:].T
    chosen = weights[np.arange(len(tags)), tags]
    saved = np.cumsum(cost + np.where(chosen < first, first - chosen, second - first))
    saved_until = np.maximum.accumulate((saved + np.append(cost[1:], 0))[::-1])[::-1]
    saved_before = np.minimum.accumulate(np.append(0, saved[:-1]))
    is_disputed = np.concatenate([[False], saved_until - saved_before > -TIE, [False]])
    edges = np.flatnonzero(is_disputed[1:] != is_disputed[:-1])
    return edges[::2], edges[1::2]


def _viterbi(
    weights: np.ndarray, steps: np.ndarray, tags: np.ndarray, firsts: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """The tags, those of the stretches from `firsts` to `ends` the best between the tags around them."""
    lengths = ends - firsts
    places = firsts + np.arange(lengths.max())[:, None]
    # (word, tag, stretch): numpy adds and compares fastest over long last axes.
    scores = weights[np.minimum(places, len(tags) - 1)].transpose(0, 2, 1).astype(float)
    scores[0] += steps[np.append(0, tags)[firsts]].T
    for position in range(1, len(scores)):
        scores[position] += (scores[position - 1][:, None, :] + steps[:, :, None]).max(axis=0)
    # The text's last word has nothing behind it that its tag must suit.
    onwards = np.append(steps[:, tags], np.zeros((len(steps), 1)), axis=1)[:, ends]
    best = np.zeros(places.shape, np.int64)
    for position in range(len(scores) - 1, -1, -1):
        last = scores[position] + onwards
        best[position] = last.argmax(axis=0)
        is_inside = position < lengths
        onwards = np.where(is_inside, steps[:, best[position]], onwards)
    is_inside = places < ends
    tags = tags.copy()
    tags[places[is_inside]] = best[is_inside]
    return tags


def find_spans(scores: np.ndarray, pieces: Pieces, labels: tuple[str, ...], costs: TagCosts = TagCosts()) -> list[Span]:
    """Spans of one tagging head, left to right; `scores` is (pieces, tags)."""
    words = np.flatnonzero(pieces.is_first)
    if not len(words):
        return []
    log_probability = log_probabilities(scores[words])
    tags = best_tags(costs.weigh(log_probability), costs.transitions(scores.shape[1]))
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
