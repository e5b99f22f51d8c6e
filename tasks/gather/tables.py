"""The tables of a run, gathered from its batches."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.parquet import arrow_schema, open_writer, read_published, write_table
from tasks.batches import BATCH_STAGES, Batch

# Each holds about a row group of its table in memory.
TABLES_AT_ONCE = 3
# A row group takes as long to write and to read as some thousand rows, and a batch may have a few only. Groups are made
# of no more batches than that either: what is put together of many pieces is slow to go through.
ROW_GROUP_BYTES = 4_000_000
ROW_GROUP_BATCHES = 256
# The stage whose file holds the table's last version within a batch.
TABLE_STAGES = {
    "articles": "clean",
    "removed_spans": "clean",
    "repairs": "clean",
    "captions": "clean",
    "figures": "annotate",
    "entity_mentions": "resolve",
    "local_entities": "resolve",
    "quotes": "resolve",
}


@dataclass(frozen=True)
class Selection:
    """The documents whose rows a run publishes; `received` are those that came in with this run."""

    document_ids: pa.Array
    received: pa.Array

    @classmethod
    def read(cls, path: Path) -> "Selection":
        """The selection that ingestion wrote (document_id, source_uri, is_input)."""
        table = pq.read_table(path, columns=["document_id", "is_input"])
        ids = table["document_id"].combine_chunks()
        return cls(ids, ids.filter(table["is_input"].combine_chunks()))

    def of(self, rows: pa.Table, key: str) -> pa.Table:
        """The rows whose `key` is the id of a selected document; the same table where all are."""
        is_selected = pc.is_in(rows[key], value_set=self.document_ids)
        # Copying is what takes time, and most batches hold nothing else.
        return rows if pc.all(is_selected).as_py() else rows.filter(is_selected)


def gather_batch_tables(
    batches: Sequence[Batch],
    selection: Selection,
    staged: Path,
    *,
    ingest_quarantine: Path,
    received_uris: Path,
    previous_quarantine: Sequence[Path] = (),
    keeps_previous: bool = False,
) -> dict[str, int]:
    """Writes one file per table into `staged` and returns its rows by table.

    Only rows of selected documents are taken. A refusal that `previous_quarantine` holds already keeps the time
    of the first. With `keeps_previous` the refusals of inputs that have not come in again stay as well: `received_uris`
    is the file of where all of this run's inputs came from.
    """

    def gather(table: str) -> int:
        stage = TABLE_STAGES.get(table)
        folders = [batch.folder(stage) if stage else batch.documents for batch in batches]
        key = "document_id" if table in ("documents", "removed_spans", "repairs") else "article_id"
        return _gather(folders, table, key, selection, staged)

    tables = ("documents", *TABLE_STAGES)
    # Reading, filtering and packing are native code, during which another table's can go on.
    with ThreadPoolExecutor(TABLES_AT_ONCE) as threads:
        counts = dict(zip(tables, threads.map(gather, tables), strict=True))
    refused = _refused_now(batches, selection, ingest_quarantine)
    earlier = _refused_before(previous_quarantine)
    received = pq.read_table(received_uris, columns=["source_uri"])["source_uri"].combine_chunks()
    rows = merge_refusals(refused, earlier, received_uris=received if keeps_previous else None)
    counts["quarantine"] = len(rows)
    write_table(rows, staged / "quarantine.parquet")
    return counts


def _gather(folders: list[Path], table: str, key: str, selection: Selection, staged: Path) -> int:
    """Rows of one table over all batches; few batches are in memory at a time, as many as make a row group."""
    path = staged / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = arrow_schema(table)
    rows, waiting, waiting_bytes = 0, list[pa.Table](), 0
    with open_writer(path, schema) as writer:
        for folder in folders:
            part = selection.of(_read_part(folder / f"{table}.parquet", schema), key)
            if not len(part):
                continue
            rows += len(part)
            waiting.append(part)
            waiting_bytes += part.nbytes
            if waiting_bytes >= ROW_GROUP_BYTES or len(waiting) >= ROW_GROUP_BATCHES:
                writer.write_table(pa.concat_tables(waiting))
                waiting, waiting_bytes = [], 0
        if waiting:
            writer.write_table(pa.concat_tables(waiting))
    return rows


def _read_part(path: Path, schema: pa.Schema) -> pa.Table:
    """A batch's rows; a column that was not declared when they were written is null."""
    # A dataset, which gives them a schema, takes several times as long to open as a file.
    rows = pq.ParquetFile(path).read()
    return rows if rows.schema.equals(schema) else pq.read_table(path, schema=schema)


def _refused_now(batches: Sequence[Batch], selection: Selection, ingest_quarantine: Path) -> pa.Table:
    schema = arrow_schema("quarantine")
    parts = [pq.read_table(ingest_quarantine, schema=schema)]
    for batch in batches:
        for stage in BATCH_STAGES:
            path = batch.folder(stage) / "quarantine.parquet"
            # Resolving refuses nothing, but for an article on which a process dies.
            if not path.exists():
                continue
            parts.append(selection.of(_read_part(path, schema), "document_id"))
    return pa.concat_tables(parts)


def _refused_before(paths: Sequence[Path]) -> pa.Table:
    return read_published(paths, "quarantine")


def _with_files(uris: pa.Array) -> pa.Array:
    """The inputs and the files they came from: a table that was mended comes as its rows, "inbox/a.csv#L2"."""
    inner = [
        pc.list_element(pc.split_pattern(uris, "#", max_splits=1, reverse=reverse), 0) for reverse in (False, True)
    ]
    return pc.unique(pa.concat_arrays([uris, *inner]))


def merge_refusals(refused: pa.Table, earlier: pa.Table, *, received_uris: pa.Array | None) -> pa.Table:
    """The refusals of now, each as it was first recorded, and those of before that still stand.

    `received_uris` are the inputs that came in now; None where earlier refusals do not stay. Later stages judge
    every run's rows again, so that only refusals of ingestion stay.
    """
    again = pc.is_in(refused["quarantine_id"], value_set=earlier["quarantine_id"].combine_chunks())
    repeated = pc.is_in(earlier["quarantine_id"], value_set=refused["quarantine_id"].combine_chunks())
    parts = [refused.filter(pc.invert(again)), earlier.filter(repeated)]
    if received_uris is not None:
        is_left = pc.and_(pc.equal(earlier["stage"], "ingest"), pc.invert(repeated))
        came_again = pc.is_in(earlier["source_uri"], value_set=_with_files(received_uris))
        parts.append(earlier.filter(pc.and_(is_left, pc.invert(came_again))))
    return pa.concat_tables(parts)
