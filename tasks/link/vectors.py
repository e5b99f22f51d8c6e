"""Articles as sparse word vectors, pairs of them that are alike, and clusters of those."""

import importlib
import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfVectorizer

TOKEN_PATTERN = r"(?u)\b\w\w+\b"
# A pair that is alike as a whole shares some of the words that weigh most in either.
HEAD_TERMS = 64
HEAD_SHARE = 0.25
BLOCK_ROWS = 1024
# A dense matrix of this many rows takes 32 MB; memory stays bounded whatever the corpus.
MAX_DENSE_ROWS = 2000
TIGHT_SIMILARITY = 0.9


@cache
def stop_words(language: str) -> frozenset[str]:
    """Small words of a language (ISO 639-1), lower case, as tokens; empty where no list is known."""
    if not re.fullmatch("[a-z]{2}", language):
        return frozenset()
    try:
        words = importlib.import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    except ModuleNotFoundError:
        return frozenset()
    return frozenset(token for word in words for token in re.findall(TOKEN_PATTERN, word.lower()))


def join_title_and_text(articles: pd.DataFrame, *, title_weight: int) -> list[str]:
    """Each article's text after its title, which is repeated `title_weight` times."""
    return [
        "\n".join([title] * title_weight + [text]) if isinstance(title, str) else text
        for title, text in zip(articles["title"], articles["text"], strict=True)
    ]


def weigh_words(texts: Sequence[str], language: str) -> sparse.csr_matrix:
    """TF-IDF vectors of unit length, one row a text; a text without words is a row of zeros."""
    vectorizer = TfidfVectorizer(
        stop_words=sorted(stop_words(language)) or None,
        token_pattern=TOKEN_PATTERN,
        sublinear_tf=True,
        dtype=np.float32,
    )
    try:
        return vectorizer.fit_transform(texts).tocsr()
    except ValueError:
        # Raised where no text holds a word.
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)


