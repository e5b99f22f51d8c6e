"""Texts that were taken down and came again as other bytes: known once they are cleaned, refused as by ingestion."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import Quarantine
from schemas.parquet import rows_to_arrow, write_table
from schemas.warehouse import Warehouse
from tasks.batches import Batch
from tasks.takedown import Tombstones, add_tombstones, refuse_taken_down


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
    refused = []
    by_reason: dict[str, list[str]] = {}
    for row in same:
        reason = gone[found[row["document_id"]]]
        by_reason.setdefault(reason, []).append(row["document_id"])
        if row["is_input"]:
            refused.append(refuse_taken_down(row["source_uri"], reason))
    for reason, document_ids in by_reason.items():
        add_tombstones(warehouse, document_ids=document_ids, source=None, reason=reason)
    before = pq.read_table(ingest_quarantine)
    write_table(pa.concat_tables([before, rows_to_arrow(refused, Quarantine)]), ingest_quarantine)
    write_table(documents.filter(pc.invert(is_gone)), selected)
    return len(refused)
