"""Where things lie in a warehouse.

warehouse/
  current -> snapshots/000003        swapped atomically when a run has passed validation
  snapshots/<n>/<table>/…parquet     what readers read; manifest.json, views.sql, DICTIONARY.md, pages
  work/documents/<batch>/            documents as received, by batch
  work/<stage>-<fingerprint>/<batch>/   what a stage made of a batch
  work/link-<fingerprint>/           word counts of articles, for linking new ones to them
  work/runs/<run_id>/                tables staged by a run, before they are published
  aliases.toml                       the user's own word on who is who; may be missing
  takedowns.json                     what was taken down, and why; missing where nothing was
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

HASHED_BYTES = 1 << 20
MANIFEST = "manifest.json"

# Environment variable that names where published snapshots are served: an address, a space and the folder served there.
PAGES_SETTING = "ONRECORD_PAGES"


@dataclass(frozen=True)
class Warehouse:
    """Paths inside the warehouse at `root`; nothing is created by asking for one."""

    root: Path

    @property
    def is_begun(self) -> bool:
        """Whether a run has begun here, which leaves its lock and its folder of work."""
        return self.lock_file.is_file() and self.work.is_dir()

    @property
    def current(self) -> Path:
        """The symlink to the published snapshot."""
        return self.root / "current"

    @property
    def snapshots(self) -> Path:
        """Folder of all snapshots."""
        return self.root / "snapshots"

    @property
    def work(self) -> Path:
        """Folder of everything that is not published."""
        return self.root / "work"

    @property
    def aliases_file(self) -> Path:
        """The user's file of names that are one."""
        return self.root / "aliases.toml"

    @property
    def lock_file(self) -> Path:
        """Lock that a writer holds."""
        return self.root / ".lock"

    def snapshot(self, number: int) -> Path:
        """Folder of snapshot `number`."""
        return self.snapshots / f"{number:06d}"

    def run_folder(self, run_id: str) -> Path:
        """Folder where a run stages its tables."""
        return self.work / "runs" / run_id

    def batch_folder(self, stage: str, fingerprint: str, batch_id: str) -> Path:
        """Folder of what `stage`, in the version `fingerprint`, makes of a batch."""
        return self.work / f"{stage}-{fingerprint}" / batch_id

    def documents_folder(self, batch_id: str) -> Path:
        """Folder of a batch's documents."""
        return self.work / "documents" / batch_id

    def current_number(self) -> int | None:
        """Number of the published snapshot; None where nothing is published."""
        if not self.current.is_symlink():
            return None
        return int(Path(os.readlink(self.current)).name)

    def snapshot_numbers(self) -> list[int]:
        """Numbers of the snapshots kept, ascending."""
        if not self.snapshots.is_dir():
            return []
        return sorted(int(path.name) for path in self.snapshots.iterdir() if path.name.isdigit())

    def describe_lost_current(self) -> str | None:
        """Why `current` leads nowhere though snapshots are kept, and what to do; None where no snapshot is whole."""
        if self.current.is_dir():
            return None
        whole = [number for number in self.snapshot_numbers() if (self.snapshot(number) / MANIFEST).is_file()]
        if not whole:
            return None
        told = f"leads to {os.readlink(self.current)}, which is not there" if self.current.is_symlink() else "is gone"
        back = f"make one the current one: `ln -sfn snapshots/{whole[-1]:06d} {self.current}`"
        return f"{self.current} {told}, though snapshots are there; {back}"

    def has_lost_current(self) -> bool:
        """Whether `current` led to tables once and no longer does: a run that went on would publish without them.

        A first run that is killed just before it publishes leaves a snapshot of its own run alone, which is no loss.
        """
        if self.describe_lost_current() is None:
            return False
        manifests = [self.snapshot(number) / MANIFEST for number in self.snapshot_numbers()]
        read = (json.loads(path.read_text("utf-8")) for path in manifests if path.is_file())
        return self.current.is_symlink() or any(one["tables"]["runs"]["row_count"] > 1 for one in read)

    def table_files(self, table_name: str, number: int | None = None) -> list[Path]:
        """Parquet files of a published table, sorted; of the current snapshot if none is named."""
        folder = (self.current if number is None else self.snapshot(number)) / table_name
        return sorted(folder.rglob("*.parquet"))


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A new folder to fill; it takes its place at `folder` only if nothing fails.

    A folder that is already there stays: two workers that made the same thing agree.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{folder.name}.{uuid4().hex[:8]}.part"
    draft.mkdir()
    try:
        yield draft
        try:
            os.rename(draft, folder)
        except OSError:
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_json(value: object, path: Path) -> Path:
    """Writes `value` as JSON, whole or not at all; `path` comes back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True, default=str) + "\n")
        # A power cut must not leave an empty file under the name: what was taken down stands in one of these.
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    return path


def sync_path(path: Path) -> None:
    """Has the disk take a file, or what a folder lists."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Has the disk take everything below the folder, and what it lists."""
    for place, _, files in os.walk(folder):
        for name in files:
            sync_path(Path(place, name))
        sync_path(Path(place))


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASHED_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
