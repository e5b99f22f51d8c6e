"""One utterance as several articles print it: quotations in different wordings, grouped."""

import hashlib
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from schemas import QuoteGroup
from tasks.link.stories import count_outlets
from tasks.link.vectors import cluster_pairs, find_similar_pairs

SETTINGS_FILE = Path(__file__).with_name("quote_groups.toml")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
KIND_ORDER = {"direct": 0, "mixed": 1, "indirect": 2}


@cache
def _settings() -> dict:
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


def group_quotes(quotes: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, list[QuoteGroup]]:
    """quote_id and quote_group_id of every quotation that is in a group, and the groups.

    A group holds versions of one utterance from two or more articles of one story. `quotes` has the
    columns of its table, `articles` those of articles with story_id and copy_of_article_id filled.
    """
    context = articles[["article_id", "story_id", "outlet_name", "copy_of_article_id"]]
    placed = quotes.drop(columns=["story_id"], errors="ignore").merge(context, on="article_id")
    groups: list[QuoteGroup] = []
    members: list[tuple[str, str]] = []
    for story_id, part in placed.groupby("story_id", sort=True):
        if part["article_id"].nunique() < 2:
            continue
        ordered = part.sort_values("quote_id")
        for _, versions in ordered.groupby(cluster_quotes(ordered), sort=True):
            if versions["article_id"].nunique() >= 2:
                group = describe_quote_group(str(story_id), versions)
                groups.append(group)
                members.extend((quote_id, group.quote_group_id) for quote_id in versions["quote_id"])
    return pd.DataFrame(members, columns=["quote_id", "quote_group_id"], dtype="str"), groups


def cluster_quotes(quotes: pd.DataFrame) -> np.ndarray:
    """Cluster number of each quotation of a story; one number, one utterance."""
    rows, columns, similarities = compare_quotes(split_quotes(quotes))
    similarities = similarities * _weigh_speakers(quotes, rows, columns)
    return cluster_pairs(len(quotes), rows, columns, similarities, minimum=_settings()["similarity"]["same_speaker"])


def split_quotes(quotes: pd.DataFrame) -> list[list[str]]:
    """The sentences of each quotation; a cue between two pieces ("…," she said. "…") also parts them."""
    if "content_segments" not in quotes:
        return [SENTENCE_END.split(content) for content in quotes["content"]]
    return [
        [sentence for piece in _cut_segments(content, segments) for sentence in SENTENCE_END.split(piece)]
        for content, segments in zip(quotes["content"], quotes["content_segments"], strict=True)
    ]


def _cut_segments(content: str, segments: str) -> list[str]:
    """The pieces that `content` joins by single spaces, cut by the lengths of its segments."""
    pieces, position = [], 0
    for segment in segments.split():
        start, _, end = segment.partition(":")
        length = int(end) - int(start)
        pieces.append(content[position : position + length])
        position += length + 1
    return pieces


