"""Articles as sparse word vectors, pairs of them that are alike, and clusters of those."""

import re
import runpy
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from murmurhash import mrmr
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

WORD = re.compile(r"\b\w\w+\b")
# A word with a capital letter after a small one is a name, or part of one; days and months are no names.
NAME = re.compile(
    r"(?<=[a-z,;] )(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b)[A-Z]\w+"
)
# Words are hashed: no vocabulary is kept, so that articles counted on different days can be compared. With 300 words an
# article and a million columns, one word in 3 500 shares its column with another of its article.
COLUMNS = 2**20
# Added to the count of a word that is a name.
NAME_MARK = 1024
# A pair that is alike as a whole shares some of the words that weigh most in either.
HEAD_TERMS = 64
HEAD_SHARE = 0.25
# In five articles on one event its words would be the commonest: so many other texts are imagined beside those given,
# of which one has the word. With 50 the least alike of five articles reaches .29 instead of .14; among hundreds of
# articles it makes no difference.
PRIOR_TEXTS = 50
# A word that is among the heaviest of more articles than this tells none of them apart.
MAX_POSTINGS = 2000
BLOCK_ROWS = 1024
# An inverted index holds so many rows at a time; rows are compared with those before them only.
INVERTED_ROWS = 65_536
# Rows that are weighed or sorted at a time.
WALKED_ROWS = 8_192
# Pairs that are measured at a time.
MEASURED_PAIRS = 20_000
# A dense matrix of this many rows takes 32 MB; memory stays bounded whatever the corpus.
MAX_DENSE_ROWS = 2000
TIGHT_SIMILARITY = 0.9
THRESHOLD_STEP = 0.05

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Rows i, rows j and similarities of pairs of rows."""


@cache
def stop_words(language: str) -> frozenset[str]:
    """Small words of a language (ISO 639-1), lower case, as tokens, from spaCy; empty where no list is known."""
    spacy = find_spec("spacy")
    if not re.fullmatch("[a-z]{2}", language) or not spacy or not spacy.origin:
        return frozenset()
    path = Path(spacy.origin).parent / "lang" / language / "stop_words.py"
    if not path.is_file():
        return frozenset()
    # Run by its path, since importing it imports all of spaCy, which takes a second and a half of CPU time.
    words = runpy.run_path(str(path))["STOP_WORDS"]
    return frozenset(token for word in words for token in WORD.findall(word.lower()))


def join_title_and_text(
    articles: pd.DataFrame, *, title_weight: int, lead_words: int = 0, reading_words: int | None = None
) -> list[str]:
    """Each article's text after its title, which is repeated `title_weight` times, and its first `lead_words` words.

    Of a text longer than `reading_words` only the beginning is taken.
    """
    joined = []
    for title, text in zip(articles["title"], articles["text"], strict=True):
        lead = " ".join(text.split(None, lead_words)[:lead_words])
        cut = text if reading_words is None else " ".join(text.split(None, reading_words)[:reading_words])
        joined.append("\n".join([*([title] * title_weight if isinstance(title, str) else []), lead, cut]))
    return joined


def count_words(texts: Sequence[str], language: str) -> sparse.csr_matrix:
    """How often each text holds each word, small words aside; NAME_MARK is added where the word is a name in it."""
    if not len(texts):
        return sparse.csr_matrix((0, COLUMNS), dtype=np.uint16)
    small = stop_words(language)
    counts = _hash_words(texts, small)
    counts.data = np.minimum(counts.data, NAME_MARK - 1)
    names = _hash_words((" ".join(set(NAME.findall(text))) for text in texts), small)
    names.data[:] = NAME_MARK
    marked = counts + names
    # A name that is a small word elsewhere, or that the words of the text cut differently, has no count.
    marked.data[marked.data == NAME_MARK] += 1
    return marked.astype(np.uint16)


def _hash_words(texts: Iterable[str], small: frozenset[str]) -> sparse.csr_matrix:
    """How often each text holds each word that is not small: those of scikit-learn's HashingVectorizer.

    That library takes over a second of CPU time to import, of which nothing else would be used here.
    """
    columns, counts, ends = array("i"), array("f"), [0]
    for text in texts:
        for word, count in Counter(WORD.findall(text.lower())).items():
            if word not in small:
                columns.append(abs(mrmr.hash(word, 0)) % COLUMNS)
                counts.append(count)
        ends.append(len(columns))
    entries = (np.frombuffer(counts, np.float32), np.frombuffer(columns, np.int32), ends)
    matrix = sparse.csr_matrix(entries, shape=(len(ends) - 1, COLUMNS))
    matrix.sum_duplicates()
    return matrix


def weigh_counts(
    counts: sparse.csr_matrix, *, rarity_power: float = 1.0, document_counts: np.ndarray | None = None
) -> sparse.csr_matrix:
    """TF-IDF vectors of unit length, one row a text; a text without words is a row of zeros.

    `counts` are those of `count_words`; `rarity_power` is the power of the inverse document frequency.
    `document_counts` tell in how many texts a column is, the last entry how many texts there are; by default `counts`.
    """
    known = count_documents(counts) if document_counts is None else document_counts
    rarity = ((np.log((1 + PRIOR_TEXTS + known[-1]) / (2 + known[:-1])) + 1) ** rarity_power).astype(np.float32)
    weights = np.empty(counts.nnz, np.float32)
    for rows, entries in walk_rows(counts):
        said = np.maximum(counts.data[entries] % NAME_MARK, 1).astype(np.float32)
        some = (1 + np.log(said)) * rarity[counts.indices[entries]]
        lengths = np.sqrt(np.bincount(rows, some * some))
        weights[entries] = some / lengths[rows]
    return sparse.csr_matrix((weights, counts.indices, counts.indptr), shape=counts.shape, copy=False)


def walk_rows(matrix: sparse.csr_matrix) -> Iterator[tuple[np.ndarray, slice]]:
    """The matrix in blocks of rows: for each entry the number of its row within the block, and where the entries lie.

    What is computed block by block takes the memory of a block beside its result.
    """
    for start in range(0, matrix.shape[0], WALKED_ROWS):
        bounds = matrix.indptr[start : start + WALKED_ROWS + 1]
        yield np.repeat(np.arange(len(bounds) - 1), np.diff(bounds)), slice(bounds[0], bounds[-1])


def count_documents(counts: sparse.csr_matrix) -> np.ndarray:
    """In how many rows each column is; the last entry is the number of rows."""
    found = np.zeros(counts.shape[1] + 1, np.int64)
    found[-1] = counts.shape[0]
    for _, entries in walk_rows(counts):
        found[:-1] += np.bincount(counts.indices[entries], minlength=counts.shape[1])
    return found


def mark_names(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Which columns are names in each row of `count_words`."""
    columns, lengths = [np.empty(0, counts.indices.dtype)], [np.zeros(1, np.int64)]
    for start, (rows, entries) in zip(range(0, counts.shape[0], WALKED_ROWS), walk_rows(counts), strict=True):
        kept = counts.data[entries] >= NAME_MARK
        columns.append(counts.indices[entries][kept])
        lengths.append(np.bincount(rows[kept], minlength=min(WALKED_ROWS, counts.shape[0] - start)))
    indices, bounds = np.concatenate(columns), np.cumsum(np.concatenate(lengths))
    return sparse.csr_matrix((np.ones(len(indices), np.float32), indices, bounds), shape=counts.shape)


