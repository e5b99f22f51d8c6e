"""Sentences of quotations that are versions of one utterance."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from tasks.link.quote_judges import Judge, Pair, find_catchwords
from tasks.link.quote_pieces import find_marked, is_name, settings, split_quote
from tasks.link.quote_similarity import Compared, compare_sentences, find_opposed, find_same_topic
from tasks.link.vectors import cluster_pairs
from tasks.link.wordings import fold_wording, name_ideas


@dataclass(frozen=True)
class Sentences:
    """Sentences of quotations, an entry for each: the row of its quotation, its text, and what is known of that.

    `is_long` tells that an utterance can be told by it. Stories and speakers are numbers; -1 is no known speaker.
    """

    quotes: np.ndarray
    texts: list[str]
    is_long: np.ndarray
    stories: np.ndarray
    speakers: np.ndarray
    kinds: np.ndarray
    articles: np.ndarray

    def among(self, kept: np.ndarray) -> "Sentences":
        """Those of which `kept` is true."""
        columns = (self.stories, self.speakers, self.kinds, self.articles)
        texts = [self.texts[at] for at in np.flatnonzero(kept)]
        return Sentences(self.quotes[kept], texts, self.is_long[kept], *(column[kept] for column in columns))


def list_sentences(quotes: pd.DataFrame) -> Sentences:
    """The sentences of the quotations, in their order.

    Words in marks within a sentence are a sentence of their own beside it, unless they are a name or a title. Of a
    quotation with no sentence that is long, its whole content is one.
    """
    minimum = settings()["pieces"]["minimum_characters"]
    found: list[tuple[int, str, bool]] = []
    for row, (content, segments) in enumerate(zip(quotes["content"], quotes["content_segments"], strict=True)):
        sentences = split_quote(content, segments)
        told = sentences if max(map(len, sentences)) >= minimum else [content]
        found.extend((row, sentence, len(told) == 1 or len(sentence) >= minimum) for sentence in told)
        found.extend(
            (row, marked, True) for sentence in told for marked in find_marked(sentence) if not is_name(marked)
        )
    rows = np.array([row for row, _, _ in found], int)
    return Sentences(
        quotes=rows,
        texts=[text for _, text, _ in found],
        is_long=np.array([is_long for _, _, is_long in found], bool),
        stories=pd.factorize(quotes["story_id"])[0][rows],
        speakers=pd.factorize(quotes["speaker_id"])[0][rows],
        kinds=quotes["kind"].to_numpy(object)[rows],
        articles=quotes["article_id"].to_numpy(object)[rows],
    )


def cluster_sentences(sentences: Sentences) -> np.ndarray:
    """Cluster number of each sentence; one number, one utterance of one story, in the order of their first sentences.

    Of sentences that are not long those of a story with the same words have one number; these come after all others.
    """
    labels = np.empty(len(sentences.texts), int)
    long = sentences.among(sentences.is_long)
    labels[sentences.is_long] = _cluster_long(long)
    short = sentences.among(~sentences.is_long)
    folded = [f"{story} {fold_wording(text)}" for story, text in zip(short.stories, short.texts, strict=True)]
    labels[~sentences.is_long] = pd.factorize(np.array(folded, object))[0] + len(long.texts)
    return labels


def _cluster_long(long: Sentences) -> np.ndarray:
    compared = compare_sentences(long.texts, long.stories)
    rows, columns, similarities = (part.copy() for part in compared.similar)
    limits, judge = settings()["similarity"], Judge(long)
    # What is no more alike than that is not limited further.
    is_suspect = similarities > limits["contrary"]
    for is_other, limit in ((judge.is_thin, limits["contrary"]), (judge.marks_others, limits["other_marks"])):
        similarities[_judge_suspects(is_other, is_suspect, rows, columns)] = limit
    similarities[find_catchwords(judge, rows, columns, is_suspect)] = limits["contrary"]
    similarities = similarities * weigh_speakers(long, rows, columns)
    similarities[_judge_suspects(judge.is_of_one_article, is_suspect, rows, columns)] = 0.0
    # What stands in marks is part of its own sentence, which does not make them one utterance.
    kept = (similarities > 0) & (long.quotes[rows] != long.quotes[columns])
    labels = cluster_pairs(
        len(long.texts), rows[kept], columns[kept], similarities[kept], minimum=limits["same_speaker"]
    )
    return join_verbatim(long, join_opposed(long, compared, labels))


def _judge_suspects(
    judge: Callable[[Pair], bool], is_suspect: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """The places of those suspected pairs of which the judge says yes."""
    places = np.flatnonzero(is_suspect)
    pairs = map(Pair, rows[places].tolist(), columns[places].tolist())
    return places[np.fromiter(map(judge, pairs), bool, len(places))]


def weigh_speakers(sentences: Sentences, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Factor for the similarity of each pair, so that one threshold serves all.

    Without a common speaker a pair must be more alike, and what is only reported in other words (indirect) does not
    count, nor of two speakers what many say.
    """
    limits = settings()["similarity"]
    speakers, is_quoted = sentences.speakers, sentences.kinds != "indirect"
    both_known = (speakers[rows] >= 0) & (speakers[columns] >= 0)
    is_same = both_known & (speakers[rows] == speakers[columns])
    strict = np.where(both_known, limits["other_speaker"], limits["unknown_speaker"])
    apart = np.where(is_quoted[rows] & is_quoted[columns], limits["same_speaker"] / strict, 0.0)
    others = np.flatnonzero(both_known & ~is_same & (apart > 0))
    apart[others[[is_formula(sentences.texts[row]) for row in rows[others].tolist()]]] = 0.0
    return np.where(is_same, 1.0, apart)


