"""Helper columns: one true or false per row for promises that need more than the row itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import Repeats, Table
from tasks.validate.checks import checks_of
from tasks.validate.staged import Staged, references_of


def add_helper_columns(frame: pd.DataFrame, table: Table, staged: Staged) -> pd.DataFrame:
    """The frame with every helper column that the table's checks name, in the order of the checks."""
    computed: dict[str, Sequence[bool]] = {}
    for column, target, target_column in references_of(table):
        values = staged.column(table.name, column.name)
        computed[f"{column.name}__resolves"] = find_resolving(values, staged.column(target, target_column))
    for repeats in table.repeats:
        computed[f"{repeats.text}__stands_in_text"] = find_standing(staged, table, repeats)
    if table.name == "documents":
        computed["document_id__accounted"] = find_accounted(staged)
    if table.name == "runs":
        outcomes = frame[["article_count", "duplicate_count", "quarantined_count"]].sum(axis=1)
        computed["input_count__conserved"] = (frame["input_count"] == outcomes).fillna(False).tolist()
    helpers = [check.helper for check in checks_of(table) if check.helper]
    return frame.assign(**{name: pd.Series(computed[name], index=frame.index, dtype=bool) for name in helpers})


def find_resolving(values: pa.ChunkedArray, known: pa.ChunkedArray) -> list[bool]:
    """For each value whether it is null or one of the known ones."""
    return pc.or_(pc.is_null(values), pc.is_in(values, value_set=known.combine_chunks())).to_pylist()


def find_accounted(staged: Staged) -> list[bool]:
    """For each document whether it became an article or was refused as an input, and not both."""
    documents = staged.column("documents", "document_id")
    refusals = staged.columns("quarantine", ["document_id", "stage", "table_name"])
    # A row refused later does not make its document refused, unless it is the article itself; and what
    # ingestion refused is no document, though the same bytes may have passed under another name.
    of_input = pc.or_(pc.is_null(refusals["table_name"]), pc.is_in(refusals["table_name"], pa.array(["articles"])))
    of_document = pc.and_(of_input, pc.not_equal(refusals["stage"], "ingest"))
    refused = refusals.filter(of_document)["document_id"].drop_null()
    is_article = pc.is_in(documents, value_set=staged.column("articles", "document_id").combine_chunks())
    return pc.xor(is_article, pc.is_in(documents, value_set=refused.combine_chunks())).to_pylist()


def find_standing(staged: Staged, table: Table, repeats: Repeats) -> list[bool]:
    """For each row whether its text stands where its offsets point.

    A row without text must be without offsets. Texts are read one chunk at a time.
    """
    owner = "article_id" if repeats.of == "articles.text" else "document_id"
    offsets = [name for name in (repeats.start, repeats.end, repeats.segments) if name]
    columns = staged.columns(table.name, [owner, repeats.text, *offsets])
    expected = columns[repeats.text].to_pylist()
    places = list(zip(*(columns[name].to_pylist() for name in offsets), strict=True))
    standing = [text is None and not any(_is_given(place)) for text, place in zip(expected, places, strict=True)]
    rows_of = defaultdict(list)
    for row, owner_id in enumerate(columns[owner].to_pylist()):
        if expected[row] is not None:
            rows_of[owner_id].append(row)
    for owner_id, text in staged.texts(repeats.of):
        for row in rows_of.get(owner_id, ()):
            standing[row] = cut_out(text, places[row]) == expected[row]
    return standing


def cut_out(text: str, place: Iterable[int | str | None]) -> str | None:
    """What stands at a place: a (start, end) pair, or one string of "start:end" pieces, joined by a space.

    None where the place is incomplete, reversed or outside the text.
    """
    match list(place):
        case [str(segments)]:
            pairs = [part.partition(":")[::2] for part in segments.split(" ")]
            pieces = [_cut_piece(text, int(a), int(b)) if a.isdecimal() and b.isdecimal() else None for a, b in pairs]
        case [int(start), int(end)]:
            pieces = [_cut_piece(text, start, end)]
        case _:
            return None
    return None if None in pieces else " ".join(piece for piece in pieces if piece is not None)


def _cut_piece(text: str, start: int, end: int) -> str | None:
    return text[start:end] if 0 <= start <= end <= len(text) else None


def _is_given(place: Iterable[object]) -> list[bool]:
    return [value is not None for value in place]
