"""How alike the sentences of quotations are: in their letters, in their ideas, and in what they deny or count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tasks.link.contrasts import are_apart, are_opposed, read_statement
from tasks.link.quote_pieces import Pieces, cut_pieces, find_marked, settings
from tasks.link.quote_vectors import measure_containment, weigh_texts
from tasks.link.vectors import Pairs, find_similar_pairs
from tasks.link.wordings import name_ideas


@dataclass(frozen=True)
class Compared:
    """Sentences of which those of one scope are compared: of a story, or of an utterance.

    `pieces` are theirs, `pairs` those pieces of one scope that have something in common, each i < j, and how alike
    they are if neither denies what the other says.
    """

    sentences: Sequence[str]
    pieces: Pieces
    pairs: Pairs

    @cached_property
    def similar(self) -> Pairs:
        """Rows i, rows j > i and similarity, 0 to 1, of sentences: that of the most similar pieces of the two.

        Where one denies what the other says, or counts otherwise, or marks other words, it is small.
        """
        limit = settings()["similarity"]["contrary"]
        firsts, seconds, similarities = self.pairs
        suspects = np.flatnonzero(similarities > limit)
        is_contrary = find_contrary(self.pieces.texts, firsts[suspects], seconds[suspects])
        lowered = similarities.copy()
        lowered[suspects[is_contrary]] = limit
        return self._of_sentences(lowered)

    @cached_property
    def similar_but_contrary(self) -> Pairs:
        """The same as if none denied anything and all counts were equal."""
        return self._of_sentences(self.pairs[2])

    def _of_sentences(self, similarities: np.ndarray) -> Pairs:
        firsts, seconds, _ = self.pairs
        rows, columns, best = _keep_best(self.pieces.owners[firsts], self.pieces.owners[seconds], similarities)
        limit = settings()["similarity"]["other_marks"]
        suspects = np.flatnonzero(best > limit)
        best[suspects[find_marked_apart(self.sentences, rows[suspects], columns[suspects])]] = limit
        return rows, columns, best


def compare_sentences(sentences: Sequence[str], scopes: np.ndarray | None = None) -> Compared:
    """The sentences, compared with those of their scope (a number from 0 for each); by default all are of one."""
    pieces = cut_pieces(sentences)
    ideas = [name_ideas(text) for text in pieces.texts]
    own = np.zeros(len(sentences), int) if scopes is None else scopes
    vectors = weigh_texts(pieces.texts, ideas, own[pieces.owners])
    firsts, seconds, cosines = find_similar_pairs(vectors, minimum=settings()["similarity"]["floor"])
    apart = pieces.owners[firsts] != pieces.owners[seconds]
    firsts, seconds, cosines = firsts[apart], seconds[apart], cosines[apart]
    contained = np.zeros(len(firsts))
    counts = np.array([len(some) for some in ideas], int)
    several = np.minimum(counts[firsts], counts[seconds]) >= settings()["pieces"]["contained_ideas"]
    contained[several] = measure_containment(vectors, firsts[several], seconds[several])
    return Compared(sentences, pieces, (firsts, seconds, _adjust(pieces, ideas, (firsts, seconds, cosines), contained)))


def _adjust(pieces: Pieces, ideas: Sequence[Sequence[str]], pairs: Pairs, contained: np.ndarray) -> np.ndarray:
    """The similarity of each pair of pieces, from their cosine and from what of one is contained in the other."""
    firsts, seconds, cosines = pairs
    limits, shares = settings()["similarity"], settings()["pieces"]
    counts = np.array([len(some) for some in ideas], int)
    fewest = np.minimum(counts[firsts], counts[seconds])
    similarities = np.where(contained >= shares["contained_share"], np.maximum(cosines, contained), cosines)
    # Few ideas: only what is alike as a whole shows one utterance.
    is_few = fewest < shares["minimum_ideas"]
    similarities = np.where(is_few, similarities * limits["same_speaker"] / shares["few_ideas"], similarities)
    numbers: dict[tuple[str, ...], int] = {}
    said = np.array([numbers.setdefault(tuple(sorted(some)), len(numbers)) for some in ideas], int)
    is_equal = (said[firsts] == said[seconds]) & (fewest >= shares["equal_ideas"])
    similarities = np.where(is_equal, np.maximum(similarities, limits["equal_ideas"]), similarities)
    any_clause = pieces.is_clause[firsts] | pieces.is_clause[seconds]
    return np.where(any_clause, similarities * shares["clause"], similarities)


def _keep_best(rows: np.ndarray, columns: np.ndarray, similarities: np.ndarray) -> Pairs:
    """Each pair of two rows once, in their order, with the highest of its similarities."""
    order = np.lexsort((-similarities, columns, rows))
    rows, columns = rows[order], columns[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
    return rows[is_first], columns[is_first], similarities[order][is_first].astype(float)


def find_marked_apart(sentences: Sequence[str], rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Which pairs of sentences both quote some words in marks, but not the same ones."""
    share = settings()["pieces"]["marked_share"]
    ideas = {row: list_marked_ideas(sentences[row]) for row in np.union1d(rows, columns).tolist()}

    def is_apart(i: int, j: int) -> bool:
        fewest = min(len(ideas[i]), len(ideas[j]))
        return fewest > 0 and len(ideas[i] & ideas[j]) <= share * fewest

    return np.array([is_apart(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)], bool)


def list_marked_ideas(sentence: str) -> frozenset[str]:
    """The ideas of what stands in quotation marks within a sentence."""
    return frozenset(name_ideas(" ".join(find_marked(sentence))))


def find_contrary(texts: Sequence[str], firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Which pairs cannot be one utterance by themselves: one denies what the other says, or they are of two things."""
    return _judge(lambda one, other: are_opposed(one, other) or are_apart(one, other), texts, firsts, seconds)


def find_opposed(texts: Sequence[str], firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Which pairs are of opposite polarity and of one thing: one denies what the other says, or says the opposite."""
    return _judge(lambda one, other: are_opposed(one, other) and not are_apart(one, other), texts, firsts, seconds)


def _judge(
    judge: Callable[[str, str], bool], texts: Sequence[str], firsts: np.ndarray, seconds: np.ndarray
) -> np.ndarray:
    return np.array([judge(texts[i], texts[j]) for i, j in zip(firsts.tolist(), seconds.tolist(), strict=True)], bool)


def find_same_topic(texts: Sequence[str], firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Which pairs have all their ideas in common, apart from what turns them round, and several of them."""
    least = settings()["pieces"]["opposed_ideas"]
    topics = {row: read_statement(texts[row]).topic for row in np.union1d(firsts, seconds).tolist()}
    pairs = zip(firsts.tolist(), seconds.tolist(), strict=True)
    return np.array([len(topics[i]) >= least and topics[i] == topics[j] for i, j in pairs], bool)