def find_similar_pairs(
    vectors: sparse.csr_matrix, *, minimum: float, first_row: int = 0, neighbours: int | None = None
) -> Pairs:
    """Rows i, rows j > i and cosines of the pairs of rows that reach `minimum`.

    Only pairs with j >= `first_row` are looked for. Only rows that share heavy words are compared, by way of an
    inverted index, so that the work grows with the pairs that are alike and not with all pairs. With `neighbours` each
    row is paired with that many of the rows before it at most, the most alike.
    """
    heads = _keep_heaviest(vectors, HEAD_TERMS)
    common = np.bincount(heads.indices, minlength=heads.shape[1]) > MAX_POSTINGS
    heads.data[common[heads.indices]] = 0
    heads.eliminate_zeros()
    found: list[Pairs] = []
    for first in range(0, vectors.shape[0], INVERTED_ROWS):
        inverted = heads[first : first + INVERTED_ROWS].T.tocsr()
        for start in range(max(first, first_row), vectors.shape[0], BLOCK_ROWS):
            products = (heads[start : start + BLOCK_ROWS] @ inverted).tocoo()
            rows, columns = products.row + start, products.col + first
            kept = (columns < rows) & (products.data >= minimum * HEAD_SHARE)
            found.extend(_measure_pairs(vectors, columns[kept], rows[kept], minimum))
    if not found:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    rows, columns, cosines = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return (rows, columns, cosines) if neighbours is None else keep_nearest((rows, columns, cosines), neighbours)


