"""One utterance as several articles print it: quotations in different wordings, grouped."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein, Opcode

from schemas import QuoteGroup, QuoteVariant
from tasks.link.frames import list_plain
from tasks.link.quote_clusters import Sentences, cluster_sentences, list_sentences
from tasks.link.quote_pieces import settings
from tasks.link.quote_similarity import compare_sentences, find_opposed, find_same_topic
from tasks.link.voices import count_outlets
from tasks.link.wordings import fold_wording

KIND_ORDER = {"direct": 0, "mixed": 1, "indirect": 2}
# Stories with so many characters of quotations are compared at a time, each of which takes some 200 bytes.
CHARACTERS_AT_ONCE = 1_000_000
CONTEXT = ["article_id", "story_id", "outlet_name", "copy_of_article_id", "voice_id", "voice_outlet", "artefacts"]


class Version(NamedTuple):
    """A quotation of an utterance; `shared` is the part of its content that the others have too."""

    quote_id: str
    article_id: str
    story_id: str
    outlet_name: str | None
    copy_of_article_id: str | None
    voice_id: str
    voice_outlet: str | None
    artefacts: int
    kind: str
    speaker_id: str | None
    speaker_name: str | None
    content: str
    shared: str = ""


def group_quotes(quotes: pd.DataFrame, articles: pd.DataFrame) -> tuple[list[QuoteGroup], list[QuoteVariant]]:
    """The groups, and one row for every quotation that is in one.

    A group holds versions of one utterance from two or more articles of one story. A quotation that tells several
    utterances is in a group for each, first in that which most articles share. `quotes` has the columns of its table,
    `articles` those of articles with story_id and copy_of_article_id filled, those of `add_voices`, and artefacts, the
    level of traces that translation left in each (`level_artefacts` of `tasks.link.originals`).
    """
    placed = quotes.drop(columns=["story_id"], errors="ignore").merge(articles[CONTEXT], on="article_id")
    placed = placed[placed.groupby("story_id")["article_id"].transform("nunique") > 1]
    placed = placed.sort_values(["story_id", "quote_id"], ignore_index=True)
    groups: list[QuoteGroup] = []
    variants: list[QuoteVariant] = []
    for part in part_stories(placed):
        utterances = list(find_utterances(part))
        for group, versions in zip(describe_utterances(utterances), utterances, strict=True):
            groups.append(group)
            variants.extend(list_variants(group, versions))
    return groups, variants


def part_stories(quotes: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The quotations, sorted by story, in parts of whole stories with some CHARACTERS_AT_ONCE."""
    sizes = quotes["content"].str.len().groupby(quotes["story_id"], sort=True).sum()
    part_of = (sizes.cumsum() - sizes) // CHARACTERS_AT_ONCE
    for _, part in quotes.groupby(quotes["story_id"].map(part_of), sort=True):
        yield part.reset_index(drop=True)


def find_utterances(quotes: pd.DataFrame) -> Iterator[list[Version]]:
    """The versions of each utterance that two or more articles of a story print.

    Sentences are clustered, not quotations, since a quotation may join several utterances: those that most articles
    share come first. Utterances of which all versions stand in the same quotations are told as one.
    """
    sentences = list_sentences(quotes)
    labels = cluster_sentences(sentences).tolist()
    versions = list(map(Version, *(list_plain(quotes[name]) for name in Version._fields[:-1])))
    contents = quotes["content"].tolist()
    for _, story in groupby(range(len(labels)), key=sentences.stories.tolist().__getitem__):
        for own in _choose_sentences(sentences, labels, list(story)):
            shared = cut_shared(contents, sentences, labels, own)
            yield [versions[row]._replace(shared=text) for row, text in shared.items()]


