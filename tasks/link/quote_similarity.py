"""How alike the sentences of quotations are: in their letters, in their ideas, and in what they deny or count."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from tasks.link.vectors import Pairs, find_similar_pairs
from tasks.link.wordings import fold_wording, list_denied_ideas, list_numbers, name_ideas

SETTINGS_FILE = Path(__file__).with_name("quote_groups.toml")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
CLAUSE_END = re.compile(r"[;:—–]\s+|,\s+(?=(?:and|but|so|or|because|while|which|that|we|they|it)\b)|\s(?=and that\b)")
MARKED = re.compile(r"[“\"]([^”\"]{1,500})[”\"]")


@cache
def settings() -> dict:
    """The sections of quote_groups.toml."""
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


def split_quotes(quotes: pd.DataFrame) -> list[list[str]]:
    """The sentences of each quotation, as they stand in `content` and in its order.

    A cue between two pieces ("…," she said. "…") also parts them.
    """
    segments = quotes["content_segments"] if "content_segments" in quotes else [""] * len(quotes)
    return [
        [sentence for piece in _cut_segments(content, cuts) for sentence in SENTENCE_END.split(piece) if sentence]
        or [content]
        for content, cuts in zip(quotes["content"], segments, strict=True)
    ]


def find_marked(sentence: str) -> list[str]:
    """The parts of a sentence that stand in quotation marks within it and are more than a word or a name."""
    minimum = settings()["pieces"]["equal_ideas"]
    return [part for part in MARKED.findall(sentence) if part != sentence and len(name_ideas(part)) >= minimum]


def _cut_segments(content: str, segments: str) -> list[str]:
    """The pieces that `content` joins by single spaces, cut by the lengths of its segments."""
    if not segments:
        return [content]
    pieces, position = [], 0
    for segment in segments.split():
        start, _, end = segment.partition(":")
        length = int(end) - int(start)
        pieces.append(content[position : position + length])
        position += length + 1
    return pieces


@dataclass(frozen=True)
class Pieces:
    """Parts of sentences that are compared: each sentence itself and its clauses.

    `owners` tell the sentence of each, `is_clause` which are less than the sentence.
    """

    texts: list[str]
    owners: np.ndarray
    is_clause: np.ndarray


def cut_pieces(sentences: Sequence[str]) -> Pieces:
    """The pieces of the sentences; a clause of few ideas is none."""
    texts: list[str] = []
    owners: list[int] = []
    is_clause: list[bool] = []
    for owner, sentence in enumerate(sentences):
        limits = settings()["pieces"]
        clauses = [part for part in CLAUSE_END.split(sentence) if len(name_ideas(part)) >= limits["minimum_ideas"]]
        parts = [part for part in dict.fromkeys(clauses) if part != sentence]
        texts.extend([sentence, *parts])
        owners.extend([owner] * (1 + len(parts)))
        is_clause.extend([False] + [True] * len(parts))
    return Pieces(texts, np.array(owners, int), np.array(is_clause, bool))


def compare_sentences(
    sentences: Sequence[str], *, keeps_contrary: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows i, rows j > i and similarity of sentences that have something in common, 0 to 1.

    The similarity is that of the most similar pieces of the two. Where one denies what the other says it is small,
    but with `keeps_contrary` as if neither denied anything.
    """
    pieces, firsts, seconds, similarities = _compare_pieces(tuple(sentences))
    if not keeps_contrary:
        similarities = _part_contrary(pieces, firsts, seconds, similarities)
    rows, columns, best = _keep_best(pieces.owners[firsts], pieces.owners[seconds], similarities)
    most = np.where(find_marked_apart(sentences, rows, columns), settings()["similarity"]["contrary"], 1.0)
    return rows, columns, np.minimum(best, most)


