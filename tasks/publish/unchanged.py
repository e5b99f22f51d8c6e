"""A run that would make the tables published now: it is told by what they are made of, and published by links."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import TABLES
from schemas.parquet import arrow_schema, write_table
from schemas.warehouse import MANIFEST, Warehouse, hash_file, sync_path, whole_folder, write_json
from tasks.batches import rules_version
from tasks.publish.snapshot import make_current, next_snapshot_number

# The user's own word, which changes tables without a new document.
USER_FILES = ("aliases.toml", "takedowns.json")


def name_makings(
    warehouse: Warehouse,
    *,
    options: dict[str, object],
    selected: Path,
    received: Path,
    refused: Path,
    batch_folders: Iterable[Path],
) -> str:
    """Fingerprint of all that a run's tables are made of; two runs with the same one make the same tables.

    `selected`, `received` and `refused` are the files that ingestion left; their order does not matter. The batches'
    folders are named after their documents and the code, rules and models that worked on them.
    """
    parts: list[str] = [rules_version(), json.dumps(options, sort_keys=True)]
    for path, columns in (
        (selected, ["document_id", "is_input"]),
        (received, ["source_uri"]),
        (refused, ["quarantine_id"]),
    ):
        table = pq.read_table(path, columns=columns).sort_by([(name, "ascending") for name in columns])
        parts += [path.name, *(str(table[name].to_pylist()) for name in columns)]
    parts += sorted(f"{folder.parent.name}/{folder.name}" for folder in batch_folders)
    for name in USER_FILES:
        file = warehouse.root / name
        parts.append(file.read_bytes().hex() if file.is_file() else "")
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def note_makings(warehouse: Warehouse, name: str, snapshot_number: int) -> None:
    """Remembers what a snapshot was made of."""
    write_json({"makings": name, "snapshot_number": snapshot_number}, _note(warehouse))


def is_published(warehouse: Warehouse, name: str) -> bool:
    """Whether the current snapshot was made of these makings, and its files are those that were published."""
    try:
        note = json.loads(_note(warehouse).read_text("utf-8"))
        number = warehouse.current_number()
        if number is None or note != {"makings": name, "snapshot_number": number}:
            return False
        manifest = _read_manifest(warehouse, number)
        listed = [file for table in manifest["tables"].values() for file in table["files"]] + manifest["other_files"]
        folder = warehouse.snapshot(number)
        return all(hash_file(folder / file["path"]) == file["sha256"] for file in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def publish_again(warehouse: Warehouse, run: dict[str, Any]) -> int:
    """Number of a new snapshot: the tables of the current one, and in runs one row more.

    `run` holds what that row says otherwise than the newest so far. The caller holds the writer's lock.
    """
    before = warehouse.snapshot(warehouse.current_number() or 0)
    number = next_snapshot_number(warehouse)
    with whole_folder(warehouse.snapshot(number)) as draft:
        for path in sorted(before.rglob("*")):
            place = path.relative_to(before)
            if path.is_file() and place.parts[0] not in ("runs", MANIFEST):
                (draft / place).parent.mkdir(parents=True, exist_ok=True)
                _link(path, draft / place)
        rows = pq.read_table(before / "runs", partitioning=None).to_pylist()
        newest = max(rows, key=lambda row: row["run_id"]) | run | {"snapshot_number": number}
        table = pa.Table.from_pylist([*rows, newest], schema=arrow_schema("runs"))
        table = table.sort_by([(column, "ascending") for column in TABLES["runs"].key])
        file = write_table(table, draft / "runs" / "part-0.parquet", is_published=True)
        manifest = _read_manifest(warehouse, int(before.name))
        entry = {
            "path": file.relative_to(draft).as_posix(),
            "sha256": hash_file(file),
            "byte_count": file.stat().st_size,
            "row_count": len(table),
        }
        manifest["tables"]["runs"] = {"row_count": len(table), "files": [entry]}
        manifest |= {
            "snapshot_number": number,
            "run_id": newest["run_id"],
            "finished_at": newest["finished_at"],
            "code_version": newest["code_version"],
            "rules_version": newest["rules_version"],
        }
        for path in (file, write_json(manifest, draft / MANIFEST)):
            sync_path(path)
        for folder in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
            sync_path(folder)
    sync_path(warehouse.snapshots)
    make_current(warehouse, number)
    return number


def describe_again(
    run_id: str, inputs: Iterable[str], started_at: datetime, finished_at: datetime, batches: int
) -> dict:
    """What a run that made nothing new says of itself, beside the counts it shares with the one before."""
    return {
        "run_id": run_id,
        "inputs": " ".join(inputs),
        "started_at": started_at,
        "finished_at": finished_at,
        "new_document_count": 0,
        "batch_count": batches,
        "reused_batch_count": batches,
    }


def _note(warehouse: Warehouse) -> Path:
    return warehouse.work / "published.json"


def _read_manifest(warehouse: Warehouse, number: int) -> dict[str, Any]:
    return json.loads((warehouse.snapshot(number) / MANIFEST).read_text("utf-8"))


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # A file system without hard links, or too many of them.
        shutil.copyfile(source, target)