def _choose_sentences(sentences: Sentences, labels: Sequence[int], story: Sequence[int]) -> Iterator[list[int]]:
    """For each utterance of a story, the sentences of all quotations with a version of it that tell something new."""
    quotes, articles = sentences.quotes.tolist(), sentences.articles.tolist()
    of_quote, of_label = defaultdict(list), defaultdict(list)
    printed: dict[int, set[str]] = defaultdict(set)
    for at in story:
        of_quote[quotes[at]].append(at)
        of_label[labels[at]].append(at)
        if sentences.is_long[at]:
            printed[labels[at]].add(articles[at])
    pending = set(of_label)
    several = [label for label in printed if len(printed[label]) > 1]
    for label in sorted(several, key=lambda label: (-len(printed[label]), label)):
        if label not in pending:
            continue
        rows = {quotes[at] for at in of_label[label]}
        versions = [at for row in sorted(rows) for at in of_quote[row] if labels[at] in pending]
        yield versions
        told = {labels[at] for at in versions}
        pending -= {other for other in told if rows.issuperset(quotes[at] for at in of_label[other])} | {label}


def cut_shared(
    contents: Sequence[str], sentences: Sentences, labels: Sequence[int], versions: Sequence[int]
) -> dict[int, str]:
    """By row of a quotation, the part of its content from the first to the last sentence that all others have too.

    `versions` are the sentences of these quotations, `labels` the utterance of each sentence.
    """
    quotes_of: dict[int, set[int]] = defaultdict(set)
    for at in versions:
        quotes_of[labels[at]].add(int(sentences.quotes[at]))
    quote_count = len(set().union(*quotes_of.values()))
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at in versions:
        if len(quotes_of[labels[at]]) == quote_count:
            row, sentence = int(sentences.quotes[at]), sentences.texts[at]
            start = contents[row].index(sentence)
            spans[row].append((start, start + len(sentence)))
    return {
        row: contents[row][min(start for start, _ in own) : max(end for _, end in own)].rstrip(" ,;:")
        for row, own in spans.items()
    }


def name_utterances(utterances: Iterable[Sequence[Version]]) -> list[str]:
    """quote_group_id of each: from its smallest quote_id that names no other utterance of its story.

    Where each names one already, from the smallest with the words that are shared.
    """
    taken: dict[str, set[str]] = defaultdict(set)
    names = []
    for versions in utterances:
        first = min(versions, key=lambda version: version.quote_id)
        candidates = [*sorted(version.quote_id for version in versions), first.quote_id + first.shared]
        own = ["utterance-" + hashlib.sha256(candidate.encode()).hexdigest()[:12] for candidate in candidates]
        names.append(next((name for name in own if name not in taken[first.story_id]), own[-1]))
        taken[first.story_id].add(names[-1])
    return names


def compare_versions(utterances: Sequence[Sequence[Version]]) -> list[tuple[list[float], bool]]:
    """For each utterance how alike each version is to the others, summed, and whether one wording denies another.

    Only of wordings that are alike can a denial be told.
    """
    texts = [[version.shared for version in versions] for versions in utterances]
    totals = [[0.0] * len(own) for own in texts]
    is_denied = [False] * len(texts)
    several = [at for at, own in enumerate(texts) if len(set(own)) > 1]
    places = [(at, number) for at in several for number in range(len(texts[at]))]
    sentences = [texts[at][number] for at, number in places]
    compared = compare_sentences(sentences, np.array([at for at, _ in places], int))
    for row, column, similarity in zip(*(part.tolist() for part in compared.similar), strict=True):
        for at, number in (places[row], places[column]):
            totals[at][number] += similarity
    rows, columns, similarities = compared.similar_but_contrary
    is_alike = similarities >= settings()["similarity"]["denial"]
    is_alike[~is_alike] = find_same_topic(sentences, rows[~is_alike], columns[~is_alike])
    rows, columns = rows[is_alike], columns[is_alike]
    for row in rows[find_opposed(sentences, rows, columns)].tolist():
        is_denied[places[row][0]] = True
    return list(zip(totals, is_denied, strict=True))


def describe_utterances(utterances: Sequence[Sequence[Version]]) -> list[QuoteGroup]:
    """The group made of each utterance's versions."""
    return [
        _describe(name, versions, likeness, is_denied)
        for name, versions, (likeness, is_denied) in zip(
            name_utterances(utterances), utterances, compare_versions(utterances), strict=True
        )
    ]


