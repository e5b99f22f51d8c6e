"""What a power cut or a bad disk left broken: found, named, and removed where it can be made again."""

import errno
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.parquet import is_whole
from schemas.warehouse import MANIFEST, Warehouse, hash_file

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What SQLite says where the disk takes no more; of a file that may grow no further, that writing failed.
SQLITE_IS_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
READING_FAULTS = (pa.ArrowException, OSError, sqlite3.DatabaseError)


class WarehouseFault(Exception):
    """A run failed for a reason that lies in the warehouse's files or its disk; says which and what to do."""


def remove_broken_work(warehouse: Warehouse, report: Callable[[str], None] = lambda _: None) -> int:
    """How many folders and files were removed under work/: those begun and never finished, and those cut short.

    What a batch became is removed as a whole, and made again by the run. The caller holds the writer's lock.
    """
    if not warehouse.work.is_dir():
        return 0
    removed = 0
    for place in sorted(path for path in warehouse.work.iterdir() if path.is_dir() and path.name != "runs"):
        for path in sorted(place.iterdir()):
            if path.name.startswith(".") or not _is_sound(path):
                report(f"{place.name}/{path.name} was not written to its end; it is made again")
                _remove(path)
                removed += 1
    return removed


def _is_sound(path: Path) -> bool:
    files = list(path.rglob("*.parquet")) if path.is_dir() else [path]
    return bool(files) and all(is_whole(file) for file in files if file.suffix == ".parquet")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


@contextmanager
def naming_faults(warehouse: Warehouse) -> Iterator[None]:
    """Raises WarehouseFault, from within the block, in place of an error of the disk that names no file."""
    try:
        yield
    except READING_FAULTS as error:
        if is_disk_full(error):
            raise WarehouseFault(_describe_full_disk(warehouse, error)) from error
        if broken := find_broken_files(warehouse):
            raise WarehouseFault(_describe_broken(warehouse, broken)) from error
        raise


def is_disk_full(error: BaseException) -> bool:
    """Whether an error says that the disk takes no more."""
    if isinstance(error, OSError):
        return error.errno in DISK_IS_FULL
    # Errors of the library's own have no code.
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in SQLITE_IS_FULL


def find_broken_files(warehouse: Warehouse) -> dict[Path, str]:
    """Files of the current snapshot that are not as published, and those of work/ that cannot be read, with reasons.

    Reads them all: for use once something went wrong.
    """
    return dict([*_changed_files(warehouse.current), *_unreadable_files(warehouse.work)])


def advise_on_broken(warehouse: Warehouse) -> str:
    """What to do where published files are broken: the newest earlier snapshot that is sound takes their place.

    Reads the earlier snapshots: unchanged files are the same in all of them, and broken in all of them.
    """
    earlier = [number for number in warehouse.snapshot_numbers() if number != warehouse.current_number()]
    sound = (one for one in reversed(earlier) if not any(_changed_files(warehouse.snapshot(one))))
    if (number := next(sound, None)) is not None:
        instead = f"make an earlier snapshot the current one (`ln -sfn snapshots/{number:06d} {warehouse.current}`)"
        return f"Take them back from a copy, or {instead}, and run again with the inputs that came since."
    return (
        "Take them back from a copy. Without one, no snapshot here is sound: take all inputs in anew, into another "
        "warehouse (`onrecord run INPUT --warehouse FOLDER`)."
    )


def _changed_files(snapshot: Path) -> Iterator[tuple[Path, str]]:
    if not snapshot.is_dir():
        return
    manifest = snapshot / MANIFEST
    try:
        tables = json.loads(manifest.read_text("utf-8"))["tables"].values()
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield manifest, f"no manifest: {error}"
        return
    for file in (file for entry in tables for file in entry["files"]):
        path = snapshot / file["path"]
        try:
            if hash_file(path) != file["sha256"]:
                yield path, "its bytes are not those published"
        except OSError as error:
            yield path, error.strerror or str(error)


def _unreadable_files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.glob("*/**/*.parquet")):
        try:
            pq.read_table(path, partitioning=None)
        except (pa.ArrowException, OSError) as error:
            yield path, str(error).partition("\n")[0][:200]


def _describe_full_disk(warehouse: Warehouse, error: Exception) -> str:
    free = shutil.disk_usage(warehouse.root).free / 1e6
    reason = getattr(error, "strerror", None) or error
    return (
        f"the disk is full ({reason}; {free:.0f} MB left at {warehouse.root}). What is published is "
        "untouched, and what was done so far is kept: make room (`onrecord maintain --keep 1` removes older "
        "snapshots) and run again."
    )


def _describe_broken(warehouse: Warehouse, broken: dict[Path, str]) -> str:
    """The broken files in words; what of work/ can be made again is removed."""
    published = [path for path in broken if warehouse.work not in path.parents]
    if published:
        return (
            f"{len(published)} published files are broken (first: {published[0]}: {broken[published[0]]}). "
            f"{advise_on_broken(warehouse)}"
        )
    first, reason = next(iter(broken.items()))
    for path in broken:
        parts = path.relative_to(warehouse.work).parts
        # An index is files side by side, all else a folder for each batch.
        _remove(warehouse.work.joinpath(*parts[:2]))
    return (
        f"{len(broken)} files of unpublished work were broken (first: {first}: {reason}). They are removed, and what "
        "is published is untouched: run again to have them made anew."
    )
