"""Which articles tell one event: by their words, their names and their dates."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from tasks.link.vectors import (
    Pairs,
    find_similar_pairs,
    link_average,
    mark_names,
    measure_cosines,
    split_components,
    weigh_counts,
)

SETTINGS_FILE = Path(__file__).with_name("stories.toml")


@cache
def settings() -> dict:
    """The settings of stories.toml."""
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))["stories"]


@dataclass(frozen=True)
class Compared:
    """Cluster number and nearness to the cluster's middle of each row, and the pairs of rows that may be copies."""

    labels: np.ndarray
    nearness: np.ndarray
    alike: Pairs


def compare_articles(
    counts: sparse.csr_matrix, days: np.ndarray, settled: pd.Series, *, window_days: float
) -> Compared:
    """Clusters of the rows of `count_words`: average linkage on cosine distance, cut at the minimum similarity.

    `days` are dates in days, nan where unknown; two rows more than `window_days` apart have nothing in common, nor
    have two that share no name and are not certainly alike, and likeness counts less the further two days are apart.
    Rows of one story in `settled` stay together; rows that have none must be the last, and only they are compared with
    all others.
    """
    limits = settings()
    vectors = weigh_counts(counts, rarity_power=limits["rarity_power"])
    gate = Gate(mark_names(counts), days, window_days)
    new_from = int(settled.notna().sum())
    pairs = find_similar_pairs(
        vectors, minimum=limits["minimum_similarity"], first_row=new_from, neighbours=limits["neighbours"]
    )
    copied = pairs[2] >= limits["copy_similarity"]
    alike = (pairs[0][copied], pairs[1][copied], pairs[2][copied])
    kept = gate.lets_through(*pairs)
    rows, columns, cosines = (part[kept] for part in pairs)
    cosines = cosines * gate.fade(rows, columns)
    near = cosines >= limits["minimum_similarity"]
    rows, columns, cosines = rows[near], columns[near], cosines[near]
    stories = pd.factorize(settled)[0][:new_from]
    labels = np.empty(counts.shape[0], np.int64)
    next_number = 0
    bound = tie_rows(stories)
    every = (
        np.concatenate([rows, bound[0]]),
        np.concatenate([columns, bound[1]]),
        np.concatenate([cosines, bound[2]]),
    )
    for members, is_tight in split_components(counts.shape[0], every, limits["minimum_similarity"]):
        local = np.zeros(len(members), np.int64)
        if len(members) > 1 and not is_tight and members[-1] >= new_from:
            local = _cluster_members(vectors, gate, members, stories, minimum=limits["minimum_similarity"])
        labels[members] = local + next_number
        next_number += int(local.max(initial=0)) + 1
    labels = pd.factorize(labels)[0]
    return Compared(labels, measure_nearness(vectors, labels), alike)


def tie_rows(stories: np.ndarray) -> Pairs:
    """Pairs that tie the rows of each story together, each row to the one before it in its story."""
    order = np.argsort(stories, kind="stable")
    same = np.diff(stories[order]) == 0
    return order[:-1][same], order[1:][same], np.ones(int(same.sum()), np.float32)


@dataclass(frozen=True)
class Gate:
    """What keeps strangers out: dates and names of the rows."""

    names: sparse.csr_matrix
    days: np.ndarray
    window_days: float

    def lets_through(self, rows: np.ndarray, columns: np.ndarray, cosines: np.ndarray) -> np.ndarray:
        """Which of the pairs may tell one event."""
        is_near = ~(np.abs(self.days[rows] - self.days[columns]) > self.window_days)
        doubtful = is_near & (cosines < settings()["certain_similarity"])
        shared = np.zeros(len(rows), bool)
        at = np.flatnonzero(doubtful)
        for chunk in np.array_split(at, max(1, len(at) // 50_000)):
            shared[chunk] = measure_cosines(self.names, rows[chunk], columns[chunk]) >= settings()["shared_names"]
        name_counts = np.diff(self.names.indptr)
        has_few = np.minimum(name_counts[rows], name_counts[columns]) < settings()["few_names"]
        return is_near & (~doubtful | shared | has_few)

    def fade(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Factor for the cosine of each pair, which halves every so many days between them; 1 where one is unknown."""
        apart = np.abs(self.days[rows] - self.days[columns])
        return np.where(np.isnan(apart), 1.0, 0.5 ** (apart / settings()["half_life_days"])).astype(np.float32)


def _cluster_members(
    vectors: sparse.csr_matrix, gate: Gate, members: np.ndarray, stories: np.ndarray, *, minimum: float
) -> np.ndarray:
    own = vectors[members]
    # Only the columns that are in use: a million of them take longer to walk than the rows.
    used, columns = np.unique(own.indices, return_inverse=True)
    own = sparse.csr_matrix((own.data, columns, own.indptr), shape=(len(members), len(used)))
    similarity = (own @ own.T).toarray()
    first, second = np.nonzero(np.triu(similarity, 1))
    blocked = ~gate.lets_through(members[first], members[second], similarity[first, second])
    faded = np.where(blocked, 0, similarity[first, second] * gate.fade(members[first], members[second]))
    similarity[first, second] = similarity[second, first] = faded
    settled = members < len(stories)
    of_story = np.full(len(members), -1)
    of_story[settled] = stories[members[settled]]
    # Average linkage joins rows at distance 0 first, so that a story of before is one from the start.
    together = (of_story[:, None] == of_story[None, :]) & (of_story[:, None] >= 0)
    similarity[together] = 1
    return link_average(np.clip(similarity, 0, 1), minimum=minimum)


def measure_nearness(vectors: sparse.csr_matrix, labels: np.ndarray) -> np.ndarray:
    """Cosine between each row and the sum of its cluster's rows; 0 for a row without words."""
    if not len(labels):
        return np.empty(0)
    members = sparse.csr_matrix((np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))))
    middles = members @ vectors
    lengths = np.sqrt(np.asarray(middles.multiply(middles).sum(axis=1)).ravel())
    products = np.concatenate(
        [measure_products(vectors, middles, labels, start, start + 20_000) for start in range(0, len(labels), 20_000)]
    )
    return np.divide(products, lengths[labels], out=np.zeros(len(labels)), where=lengths[labels] > 0)


def measure_products(
    vectors: sparse.csr_matrix, middles: sparse.csr_matrix, labels: np.ndarray, start: int, stop: int
) -> np.ndarray:
    """Products of each of the rows from start to stop with the middle of its cluster."""
    return np.asarray(vectors[start:stop].multiply(middles[labels[start:stop]]).sum(axis=1)).ravel()
