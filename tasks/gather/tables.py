"""The tables of a run, gathered from its batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.parquet import arrow_schema, write_table
from tasks.batches import Batch

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


def gather_batch_tables(
    batches: Sequence[Batch],
    selection: Selection,
    staged: Path,
    *,
    ingest_quarantine: Path,
    previous_quarantine: Sequence[Path] = (),
) -> dict[str, int]:
    """Writes one file per table into `staged` and returns its rows by table.

    Only rows of selected documents are taken. Refusals of earlier runs stay while their input has not come in
    again: what was received anew is judged anew.
    """
    counts = {
        "documents": _gather([batch.documents for batch in batches], "documents", "document_id", selection, staged)
    }
    for table, stage in TABLE_STAGES.items():
        key = "document_id" if table in ("removed_spans", "repairs") else "article_id"
        counts[table] = _gather([batch.folder(stage) for batch in batches], table, key, selection, staged)
    counts["quarantine"] = _gather_quarantine(batches, selection, staged, ingest_quarantine, previous_quarantine)
    return counts


def _gather(folders: list[Path], table: str, key: str, selection: Selection, staged: Path) -> int:
    """Rows of one table over all batches; written batch by batch, so that one batch at a time is in memory."""
    path = staged / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = arrow_schema(table)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for folder in folders:
            part = pq.read_table(folder / f"{table}.parquet", schema=schema)
            part = part.filter(pc.is_in(part[key], value_set=selection.document_ids))
            rows += len(part)
            writer.write_table(part)
    return rows


def _gather_quarantine(
    batches: Sequence[Batch],
    selection: Selection,
    staged: Path,
    ingest_quarantine: Path,
    previous: Sequence[Path],
) -> int:
    schema = arrow_schema("quarantine")
    parts = [pq.read_table(batch.folder("clean") / "quarantine.parquet", schema=schema) for batch in batches]
    refused = [part.filter(pc.is_in(part["document_id"], value_set=selection.document_ids)) for part in parts]
    fresh = pa.concat_tables([pq.read_table(ingest_quarantine, schema=schema), *refused])
    kept = [pq.read_table(path, schema=schema) for path in previous]
    if kept:
        earlier = pa.concat_tables(kept)
        # Later stages judge every run's rows again; only what could not be read leaves nothing to judge.
        earlier = earlier.filter(pc.equal(earlier["stage"], "ingest"))
        again = pc.or_kleene(
            pc.is_in(earlier["quarantine_id"], value_set=fresh["quarantine_id"].combine_chunks()),
            pc.is_in(earlier["source_uri"], value_set=_received_uris(batches, selection)),
        )
        fresh = pa.concat_tables([fresh, earlier.filter(pc.invert(again))])
    write_table(fresh, staged / "quarantine.parquet")
    return len(fresh)


def _received_uris(batches: Sequence[Batch], selection: Selection) -> pa.Array:
    uris = []
    for batch in batches:
        part = pq.read_table(batch.documents / "documents.parquet", columns=["document_id", "source_uri"])
        uris += part.filter(pc.is_in(part["document_id"], value_set=selection.received))["source_uri"].to_pylist()
    return pa.array(uris, pa.string())
