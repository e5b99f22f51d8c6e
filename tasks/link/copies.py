"""Articles that copy another: reposts, with edits or without, and translations of one original."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz.distance import LCSseq
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

SETTINGS_FILE = Path(__file__).with_name("copies.toml")
BLOCK_ROWS = 512


@cache
def _settings() -> dict:
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


@dataclass(frozen=True)
class CopyPair:
    """Two articles of a story, by position, of which the younger copies the older.

    `share` tells how much is common: of passages for a near copy, of words for a translated one.
    """

    older: int
    younger: int
    kind: str
    share: float


def find_copies(articles: pd.DataFrame, stories: pd.DataFrame) -> pd.DataFrame:
    """article_id, copy_of_article_id and copy_kind of every article that copies another.

    `articles` has article_id, text, published_at and, where known, fetched_at; `stories` has article_id
    and story_id. Only articles of one story are compared. The original is the one published first,
    else fetched first, else the longest; a copy of a copy points at the original.
    """
    dated = articles.merge(stories[["article_id", "story_id"]], on="article_id", suffixes=("_before", ""))
    found: list[tuple[str, str, str]] = []
    for _, part in dated.groupby("story_id", sort=True):
        if len(part) > 1:
            found.extend(_find_copies_in_story(sort_by_seniority(part)))
    return pd.DataFrame(found, columns=["article_id", "copy_of_article_id", "copy_kind"], dtype="str")


def sort_by_seniority(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles, the likeliest original first."""
    keys = pd.DataFrame(
        {
            "published": pd.to_datetime(articles["published_at"], utc=True),
            "fetched": pd.to_datetime(articles["fetched_at"], utc=True) if "fetched_at" in articles else pd.NaT,
            "length": -articles["text"].str.len(),
            "article_id": articles["article_id"],
        },
        index=articles.index,
    )
    return articles.loc[keys.sort_values(list(keys.columns), na_position="last").index]


def _find_copies_in_story(articles: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """article_id, that of its original and the kind, of each copy; `articles` are sorted by seniority."""
    article_ids = articles["article_id"].tolist()
    suspects: dict[int, list[CopyPair]] = {}
    for pair in find_copy_pairs(articles["text"].tolist()):
        suspects.setdefault(pair.younger, []).append(pair)
    original_of: dict[int, int] = {}
    for younger in sorted(suspects):
        # A translation must resemble the original itself: likeness by way of others drifts off.
        pairs = [pair for pair in suspects[younger] if pair.kind == "near" or pair.older not in original_of]
        if pairs:
            best = max(pairs, key=lambda pair: (pair.kind == "near", pair.share, -pair.older))
            original_of[younger] = original_of.get(best.older, best.older)
            yield article_ids[younger], article_ids[original_of[younger]], best.kind


def find_copy_pairs(texts: list[str]) -> Iterator[CopyPair]:
    """Pairs of texts, the oldest text first, of which the younger copies the older."""
    near, translated = _settings()["near"], _settings()["translated"]
    words = [split_words(text) for text in texts]
    vocabulary = _mark_presence(words, 1)
    passages = _mark_presence(words, near["shingle_words"])
    vocabulary_sizes, passage_counts = _row_sizes(vocabulary), _row_sizes(passages)
    for start in range(0, len(texts), BLOCK_ROWS):
        # Rows are the younger articles of the block; only older ones stand before them.
        stop = min(start + BLOCK_ROWS, len(texts))
        common_words = (vocabulary[start:stop] @ vocabulary[:stop].T).toarray()
        common_passages = (passages[start:stop] @ passages[:stop].T).toarray()
        union = vocabulary_sizes[start:stop, None] + vocabulary_sizes[None, :stop] - common_words
        word_share = common_words / np.maximum(union, 1)
        passage_share = common_passages / np.maximum(passage_counts[start:stop, None], 1)
        suspects = (passage_share >= near["minimum_passage_share"]) | (word_share >= translated["minimum_word_share"])
        for row, older in zip(*np.nonzero(suspects), strict=True):
            younger = start + int(row)
            if older >= younger:
                continue
            if passage_share[row, older] >= near["minimum_passage_share"]:
                yield CopyPair(int(older), younger, "near", float(passage_share[row, older]))
            elif is_translated(words[older], words[younger]):
                yield CopyPair(int(older), younger, "translated", float(word_share[row, older]))


def split_words(text: str) -> list[str]:
    """The words of a text, lower case."""
    return re.findall(r"\w+", text.lower())


def is_translated(older: list[str], younger: list[str]) -> bool:
    """Whether two articles with many words in common also have them in the same order."""
    settings = _settings()["translated"]
    shorter, longer = sorted((len(older), len(younger)))
    if shorter < max(settings["minimum_words"], settings["minimum_length_share"] * longer):
        return False
    common = LCSseq.similarity(older, younger)
    return 2 * common / (shorter + longer) >= settings["minimum_order_share"]


def _mark_presence(words: list[list[str]], length: int) -> sparse.csr_matrix:
    """Which sequences of `length` words each text holds, one row a text."""

    def cut(tokens: list[str]) -> list[str]:
        return [" ".join(tokens[at : at + length]) for at in range(len(tokens) - length + 1)]

    try:
        return CountVectorizer(analyzer=cut, binary=True, dtype=np.int32).fit_transform(words).tocsr()
    except ValueError:
        # Raised where no text is that long.
        return sparse.csr_matrix((len(words), 1), dtype=np.int32)


def _row_sizes(presence: sparse.csr_matrix) -> np.ndarray:
    return np.diff(presence.indptr)
