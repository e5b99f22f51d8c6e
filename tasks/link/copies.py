"""Articles that copy another: the same words, reposts with edits, and translations of one original."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, groupby
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz.distance import LCSseq
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasks.link.originals import choose_reason, sort_by_seniority

SETTINGS_FILE = Path(__file__).with_name("copies.toml")
COLUMNS = ["article_id", "copy_of_article_id", "copy_kind", "shared_share", "original_reason"]
# The surest kind first.
KINDS = ("exact", "near", "translated")


@cache
def _settings() -> dict:
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


def translation_settings() -> dict:
    """The settings by which two texts are translations of one original."""
    return _settings()["translated"]


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

    `alike` are pairs of ids that may be copies. `articles` has article_id, text, outlet_name, byline, dateline,
    credits (what else stood beside the text of where it is from), published_at, published_at_precision and fetched_at
    of theirs, each null where it is not known. Which of two is the original tells `tasks.link.originals`; a copy of a
    copy points at the original.
    """
    candidates = sorted(set(alike))
    families = label_families(candidates)
    ordered = sort_by_seniority(articles.assign(family=articles["article_id"].map(families).fillna(-1)))
    ranks = {article_id: rank for rank, article_id in enumerate(ordered["article_id"])}
    texts = dict(zip(ordered["article_id"], ordered["text"], strict=True))
    pairs: dict[str, list[CopyPair]] = {}
    for _, family in groupby(sorted(candidates, key=lambda pair: families[pair[0]]), lambda pair: families[pair[0]]):
        for pair in compare_family([sorted(pair, key=ranks.__getitem__) for pair in family], texts):
            pairs.setdefault(pair.younger, []).append(pair)
    rows = {str(row["article_id"]): row for row in ordered.drop(columns="text").to_dict("records")}
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


def compare_family(pairs: Sequence[Sequence[str]], texts: Mapping[str, str]) -> Iterator[CopyPair]:
    """Those of the pairs, older id and younger id, of which one copies the other.

    Words are kept while it is at work and no longer, so that memory is bounded by the largest family.
    """
    words = {name: Words(split_words(texts[name])) for name in dict.fromkeys(chain.from_iterable(pairs))}
    for older, younger in pairs:
        kind, share = compare_texts(words[older], words[younger])
        if kind:
            yield CopyPair(older, younger, kind, share)


def label_families(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """A number for each id of the pairs, equal for those that pairs connect."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(chain.from_iterable(pairs)))}
    ends = np.array([(numbers[first], numbers[second]) for first, second in pairs], int).reshape(-1, 2)
    graph = sparse.coo_matrix((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(len(numbers),) * 2)
    labels = connected_components(graph, directed=False)[1].tolist()
    return dict(zip(numbers, labels, strict=True))


@dataclass(frozen=True)
class Words:
    """The words of one text, and what is compared of them, made once for all of the text's pairs."""

    listed: list[str]

    @cached_property
    def passages(self) -> frozenset[int]:
        """All runs of so many words as make a passage, each as the number of its words' codes."""
        length = _settings()["near"]["shingle_words"]
        return frozenset(map(hash, zip(*(self.codes[at:] for at in range(length)), strict=False)))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words."""
        return frozenset(self.listed)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The different numbers, without the marks within them."""
        return frozenset(re.sub("[.,]", "", word) for word in self.vocabulary if word[0].isdigit())

    @cached_property
    def codes(self) -> list[int]:
        """A number for each word, equal for equal words: quicker to compare than strings."""
        return [hash(word) for word in self.listed]


def compare_texts(older: Words, younger: Words) -> tuple[str | None, float]:
    """The kind of copy that the younger text's words are of the older's, and their share; None where it is none."""
    if older.listed == younger.listed and len(younger.listed) >= _settings()["exact"]["minimum_words"]:
        return "exact", 1.0
    near = _settings()["near"]
    own = younger.passages
    share = len(older.passages & own) / len(own) if own else 0.0
    if share >= near["minimum_passage_share"] and len(younger.listed) >= near["minimum_words"]:
        return "near", share
    order = measure_order(older, younger) if share_numbers(older, younger) else 0.0
    return ("translated", order) if order >= translation_settings()["minimum_order_share"] else (None, 0.0)


def split_words(text: str) -> list[str]:
    """The words of a text, lower case; a number is one word with the marks within it."""
    return re.findall(r"\d+(?:[.,]\d+)+|\w+", text.lower())


def share_numbers(older: Words, younger: Words) -> bool:
    """Whether two texts give the same numbers, as far as they give several: one form filled in twice is no copy."""
    settings = translation_settings()
    fewest = min(len(older.numbers), len(younger.numbers))
    common = len(older.numbers & younger.numbers)
    return fewest < settings["minimum_numbers"] or common >= settings["number_share"] * fewest


def measure_order(older: Words, younger: Words) -> float:
    """Words that two texts have in the same order, of all their words; 0 where they are no versions of one text.

    Their vocabularies or lengths differ, or a good part of one has no counterpart in the other.
    """
    settings = translation_settings()
    shorter, longer = sorted((len(older.listed), len(younger.listed)))
    if shorter < max(settings["minimum_words"], settings["minimum_length_share"] * longer):
        return 0.0
    common = len(older.vocabulary & younger.vocabulary)
    if common < settings["minimum_word_share"] * (len(older.vocabulary) + len(younger.vocabulary) - common):
        return 0.0
    # Most pairs that are looked at are two reports of one event; what cannot reach the share is left early.
    least = int(settings["minimum_order_share"] * (shorter + longer) / 2)
    share = 2 * LCSseq.similarity(older.codes, younger.codes, score_cutoff=least) / (shorter + longer)
    if share < settings["minimum_order_share"]:
        return 0.0
    return share if measure_coverage(older, younger) >= settings["minimum_covered_share"] else 0.0


def measure_coverage(older: Words, younger: Words) -> float:
    """Share of a text's stretches of which some words stand in the other text in their order; the lower of the two.

    A translation goes through all of a text, while who writes a report of his own from another takes over some
    sentences, often quotations word for word, and leaves others out.
    """
    settings = translation_settings()
    shared = np.zeros(len(older.listed), bool), np.zeros(len(younger.listed), bool)
    for block in LCSseq.opcodes(older.codes, younger.codes):
        if block.tag == "equal":
            shared[0][block.src_start : block.src_end] = True
            shared[1][block.dest_start : block.dest_end] = True
    shares = []
    for own in shared:
        stretches = np.array_split(own, max(1, round(len(own) / settings["stretch_words"])))
        shares.append(np.mean([stretch.mean() >= settings["stretch_share"] for stretch in stretches]))
    return float(min(shares))