def is_formula(text: str) -> bool:
    """Whether a sentence says no more than what many say ("Our thoughts are with the families")."""
    return _formulaic().issuperset(name_ideas(text))


@cache
def _formulaic() -> frozenset[str]:
    return frozenset(idea for word in settings()["formulas"]["words"] for idea in name_ideas(word))


def join_opposed(sentences: Sentences, compared: Compared, labels: np.ndarray) -> np.ndarray:
    """The cluster numbers, where two clusters of one speaker that differ by a negation only are one.

    An article that prints both tells two statements; else an outlet has turned one round.
    """
    rows, columns, similarities = compared.similar_but_contrary
    similarities = similarities * (weigh_speakers(sentences, rows, columns) == 1)
    # What is less alike has no topic in common either; there are many of these.
    kept = (similarities > settings()["similarity"]["contrary"]) & (labels[rows] != labels[columns])
    rows, columns, similarities = rows[kept], columns[kept], similarities[kept]
    is_alike = similarities >= settings()["similarity"]["opposed"]
    is_alike[~is_alike] = find_same_topic(sentences.texts, rows[~is_alike], columns[~is_alike])
    rows, columns = rows[is_alike], columns[is_alike]
    is_opposed = find_opposed(sentences.texts, rows, columns)
    return _join(sentences, labels, zip(rows[is_opposed].tolist(), columns[is_opposed].tolist(), strict=True))


def join_verbatim(sentences: Sentences, labels: np.ndarray) -> np.ndarray:
    """The cluster numbers, where two clusters of a story that print the same words are one, whoever is said to speak.

    Of what is too short, says too little or is said by many two speakers may use the same words. An article that prints
    both tells two statements; else one outlet is wrong on the speaker.
    """
    limits = settings()["pieces"]
    firsts: dict[tuple[int, str], int] = {}
    pairs: list[tuple[int, int]] = []
    for row, (text, kind) in enumerate(zip(sentences.texts, sentences.kinds.tolist(), strict=True)):
        if kind == "indirect" or len(text) < limits["minimum_characters"]:
            continue
        first = firsts.setdefault((int(sentences.stories[row]), fold_wording(text)), row)
        if labels[first] != labels[row] and len(name_ideas(text)) >= limits["equal_ideas"] and not is_formula(text):
            pairs.append((first, row))
    return _join(sentences, labels, pairs)


def _join(sentences: Sentences, labels: np.ndarray, pairs: Iterable[tuple[int, int]]) -> np.ndarray:
    """The cluster numbers, those of each pair of sentences made one unless an article has sentences of both."""
    members: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels.tolist()):
        members[label].append(row)
    joined = labels.copy()
    for row, column in pairs:
        first, second = int(joined[row]), int(joined[column])
        if first != second and set(sentences.articles[members[first]]).isdisjoint(sentences.articles[members[second]]):
            joined[members[second]] = first
            members[first] += members.pop(second)
    return joined
