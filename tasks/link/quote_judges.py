"""Which pairs of sentences have too little in common to be versions of one utterance, however alike they are."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple, Protocol

import numpy as np

from tasks.link.quote_pieces import settings
from tasks.link.quote_similarity import list_marked_ideas
from tasks.link.wordings import name_capitals, name_ideas


class Told(Protocol):
    """What is read of `Sentences`."""

    @property
    def texts(self) -> list[str]:
        """Each sentence."""

    @property
    def speakers(self) -> np.ndarray:
        """Numbers of who speaks, -1 where nobody is known."""

    @property
    def kinds(self) -> np.ndarray:
        """The kind of the quotation of each."""

    @property
    def articles(self) -> np.ndarray:
        """The id of the article of each."""


class Pair(NamedTuple):
    """Two sentences by their places."""

    first: int
    second: int


class Judge:
    """Tells of pairs of sentences what they have in common."""

    def __init__(self, sentences: Told) -> None:
        self.sentences = sentences
        self._ideas: dict[int, frozenset[str]] = {}

    @cached_property
    def is_direct(self) -> Sequence[bool]:
        """Of each sentence whether its quotation is direct."""
        return (self.sentences.kinds == "direct").tolist()

    @cached_property
    def is_indirect(self) -> Sequence[bool]:
        """Of each sentence whether its quotation is indirect."""
        return (self.sentences.kinds == "indirect").tolist()

    def ideas(self, at: int) -> frozenset[str]:
        """The ideas of a sentence, in no order."""
        if at not in self._ideas:
            self._ideas[at] = frozenset(name_ideas(self.sentences.texts[at]))
        return self._ideas[at]

    def are_one(self, pair: Pair) -> bool:
        """Whether most ideas of two sentences are common, or all of one stand in the other."""
        first, second = map(self.ideas, pair)
        common = first & second
        is_held = len(common) == min(len(first), len(second))
        return is_held or 2 * len(common) > settings()["pieces"]["article_share"] * (len(first) + len(second))

    def is_thin(self, pair: Pair) -> bool:
        """Whether a sentence told in other words shares too little with the other; not of two direct ones."""
        if self.is_direct[pair.first] and self.is_direct[pair.second]:
            return False
        limits = settings()["reported"]
        ideas = tuple(map(self.ideas, pair))
        if ideas[0] == ideas[1]:
            return False
        common, fewest = ideas[0] & ideas[1], min(map(len, ideas))
        if fewest >= limits["several_ideas"] and len(common) <= limits["share"] * fewest:
            return True
        return self.is_indirect[pair.first] and self.is_indirect[pair.second] and self._say_little(pair, common)

    def _say_little(self, pair: Pair, common: frozenset[str]) -> bool:
        """Whether two indirect sentences have few ideas in common that say something, and do not only name."""
        limits, shares = settings()["pieces"], settings()["reported"]
        names = frozenset[str]().union(*(name_capitals(self.sentences.texts[at]) for at in pair))
        said = common - names
        if len(common) < limits["indirect_ideas"] or len(said) < limits["indirect_said_ideas"]:
            return True
        beside, most = sorted(len(self.ideas(at) - names - common) for at in pair)
        if len(said) < shares["sure_ideas"] and most >= shares["own_ideas"]:
            return True
        share = len(said) / (len(said) + beside)
        is_part = beside >= shares["own_ideas"] and share <= shares["name_share"]
        return share <= shares["said_share"] or (is_part and all(self._stand_together(at, said, names) for at in pair))

    def _stand_together(self, at: int, common: frozenset[str], names: frozenset[str]) -> bool:
        """Whether the common ideas are one run of a sentence's, names apart, as those of an office are."""
        is_common = [idea in common for idea in name_ideas(self.sentences.texts[at]) if idea not in names]
        return sum(one and not before for before, one in zip([False, *is_common], is_common, strict=False)) == 1

    def marks_others(self, pair: Pair) -> bool:
        """Whether one of two sentences marks words of which the other, which is direct, has few."""
        return self._has_few(*pair) or self._has_few(*reversed(pair))

    def _has_few(self, marking: int, direct: int) -> bool:
        if not self.is_direct[direct]:
            return False
        marked = list_marked_ideas(self.sentences.texts[marking])
        return bool(marked) and len(marked & self.ideas(direct)) <= settings()["pieces"]["marked_share"] * len(marked)

    def is_of_one_article(self, pair: Pair) -> bool:
        """Whether one article tells both, and not one of them twice: a reporter seldom quotes an utterance in two ways.

        What is told in other words beside the direct words may be the same.
        """
        articles = self.sentences.articles
        return (
            articles[pair.first] == articles[pair.second]
            and self.is_indirect[pair.first] == self.is_indirect[pair.second]
            and not self.are_one(pair)
        )


