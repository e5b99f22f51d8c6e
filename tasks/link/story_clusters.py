"""Which articles tell one event: by their words, their names and their dates."""

import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
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

# What is measured at a time: pairs of rows, and clusters.
PAIRS_AT_ONCE = 20_000
CLUSTERS_AT_ONCE = 5_000


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
    counts: sparse.csr_matrix,
    days: np.ndarray,
    settled: pd.Series,
    *,
    window_days: float,
    shrunk: Collection[str] = (),
) -> Compared:
    """Clusters of the rows of `count_words`: average linkage on cosine distance, cut as stories.toml says.

    `days` are dates in days, nan where unknown; two rows more than `window_days` apart have nothing in common, nor
    have two that share no name and are not certainly alike, and likeness counts less the further two days are apart.
    Rows of one story in `settled` stay together; rows that have none must be the last, and only they are compared with
    all others. Nearness is measured in stories that have a new row or that `shrunk` names, and nan in the others.
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
    components = list(split_components(counts.shape[0], every, limits["minimum_similarity"]))
    open_ones = [
        members for members, is_tight in components if len(members) > 1 and not is_tight and members[-1] >= new_from
    ]
    clustered = iter(cluster_components(vectors, gate, open_ones, stories, minimum=limits["minimum_similarity"]))
    for members, is_tight in components:
        is_open = len(members) > 1 and not is_tight and members[-1] >= new_from
        local = next(clustered) if is_open else np.zeros(len(members), np.int64)
        labels[members] = local + next_number
        next_number += int(local.max(initial=0)) + 1
    labels = pd.factorize(labels)[0]
    changed = np.append(np.flatnonzero(settled.isin(list(shrunk)).to_numpy()), np.arange(new_from, len(labels)))
    told = np.flatnonzero(np.isin(labels, labels[changed]))
    nearness = np.full(len(labels), np.nan)
    nearness[told] = measure_nearness(vectors[told], pd.factorize(labels[told])[0])
    return Compared(labels, nearness, alike)


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


def cluster_components(
    vectors: sparse.csr_matrix, gate: Gate, components: Sequence[np.ndarray], stories: np.ndarray, *, minimum: float
) -> Iterator[np.ndarray]:
    """Cluster numbers from 0 of the rows of each component, in order; `stories` are numbers of the rows of before.

    The pairs of many components are measured at a time: one by one, what is fixed in measuring costs more than they.
    """
    for some in part_components(components):
        triangles = [np.triu_indices(len(members), 1) for members in some]
        firsts, seconds = (
            np.concatenate([members[triangle[side]] for members, triangle in zip(some, triangles, strict=True)])
            for side in (0, 1)
        )
        cosines = (
            measure_cosines(vectors, firsts, seconds)
            if len(firsts) <= PAIRS_AT_ONCE
            else _multiply_rows(vectors, some[0])[triangles[0]]
        )
        likeness = np.where(gate.lets_through(firsts, seconds, cosines), cosines * gate.fade(firsts, seconds), 0)
        # Average linkage joins rows at distance 0 first, so that a story of before is one from the start.
        likeness[_share_story(stories, firsts, seconds)] = 1
        bounds = np.cumsum([0] + [len(first) for first, _ in triangles])
        for members, triangle, (start, stop) in zip(some, triangles, pairwise(bounds), strict=True):
            similarity = np.zeros((len(members), len(members)), np.float32)
            similarity[triangle] = likeness[start:stop]
            yield link_average(
                np.clip(similarity + similarity.T, 0, 1), minimum=minimum, step=settings()["similarity_step"]
            )


def part_components(components: Sequence[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """The components, in order, in parts of at most PAIRS_AT_ONCE pairs; one with more is a part of its own."""
    pending: list[np.ndarray] = []
    pair_count = 0
    for members in components:
        own = len(members) * (len(members) - 1) // 2
        if pending and pair_count + own > PAIRS_AT_ONCE:
            yield pending
            pending, pair_count = [], 0
        pending.append(members)
        pair_count += own
    if pending:
        yield pending


def _multiply_rows(vectors: sparse.csr_matrix, members: np.ndarray) -> np.ndarray:
    own = vectors[members]
    # Only the columns that are in use: a million of them take longer to walk than the rows.
    used, columns = np.unique(own.indices, return_inverse=True)
    own = sparse.csr_matrix((own.data, columns, own.indptr), shape=(len(members), len(used)))
    return (own @ own.T).toarray()


def _share_story(stories: np.ndarray, firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Which pairs are of one story of before; only the first rows have been in one."""
    both = (firsts < len(stories)) & (seconds < len(stories))
    shared = np.zeros(len(firsts), bool)
    shared[both] = stories[firsts[both]] == stories[seconds[both]]
    return shared


def measure_nearness(vectors: sparse.csr_matrix, labels: np.ndarray) -> np.ndarray:
    """Cosine between each row and the sum of its cluster's rows; 0 for a row without words."""
    nearness = np.empty(len(labels))
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(
        labels[order], np.arange(0, labels.max(initial=-1) + 1 + CLUSTERS_AT_ONCE, CLUSTERS_AT_ONCE)
    )
    for rows in (order[start:stop] for start, stop in pairwise(bounds)):
        own, local = vectors[rows], labels[rows] - labels[rows[0]]
        members = sparse.csr_matrix((np.ones(len(rows), np.float32), (local, np.arange(len(rows)))))
        middles = members @ own
        lengths = np.sqrt(np.asarray(middles.multiply(middles).sum(axis=1)).ravel())[local]
        products = np.asarray(own.multiply(middles[local]).sum(axis=1)).ravel()
        nearness[rows] = np.divide(products, lengths, out=np.zeros(len(rows)), where=lengths > 0)
    return nearness
