"""Texts that were taken down: what they are known by, so that they do not come back, and nothing of what they said."""

import json
import shutil
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import Document, Quarantine
from schemas.warehouse import Warehouse, write_json
from tasks.batches import BATCH_STAGES, remove_orphans
from tasks.quarantine import refuse

FILE_NAME = "takedowns.json"
CHECK = "not_taken_down"
EXPECTED = "a text that was not taken down; takedowns.json in the warehouse lists those that were"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was taken down: a document, a text, or all of a source (an address, a host, an outlet's name, a path)."""

    reason: str
    taken_down_at: str
    document_id: str | None = None
    source: str | None = None
    text_hash: str | None = None


@dataclass(frozen=True)
class Tombstones:
    """All that was taken down from a warehouse."""

    stones: list[Tombstone] = field(default_factory=list)

    @classmethod
    def read(cls, warehouse: Warehouse) -> "Tombstones":
        """Those of a warehouse; a file that cannot be read stops the run rather than bring a text back."""
        path = warehouse.root / FILE_NAME
        if not path.exists():
            return cls()
        return cls([Tombstone(**stone) for stone in json.loads(path.read_text("utf-8"))])

    @property
    def document_ids(self) -> dict[str, str]:
        """Reasons by document id."""
        return {stone.document_id: stone.reason for stone in self.stones if stone.document_id}

    @property
    def text_hashes(self) -> dict[str, str]:
        """Reasons by hash of an article's text."""
        return {stone.text_hash: stone.reason for stone in self.stones if stone.text_hash}

    @property
    def sources(self) -> dict[str, str]:
        """Reasons by source, in lower case."""
        return {stone.source.lower(): stone.reason for stone in self.stones if stone.source}

    def find(self, document: Document) -> str | None:
        """Why a document may not come in; None where it may."""
        return self.document_ids.get(document.document_id) or find_source(document, self.sources)


def refuse_taken_down(source_uri: str, reason: str) -> Quarantine:
    """The refusal of an input that was taken down, the same at whichever stage it is known again."""
    return refuse(
        stage="ingest",
        check=CHECK,
        observed=reason,
        expected=EXPECTED,
        refused_at=datetime.now(UTC),
        source_uri=source_uri,
    )


def find_source(document: Document, sources: dict[str, str]) -> str | None:
    """The reason for the first of the sources that a document is of; None where it is of none."""
    if not sources:
        return None
    address = (document.declared_url or "").lower()
    known = {address, _host(address), (document.declared_outlet or "").lower(), document.source_uri.lower()}
    known.add(document.source_uri.lower().partition("#")[0])
    return next((sources[name] for name in sorted(known - {""}) if name in sources), None)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def add_tombstones(
    warehouse: Warehouse,
    *,
    document_ids: Iterable[str],
    source: str | None,
    reason: str,
    text_hashes: Iterable[str] = (),
) -> int:
    """How many are new; the file is there whole or as it was. The caller holds the writer's lock."""
    before = Tombstones.read(warehouse)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = [Tombstone(reason, now, document_id=name) for name in document_ids if name not in before.document_ids]
    if source and source.lower() not in before.sources:
        new.append(Tombstone(reason, now, source=source))
    new += [Tombstone(reason, now, text_hash=one) for one in text_hashes if one not in before.text_hashes]
    if new:
        write_json([asdict(stone) for stone in (*before.stones, *new)], warehouse.root / FILE_NAME)
    return len(new)


def purge_work(warehouse: Warehouse, document_ids: Collection[str]) -> int:
    """How many batches were removed because they held one of the documents, with all that was made of them.

    What else a later run can make again goes as well: it may hold their words. The caller holds the writer's lock.
    """
    if not warehouse.work.is_dir():
        return 0
    wanted = pa.array(sorted(document_ids), pa.string())
    removed = 0
    for folder in sorted((warehouse.work / "documents").glob("*")):
        if _holds(folder / "documents.parquet", wanted):
            for made in warehouse.work.glob(f"*/{folder.name}*"):
                shutil.rmtree(made)
            removed += 1
    # Of a merge of batches that broke off.
    remove_orphans(warehouse)
    _forget_derived(warehouse)
    return removed


def purge_leftovers(warehouse: Warehouse) -> int:
    """How many batches were removed because they hold a text that came again after it was taken down."""
    gone = Tombstones.read(warehouse).document_ids
    wanted = pa.array(sorted(gone), pa.string())
    documents = (warehouse.work / "documents").glob("*/documents.parquet")
    return purge_work(warehouse, gone) if gone and any(_holds(path, wanted) for path in documents) else 0


def _forget_derived(warehouse: Warehouse) -> None:
    for path in warehouse.work.iterdir():
        is_kept = path.name == "documents" or path.name.startswith(tuple(f"{stage}-" for stage in BATCH_STAGES))
        if path.is_dir() and not is_kept:
            shutil.rmtree(path)
    _forget_feeds(warehouse.work / "web.sqlite")


def snapshots_that_hold(warehouse: Warehouse, document_ids: Collection[str]) -> list[int]:
    """Numbers of the snapshots in which one of the documents still stands."""
    wanted = pa.array(sorted(document_ids), pa.string())
    numbers = warehouse.snapshot_numbers() if document_ids else []
    return [
        number for number in numbers if any(_holds(path, wanted) for path in warehouse.table_files("documents", number))
    ]


def _holds(path: Path, wanted: pa.Array) -> bool:
    try:
        ids = pq.read_table(path, columns=["document_id"], partitioning=None)["document_id"]
    except (pa.ArrowException, OSError):
        # What cannot be read is no use to a later run either.
        return True
    return bool(pc.any(pc.is_in(ids, value_set=wanted)).as_py())


def _forget_feeds(path: Path) -> None:
    """Empties what is remembered of feeds: their items may hold whole articles."""
    if not path.exists():
        return
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("DELETE FROM feeds")
        connection.execute("VACUUM")
        connection.close()
    except sqlite3.DatabaseError:
        path.unlink()
