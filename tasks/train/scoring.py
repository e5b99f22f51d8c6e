"""How well a tagger finds attributions and entities, counted on annotated texts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch

from tasks.annotate.tagger.decode import find_attributions, find_spans
from tasks.annotate.tagger.labels import ENTITY_LABELS
from tasks.annotate.tagger.model import Reading, read_with
from tasks.annotate.tagger.pieces import MARK_STATES, PieceReader
from tasks.train.brat import GoldArticle, Offsets
from tasks.train.conll import GoldEntities
from tasks.train.network import Tagger

WORD = re.compile(r"\w+(?:['’]\w+)*|[$%€£]")
# MISC is left out: what it holds differs from one annotation to the next.
SCORED_ENTITIES = ("PER", "ORG", "LOC")
# A content is found where half of the words that either holds are in both.
MINIMUM_OVERLAP = 0.5

Reads = Callable[[str], Reading]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of what is right, found and true; F is 0 where nothing is right."""

    right: int
    found: int
    true: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.right / (self.found + self.true) if self.right else 0.0


def torch_reader(tagger: Tagger, reader: PieceReader) -> Reads:
    """Reads texts with the network itself, in single precision."""

    def run(ids: np.ndarray, features: np.ndarray) -> np.ndarray:
        shapes, rest = np.divmod(features, 2 * len(MARK_STATES))
        marks, opens = np.divmod(rest, 2)
        arrays = (torch.from_numpy(values)[None] for values in (ids, shapes, marks, opens))
        with torch.no_grad():
            return tagger(*arrays, None)[0].float().numpy()

    return lambda text: read_with(run, reader, text)


def score_attributions(articles: Iterable[GoldArticle], read: Reads) -> Score:
    """Attributions whose content overlaps a true one by half and whose source shares a word with its source.

    The measure that published systems were compared by: each true attribution is matched once, best overlap first.
    """
    right = found = true = 0
    for article in articles:
        words = [match.span() for match in WORD.finditer(article.text)]
        gold = [(_words(words, item.content), _words(words, item.source)) for item in article.attributions]
        gold = [item for item in gold if item[0]]
        reading = read(article.text)
        told = []
        for item in find_attributions(reading).attributions:
            content = _words(words, [reading.characters(span.first, span.last) for span in item.contents])
            source = _words(words, [reading.characters(item.source.first, item.source.last)] if item.source else [])
            if content:
                told.append((content, source))
        right += _count_right(gold, told)
        found += len(told)
        true += len(gold)
    return Score(right, found, true)


def score_entities(texts: Iterable[GoldEntities], read: Reads) -> Score:
    """Entities of SCORED_ENTITIES found with their exact bounds and label."""
    right = found = true = 0
    for gold in texts:
        reading = read(gold.text)
        spans = find_spans(reading.head("entities"), reading.pieces, ENTITY_LABELS)
        told = {
            (*reading.characters(span.first, span.last), span.label) for span in spans if span.label in SCORED_ENTITIES
        }
        expected = {item for item in gold.entities if item[2] in SCORED_ENTITIES}
        right += len(told & expected)
        found += len(told)
        true += len(expected)
    return Score(right, found, true)


def _words(words: list[Offsets], spans: Iterable[Offsets]) -> frozenset[int]:
    return frozenset(
        number for start, end in spans for number, (first, last) in enumerate(words) if first < end and last > start
    )


def _count_right(gold: list[tuple[frozenset, frozenset]], told: list[tuple[frozenset, frozenset]]) -> int:
    candidates = []
    for i, (content, source) in enumerate(gold):
        for j, (told_content, told_source) in enumerate(told):
            overlap = len(content & told_content) / len(content | told_content)
            if overlap >= MINIMUM_OVERLAP:
                candidates.append((overlap, bool(source & told_source), i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    right = 0
    for _, shares_source, i, j in sorted(candidates, reverse=True):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            right += shares_source or not (gold[i][1] or told[j][1])
    return right
