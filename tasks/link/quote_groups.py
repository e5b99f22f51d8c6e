"""One utterance as several articles print it: quotations in different wordings, grouped."""

import hashlib
from collections import Counter
from collections.abc import Container, Iterator

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein, Opcode

from schemas import QuoteGroup, QuoteVariant
from tasks.link.quote_similarity import compare_sentences, find_marked, find_opposed, settings, split_quotes
from tasks.link.stories import count_outlets
from tasks.link.vectors import cluster_pairs
from tasks.link.wordings import fold_wording, name_capitals, name_ideas

KIND_ORDER = {"direct": 0, "mixed": 1, "indirect": 2}


def group_quotes(quotes: pd.DataFrame, articles: pd.DataFrame) -> tuple[list[QuoteGroup], list[QuoteVariant]]:
    """The groups, and one row for every quotation that is in one.

    A group holds versions of one utterance from two or more articles of one story. A quotation that tells several
    utterances is in a group for each, first in that which most articles share. `quotes` has the columns of its table,
    `articles` those of articles with story_id and copy_of_article_id filled.
    """
    context = articles[["article_id", "story_id", "outlet_name", "copy_of_article_id"]]
    placed = quotes.drop(columns=["story_id"], errors="ignore").merge(context, on="article_id")
    groups: list[QuoteGroup] = []
    variants: list[QuoteVariant] = []
    for story_id, part in placed.groupby("story_id", sort=True):
        if part["article_id"].nunique() < 2:
            continue
        names: set[str] = set()
        for versions in find_utterances(part.sort_values("quote_id")):
            group = describe_quote_group(str(story_id), name_utterance(versions, names), versions)
            names.add(group.quote_group_id)
            groups.append(group)
            variants.extend(list_variants(group, versions))
    return groups, variants


