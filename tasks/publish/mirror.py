"""The published snapshot in an object store: its files, and one small object that points at them.

<address>/
  snapshots/<n>/<table>/…parquet   as in the warehouse, manifest.json and the pages beside the tables
  current.json                     which of them to read; an object store replaces an object in one step
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.warehouse import MANIFEST, Warehouse, hash_file
from tasks.secrets import check_no_password

POINTER = "current.json"
# A reader that has just read the pointer still finds what it pointed at.
KEPT_SNAPSHOTS = 2


class MirrorError(Exception):
    """The snapshot was not published there; what the pointer names stays as it was."""


@dataclass(frozen=True)
class Mirrored:
    """What was published: where, and how many files were uploaded or copied within the store.

    `removed` holds the numbers of the snapshots there that are no longer kept.
    """

    number: int
    address: str
    uploaded_count: int
    uploaded_bytes: int
    copied_count: int
    removed: list[int]


@dataclass(frozen=True)
class _Store:
    filesystem: Any
    root: str

    def path(self, *parts: str) -> str:
        return "/".join([self.root, *parts])

    def read_json(self, *parts: str) -> dict[str, Any] | None:
        try:
            return json.loads(self.filesystem.cat_file(self.path(*parts)))
        except FileNotFoundError:
            return None


def mirror_snapshot(warehouse: Warehouse, address: str, *, keep: int = KEPT_SNAPSHOTS) -> Mirrored:
    """What was published of the current snapshot under an address of fsspec, as "s3://bucket/news".

    A file that the snapshot published there before has at the same place is copied within the store. The pointer moves
    when every file is there at its full length; older snapshots but the newest `keep` are removed after that.
    MirrorError where the store cannot be reached, or another warehouse publishes there. The caller holds the writer's
    lock.
    """
    if keep < 1:
        raise ValueError(f"keep at least one snapshot, not {keep}")
    check_no_password([address])
    number = warehouse.current_number()
    if number is None:
        raise MirrorError(f"nothing is published in {warehouse.root}: run `onrecord run` first")
    local = warehouse.snapshot(number)
    name = f"snapshots/{local.name}"
    with _naming_faults(address):
        store = _open_store(address)
        pointer = store.read_json(POINTER) or {}
        own = {"snapshot": name, "snapshot_number": number, "manifest_sha256": hash_file(local / MANIFEST)}
        _refuse_others(pointer, own, address)
        uploaded, copied = ([], []) if pointer == own else _send_files(store, local, name, pointer)
        if pointer != own:
            store.filesystem.pipe_file(store.path(name, MANIFEST), (local / MANIFEST).read_bytes())
            store.filesystem.pipe_file(store.path(POINTER), json.dumps(own, indent=2).encode())
        removed = _prune(store, number, keep)
    return Mirrored(
        number=number,
        address=f"{address.rstrip('/')}/{name}",
        uploaded_count=len(uploaded),
        uploaded_bytes=sum(file["byte_count"] for file in uploaded),
        copied_count=len(copied),
        removed=removed,
    )


def _open_store(address: str) -> _Store:
    import fsspec

    # Only a disk has folders to make, as one that is mounted from elsewhere.
    options = {"auto_mkdir": True} if address.startswith(("file://", "local://")) else {}
    filesystem, root = fsspec.core.url_to_fs(address, **options)
    # Lists of before may lack what others have written since.
    filesystem.invalidate_cache()
    return _Store(filesystem, root.rstrip("/"))


def _refuse_others(pointer: dict[str, Any], own: dict[str, Any], address: str) -> None:
    there, here = int(pointer.get("snapshot_number", 0)), own["snapshot_number"]
    if there > here or (there == here and pointer != own):
        raise MirrorError(
            f"{address} holds snapshot {there}, which is not of this warehouse (its newest is {here}): publish each "
            "warehouse under an address of its own"
        )


def _send_files(store: _Store, local: Path, name: str, pointer: dict[str, Any]) -> tuple[list[dict], list[dict]]:
    """The files of the manifest that were uploaded, and those that were copied; all have their full length there."""
    before = pointer.get("snapshot", "")
    known = {file["path"]: file["sha256"] for file in _files(store.read_json(before, MANIFEST) or {})}
    files = list(_files(json.loads((local / MANIFEST).read_text("utf-8"))))
    present = set(store.filesystem.find(store.path(before))) if known else set()
    copied = [
        file
        for file in files
        if known.get(file["path"]) == file["sha256"] and store.path(before, file["path"]) in present
    ]
    uploaded = [file for file in files if file not in copied]
    if copied:
        paths = [file["path"] for file in copied]
        store.filesystem.copy([store.path(before, path) for path in paths], [store.path(name, path) for path in paths])
    if uploaded:
        paths = [file["path"] for file in uploaded]
        store.filesystem.put([str(local / path) for path in paths], [store.path(name, path) for path in paths])
    store.filesystem.invalidate_cache()
    sizes = {path: info["size"] for path, info in store.filesystem.find(store.path(name), detail=True).items()}
    short = [file["path"] for file in files if sizes.get(store.path(name, file["path"])) != file["byte_count"]]
    if short:
        raise MirrorError(f"{len(short)} files did not arrive whole (first: {name}/{short[0]}): publish again")
    return uploaded, copied


def _files(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for table in manifest.get("tables", {}).values():
        yield from table["files"]
    yield from manifest.get("other_files", [])


def _prune(store: _Store, current: int, keep: int) -> list[int]:
    listed = store.filesystem.ls(store.path("snapshots"), detail=False)
    names = (path.rstrip("/").rpartition("/")[2] for path in listed)
    numbers = sorted(int(name) for name in names if name.isdigit())
    doomed = [number for number in numbers[:-keep] if number != current]
    for number in doomed:
        store.filesystem.rm(store.path("snapshots", f"{number:06d}"), recursive=True)
    return doomed


@contextmanager
def _naming_faults(address: str) -> Iterator[None]:
    """Raises MirrorError in place of whatever the store's own package raises."""
    try:
        yield
    except MirrorError:
        raise
    except ImportError as error:
        raise MirrorError(f"{address} cannot be written: {error}; for s3:// run `make setup-s3`") from error
    except Exception as error:
        raise MirrorError(f"{address} cannot be written: {type(error).__name__}: {error}") from error
