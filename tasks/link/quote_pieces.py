"""Quotations cut into what is compared of them: sentences, words in marks, clauses."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from tasks.link.sentences import SENTENCE_END
from tasks.link.vectors import stop_words
from tasks.link.wordings import name_ideas

SETTINGS_FILE = Path(__file__).with_name("quote_groups.toml")
CLAUSE_END = re.compile(r"[;:—–]\s+|,\s+(?=(?:and|but|so|or|because|while|which|that|we|they|it)\b)|\s(?=and that\b)")
MARKED = re.compile(r"[“\"]([^”\"]{1,500})[”\"]")

NAME_WORD = re.compile(r"[^\W\d_][\w'’-]*+")


@cache
def settings() -> dict:
    """The sections of quote_groups.toml."""
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


def split_quote(content: str, segments: str) -> list[str]:
    """The sentences of a quotation, as they stand in `content` and in its order.

    A cue between two pieces ("…," she said. "…") also parts them.
    """
    pieces = _cut_segments(content, segments)
    return [sentence for piece in pieces for sentence in SENTENCE_END.split(piece) if sentence] or [content]


def find_marked(sentence: str) -> list[str]:
    """The parts of a sentence that stand in quotation marks within it and are more than a word or a name."""
    minimum = settings()["pieces"]["equal_ideas"]
    return [part for part in MARKED.findall(sentence) if part != sentence and len(name_ideas(part)) >= minimum]


def is_name(text: str) -> bool:
    """Whether all words of a text that say something have a capital: the title of a film, of a plan, of somebody."""
    words = [word for word in NAME_WORD.findall(text) if word.lower() not in stop_words("en")]
    return bool(words) and all(word[0].isupper() for word in words)


def _cut_segments(content: str, segments: str) -> list[str]:
    """The pieces that `content` joins by single spaces, cut by the lengths of its segments."""
    if not segments:
        return [content]
    pieces, position = [], 0
    for segment in segments.split():
        start, _, end = segment.partition(":")
        length = int(end) - int(start)
        pieces.append(content[position : position + length])
        position += length + 1
    return pieces


@dataclass(frozen=True)
class Pieces:
    """Parts of sentences that are compared: each sentence itself and its clauses.

    `owners` tell the sentence of each, `is_clause` which are less than the sentence.
    """

    texts: list[str]
    owners: np.ndarray
    is_clause: np.ndarray


def cut_pieces(sentences: Sequence[str]) -> Pieces:
    """The pieces of the sentences; a clause of few ideas is none."""
    minimum = settings()["pieces"]["minimum_ideas"]
    texts: list[str] = []
    owners: list[int] = []
    is_clause: list[bool] = []
    for owner, sentence in enumerate(sentences):
        clauses = [part for part in dict.fromkeys(CLAUSE_END.split(sentence)) if part != sentence]
        parts = [part for part in clauses if len(name_ideas(part)) >= minimum]
        texts.extend([sentence, *parts])
        owners.extend([owner] * (1 + len(parts)))
        is_clause.extend([False] + [True] * len(parts))
    return Pieces(texts, np.array(owners, int), np.array(is_clause, bool))
