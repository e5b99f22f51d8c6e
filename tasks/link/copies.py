"""Articles that copy another: the same words, reposts with edits, and translations of one original."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
from rapidfuzz.distance import LCSseq

from tasks.link.originals import choose_reason, sort_by_seniority

SETTINGS_FILE = Path(__file__).with_name("copies.toml")
COLUMNS = ["article_id", "copy_of_article_id", "copy_kind", "shared_share", "original_reason"]
# The surest kind first.
KINDS = ("exact", "near", "translated")


@cache
def _settings() -> dict:
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


@dataclass(frozen=True)
class CopyPair:
    """Two articles of which the younger copies the older.

    `share` tells how much is common: of passages for a near copy, of words in their order for a translated one.
    """

    older: str
    younger: str
    kind: str
    share: float


def find_copies(articles: pd.DataFrame, alike: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """article_id, copy_of_article_id, copy_kind, shared_share and original_reason of every article that copies another.

    `alike` are pairs of ids that may be copies. `articles` has article_id, text, outlet_name, byline, published_at,
    published_at_precision and fetched_at of theirs, each null where it is not known. Which of two is the original tells
    `tasks.link.originals`; a copy of a copy points at the original.
    """
    ordered = sort_by_seniority(articles)
    ranks = {article_id: rank for rank, article_id in enumerate(ordered["article_id"])}
    words = {name: split_words(text) for name, text in zip(ordered["article_id"], ordered["text"], strict=True)}
    pairs: dict[str, list[CopyPair]] = {}
    for first, second in sorted(set(alike)):
        older, younger = sorted((first, second), key=ranks.__getitem__)
        kind, share = compare_texts(words[older], words[younger])
        if kind:
            pairs.setdefault(younger, []).append(CopyPair(older, younger, kind, share))
    rows = {str(row["article_id"]): row for _, row in ordered.iterrows()}
    found = [
        (
            pair.younger,
            original,
            pair.kind,
            round(pair.share, 4),
            choose_reason(rows[original], rows[pair.younger]),
        )
        for pair, original in _point_at_originals(pairs, ranks)
    ]
    return pd.DataFrame(found, columns=COLUMNS).astype({name: "str" for name in COLUMNS if name != "shared_share"})


def _point_at_originals(
    pairs: Mapping[str, list[CopyPair]], ranks: Mapping[str, int]
) -> Iterator[tuple[CopyPair, str]]:
    """The pair that shows each copy for one, and the original, from the oldest copy to the youngest."""
    original_of: dict[str, str] = {}
    for younger in sorted(pairs, key=ranks.__getitem__):
        # A translation must resemble the original itself: likeness by way of others drifts off.
        sure = [pair for pair in pairs[younger] if pair.kind != "translated" or pair.older not in original_of]
        if sure:
            best = min(sure, key=lambda pair: (KINDS.index(pair.kind), -pair.share, ranks[pair.older]))
            original_of[younger] = original_of.get(best.older, best.older)
            yield best, original_of[younger]


def compare_texts(older: list[str], younger: list[str]) -> tuple[str | None, float]:
    """The kind of copy that the younger text's words are of the older's, and their share; None where it is none."""
    if older == younger and len(younger) >= _settings()["exact"]["minimum_words"]:
        return "exact", 1.0
    near = _settings()["near"]
    passages, own = (_cut_passages(words, near["shingle_words"]) for words in (older, younger))
    share = len(passages & own) / len(own) if own else 0.0
    if share >= near["minimum_passage_share"] and len(younger) >= near["minimum_words"]:
        return "near", share
    order = measure_order(older, younger) if share_numbers(older, younger) else 0.0
    return ("translated", order) if order >= _settings()["translated"]["minimum_order_share"] else (None, 0.0)


def split_words(text: str) -> list[str]:
    """The words of a text, lower case; a number is one word with the marks within it."""
    return re.findall(r"\d+(?:[.,]\d+)+|\w+", text.lower())


def _cut_passages(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def share_numbers(older: list[str], younger: list[str]) -> bool:
    """Whether two texts give the same numbers, as far as they give several: one form filled in twice is no copy."""
    settings = _settings()["translated"]
    numbers = [{re.sub("[.,]", "", word) for word in words if word[0].isdigit()} for words in (older, younger)]
    fewest = min(map(len, numbers))
    return fewest < settings["minimum_numbers"] or len(numbers[0] & numbers[1]) >= settings["number_share"] * fewest


def measure_order(older: list[str], younger: list[str]) -> float:
    """Words that two texts have in the same order, of all their words; 0 where their vocabularies or lengths differ."""
    settings = _settings()["translated"]
    shorter, longer = sorted((len(older), len(younger)))
    if shorter < max(settings["minimum_words"], settings["minimum_length_share"] * longer):
        return 0.0
    vocabularies = set(older), set(younger)
    common = len(vocabularies[0] & vocabularies[1])
    if common < settings["minimum_word_share"] * (len(vocabularies[0]) + len(vocabularies[1]) - common):
        return 0.0
    return 2 * LCSseq.similarity(older, younger) / (shorter + longer)