def find_utterances(quotes: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The quotations of each utterance that two or more articles of a story print.

    Sentences are clustered, not quotations, since a quotation may join several utterances: those that most articles
    share come first. Utterances of which all versions stand in the same quotations are told as one. `quotes` come back
    with `shared`, the part of the content that the others have too.
    """
    sentences = list_sentences(quotes)
    sentences["utterance"] = cluster_sentences(sentences)
    pending = sentences
    while len(pending):
        spread = pending[pending["is_long"]].groupby("utterance")["article_id"].nunique()
        if spread.empty or spread.max() < 2:
            return
        rows = pending.loc[pending["utterance"] == spread.idxmax(), "quote"].unique()
        versions = pending[pending["quote"].isin(rows)]
        yield quotes.iloc[rows].assign(shared=cut_shared(quotes["content"].iloc[rows], versions))
        beyond = pending.loc[~pending["quote"].isin(rows), "utterance"]
        is_told = pending["quote"].isin(rows) & ~pending["utterance"].isin(beyond)
        pending = pending[~is_told & (pending["utterance"] != spread.idxmax())]


def list_sentences(quotes: pd.DataFrame) -> pd.DataFrame:
    """One row a sentence: `quote`, the row of its quotation, and what is known of that.

    Words in marks within a sentence are a sentence of their own beside it. `is_long` tells that an utterance can be
    told by it; of a quotation with no such sentence, its whole content is one.
    """
    minimum = settings()["pieces"]["minimum_characters"]
    found: list[tuple[int, str, bool]] = []
    for row, (content, sentences) in enumerate(zip(quotes["content"], split_quotes(quotes), strict=True)):
        told = sentences if max(map(len, sentences)) >= minimum else [content]
        found.extend((row, sentence, len(told) == 1 or len(sentence) >= minimum) for sentence in told)
        found.extend((row, marked, True) for sentence in told for marked in find_marked(sentence))
    listed = pd.DataFrame(found, columns=["quote", "sentence", "is_long"])
    known = quotes[["article_id", "speaker_id", "kind"]].iloc[listed["quote"]].reset_index(drop=True)
    return pd.concat([known, listed], axis=1)


def cluster_sentences(sentences: pd.DataFrame) -> np.ndarray:
    """Cluster number of each sentence of a story's quotations; one number, one utterance.

    Of sentences that are not long those with the same words have one number.
    """
    long = sentences[sentences["is_long"]]
    rows, columns, similarities = compare_sentences(long["sentence"].tolist())
    most = np.minimum(limit_indirect(long, rows, columns), limit_marked(long, rows, columns))
    similarities = np.minimum(similarities, most) * weigh_speakers(long, rows, columns)
    # What stands in marks is part of its own sentence, which does not make them one utterance.
    owners = long["quote"].to_numpy()
    kept = (similarities > 0) & (owners[rows] != owners[columns])
    limits = settings()["similarity"]
    labels = np.empty(len(sentences), int)
    labels[sentences["is_long"]] = cluster_pairs(
        len(long), rows[kept], columns[kept], similarities[kept], minimum=limits["same_speaker"]
    )
    labels[sentences["is_long"]] = join_opposed(long, labels[sentences["is_long"]])
    folded = sentences.loc[~sentences["is_long"], "sentence"].map(fold_wording)
    labels[~sentences["is_long"]] = pd.factorize(folded)[0] + len(long)
    return labels


def limit_indirect(sentences: pd.DataFrame, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """How alike each pair may be at most: little where both are indirect and have few ideas in common."""
    texts = sentences["sentence"].tolist()
    ideas, names = [frozenset(name_ideas(text)) for text in texts], [name_capitals(text) for text in texts]
    is_indirect = (sentences["kind"] == "indirect").to_numpy(bool)
    limits = settings()["pieces"]

    def is_thin(i: int, j: int) -> bool:
        common = ideas[i] & ideas[j]
        said = common - names[i] - names[j]
        return ideas[i] != ideas[j] and (
            len(common) < limits["indirect_ideas"] or len(said) < limits["indirect_said_ideas"]
        )

    both = is_indirect[rows] & is_indirect[columns]
    thin = [indirect and is_thin(i, j) for i, j, indirect in zip(rows, columns, both, strict=True)]
    return np.where(np.array(thin, bool), settings()["similarity"]["contrary"], 1.0)


def limit_marked(sentences: pd.DataFrame, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """How alike each pair may be at most: little where one marks words of which the other, direct, has few."""
    marked = [frozenset(name_ideas(" ".join(find_marked(text)))) for text in sentences["sentence"]]
    ideas = [frozenset(name_ideas(text)) for text in sentences["sentence"]]
    is_direct = (sentences["kind"] == "direct").to_numpy(bool)
    share = settings()["pieces"]["marked_share"]

    def is_other(i: int, j: int) -> bool:
        return bool(marked[i]) and bool(is_direct[j]) and len(marked[i] & ideas[j]) <= share * len(marked[i])

    other = [is_other(i, j) or is_other(j, i) for i, j in zip(rows, columns, strict=True)]
    return np.where(np.array(other, bool), settings()["similarity"]["contrary"], 1.0)


def join_opposed(sentences: pd.DataFrame, labels: np.ndarray) -> np.ndarray:
    """The cluster numbers, where two clusters of one speaker that differ by a negation only are one.

    An article that prints both tells two statements; else an outlet has turned one round.
    """
    texts = sentences["sentence"].tolist()
    rows, columns, similarities = compare_sentences(texts, keeps_contrary=True)
    similarities = similarities * (weigh_speakers(sentences, rows, columns) == 1)
    kept = (similarities >= settings()["similarity"]["opposed"]) & (labels[rows] != labels[columns])
    rows, columns = rows[kept], columns[kept]
    is_opposed = find_opposed(texts, [name_ideas(text) for text in texts], rows, columns)
    articles = sentences["article_id"].to_numpy(object)
    joined = labels.copy()
    for first, second in zip(joined[rows[is_opposed]], joined[columns[is_opposed]], strict=True):
        printed = [set(articles[joined == label]) for label in (first, second)]
        if not printed[0] & printed[1]:
            joined[joined == second] = first
    return joined


def cut_shared(contents: pd.Series, sentences: pd.DataFrame) -> list[str]:
    """The part of each content from its first to its last sentence that all the others have a version of."""
    spread = sentences.groupby("utterance")["quote"].nunique()
    common = sentences[sentences["utterance"].map(spread) == len(contents)]
    shared = []
    for content, (_, own) in zip(contents, common.groupby("quote", sort=True), strict=True):
        spans = [(content.index(sentence), content.index(sentence) + len(sentence)) for sentence in own["sentence"]]
        start, end = min(start for start, _ in spans), max(end for _, end in spans)
        shared.append(content[start:end].rstrip(" ,;:"))
    return shared


def weigh_speakers(sentences: pd.DataFrame, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Factor for the similarity of each pair, so that one threshold serves all.

    Without a common speaker a pair must be more alike, and what is only reported in
    other words (indirect) does not count.
    """
    limits = settings()["similarity"]
    speakers = sentences["speaker_id"].astype(object).where(sentences["speaker_id"].notna(), None).to_numpy()
    is_known = np.array([speaker is not None for speaker in speakers], bool)
    is_quoted = (sentences["kind"] != "indirect").to_numpy(bool)
    both_known = is_known[rows] & is_known[columns]
    is_same = both_known & (speakers[rows] == speakers[columns])
    both_quoted = is_quoted[rows] & is_quoted[columns]
    strict = np.where(both_known, limits["other_speaker"], limits["unknown_speaker"])
    return np.where(is_same, 1.0, np.where(both_quoted, limits["same_speaker"] / strict, 0.0))


def name_utterance(versions: pd.DataFrame, taken: Container[str]) -> str:
    """quote_group_id of these quotations: from the smallest quote_id that names no other utterance.

    Where each names one already, from the smallest with the words that are shared.
    """
    smallest = versions.sort_values("quote_id")
    candidates = [*smallest["quote_id"], smallest["quote_id"].iloc[0] + smallest["shared"].iloc[0]]
    names = ["utterance-" + hashlib.sha256(candidate.encode()).hexdigest()[:12] for candidate in candidates]
    return next((name for name in names if name not in taken), names[-1])


def describe_quote_group(story_id: str, quote_group_id: str, versions: pd.DataFrame) -> QuoteGroup:
    """The group made of these quotations, which have outlet_name, copy_of_article_id and `shared` beside them."""
    named = versions.dropna(subset=["speaker_id"])
    speaker_id = _most_articles(named, "speaker_id")
    names = named.loc[named["speaker_id"] == speaker_id].dropna(subset=["speaker_name"])
    canonical, reason = choose_canonical(versions)
    return QuoteGroup(
        quote_group_id=quote_group_id,
        story_id=story_id,
        speaker_id=speaker_id,
        speaker_name=_most_articles(names, "speaker_name"),
        canonical_text=canonical["shared"],
        canonical_quote_id=canonical["quote_id"],
        canonical_reason=reason,
        quote_count=len(versions),
        variant_count=count_wordings(versions["shared"]),
        article_count=versions["article_id"].nunique(),
        outlet_count=count_outlets(versions.drop_duplicates("article_id")["outlet_name"]),
        speaker_disagrees=named["speaker_id"].nunique() > 1,
        polarity_disagrees=has_opposed(versions["shared"].tolist()),
    )


def has_opposed(texts: list[str]) -> bool:
    """Whether one of the wordings denies what another says; only of wordings that are alike can it be told."""
    rows, columns, similarities = compare_sentences(texts, keeps_contrary=True)
    kept = similarities >= settings()["similarity"]["denial"]
    return bool(find_opposed(texts, [name_ideas(text) for text in texts], rows[kept], columns[kept]).any())


def list_variants(group: QuoteGroup, versions: pd.DataFrame) -> list[QuoteVariant]:
    """One row per quotation of the group: who printed which wording, and how it differs from the canonical one."""
    canonical = fold_wording(group.canonical_text).split()
    wordings = pd.factorize(versions["shared"].map(fold_wording))[0]
    rows = []
    for wording, version in zip(wordings, versions.to_dict("records"), strict=True):
        own = fold_wording(version["shared"]).split()
        edits = Levenshtein.opcodes(canonical, own)
        rows.append(
            QuoteVariant(
                quote_id=version["quote_id"],
                quote_group_id=group.quote_group_id,
                article_id=version["article_id"],
                outlet_name=version["outlet_name"] if isinstance(version["outlet_name"], str) else None,
                wording_number=int(wording) + 1,
                shared_text=version["shared"],
                missing_words=" ".join(word for edit in edits for word in _cut(canonical, edit, "src")),
                added_words=" ".join(word for edit in edits for word in _cut(own, edit, "dest")),
                is_canonical=version["quote_id"] == group.canonical_quote_id,
            )
        )
    return rows


def _cut(words: list[str], edit: Opcode, side: str) -> list[str]:
    return [] if edit.tag == "equal" else words[getattr(edit, f"{side}_start") : getattr(edit, f"{side}_end")]


def _most_articles(quotes: pd.DataFrame, column: str) -> str | None:
    """Value of the column that most articles have; the smallest of equals, None where there is none."""
    pairs = quotes[["article_id", column]].drop_duplicates()
    counts = Counter(pairs[column])
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def count_wordings(texts: pd.Series) -> int:
    """How many different wordings; one that stands word for word in another, cut short, is none of its own."""
    wordings = sorted({f" {fold_wording(text)} " for text in texts}, key=len, reverse=True)
    full: list[str] = []
    for wording in wordings:
        if not any(wording in longer for longer in full):
            full.append(wording)
    return len(full)


def choose_canonical(versions: pd.DataFrame) -> tuple[pd.Series, str]:
    """The version that stands for all, and which of CANONICAL_REASONS singled it out.

    Direct before mixed before indirect, of an original article before a copy, the wording that most outlets print,
    then the one most like all others, then the longest.
    """
    texts = versions["shared"].tolist()
    total = np.zeros(len(texts))
    rows, columns, similarities = compare_sentences(texts)
    np.add.at(total, rows, similarities)
    np.add.at(total, columns, similarities)
    wordings = [fold_wording(text) for text in texts]
    spread = Counter(wording for wording, _ in set(zip(wordings, versions["article_id"], strict=True)))
    keys: dict[str, list] = {
        "most_direct": [KIND_ORDER[kind] for kind in versions["kind"]],
        "original": versions["copy_of_article_id"].notna().tolist(),
        "most_outlets": [-spread[wording] for wording in wordings],
        "most_alike": (-total.round(6)).tolist(),
        "most_complete": [-len(text) for text in texts],
        "smallest_id": versions["quote_id"].tolist(),
    }
    left = list(range(len(texts)))
    for reason, values in keys.items():
        best = min(values[at] for at in left)
        left = [at for at in left if values[at] == best]
        if len(left) == 1:
            return versions.iloc[left[0]], reason
    raise ValueError("two versions of an utterance have one id")
