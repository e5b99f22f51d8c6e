"""How well a tagger finds attributions and entities, counted on annotated texts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tasks.annotate.tagger.decode import find_attributions
from tasks.annotate.tagger.entities import find_entities
from tasks.annotate.tagger.model import Reading
from tasks.annotate.tagger.spans import Span
from tasks.train.brat import GoldArticle, Offsets
from tasks.train.conll import GoldEntities

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
    def precision(self) -> float:
        """Share of what is found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is true that is found."""
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.right / (self.found + self.true) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """One attribution as found in a text: offsets of the pieces of its content, of its source and of its cue.

    `confidence` is how sure its finder is, 0 to 1.
    """

    content: tuple[Offsets, ...]
    source: tuple[Offsets, ...]
    cue: tuple[Offsets, ...]
    confidence: float = 1.0


def tagger_tells(read: Reads) -> Callable[[str], list[Told]]:
    """What the tagger alone finds in a text."""

    def tell(text: str) -> list[Told]:
        reading = read(text)

        def offsets(*spans: Span | None) -> tuple[Offsets, ...]:
            return tuple(reading.characters(span.first, span.last) for span in spans if span)

        found = find_attributions(reading).attributions
        return [
            Told(offsets(*item.contents), offsets(item.source), offsets(item.cue), item.confidence) for item in found
        ]

    return tell


def score_attributions(articles: Iterable[GoldArticle], tell: Callable[[str], list[Told]]) -> Score:
    """Attributions whose content overlaps a true one by half and whose source shares a word with its source.

    The measure that published systems were compared by: each true attribution is matched once, best overlap first.
    """
    right = found = true = 0
    for article in articles:
        told = tell(article.text)
        right += sum(judge(article, told))
        found += len(told)
        true += len(article.attributions)
    return Score(right, found, true)


def judge(article: GoldArticle, told: list[Told]) -> list[bool]:
    """For each attribution found in the article whether it is right, in their order."""
    words = [match.span() for match in WORD.finditer(article.text)]
    gold, found = (
        [(_words(words, item.content), _words(words, item.source)) for item in items]
        for items in (article.attributions, told)
    )
    right = _find_right(gold, found)
    return [number in right for number in range(len(told))]


def score_entities(texts: Iterable[GoldEntities], read: Reads) -> Score:
    """Entities of SCORED_ENTITIES found with their exact bounds and label."""
    right = found = true = 0
    for gold in texts:
        reading = read(gold.text)
        told = {
            (*reading.characters(span.first, span.last), span.label)
            for span in find_entities(reading, gold.text)
            if span.label in SCORED_ENTITIES
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


def _find_right(gold: list[tuple[frozenset, frozenset]], told: list[tuple[frozenset, frozenset]]) -> set[int]:
    """Numbers of what was told that agrees with what is true; what holds no word agrees with nothing."""
    candidates = []
    for i, (content, source) in enumerate(gold):
        for j, (told_content, told_source) in enumerate(told):
            shared = len(content & told_content)
            if shared and shared >= MINIMUM_OVERLAP * len(content | told_content):
                candidates.append((shared / len(content | told_content), bool(source & told_source), i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    right = set()
    for _, shares_source, i, j in sorted(candidates, reverse=True):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            if shares_source or not (gold[i][1] or told[j][1]):
                right.add(j)
    return right