def keep_nearest(pairs: Pairs, neighbours: int) -> Pairs:
    """Of each column's pairs those with the `neighbours` most alike rows, in the order of columns."""
    rows, columns, cosines = pairs
    order = np.lexsort((rows, -cosines, columns))
    rows, columns, cosines = rows[order], columns[order], cosines[order]
    starts = np.flatnonzero(np.append(True, np.diff(columns) != 0)) if len(columns) else np.empty(0, int)
    rank = np.arange(len(columns)) - np.repeat(starts, np.diff(np.append(starts, len(columns))))
    kept = rank < neighbours
    return rows[kept], columns[kept], cosines[kept]


def _keep_heaviest(vectors: sparse.csr_matrix, term_count: int) -> sparse.csr_matrix:
    """The vectors with the `term_count` heaviest entries of each row, weights up to 1; ties go to the earlier entry."""
    data, columns = [np.empty(0, vectors.dtype)], [np.empty(0, vectors.indices.dtype)]
    for rows, entries in walk_rows(vectors):
        # One key sorts by row, and within it by weight; sorting is stable.
        order = np.argsort(rows - vectors.data[entries].astype(np.float64) / 2, kind="stable")
        starts = np.searchsorted(rows, rows)
        kept = order[np.arange(len(rows)) - starts < term_count]
        data.append(vectors.data[entries][kept])
        columns.append(vectors.indices[entries][kept])
    lengths = np.minimum(np.diff(vectors.indptr), term_count)
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    return sparse.csr_matrix((np.concatenate(data), np.concatenate(columns), bounds), shape=vectors.shape)


def _measure_pairs(
    vectors: sparse.csr_matrix, rows: np.ndarray, columns: np.ndarray, minimum: float
) -> Iterator[Pairs]:
    for start in range(0, len(rows), MEASURED_PAIRS):
        some_rows, some_columns = rows[start : start + MEASURED_PAIRS], columns[start : start + MEASURED_PAIRS]
        cosines = measure_cosines(vectors, some_rows, some_columns)
        kept = cosines >= minimum
        yield some_rows[kept].astype(np.int32), some_columns[kept].astype(np.int32), cosines[kept]


