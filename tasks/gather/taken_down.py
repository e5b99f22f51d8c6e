"""Texts that were taken down and came again as other bytes: known once they are cleaned, refused as by ingestion."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import Quarantine
from schemas.parquet import rows_to_arrow, write_table
from schemas.warehouse import Warehouse
from tasks.batches import Batch
from tasks.quarantine import refuse
from tasks.takedown import CHECK, EXPECTED, Tombstones, add_tombstones


def refuse_same_texts(
    batches: Sequence[Batch], warehouse: Warehouse, *, selected: Path, ingest_quarantine: Path, text_hashes: str
) -> int:
    """How many inputs of the run were refused because their cleaned text is one that was taken down.

    They leave the file of selected documents for the file of refusals, and a tombstone of their own, by which
    ingestion knows their bytes from now on. `text_hashes` is the file in a cleaned batch's folder that maps documents
    to hashes of their texts. The caller holds the writer's lock.
    """
    stones = Tombstones.read(warehouse)
    gone = stones.text_hashes
    if not gone:
        return 0
    found: dict[str, str] = {}
    for batch in batches:
        rows = pq.read_table(batch.folder("clean") / text_hashes).to_pylist()
        found |= {row["document_id"]: row["text_hash"] for row in rows if row["text_hash"] in gone}
    documents = pq.read_table(selected)
    is_gone = pc.is_in(documents["document_id"], value_set=pa.array(sorted(found), pa.string()))
    same = documents.filter(is_gone).to_pylist()
    if not same:
        return 0
    refused = [_refuse(row["source_uri"], gone[found[row["document_id"]]]) for row in same if row["is_input"]]
    for row in same:
        reason = gone[found[row["document_id"]]]
        add_tombstones(warehouse, document_ids=[row["document_id"]], source=None, reason=reason)
    before = pq.read_table(ingest_quarantine)
    write_table(pa.concat_tables([before, rows_to_arrow(refused, Quarantine)]), ingest_quarantine)
    write_table(documents.filter(pc.invert(is_gone)), selected)
    return len(refused)


def _refuse(source_uri: str, reason: str) -> Quarantine:
    return refuse(
        stage="ingest",
        check=CHECK,
        observed=reason,
        expected=EXPECTED,
        refused_at=datetime.now(UTC),
        source_uri=source_uri,
    )
