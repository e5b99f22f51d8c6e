"""The printed lines of batches in files: each batch's are written once, and those that recur chosen over all."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.parquet import read_rows, write_table
from schemas.runs import Document
from schemas.warehouse import whole_folder
from tasks.clean.recurring.chosen import recurring_file
from tasks.clean.recurring.printed_lines import PrintedLines, read_printed_lines
from tasks.clean.recurring.recurrence import find_recurring, recurring_in

LINES_FILE = "lines.parquet"
LINES_SCHEMA = pa.schema(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("outlet", pa.string(), nullable=False),
        pa.field("is_declared", pa.bool_(), nullable=False),
        pa.field("hashes", pa.list_(pa.uint64()), nullable=False),
        pa.field("shapes", pa.list_(pa.uint8()), nullable=False),
    ]
)
RECURRING_SCHEMA = pa.schema(
    [pa.field("document_id", pa.string(), nullable=False), pa.field("line", pa.uint64(), nullable=False)]
)


def write_batch_lines(documents_folder: Path, folder: Path) -> int:
    """Documents whose lines were read from documents.parquet into `folder`, which is there whole or not at all."""
    printed = [read_lines_or_none(document) for document in read_rows(Document, documents_folder)]
    columns = [
        [item.document_id for item in printed],
        [item.outlet for item in printed],
        [item.is_declared for item in printed],
        [item.hashes for item in printed],
        [item.shapes for item in printed],
    ]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, LINES_SCHEMA, strict=True)]
    with whole_folder(folder) as draft:
        write_table(pa.Table.from_arrays(arrays, schema=LINES_SCHEMA), draft / LINES_FILE)
    return len(printed)


def read_lines_or_none(document: Document) -> PrintedLines:
    """The lines that a document prints; none where they cannot be read."""
    try:
        return read_printed_lines(document)
    except Exception:
        # Markup that a parser gives up on: such a document counts for nothing here, and cleaning says what is wrong.
        return PrintedLines(document.document_id, "", False, np.array([], np.uint64), np.array([], np.uint8))


def read_batch_lines(folder: Path) -> Iterator[PrintedLines]:
    """The lines of each document of a batch."""
    table = pq.read_table(folder / LINES_FILE).combine_chunks()
    hashes, shapes = (table[name].combine_chunks() for name in ("hashes", "shapes"))
    offsets = hashes.offsets.to_numpy()
    all_hashes, all_shapes = hashes.values.to_numpy(), shapes.values.to_numpy()
    named = zip(*(table[name].to_pylist() for name in ("document_id", "outlet", "is_declared")), strict=True)
    for index, (document_id, outlet, is_declared) in enumerate(named):
        part = slice(offsets[index], offsets[index + 1])
        yield PrintedLines(document_id, outlet, is_declared, all_hashes[part], all_shapes[part])


def choose_batch_lines(all_folders: Sequence[Path], chosen_folders: Sequence[Path]) -> list[str]:
    """For each of the chosen folders a name for the recurring lines in its documents, empty where there are none.

    Recurring is counted over all folders; batches are read one at a time. The lines lie in the folder under that
    name, which the same lines in the same documents always have.
    """
    recurring = find_recurring(lambda: (item for folder in all_folders for item in read_batch_lines(folder)))
    return [_write_recurring(folder, recurring) for folder in chosen_folders]


def _write_recurring(folder: Path, recurring: dict[str, frozenset[int]]) -> str:
    rows = [(item.document_id, line) for item in read_batch_lines(folder) for line in recurring_in(item, recurring)]
    return write_named(rows, folder)


def write_named(rows: Sequence[tuple[str, int]], folder: Path) -> str:
    """The name of recurring lines, (document_id, line), under which they are in the folder now; empty for none."""
    if not rows:
        return ""
    name = hashlib.sha256("\n".join(f"{document_id} {line}" for document_id, line in rows).encode()).hexdigest()[:12]
    path = recurring_file(folder, name)
    if not path.exists():
        records = [{"document_id": document_id, "line": line} for document_id, line in rows]
        write_table(pa.Table.from_pylist(records, schema=RECURRING_SCHEMA), path)
    return name


def read_recurring(path: Path) -> dict[str, frozenset[int]]:
    """The recurring lines of each document that has any."""
    table = pq.read_table(path)
    found: dict[str, set[int]] = {}
    for document_id, line in zip(table["document_id"].to_pylist(), table["line"].to_pylist(), strict=True):
        found.setdefault(document_id, set()).add(line)
    return {document_id: frozenset(lines) for document_id, lines in found.items()}