def _keep_best(rows: np.ndarray, columns: np.ndarray, similarities: np.ndarray) -> Pairs:
    """Each pair of two rows once, in their order, with the highest of its similarities."""
    order = np.lexsort((-similarities, columns, rows))
    order = order[rows[order] != columns[order]]
    rows, columns = rows[order], columns[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
    return rows[is_first], columns[is_first], similarities[order][is_first].astype(float)


@lru_cache(maxsize=2)
def _compare_pieces(sentences: tuple[str, ...]) -> tuple[Pieces, np.ndarray, np.ndarray, np.ndarray]:
    """The pieces of the sentences, and rows i, rows j > i and similarity of those that have something in common.

    The last are kept, since sentences are compared once with what they deny and once without.
    """
    pieces = cut_pieces(sentences)
    vectors = weigh_pieces(pieces.texts)
    firsts, seconds, cosines = find_similar_pairs(vectors, minimum=settings()["similarity"]["floor"])
    return pieces, firsts, seconds, _adjust(pieces, vectors, firsts, seconds, cosines)


def find_marked_apart(sentences: Sequence[str], rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Which pairs of sentences both quote some words in marks, but not the same ones."""
    share = settings()["pieces"]["marked_share"]
    ideas = [frozenset(name_ideas(" ".join(find_marked(sentence)))) for sentence in sentences]

    def is_apart(i: int, j: int) -> bool:
        fewest = min(len(ideas[i]), len(ideas[j]))
        return fewest > 0 and len(ideas[i] & ideas[j]) <= share * fewest

    return np.array([is_apart(i, j) for i, j in zip(rows, columns, strict=True)], bool)


def weigh_pieces(texts: Sequence[str]) -> sparse.csr_matrix:
    """Vectors of unit length over the letters and the ideas of each text, one row a text."""
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, dtype=np.float32)
    ideas = TfidfVectorizer(analyzer=name_ideas, sublinear_tf=True, dtype=np.float32)
    weight = np.sqrt(settings()["pieces"]["weight_of_ideas"])
    folded = [fold_wording(text) for text in texts]
    joined = sparse.hstack([_weigh(letters, folded), _weigh(ideas, texts) * weight]).tocsr()
    lengths = np.sqrt(np.asarray(joined.multiply(joined).sum(axis=1)).ravel())
    return sparse.diags(np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)).dot(joined).tocsr()


def _weigh(vectorizer: TfidfVectorizer, texts: Sequence[str]) -> sparse.csr_matrix:
    try:
        return vectorizer.fit_transform(texts).tocsr()
    except ValueError:
        # Raised where no text holds anything to weigh.
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)


def _adjust(
    pieces: Pieces, vectors: sparse.csr_matrix, firsts: np.ndarray, seconds: np.ndarray, cosines: np.ndarray
) -> np.ndarray:
    """The similarity of each pair of pieces, from their cosine."""
    limits, shares = settings()["similarity"], settings()["pieces"]
    ideas = [name_ideas(text) for text in pieces.texts]
    counts = np.array([len(some) for some in ideas], int)
    fewest = np.minimum(counts[firsts], counts[seconds])
    contained = measure_containment(vectors, firsts, seconds)
    is_contained = (fewest >= shares["contained_ideas"]) & (contained >= shares["contained_share"])
    similarities = np.where(is_contained, np.maximum(cosines, contained), cosines)
    # Few ideas: only what is alike as a whole shows one utterance.
    is_few = fewest < shares["minimum_ideas"]
    similarities = np.where(is_few, similarities * limits["same_speaker"] / shares["few_ideas"], similarities)
    sorted_ideas = [sorted(some) for some in ideas]
    is_equal = np.array([sorted_ideas[i] == sorted_ideas[j] for i, j in zip(firsts, seconds, strict=True)], bool)
    is_equal &= fewest >= shares["equal_ideas"]
    similarities = np.where(is_equal, np.maximum(similarities, limits["equal_ideas"]), similarities)
    any_clause = pieces.is_clause[firsts] | pieces.is_clause[seconds]
    return np.where(any_clause, similarities * shares["clause"], similarities)


def _part_contrary(pieces: Pieces, firsts: np.ndarray, seconds: np.ndarray, similarities: np.ndarray) -> np.ndarray:
    """The similarities, lower where a pair cannot be one utterance."""
    limits = settings()["similarity"]
    suspects = np.flatnonzero(similarities > limits["contrary"])
    ideas = [name_ideas(text) for text in pieces.texts]
    is_contrary = find_contrary(pieces.texts, ideas, firsts[suspects], seconds[suspects])
    lowered = similarities.copy()
    lowered[suspects[is_contrary]] = limits["contrary"]
    return lowered


def find_contrary(
    texts: Sequence[str], ideas: Sequence[Sequence[str]], firsts: np.ndarray, seconds: np.ndarray
) -> np.ndarray:
    """Which pairs cannot be one utterance by themselves: one denies what the other says, or counts otherwise."""
    numbers = [list_numbers(text) for text in texts]
    opposed = find_opposed(texts, ideas, firsts, seconds)
    counted = [
        bool(numbers[i] and numbers[j] and not numbers[i] & numbers[j]) for i, j in zip(firsts, seconds, strict=True)
    ]
    return opposed | np.array(counted, bool)


def find_opposed(
    texts: Sequence[str], ideas: Sequence[Sequence[str]], firsts: np.ndarray, seconds: np.ndarray
) -> np.ndarray:
    """Which pairs are of opposite polarity: one denies what the other says."""
    denied, said = [list_denied_ideas(text) for text in texts], [frozenset(some) for some in ideas]

    def is_contrary(i: int, j: int) -> bool:
        return bool(denied[i] & said[j]) != bool(denied[j] & said[i])

    return np.array([is_contrary(i, j) for i, j in zip(firsts, seconds, strict=True)], bool)


def measure_containment(vectors: sparse.csr_matrix, firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Share of the smaller piece's weight that stands in the larger one, for each pair."""
    if not len(firsts):
        return np.zeros(0)
    sizes = np.diff(vectors.indptr)
    is_first_smaller = sizes[firsts] <= sizes[seconds]
    smaller, larger = np.where(is_first_smaller, firsts, seconds), np.where(is_first_smaller, seconds, firsts)
    presence = vectors.copy()
    presence.data = np.ones_like(presence.data)
    squares = vectors.multiply(vectors).tocsr()
    # Rows have unit length, so that their squares add up to 1.
    return np.asarray(squares[smaller].multiply(presence[larger]).sum(axis=1)).ravel()