def find_catchwords(judge: Judge, rows: np.ndarray, columns: np.ndarray, is_alike: np.ndarray) -> np.ndarray:
    """Which pairs are of a few words and of a sentence that has them, where unlike sentences of an article have them.

    What a speaker says again and again ("law and order") shows no utterance. `is_alike` tells of which pairs that is
    asked; the others show where the words stand.
    """
    found = np.zeros(len(rows), bool)
    speakers = judge.sentences.speakers
    known = np.flatnonzero((speakers[rows] == speakers[columns]) & (speakers[rows] >= 0))
    holders = _list_holders(judge, known[is_alike[known]], rows, columns)
    if not holders:
        return found
    near = known[np.isin(rows[known], list(holders)) | np.isin(columns[known], list(holders))]
    beside: dict[int, set[int]] = defaultdict(set)
    for row, column in zip(rows[near].tolist(), columns[near].tolist(), strict=True):
        for words, other in ((row, column), (column, row)):
            if words in holders and _mostly_holds(judge, words, other):
                beside[words].add(other)
    # Whoever prints the same words has the same sentences beside them, as a rule.
    told: dict[tuple[frozenset[str], frozenset[int]], bool] = {}
    for words, pairs in holders.items():
        asked = judge.ideas(words), frozenset(beside[words])
        if asked not in told:
            told[asked] = _are_unlike(judge, *asked)
        if told[asked]:
            found[pairs] = True
    return found


def _list_holders(judge: Judge, asked: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> dict[int, list[int]]:
    """By sentence of a few words the pairs in which the other sentence has all of them, and more.

    Of words within a reporter's sentence it is enough if it has most.
    """
    most_ideas = settings()["catchwords"]["most_ideas"]
    holders: dict[int, list[int]] = defaultdict(list)
    for at in asked.tolist():
        for words, other in ((int(rows[at]), int(columns[at])), (int(columns[at]), int(rows[at]))):
            own = judge.ideas(words)
            is_held = not judge.is_direct[words] or own <= judge.ideas(other)
            if is_held and 0 < len(own) <= most_ideas and _mostly_holds(judge, words, other):
                holders[words].append(at)
    return holders


def _mostly_holds(judge: Judge, words: int, other: int) -> bool:
    limits, own, others = settings()["catchwords"], judge.ideas(words), judge.ideas(other)
    return len(own & others) >= limits["held_share"] * len(own) and len(others - own) >= limits["other_ideas"]


def _are_unlike(judge: Judge, own: frozenset[str], sentences: frozenset[int]) -> bool:
    """Whether two of the sentences that stand in one article have little in common beside the words of ideas `own`."""
    least, articles = settings()["catchwords"]["unlike_share"], judge.sentences.articles
    rests: dict[str, set[frozenset[str]]] = defaultdict(set)
    for at in sentences:
        rests[articles[at]].add(judge.ideas(at) - own)
    return any(
        len(one & other) <= least * min(len(one), len(other))
        for of_article in rests.values()
        for one, other in combinations(of_article, 2)
    )