def find_similar_pairs(vectors: sparse.csr_matrix, *, minimum: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows i, rows j > i and cosines of the pairs of rows that reach `minimum`.

    Only rows that share heavy words are compared, so the work grows with the pairs that
    are alike and not with all pairs.
    """
    heads = _keep_heaviest(vectors, HEAD_TERMS)
    inverted = heads.T.tocsc()
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for start in range(0, vectors.shape[0], BLOCK_ROWS):
        products = (heads[start : start + BLOCK_ROWS] @ inverted).tocoo()
        rows, columns = products.row + start, products.col
        kept = (columns > rows) & (products.data >= minimum * HEAD_SHARE)
        found.extend(_measure_pairs(vectors, rows[kept], columns[kept], minimum))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    rows, columns, cosines = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return rows, columns, cosines


def _keep_heaviest(vectors: sparse.csr_matrix, term_count: int) -> sparse.csr_matrix:
    """The vectors with the `term_count` heaviest entries of each row; ties go to the earlier column."""
    lengths = np.diff(vectors.indptr)
    rows = np.repeat(np.arange(vectors.shape[0]), lengths)
    order = np.lexsort((vectors.indices, -vectors.data, rows))
    rank = np.arange(vectors.nnz) - np.repeat(vectors.indptr[:-1], lengths)
    kept = order[rank < term_count]
    return sparse.csr_matrix((vectors.data[kept], (rows[kept], vectors.indices[kept])), shape=vectors.shape)


def _measure_pairs(
    vectors: sparse.csr_matrix, rows: np.ndarray, columns: np.ndarray, minimum: float
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    chunk = 20_000
    for start in range(0, len(rows), chunk):
        some_rows, some_columns = rows[start : start + chunk], columns[start : start + chunk]
        cosines = np.asarray(vectors[some_rows].multiply(vectors[some_columns]).sum(axis=1)).ravel()
        kept = cosines >= minimum
        yield some_rows[kept].astype(np.int64), some_columns[kept].astype(np.int64), cosines[kept]


def cluster_rows(
    vectors: sparse.csr_matrix,
    *,
    minimum: float,
    days: np.ndarray | None = None,
    window_days: float | None = None,
) -> np.ndarray:
    """Cluster number of each row: average linkage on cosine distance, cut at `minimum` similarity.

    Numbers run in the order of each cluster's first row. `days` are dates in days, nan where
    unknown; two rows more than `window_days` apart count as having nothing in common.
    Every merge needs one pair that reaches `minimum`, so connected components of such pairs
    can be clustered one by one without changing the result. A component too large for a dense
    matrix is first cut at a higher similarity.
    """
    row_count = vectors.shape[0]
    rows, columns, cosines = find_similar_pairs(vectors, minimum=minimum)
    if days is not None and window_days is not None:
        kept = ~(np.abs(days[rows] - days[columns]) > window_days)
        rows, columns, cosines = rows[kept], columns[kept], cosines[kept]
    labels = np.empty(row_count, np.int64)
    next_number = 0
    for members, is_tight in split_components(row_count, rows, columns, cosines, minimum):
        if len(members) == 1 or is_tight:
            labels[members] = next_number
            next_number += 1
            continue
        similarity = (vectors[members] @ vectors[members].T).toarray()
        if days is not None and window_days is not None:
            similarity[np.abs(days[members][:, None] - days[members][None, :]) > window_days] = 0
        labels[members] = link_average(similarity, minimum=minimum) + next_number
        next_number = labels[members].max() + 1
    return pd.factorize(labels)[0]


def split_components(
    row_count: int, rows: np.ndarray, columns: np.ndarray, cosines: np.ndarray, minimum: float
) -> Iterator[tuple[np.ndarray, bool]]:
    """Members of each connected component, and whether it is taken as a cluster as it is."""
    pending = [(np.arange(row_count), minimum)]
    while pending:
        members, threshold = pending.pop()
        position = np.full(row_count, -1)
        position[members] = np.arange(len(members))
        kept = (position[rows] >= 0) & (position[columns] >= 0) & (cosines >= threshold)
        graph = sparse.coo_matrix(
            (np.ones(kept.sum()), (position[rows[kept]], position[columns[kept]])), shape=(len(members),) * 2
        )
        _, labels = connected_components(graph, directed=False)
        order = np.argsort(labels, kind="stable")
        for piece in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
            if len(piece) <= MAX_DENSE_ROWS or threshold >= TIGHT_SIMILARITY:
                yield members[piece], len(piece) > MAX_DENSE_ROWS
            else:
                pending.append((members[piece], threshold + 0.05))


def cluster_pairs(
    row_count: int, rows: np.ndarray, columns: np.ndarray, similarities: np.ndarray, *, minimum: float
) -> np.ndarray:
    """Cluster number of each row, from similarities of pairs; a pair not given has none.

    Average linkage as in `cluster_rows`; give pairs below `minimum` too, as averages count them.
    """
    labels = np.empty(row_count, np.int64)
    graph = sparse.coo_matrix((similarities, (rows, columns)), shape=(row_count, row_count)).tocsr()
    next_number = 0
    for members, is_tight in split_components(row_count, rows, columns, similarities, minimum):
        local = np.zeros(len(members), np.int64)
        if len(members) > 1 and not is_tight:
            half = graph[members][:, members].toarray()
            local = link_average(half + half.T, minimum=minimum)
        labels[members] = local + next_number
        next_number += int(local.max()) + 1
    return pd.factorize(labels)[0]


def link_average(similarity: np.ndarray, *, minimum: float) -> np.ndarray:
    """Cluster numbers from 0 of average linkage on a square matrix of similarities in [0, 1]."""
    if len(similarity) == 1:
        return np.zeros(1, np.int64)
    distance = np.clip(1 - (similarity + similarity.T) / 2, 0, 1).astype(np.float64)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average")
    return pd.factorize(fcluster(tree, 1 - minimum, "distance"))[0]
