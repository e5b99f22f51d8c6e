"""Whether a published snapshot is what its manifest and the declarations say: its files, then its rows."""

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from flows.checking_rows import check_rows
from flows.reading import Tables
from schemas import PUBLISHED_TABLES, TABLES
from schemas.parquet import ARROW_TYPES
from schemas.warehouse import MANIFEST, hash_file


@dataclass(frozen=True)
class CheckResult:
    """What was looked at, and every fault found there, in words."""

    files: int
    rows: int
    faults: list[str]


def check_snapshot(tables: Tables) -> CheckResult:
    """Faults of the snapshot: files missing, changed or not listed; rows miscounted; columns not as declared.

    Where the files are sound, their rows are looked at as well (see `check_rows`).
    """
    manifest_path = tables.snapshot / MANIFEST
    if not manifest_path.is_file():
        return CheckResult(0, 0, [f"{manifest_path} is missing: run `onrecord run` again to publish a new snapshot"])
    try:
        manifest = json.loads(manifest_path.read_text("utf-8"))
        listed, others = manifest["tables"], manifest["other_files"]
        return _compare(tables, manifest, listed, others)
    # Whatever JSON may stand there in place of what was written.
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return CheckResult(0, 0, [f"{manifest_path} is not a manifest: {error!r}"])


def _compare(tables: Tables, manifest: dict, listed: dict, others: list) -> CheckResult:
    faults: list[str] = []
    files = rows = 0
    for name in PUBLISHED_TABLES:
        if name not in listed:
            faults.append(f"{name}: the manifest does not list this table")
            continue
        found, counted = _check_table(tables.snapshot, name, listed[name], faults)
        files, rows = files + found, rows + counted
    for file in others:
        files += _is_as_published(tables.snapshot, file, faults)
    if not faults:
        faults += check_rows(tables, manifest)
    return CheckResult(files, rows, faults)


def _check_table(snapshot: Path, name: str, entry: dict, faults: list[str]) -> tuple[int, int]:
    present = {path.relative_to(snapshot).as_posix() for path in (snapshot / name).rglob("*.parquet")}
    extra = present - {file["path"] for file in entry["files"]}
    faults.extend(f"{path}: not listed in the manifest" for path in sorted(extra))
    sound = [file for file in entry["files"] if _is_as_published(snapshot, file, faults)]
    rows = sum(_check_columns(snapshot / file["path"], name, faults) for file in sound)
    if len(sound) == len(entry["files"]) and rows != entry["row_count"]:
        faults.append(f"{name}: {rows} rows, the manifest says {entry['row_count']}")
    return len(sound), rows


def _is_as_published(snapshot: Path, file: dict, faults: list[str]) -> bool:
    path = snapshot / file["path"]
    if not path.is_file():
        faults.append(f"{file['path']}: listed in the manifest but missing")
    elif hash_file(path) != file["sha256"]:
        faults.append(f"{file['path']}: its bytes are not those published")
    else:
        return True
    return False


def _check_columns(path: Path, name: str, faults: list[str]) -> int:
    file = pq.ParquetFile(path)
    kept = {field.name: field.type for field in file.schema_arrow}
    declared = {column.name: ARROW_TYPES[column.type] for column in TABLES[name].columns}
    for column in sorted(kept.keys() | declared.keys()):
        if kept.get(column) != declared.get(column):
            was, due = kept.get(column, "absent"), declared.get(column, "not declared")
            faults.append(f"{name}/{path.name}: column {column} is {was}, declared as {due}")
    return file.metadata.num_rows
