"""A snapshot as files of another format, whole or not at all."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from schemas import PUBLISHED_TABLES
from tasks.export.databases import write_duckdb, write_sqlite
from tasks.export.delta import write_delta, write_delta_to_store
from tasks.export.formats import ExportFormat
from tasks.export.sources import ExportError, Snapshot
from tasks.export.text_files import write_csv, write_json_lines
from tasks.export.workbook import write_workbook

# Formats of one file per table, in a folder; the others make one file of all.
FOLDERS: dict[str, Callable[[Snapshot, str, Path], int]] = {
    "csv": write_csv,
    "jsonl": write_json_lines,
    "delta": write_delta,
}
FILES: dict[str, Callable[[Snapshot, Sequence[str], Path], dict[str, int]]] = {
    "xlsx": write_workbook,
    "sqlite": write_sqlite,
    "duckdb": write_duckdb,
}


def export_snapshot(
    folder: Path, target: Path, *, format: ExportFormat, names: Sequence[str] = (), replace: bool = False
) -> dict[str, int]:
    """How many rows of each table or view of the snapshot in `folder` were written to `target`.

    `target` is a folder for csv, jsonl and delta, else a file. All tables are written unless `names` are given. An
    existing target raises ExportError, unless it is to be replaced; it stays as it is until the new one is whole.
    """
    snapshot = Snapshot(folder)
    chosen = snapshot.check_names(names)
    if target.exists() and not replace:
        raise ExportError(f"{target} is there already: name another, or replace it with --replace")
    if target.exists():
        _check_replaceable(target, format, snapshot)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.parent / f".{target.name}.{uuid4().hex[:8]}.part"
    try:
        if format in FOLDERS:
            draft.mkdir()
            counts = {name: FOLDERS[format](snapshot, name, draft) for name in chosen}
        else:
            counts = FILES[format](snapshot, chosen, draft)
        _put_in_place(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        draft.unlink(missing_ok=True)
    return counts


def export_to_store(
    folder: Path, address: str, *, format: ExportFormat, names: Sequence[str] = (), replace: bool = False
) -> dict[str, int]:
    """The same for an address of an object store, as "s3://bucket/delta", where only Delta tables are written.

    Each table is there whole or not at all, not all of them together.
    """
    if format != "delta":
        raise ExportError(f"{format} is written to a folder or file; an object store takes delta")
    snapshot = Snapshot(folder)
    return {
        name: write_delta_to_store(snapshot, name, address, replace=replace) for name in snapshot.check_names(names)
    }


def _check_replaceable(target: Path, format: str, snapshot: Snapshot) -> None:
    """ExportError where `target` holds anything that an export in this format did not write."""
    if target.is_dir() != (format in FOLDERS):
        raise ExportError(f"{target} is a {'folder' if target.is_dir() else 'file'}, which {format} does not replace")
    known = {*PUBLISHED_TABLES, *snapshot.views}
    ending = "" if format == "delta" else f".{format}"
    if target.is_dir():
        foreign = [path.name for path in target.iterdir() if path.name.removesuffix(ending) not in known]
        if foreign:
            raise ExportError(f"{target} holds more than an export ({sorted(foreign)[0]}): name another folder")


def _put_in_place(draft: Path, target: Path) -> None:
    if not target.is_dir():
        os.replace(draft, target)
        return
    old = target.parent / f".{target.name}.{uuid4().hex[:8]}.old"
    os.rename(target, old)
    os.rename(draft, target)
    shutil.rmtree(old)
