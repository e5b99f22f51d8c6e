"""Whether texts stand where their rows' offsets point, for staged tables and for published ones."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas import Repeats

# A piece of content_segments; longer numbers are no offsets of any text.
PIECE = "^[0-9]{1,15}:[0-9]{1,15}$"


def owner_of(repeats: Repeats) -> str:
    """The column that names whose text the offsets point into."""
    return "article_id" if repeats.of == "articles.text" else "document_id"


def columns_of(repeats: Repeats) -> list[str]:
    """All columns that such a promise is about, first their owner's."""
    names = [owner_of(repeats), repeats.text, repeats.start, repeats.end]
    return [*names, repeats.segments] if repeats.segments else names


def find_standing(texts: Iterable[tuple[str, str]], columns: pa.Table, repeats: Repeats) -> list[bool]:
    """For each row whether its text stands where its offsets point; one without text must be without offsets.

    `texts` are (owner, text) pairs, of which one at a time is held; `columns` those of `repeats` and their owner's.
    """
    expected = columns[repeats.text].to_pylist()
    places = list(zip(*(columns[name].to_pylist() for name in repeats.offsets), strict=True))
    standing = [text is None and place.count(None) == len(place) for text, place in zip(expected, places, strict=True)]
    rows_of = defaultdict(list)
    for row, owner in enumerate(columns[owner_of(repeats)].to_pylist()):
        if expected[row] is not None:
            rows_of[owner].append(row)
    cut = cut_piece if len(repeats.offsets) == 2 else cut_pieces
    for owner, text in texts:
        for row in rows_of.get(owner, ()):
            standing[row] = cut(text, *places[row]) == expected[row]
    return standing


def find_in_order(columns: pa.Table, repeats: Repeats) -> list[bool]:
    """For each row whether its segments follow each other, none empty, from its start to its end.

    Rows without segments pass: whether they may be without is another check's.
    """
    segments = columns[str(repeats.segments)].combine_chunks()
    start, end = (columns[name].combine_chunks() for name in (repeats.start, repeats.end))
    pieces = pc.split_pattern(pc.fill_null(segments, ""), " ")
    row = pc.list_parent_indices(pieces).to_numpy()
    flat = pc.list_flatten(pieces)
    is_piece = pc.match_substring_regex(flat, PIECE)
    ends = pc.split_pattern(pc.if_else(is_piece, flat, "0:0"), ":")
    first, last = (pc.cast(pc.list_element(ends, at), pa.int64()).to_numpy(zero_copy_only=False) for at in (0, 1))
    # Of each row: its number of pieces, and the places of its first and last one among all.
    opens = np.ones(len(row), dtype=bool)
    opens[1:] = row[1:] != row[:-1]
    closes = np.roll(opens, -1)
    previous = np.where(opens, pc.fill_null(start, -1).to_numpy(zero_copy_only=False)[row], np.roll(last, 1))
    is_sound = (first < last) & np.where(opens, first == previous, first >= previous)
    is_sound &= ~closes | (last == pc.fill_null(end, -1).to_numpy(zero_copy_only=False)[row])
    kept = np.ones(len(segments), dtype=bool)
    np.logical_and.at(kept, row, is_sound)
    return (kept | pc.is_null(segments).to_numpy(zero_copy_only=False)).tolist()


def cut_pieces(text: str, segments: str | None) -> str | None:
    """What stands at "start:end" pieces, joined by a space; None where there are none, or one is not in the text."""
    pairs = [part.partition(":")[::2] for part in segments.split(" ")] if segments is not None else []
    pieces = [cut_piece(text, int(a), int(b)) if a.isdecimal() and b.isdecimal() else None for a, b in pairs]
    return " ".join(piece for piece in pieces if piece is not None) if pieces and None not in pieces else None


def cut_piece(text: str, start: int | None, end: int | None) -> str | None:
    """What stands between two offsets; None where one is missing, or they are reversed or outside the text."""
    if start is None or end is None or not 0 <= start <= end <= len(text):
        return None
    return text[start:end]
