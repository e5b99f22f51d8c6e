"""Endless, repeatable streams of training batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from torch import Tensor

from tasks.annotate.tagger.pieces import PieceReader
from tasks.train.brat import GoldArticle
from tasks.train.conll import Sentence, collect_names, swap_names, write_as_text
from tasks.train.examples import UNSCORED, Example, attribution_examples, entity_examples

# Windows are sorted by length within a pool of this many, so that little is padded.
POOL = 96
# The task of windows that only a trained model can tell something of.
UNLABELLED = "unlabelled"


@dataclass(slots=True)
class TrainingBatch:
    """Arrays (windows, longest window); `pointers` has rows (window, piece, targets…)."""

    task: str
    ids: Tensor
    shapes: Tensor
    marks: Tensor
    opens: Tensor
    tags: Tensor
    lengths: Tensor
    pointers: Tensor

    @property
    def pieces(self) -> int:
        """Pieces in it, padding left out."""
        return int(self.lengths.sum())


def attribution_stream(
    articles: list[GoldArticle], reader: PieceReader, seed: int, batch_pieces: int
) -> Iterator[TrainingBatch]:
    """Batches of attribution windows, pass after pass over the articles, each time cut anew."""

    def windows(random: Random) -> Iterator[Example]:
        order = list(articles)
        random.shuffle(order)
        for article in order:
            yield from attribution_examples(article, reader, random)

    return _stream("roles", windows, seed, batch_pieces)


def entity_stream(
    documents: list[list[Sentence]], reader: PieceReader, seed: int, batch_pieces: int, *, swapped_share: float = 0.0
) -> Iterator[TrainingBatch]:
    """Batches of entity windows, pass after pass over the documents, each time written anew.

    In `swapped_share` of the documents names are swapped for others of their label.
    """
    names = collect_names(documents) if swapped_share else {}

    def windows(random: Random) -> Iterator[Example]:
        order = list(documents)
        random.shuffle(order)
        for document in order:
            if swapped_share and random.random() < swapped_share:
                document = swap_names(document, names, random)
            yield from entity_examples(write_as_text("", document, random), reader, random)

    return _stream("entities", windows, seed, batch_pieces)


def unlabelled_stream(texts: list[str], reader: PieceReader, seed: int, batch_pieces: int) -> Iterator[TrainingBatch]:
    """Batches of windows of texts that nobody annotated, pass after pass."""

    def windows(random: Random) -> Iterator[Example]:
        order = list(texts)
        random.shuffle(order)
        for text in order:
            yield from attribution_examples(GoldArticle("", text, ()), reader, random)

    return _stream(UNLABELLED, windows, seed, batch_pieces)


def _stream(
    task: str, windows: Callable[[Random], Iterator[Example]], seed: int, batch_pieces: int
) -> Iterator[TrainingBatch]:
    passes = 0
    while True:
        random = Random(f"{seed}:{task}:{passes}")
        pool: list[Example] = []
        is_empty = True
        for example in windows(random):
            is_empty = False
            pool.append(example)
            if len(pool) == POOL:
                yield from _batches(task, pool, random, batch_pieces)
                pool = []
        yield from _batches(task, pool, random, batch_pieces)
        if is_empty:
            raise ValueError(f"{task}: there is nothing to read in any of the texts")
        passes += 1


def _batches(task: str, pool: list[Example], random: Random, batch_pieces: int) -> Iterator[TrainingBatch]:
    pool.sort(key=lambda example: len(example.ids))
    batches: list[list[Example]] = []
    size = 0
    for example in pool:
        if not batches or size + len(example.ids) > batch_pieces:
            batches.append([])
            size = 0
        batches[-1].append(example)
        size += len(example.ids)
    random.shuffle(batches)
    for batch in batches:
        yield collate(task, batch)


def collate(task: str, examples: list[Example]) -> TrainingBatch:
    """The examples as one batch, padded to the longest."""
    longest = max(len(example.ids) for example in examples)

    def stack(name: str, filler: int) -> Tensor:
        rows = np.full((len(examples), longest), filler, np.int64)
        for row, example in zip(rows, examples, strict=True):
            row[: len(example.ids)] = getattr(example, name)
        return torch.from_numpy(rows)

    pointers = [
        np.column_stack([np.full(len(example.pointers), row), example.pointers]) for row, example in enumerate(examples)
    ]
    return TrainingBatch(
        task=task,
        ids=stack("ids", 0),
        shapes=stack("shapes", 0),
        marks=stack("marks", 0),
        opens=stack("opens", 0),
        tags=stack("tags", UNSCORED),
        lengths=torch.tensor([len(example.ids) for example in examples]),
        pointers=torch.from_numpy(np.concatenate(pointers)),
    )
