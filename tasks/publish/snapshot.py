"""A new snapshot of all tables, and the one step that makes it the current one."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import PUBLISHED_TABLES, TABLES
from schemas.dictionary import dictionary_markdown
from schemas.parquet import arrow_schema, write_table
from schemas.warehouse import MANIFEST, Warehouse, hash_file, sync_path, sync_tree, whole_folder, write_json
from tasks.publish.views import views_sql

PARTITION_COLUMN = "fetched_date"
FILE_NAME = "part-0.parquet"


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: the snapshot, its rows, and how many of its table files are those of the one before."""

    number: int
    folder: Path
    row_count: int
    file_count: int
    linked_count: int


def publish_snapshot(staged: Path, warehouse: Warehouse, *, extra_files: Mapping[str, Path] | None = None) -> Published:
    """Makes the tables staged as `<table>.parquet` the current snapshot.

    Readers see the snapshot before until the last step, a change of one symlink, and all of the
    new one after it; if anything fails, nothing changes for them. The newest row of runs gets the
    snapshot's number. `extra_files` maps names in the snapshot to files copied there. The caller
    holds the writer's lock.
    """
    number = next_snapshot_number(warehouse)
    folder = warehouse.snapshot(number)
    with whole_folder(folder) as draft:
        run = write_tables(staged, draft, number)
        listed, linked = describe_tables(draft, warehouse)
        (draft / "views.sql").write_text(views_sql(), "utf-8")
        (draft / "DICTIONARY.md").write_text(dictionary_markdown(), "utf-8")
        for name, source in (extra_files or {}).items():
            if name != Path(name).name or name in os.listdir(draft):
                raise ValueError(f"{name!r} is no name for a file beside the tables")
            shutil.copyfile(source, draft / name)
        write_json(_manifest(draft, number, run, listed), draft / MANIFEST)
        # Before its name appears.
        sync_tree(draft)
    sync_path(warehouse.snapshots)
    make_current(warehouse, number)
    files = [file for entry in listed.values() for file in entry["files"]]
    return Published(number, folder, sum(entry["row_count"] for entry in listed.values()), len(files), linked)


def next_snapshot_number(warehouse: Warehouse) -> int:
    """Number of the next snapshot; that of one that never became current is not used again."""
    return max([0, *warehouse.snapshot_numbers()]) + 1


def make_current(warehouse: Warehouse, number: int) -> None:
    """Points `current` at a snapshot, in one step for whoever reads meanwhile."""
    if not warehouse.snapshot(number).is_dir():
        raise FileNotFoundError(f"there is no snapshot {number} in {warehouse.snapshots}")
    link = warehouse.root / f".current.{uuid4().hex[:8]}"
    # Relative, so that the warehouse can be moved.
    link.symlink_to(warehouse.snapshot(number).relative_to(warehouse.root))
    try:
        os.replace(link, warehouse.current)
    finally:
        link.unlink(missing_ok=True)
    sync_path(warehouse.root)


def prune_snapshots(warehouse: Warehouse, *, keep: int) -> list[int]:
    """Numbers of the snapshots deleted: all but the newest `keep` and the current one. The caller holds the lock."""
    if keep < 1:
        raise ValueError(f"keep at least one snapshot, not {keep}")
    # Under the lock nobody is drafting; what lies there was left by a run that died.
    for leftover in warehouse.snapshots.glob(".*.part"):
        shutil.rmtree(leftover)
    return drop_snapshots(warehouse, warehouse.snapshot_numbers()[:-keep])


def drop_snapshots(warehouse: Warehouse, numbers: Iterable[int]) -> list[int]:
    """Numbers of the snapshots deleted: these but the current one. The caller holds the lock."""
    doomed = [number for number in numbers if number != warehouse.current_number()]
    for number in doomed:
        # Renamed first: a deletion cut short leaves no half snapshot under a number.
        gone = warehouse.snapshots / f".{number:06d}.part"
        os.rename(warehouse.snapshot(number), gone)
        shutil.rmtree(gone)
    return doomed