def measure_cosines(vectors: sparse.csr_matrix, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Products of the given pairs of rows."""
    return np.asarray(vectors[rows].multiply(vectors[columns]).sum(axis=1)).ravel()


def split_components(row_count: int, pairs: Pairs, minimum: float) -> Iterator[tuple[np.ndarray, bool]]:
    """Members of each connected component, and whether it is taken as a cluster as it is.

    A component too large for a dense matrix is cut at a higher similarity, again and again.
    """
    rows, columns, cosines = pairs
    labels = _label_components(row_count, rows, columns)
    threshold = minimum
    while True:
        order = np.argsort(labels, kind="stable")
        order = order[labels[order] >= 0]
        pieces = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []
        is_last = threshold + THRESHOLD_STEP > TIGHT_SIMILARITY
        for piece in pieces:
            if len(piece) <= MAX_DENSE_ROWS or is_last:
                yield piece, len(piece) > MAX_DENSE_ROWS
                labels[piece] = -1
        if is_last or not (labels >= 0).any():
            return
        threshold += THRESHOLD_STEP
        kept = (labels[rows] >= 0) & (labels[columns] >= 0) & (cosines >= threshold)
        rows, columns, cosines = rows[kept], columns[kept], cosines[kept]
        again = _label_components(row_count, rows, columns)
        labels = np.where(labels >= 0, again, -1)


def _label_components(row_count: int, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    graph = sparse.coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), shape=(row_count, row_count))
    return connected_components(graph, directed=False)[1]


def cluster_pairs(
    row_count: int, rows: np.ndarray, columns: np.ndarray, similarities: np.ndarray, *, minimum: float
) -> np.ndarray:
    """Cluster number of each row, from similarities of pairs; a pair not given has none.

    Average linkage, cut at `minimum`; give pairs below it too, as averages count them. Numbers run in the order of
    each cluster's first row.
    """
    labels = np.empty(row_count, np.int64)
    component_of, place = np.full(row_count, -1), np.empty(row_count, np.int64)
    strong = similarities >= minimum
    tied = (rows[strong], columns[strong], similarities[strong])
    components = [
        (members, is_tight or len(members) == 1) for members, is_tight in split_components(row_count, tied, minimum)
    ]
    for number, (members, is_closed) in enumerate(components):
        component_of[members] = -1 if is_closed else number
        place[members] = np.arange(len(members))
    within = np.flatnonzero((component_of[rows] == component_of[columns]) & (component_of[rows] >= 0))
    within = within[np.argsort(component_of[rows[within]], kind="stable")]
    bounds = np.searchsorted(component_of[rows[within]], np.arange(len(components) + 1))
    next_number = 0
    for (members, is_closed), start, stop in zip(components, bounds[:-1], bounds[1:], strict=True):
        local = np.zeros(len(members), np.int64)
        if not is_closed:
            some = within[start:stop]
            half = np.zeros((len(members), len(members)), similarities.dtype)
            half[place[rows[some]], place[columns[some]]] = similarities[some]
            local = link_average(half + half.T, minimum=minimum)
        labels[members] = local + next_number
        next_number += int(local.max()) + 1
    return pd.factorize(labels)[0]


def link_average(similarity: np.ndarray, *, minimum: float, step: float = 0.0) -> np.ndarray:
    """Cluster numbers from 0 of average linkage on a square matrix of similarities in [0, 1].

    Two sides are one cluster if on average they are `minimum` alike, and `step` more for each doubling of the smaller:
    what many rows say is sure, while a single row may be worded in its own way.
    """
    count = len(similarity)
    if similarity[np.triu_indices(count, 1)].min(initial=1) >= minimum + step * np.log2(max(count, 2) / 2):
        # No average of these can fall below.
        return np.zeros(count, np.int64)
    distance = np.clip(1 - (similarity + similarity.T) / 2, 0, 1).astype(np.float64)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    if not step:
        return pd.factorize(fcluster(tree, 1 - minimum, "distance"))[0]
    return _cut_tree(tree, minimum, step)


def _cut_tree(tree: np.ndarray, minimum: float, step: float) -> np.ndarray:
    """Cluster numbers from 0: merges are undone from the last one back, until one stands with all that came before."""
    count = len(tree) + 1
    children = tree[:, :2].astype(int)
    sizes = np.concatenate([np.ones(count), tree[:, 3]])
    smaller = sizes[children].min(axis=1)
    stands = 1 - tree[:, 2] >= minimum + step * np.log2(smaller)
    labels = np.full(2 * count - 1, -1)
    for node in range(2 * count - 2, -1, -1):
        if labels[node] < 0 and (node < count or stands[node - count]):
            labels[node] = node
        if node >= count:
            labels[children[node - count]] = labels[node]
    return pd.factorize(labels[:count])[0]
