"""What a warehouse may forget: old snapshots, work of older rules, folders of runs that died."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from schemas.warehouse import MANIFEST, Warehouse
from tasks.batches import BATCH_STAGES, stage_fingerprint
from tasks.publish.snapshot import drop_snapshots, prune_snapshots
from tasks.takedown import Tombstones, purge_leftovers, snapshots_that_hold


@dataclass(frozen=True)
class Pruned:
    """What was removed: snapshot numbers, and names of folders under work/."""

    snapshots: list[int]
    work_folders: list[str]


def prune_warehouse(
    warehouse: Warehouse, *, keep: int, keep_days: float | None = None, index_name: str | None = None
) -> Pruned:
    """Removes all but the newest `keep` snapshots and the current one, and what no run will use again.

    With `keep_days` snapshots published longer ago go as well; those in which a text stands that was taken down
    always do, and so does what is left of it under work/. `index_name` is the folder of the index that linking uses
    now; without it all of them stay.

    Work of the present rules stays, and so do the documents: rebuilding needs nothing else. The caller holds the
    writer's lock.
    """
    snapshots = prune_snapshots(warehouse, keep=keep)
    snapshots += drop_snapshots(warehouse, snapshots_that_hold(warehouse, Tombstones.read(warehouse).document_ids))
    if keep_days is not None:
        snapshots += drop_snapshots(warehouse, _older_than(warehouse, keep_days))
    purge_leftovers(warehouse)
    removed = [_remove(path) for path in _stale_work(warehouse, index_name)]
    return Pruned(snapshots, sorted(removed))


def _older_than(warehouse: Warehouse, days: float) -> list[int]:
    limit = time.time() - days * 86_400
    manifests = {number: warehouse.snapshot(number) / MANIFEST for number in warehouse.snapshot_numbers()}
    return [number for number, path in manifests.items() if not path.exists() or path.stat().st_mtime < limit]


def _stale_work(warehouse: Warehouse, index_name: str | None) -> list[Path]:
    if not warehouse.work.is_dir():
        return []
    present = {f"{stage}-{stage_fingerprint(stage)}" for stage in BATCH_STAGES}
    versions = [
        path
        for stage in BATCH_STAGES
        for path in warehouse.work.glob(f"{stage}-*")
        if path.is_dir() and path.name not in present
    ]
    # Another version of linking has begun its own.
    indexes = [path for path in warehouse.work.glob("link-*") if index_name and path.name != index_name]
    superseded = [path for name in sorted(present) for path in _superseded_batches(warehouse.work / name)]
    # Under the lock no run is at work: what lies there was left by one that died or failed.
    return [
        *versions,
        *superseded,
        *indexes,
        *(warehouse.work / "runs").glob("*"),
        *warehouse.work.glob("*/.*.part"),
        *warehouse.work.glob("server-*.log"),
    ]


def _superseded_batches(folder: Path) -> list[Path]:
    """Folders of batches that were done again since; the newest of each stays.

    They were done with another set of recurring lines, or annotated by another method.
    """
    newest: dict[str, Path] = {}
    older = []
    folders = (path for path in folder.glob("*") if path.is_dir() and not path.name.endswith(".lines"))
    for path in sorted(folders, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        if newest.setdefault(path.name.partition("-")[0], path) is not path:
            older.append(path)
    return older


def _remove(path: Path) -> str:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    return path.name