def write_tables(staged: Path, folder: Path, number: int) -> dict:
    """Writes all tables in the layout of a snapshot, rows in the order of their keys; the newest run comes back.

    A partitioned table without rows is one plain file, so that readers find its columns.
    """
    newest: dict = {}
    days = read_days(staged)
    for name in PUBLISHED_TABLES:
        rows = pq.read_table(staged / f"{name}.parquet", schema=arrow_schema(name))
        if name == "runs" and len(rows):
            records = rows.to_pylist()
            newest = max(records, key=lambda record: record["run_id"])
            newest["snapshot_number"] = number
            rows = pa.Table.from_pylist(records, schema=arrow_schema(name))
        rows = rows.sort_by([(column, "ascending") for column in TABLES[name].key])
        for part, path in _parts(name, rows, days):
            write_table(part, folder / path, is_published=True)
    return newest


def read_days(staged: Path) -> dict[str, date]:
    """Day, in UTC, on which each document was fetched."""
    documents = pq.read_table(staged / "documents.parquet", columns=["document_id", "fetched_at"])
    days = pc.cast(documents["fetched_at"], pa.date32()).to_pylist()
    return dict(zip(documents["document_id"].to_pylist(), days, strict=True))


def describe_tables(folder: Path, warehouse: Warehouse) -> tuple[dict[str, dict], int]:
    """The manifest's entry of every table, and how many files are links to those of the current snapshot.

    A file with the bytes of the one at its place in the current snapshot is replaced by a link to it.
    """
    listed: dict[str, dict] = {}
    linked = 0
    for name in PUBLISHED_TABLES:
        files = []
        for path in sorted((folder / name).rglob("*.parquet")):
            relative = path.relative_to(folder)
            linked += _link_if_same(path, warehouse.current / relative)
            rows = pq.read_metadata(path).num_rows
            files.append(_describe_file(folder, path) | {"row_count": rows})
        listed[name] = {"row_count": sum(file["row_count"] for file in files), "files": files}
    return listed, linked


def _parts(name: str, rows: pa.Table, days: dict[str, date]) -> Iterator[tuple[pa.Table, Path]]:
    """Each file's rows, in order, and its path in the snapshot."""
    if not TABLES[name].partitioned or not len(rows):
        yield rows, Path(name, FILE_NAME)
        return
    # An article has the id of its document.
    owner = "document_id" if "document_id" in rows.column_names else "article_id"
    day_of_row = pa.array([days[owner_id] for owner_id in rows[owner].to_pylist()], pa.date32())
    for day in sorted(set(day_of_row.to_pylist())):
        yield rows.filter(pc.equal(day_of_row, day)), Path(name, f"{PARTITION_COLUMN}={day:%Y-%m-%d}", FILE_NAME)


def _link_if_same(path: Path, before: Path) -> bool:
    if not before.is_file() or before.stat().st_size != path.stat().st_size or hash_file(before) != hash_file(path):
        return False
    link = path.with_name(f".{path.name}.link")
    try:
        os.link(before.resolve(), link)
    except OSError:
        # A file system without hard links, or too many of them: the copy just written serves as well.
        return False
    os.replace(link, path)
    return True


def _describe_file(folder: Path, path: Path) -> dict:
    return {
        "path": path.relative_to(folder).as_posix(),
        "sha256": hash_file(path),
        "byte_count": path.stat().st_size,
    }


def _manifest(folder: Path, number: int, run: dict, listed: dict[str, dict]) -> dict:
    return {
        "snapshot_number": number,
        "run_id": run.get("run_id"),
        "finished_at": run.get("finished_at"),
        "code_version": run.get("code_version"),
        "rules_version": run.get("rules_version"),
        "schema_version": hashlib.sha256(dictionary_markdown().encode()).hexdigest()[:12],
        "tables": listed,
        "other_files": [_describe_file(folder, path) for path in sorted(folder.iterdir()) if path.is_file()],
    }
