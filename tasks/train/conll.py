"""Reads CoNLL files of named entities and writes their tokens as the running text they once were."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

NO_SPACE_BEFORE = frozenset(
    [".", ",", ";", ":", "?", "!", ")", "]", "%", "'s", "'t", "n't", "'re", "'ve", "'ll", "'d", "'m", "..."]
)
NO_SPACE_AFTER = frozenset(["(", "[", "$", "#", "£"])
NUMBER = re.compile(r"[\d.,]+$")
CURLY_SHARE = 0.5
NEWLINE_SHARE = 0.5
TITLE_CASE_SHARE = 0.4
SWAPPED_NAMES = 0.5

Sentence = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GoldEntities:
    """A text and its entities: half-open offsets in characters and a label."""

    name: str
    text: str
    entities: tuple[tuple[int, int, str], ...]


def read_conll_documents(path: Path) -> list[list[Sentence]]:
    """Documents of sentences of (token, tag), the first and last columns; tags as the file has them (IOB1 or BIO)."""
    documents: list[list[Sentence]] = []
    sentence: Sentence = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        columns = line.split()
        if columns and columns[0] == "-DOCSTART-":
            documents.append([])
        elif columns:
            sentence.append((columns[0], columns[-1]))
        elif sentence:
            if not documents:
                documents.append([])
            documents[-1].append(sentence)
            sentence = []
    if not documents:
        raise ValueError(f"{path} holds no sentences: one token a line, its tag in the last column, is expected")
    return [document for document in documents if document]


def write_as_text(name: str, document: list[Sentence], random: Random | None = None) -> GoldEntities:
    """The document as running text with its entities.

    With `random` it is written as scraped text varies: curly quotation marks, a new line or a space between sentences,
    headlines in capitals put into title case. Without it, straight marks and a new line after each sentence.
    """
    curly = random is not None and random.random() < CURLY_SHARE
    newline = random is None or random.random() < NEWLINE_SHARE
    text, entities = "", []
    for sentence in document:
        if text:
            text += "\n" if newline else " "
        words = [word for word, _ in sentence]
        if random and is_all_capitals(words) and random.random() < TITLE_CASE_SHARE:
            words = [word.title() for word in words]
        offsets = []
        for word, needs_space in space_words(words, curly=curly):
            text += " " if needs_space else ""
            offsets.append((len(text), len(text) + len(word)))
            text += word
        entities += [
            (offsets[first][0], offsets[last][1], label)
            for first, last, label in read_tags([tag for _, tag in sentence])
        ]
    return GoldEntities(name, text, tuple(entities))


def swap_names(document: list[Sentence], names: Mapping[str, list[list[str]]], random: Random) -> list[Sentence]:
    """The document with about half of its names replaced by others of their label, drawn from `names`.

    Mention replacement (Dai & Adel, "An Analysis of Simple Data Augmentation for Named Entity Recognition", COLING
    2020). In a sentence all in capitals the new name is in capitals too.
    """
    swapped = []
    for sentence in document:
        is_capital = is_all_capitals([word for word, _ in sentence])
        written: Sentence = []
        done = 0
        for first, last, label in read_tags([tag for _, tag in sentence]):
            written += sentence[done:first]
            done = last + 1
            if (others := names.get(label)) and random.random() < SWAPPED_NAMES:
                words = random.choice(others)
                tags = [f"B-{label}", *[f"I-{label}"] * (len(words) - 1)]
                written += zip((word.upper() if is_capital else word for word in words), tags, strict=True)
            else:
                written += sentence[first:done]
        swapped.append([*written, *sentence[done:]])
    return swapped


def collect_names(documents: Iterable[list[Sentence]]) -> dict[str, list[list[str]]]:
    """The words of every name, by label, each as often as it stands there, but for sentences all in capitals."""
    names: dict[str, list[list[str]]] = {}
    for document in documents:
        for sentence in document:
            words, tags = zip(*sentence, strict=True)
            if not is_all_capitals(list(words)):
                for first, last, label in read_tags(list(tags)):
                    names.setdefault(label, []).append(list(words[first : last + 1]))
    return names


def is_all_capitals(words: list[str]) -> bool:
    """Whether the sentence has letters and no small ones: a headline, most often."""
    joined = "".join(words)
    return joined.isupper() and sum(map(str.isalpha, joined)) > 4


def read_tags(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    """First and last token and label of each entity of a sentence."""
    start, label = 0, ""
    for position, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        if label and (name != label or prefix == "B"):
            yield start, position - 1, label
            label = ""
        if name and not label:
            start, label = position, name


def space_words(words: list[str], *, curly: bool) -> Iterator[tuple[str, bool]]:
    """Each word as printed, and whether a space stands before it."""
    inside, after_opening, previous = False, True, ""
    for word in words:
        needs_space = not after_opening and word not in NO_SPACE_BEFORE
        after_opening = word in NO_SPACE_AFTER
        if word in ('"', "``", "''"):
            needs_space = not inside and bool(previous)
            after_opening = not inside
            inside = not inside
            word = ("“" if inside else "”") if curly else '"'
        elif word == "'s" or word.startswith("'"):
            word = word.replace("'", "’") if curly else word
        if word == "-" and NUMBER.match(previous):
            needs_space, after_opening = False, True
        yield word, needs_space
        previous = word
