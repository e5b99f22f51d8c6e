"""What a warehouse may forget: old snapshots, work of older rules, folders of runs that died."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from schemas.warehouse import Warehouse
from tasks.batches import BATCH_STAGES, stage_fingerprint
from tasks.publish.snapshot import prune_snapshots


@dataclass(frozen=True)
class Pruned:
    """What was removed: snapshot numbers, and names of folders under work/."""

    snapshots: list[int]
    work_folders: list[str]


def prune_warehouse(warehouse: Warehouse, *, keep: int) -> Pruned:
    """Removes all but the newest `keep` snapshots and the current one, and what no run will use again.

    Work of the present rules stays, and so do the documents: rebuilding needs nothing else. The caller holds the
    writer's lock.
    """
    snapshots = prune_snapshots(warehouse, keep=keep)
    removed = [_remove(path) for path in _stale_work(warehouse)]
    return Pruned(snapshots, sorted(removed))


def _stale_work(warehouse: Warehouse) -> list[Path]:
    if not warehouse.work.is_dir():
        return []
    present = {f"{stage}-{stage_fingerprint(stage)}" for stage in BATCH_STAGES}
    versions = [
        path
        for stage in BATCH_STAGES
        for path in warehouse.work.glob(f"{stage}-*")
        if path.is_dir() and path.name not in present
    ]
    superseded = [path for name in sorted(present) for path in _superseded_batches(warehouse.work / name)]
    # Under the lock no run is at work: what lies there was left by one that died or failed.
    return [*versions, *superseded, *(warehouse.work / "runs").glob("*"), *warehouse.work.glob("server-*.log")]


def _superseded_batches(folder: Path) -> list[Path]:
    """Folders of batches that were done again since, with another set of recurring lines; the newest of each stays."""
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