def _describe(name: str, versions: Sequence[Version], likeness: Sequence[float], is_denied: bool) -> QuoteGroup:
    speakers = [(version.article_id, version.speaker_id) for version in versions]
    speaker_id = _most_articles(speakers)
    names = [(version.article_id, version.speaker_name) for version in versions if version.speaker_id == speaker_id]
    canonical, reason = choose_canonical(versions, likeness)
    copies = {version.article_id: version.copy_of_article_id is not None for version in versions}
    return QuoteGroup(
        quote_group_id=name,
        story_id=versions[0].story_id,
        speaker_id=speaker_id,
        speaker_name=_most_articles(names) if speaker_id else None,
        canonical_text=canonical.shared,
        canonical_quote_id=canonical.quote_id,
        canonical_reason=reason,
        quote_count=len(versions),
        variant_count=count_wordings(version.shared for version in versions),
        article_count=len(copies),
        copy_count=sum(copies.values()),
        outlet_count=count_outlets((version.voice_id, version.voice_outlet) for version in versions),
        speaker_disagrees=len({speaker for _, speaker in speakers} - {None}) > 1,
        polarity_disagrees=is_denied,
    )


def _most_articles(pairs: Iterable[tuple[str, str | None]]) -> str | None:
    """Of pairs of article and value the value of most articles; the smallest of equals, None where there is none."""
    counts = Counter(value for _, value in set(pairs) if value is not None)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def list_variants(group: QuoteGroup, versions: Sequence[Version]) -> Iterator[QuoteVariant]:
    """One row per quotation of the group: who printed which wording, and how it differs from the canonical one."""
    canonical = fold_wording(group.canonical_text).split()
    numbers: dict[str, int] = {}
    for version in versions:
        wording = fold_wording(version.shared)
        own = wording.split()
        edits = Levenshtein.opcodes(canonical, own)
        yield QuoteVariant(
            quote_id=version.quote_id,
            quote_group_id=group.quote_group_id,
            article_id=version.article_id,
            outlet_name=version.outlet_name,
            wording_number=numbers.setdefault(wording, len(numbers) + 1),
            shared_text=version.shared,
            missing_words=" ".join(word for edit in edits for word in _cut(canonical, edit, "src")),
            added_words=" ".join(word for edit in edits for word in _cut(own, edit, "dest")),
            is_canonical=version.quote_id == group.canonical_quote_id,
        )


def _cut(words: list[str], edit: Opcode, side: str) -> list[str]:
    return [] if edit.tag == "equal" else words[getattr(edit, f"{side}_start") : getattr(edit, f"{side}_end")]


def count_wordings(texts: Iterable[str]) -> int:
    """How many different wordings; one that stands word for word in another, cut short, is none of its own."""
    wordings = sorted({f" {fold_wording(text)} " for text in texts}, key=len, reverse=True)
    full: list[str] = []
    for wording in wordings:
        if not any(wording in longer for longer in full):
            full.append(wording)
    return len(full)


def choose_canonical(versions: Sequence[Version], likeness: Sequence[float]) -> tuple[Version, str]:
    """The version that stands for all, and which of CANONICAL_REASONS singled it out.

    Direct before mixed before indirect, of an original article before a copy, of a text without traces of translation
    before one that has them, the wording that most outlets print, then the one most like all others (`likeness`), then
    the longest. What comes behind the reason chooses only among versions of one wording, whose letters may differ.
    """
    wordings = [fold_wording(version.shared) for version in versions]
    voices: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for wording, version in zip(wordings, versions, strict=True):
        voices[wording].append((version.voice_id, version.voice_outlet))
    keys: dict[str, list] = {
        "most_direct": [KIND_ORDER[version.kind] for version in versions],
        "original": [version.copy_of_article_id is not None for version in versions],
        "original_language": [version.artefacts for version in versions],
        "most_outlets": [-count_outlets(voices[wording]) for wording in wordings],
        "most_alike": [-round(likeness[at], 6) for at in range(len(versions))],
        "most_complete": [-len(version.shared) for version in versions],
        "smallest_id": [version.quote_id for version in versions],
    }
    left = list(range(len(versions)))
    # Where all print one wording, most outlets do.
    reason = "most_outlets" if len(set(wordings)) == 1 else None
    for name, values in keys.items():
        best = min(values[at] for at in left)
        chosen = [at for at in left if values[at] == best]
        if reason is None and len({wordings[at] for at in chosen}) == 1:
            reason = name
        left = chosen
    return versions[left[0]], reason or "smallest_id"
