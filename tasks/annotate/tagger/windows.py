"""Cuts a text's pieces into windows that the encoder reads at once."""

from dataclasses import dataclass

import numpy as np

from tasks.annotate.tagger.pieces import Pieces


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `start` to `end`; those before `scored_from` are only read, as context."""

    start: int
    scored_from: int
    end: int


def cut_windows(pieces: Pieces, *, limit: int, context: int, first_limit: int | None = None) -> list[Window]:
    """Windows that score every piece once, cut at paragraph ends.

    `limit` bounds the scored pieces of a window (`first_limit` those of the first), `context` the pieces read before
    them. A paragraph longer than the limit is cut after its last full stop that fits, else after its last word.
    """
    windows = []
    start, allowed, total = 0, first_limit or limit, len(pieces)
    paragraph_starts = np.flatnonzero(pieces.opens_paragraph)
    while start < total:
        end = start + allowed
        end = total if end >= total else _cut_before(pieces, paragraph_starts, start, end)
        windows.append(Window(max(0, start - context), start, end))
        start, allowed = end, limit
    return windows


def _cut_before(pieces: Pieces, paragraph_starts: np.ndarray, start: int, end: int) -> int:
    position = int(np.searchsorted(paragraph_starts, end, "right")) - 1
    if paragraph_starts[position] > start:
        return int(paragraph_starts[position])
    # One paragraph fills the window: a sentence's end in its second half is the next best place.
    words = np.flatnonzero(pieces.is_first[start + 1 : end + 1]) + start + 1
    if not len(words):
        return end
    halfway = start + (end - start) // 2
    return _last_sentence_end(pieces, words, halfway) or int(words[-1])


def _last_sentence_end(pieces: Pieces, words: np.ndarray, halfway: int) -> int | None:
    # A gap before a capital after a piece that stands alone: the pieces' shapes tell it without the text.
    capitals = (pieces.shapes[words] == 1) & (pieces.starts[words] > pieces.ends[words - 1])
    stops = (pieces.ends[words - 1] - pieces.starts[words - 1] == 1) & (pieces.shapes[words - 1] == 4)
    found = words[capitals & stops & (words > halfway)]
    return int(found[-1]) if len(found) else None