def compare_quotes(quotes: list[list[str]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows i, rows j > i and similarity of quotations, given as sentences, that have something in common.

    The similarity is that of the most similar pair of pieces: the whole quotations or sentences of them.
    """
    pieces, owners = _list_pieces(quotes)
    vectors = _weigh_letters(pieces)
    floor = _settings()["similarity"]["floor"]
    firsts, seconds, cosines = find_similar_pairs(vectors, minimum=floor)
    cosines = np.maximum(cosines, _measure_containment(vectors, pieces, firsts, seconds))
    lengths = np.array([len(piece) for piece in pieces])
    is_short = np.minimum(lengths[firsts], lengths[seconds]) < _settings()["pieces"]["minimum_characters"]
    scale = _settings()["similarity"]["same_speaker"] / _settings()["pieces"]["short"]
    cosines = np.where(is_short, cosines * scale, cosines)
    pairs = pd.DataFrame({"i": owners[firsts], "j": owners[seconds], "similarity": cosines})
    best = pairs[pairs["i"] != pairs["j"]].groupby(["i", "j"], sort=True, as_index=False)["similarity"].max()
    return best["i"].to_numpy(int), best["j"].to_numpy(int), best["similarity"].to_numpy(float)


def _list_pieces(quotes: list[list[str]]) -> tuple[list[str], np.ndarray]:
    """Each quotation whole and, of several sentences, each that is long enough; and whose each piece is."""
    pieces: list[str] = []
    owners: list[int] = []
    for owner, sentences in enumerate(quotes):
        long = [part for part in sentences if len(part) >= _settings()["pieces"]["minimum_characters"]]
        whole = [" ".join(sentences), *long] if len(sentences) > 1 else sentences
        pieces.extend(fold_wording(piece) for piece in whole)
        owners.extend([owner] * len(whole))
    return pieces, np.array(owners, int)


def fold_wording(text: str) -> str:
    """The text's words, lower case, without punctuation; equal for versions that differ in those only."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("’", "").replace("'", "")))


def _weigh_letters(pieces: list[str]) -> sparse.csr_matrix:
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, dtype=np.float32)
    try:
        return vectorizer.fit_transform(pieces).tocsr()
    except ValueError:
        # Raised where no piece holds a letter.
        return sparse.csr_matrix((len(pieces), 1), dtype=np.float32)


def _measure_containment(
    vectors: sparse.csr_matrix, pieces: list[str], firsts: np.ndarray, seconds: np.ndarray
) -> np.ndarray:
    """Share of the shorter piece's weight that stands in the longer one; 0 below the share that counts."""
    if not len(firsts):
        return np.zeros(0)
    weights = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    lengths = np.array([len(piece) for piece in pieces])
    is_first_shorter = lengths[firsts] <= lengths[seconds]
    shorter, longer = np.where(is_first_shorter, firsts, seconds), np.where(is_first_shorter, seconds, firsts)
    presence = vectors.copy()
    presence.data = np.ones_like(presence.data)
    squares = vectors.multiply(vectors).tocsr()
    shared = np.asarray(squares[shorter].multiply(presence[longer]).sum(axis=1)).ravel()
    share = np.divide(shared, weights[shorter], out=np.zeros(len(shorter)), where=weights[shorter] > 0)
    is_long = lengths[shorter] >= _settings()["pieces"]["minimum_characters"]
    return np.where(is_long & (share >= _settings()["pieces"]["contained_share"]), share, 0)


def _weigh_speakers(quotes: pd.DataFrame, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Factor for the similarity of each pair, so that one threshold serves all.

    Without a common speaker a pair must be more alike, and what is only reported in
    other words (indirect) does not count.
    """
    settings = _settings()["similarity"]
    speakers = quotes["speaker_id"].astype(object).where(quotes["speaker_id"].notna(), None).to_numpy()
    is_known = np.array([speaker is not None for speaker in speakers], bool)
    is_quoted = (quotes["kind"] != "indirect").to_numpy(bool)
    both_known = is_known[rows] & is_known[columns]
    is_same = both_known & (speakers[rows] == speakers[columns])
    both_quoted = is_quoted[rows] & is_quoted[columns]
    strict = np.where(both_known, settings["other_speaker"], settings["unknown_speaker"])
    return np.where(is_same, 1.0, np.where(both_quoted, settings["same_speaker"] / strict, 0.0))


def describe_quote_group(story_id: str, versions: pd.DataFrame) -> QuoteGroup:
    """The group made of these quotations, which have outlet_name and copy_of_article_id beside them."""
    smallest = versions["quote_id"].min()
    named = versions.dropna(subset=["speaker_id"])
    speaker_id = _most_articles(named, "speaker_id")
    names = named.loc[named["speaker_id"] == speaker_id].dropna(subset=["speaker_name"])
    canonical = choose_canonical(versions)
    return QuoteGroup(
        quote_group_id="utterance-" + hashlib.sha256(smallest.encode()).hexdigest()[:12],
        story_id=story_id,
        speaker_id=speaker_id,
        speaker_name=_most_articles(names, "speaker_name"),
        canonical_text=canonical["content"],
        canonical_quote_id=canonical["quote_id"],
        quote_count=len(versions),
        variant_count=versions["content"].map(fold_wording).nunique(),
        article_count=versions["article_id"].nunique(),
        outlet_count=count_outlets(versions.drop_duplicates("article_id")["outlet_name"]),
        speaker_disagrees=named["speaker_id"].nunique() > 1,
    )


def _most_articles(quotes: pd.DataFrame, column: str) -> str | None:
    """Value of the column that most articles have; the smallest of equals, None where there is none."""
    pairs = quotes[["article_id", column]].drop_duplicates()
    counts = Counter(pairs[column])
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def choose_canonical(versions: pd.DataFrame) -> pd.Series:
    """The version that stands for all.

    Direct before mixed before indirect, of an original article before a copy, then the wording
    most like all others, then the longest.
    """
    total = np.zeros(len(versions))
    rows, columns, similarities = compare_quotes(split_quotes(versions))
    np.add.at(total, rows, similarities)
    np.add.at(total, columns, similarities)
    keys = pd.DataFrame(
        {
            "kind": versions["kind"].map(KIND_ORDER).to_numpy(),
            "is_copy": versions["copy_of_article_id"].notna().to_numpy(),
            "centrality": -total.round(6),
            "length": -versions["content"].str.len().to_numpy(),
            "quote_id": versions["quote_id"].to_numpy(),
        }
    )
    return versions.iloc[keys.sort_values(list(keys.columns)).index[0]]
