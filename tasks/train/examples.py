"""Training examples: windows of pieces with their tags and pointers."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from tasks.annotate.tagger.labels import ENTITY_LABELS, POINTERS, ROLES, begin_tag
from tasks.annotate.tagger.pieces import PieceReader, Pieces
from tasks.annotate.tagger.windows import Window, cut_windows
from tasks.train.brat import GoldArticle, GoldAttribution
from tasks.train.conll import GoldEntities

UNSCORED = -100
# Windows are drawn as wide as this, so that the model meets all lengths it will be given.
WINDOW_LIMITS = (192, 384)
CONTEXT = 64
# How quotation marks are varied: share of articles, and what each mark becomes (of the same length: offsets stay).
MARK_STYLES = (
    (0.30, {"“": '"', "”": '"'}),
    (0.05, {"“": "«", "”": "»"}),
    (0.04, {"“": "„", "”": "“"}),
    (0.04, {"“": "‘", "”": "’", "‘": "“", "’": "’"}),
)
# Articles of which some marks are lost, as translation and scraping lose them, and the share of marks lost in them.
LOSSY_SHARE = 0.08
LOST_MARKS = 0.3


@dataclass(slots=True)
class Example:
    """One window as arrays over its pieces, the special ones at both ends among them.

    `tags` is UNSCORED where nothing is counted. `pointers` holds rows (piece of a content's beginning, piece aimed
    at for each of POINTERS); 0, the opening special piece, is the null target, UNSCORED one that lies outside.
    """

    ids: np.ndarray
    shapes: np.ndarray
    marks: np.ndarray
    opens: np.ndarray
    tags: np.ndarray
    pointers: np.ndarray


def vary_marks(text: str, random: Random) -> str:
    """The text with another style of quotation marks, or with some lost; of the same length."""
    draw = random.random()
    for share, marks in MARK_STYLES:
        if draw < share:
            text = text.translate({ord(mark): other for mark, other in marks.items()})
            break
        draw -= share
    if random.random() < LOSSY_SHARE:
        text = "".join(" " if c in '“”"«»„' and random.random() < LOST_MARKS else c for c in text)
    return text


def attribution_examples(
    article: GoldArticle, reader: PieceReader, random: Random, *, vary: bool = True
) -> Iterator[Example]:
    """The article's windows for one pass, cut and marked anew by each draw of `random`."""
    text = vary_marks(article.text, random) if vary else article.text
    pieces = reader.read(text)
    tags = np.where(pieces.is_first, 0, UNSCORED)
    for position, role in enumerate(ROLES):
        for attribution in article.attributions:
            for start, end in getattr(attribution, role):
                _tag_span(pieces, tags, start, end, begin_tag(position))
    links = _links(pieces, article.attributions)
    for window in _draw_windows(pieces, random):
        yield _make_example(pieces, window, tags, links, reader)


def entity_examples(gold: GoldEntities, reader: PieceReader, random: Random) -> Iterator[Example]:
    """The text's windows for one pass; they teach entities alone."""
    pieces = reader.read(gold.text)
    tags = np.where(pieces.is_first, 0, UNSCORED)
    for start, end, label in gold.entities:
        _tag_span(pieces, tags, start, end, begin_tag(ENTITY_LABELS.index(label)))
    for window in _draw_windows(pieces, random):
        yield _make_example(pieces, window, tags, [], reader)


def _draw_windows(pieces: Pieces, random: Random) -> list[Window]:
    limit = random.randint(*WINDOW_LIMITS)
    first_limit = random.randint(limit // 4, limit)
    return cut_windows(pieces, limit=limit, context=random.randint(0, CONTEXT), first_limit=first_limit)


def span_pieces(pieces: Pieces, start: int, end: int) -> tuple[int, int]:
    """Half-open range of the pieces that these characters touch."""
    return int(np.searchsorted(pieces.ends, start, "right")), int(np.searchsorted(pieces.starts, end, "left"))


def _tag_span(pieces: Pieces, tags: np.ndarray, start: int, end: int, begin: int) -> None:
    first, last = span_pieces(pieces, start, end)
    inside = np.flatnonzero(pieces.is_first[first:last]) + first
    tags[inside] = begin + 1
    tags[inside[:1]] = begin


def _links(pieces: Pieces, attributions: tuple[GoldAttribution, ...]) -> list[tuple[int, ...]]:
    """For each stretch of content its first piece, and the first piece of the nearest stretch of each target."""
    links = []
    for attribution in attributions:
        targets = [[span_pieces(pieces, *span)[0] for span in getattr(attribution, pointer)] for pointer in POINTERS]
        for span in attribution.content:
            first, last = span_pieces(pieces, *span)
            if first == last or not pieces.is_first[first]:
                continue
            nearest = [min(found, key=lambda piece: abs(piece - first), default=-1) for found in targets]
            links.append((first, *nearest))
    return links


def _make_example(
    pieces: Pieces, window: Window, tags: np.ndarray, links: list[tuple[int, ...]], reader: PieceReader
) -> Example:
    inside = slice(window.start, window.end)
    scored = tags[inside].copy()
    scored[: window.scored_from - window.start] = UNSCORED
    pointers = []
    for first, *targets in links:
        if window.scored_from <= first < window.end:
            shifted = [_shift(target, window) for target in targets]
            pointers.append((first - window.start + 1, *shifted))
    return Example(
        ids=np.concatenate([[reader.opening_id], pieces.ids[inside], [reader.closing_id]]),
        shapes=_pad(pieces.shapes[inside]),
        marks=_pad(pieces.marks[inside]),
        opens=_pad(pieces.opens_paragraph[inside]),
        tags=np.concatenate([[UNSCORED], scored, [UNSCORED]]),
        pointers=np.array(pointers, np.int64).reshape(-1, 1 + len(POINTERS)),
    )


def _shift(target: int, window: Window) -> int:
    if target < 0:
        return 0
    return target - window.start + 1 if window.start <= target < window.end else UNSCORED


def _pad(values: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], values, [0]])
