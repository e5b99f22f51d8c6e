"""One writer per warehouse at a time."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from schemas.warehouse import Warehouse, write_json

WAIT_SECONDS = 30.0
# A wait that is over before somebody wonders is not worth a line.
QUIET_SECONDS = 1.0


class WarehouseLocked(Exception):
    """Another run writes to the warehouse; says which and what to do."""


class SnapshotLost(Exception):
    """`current` no longer leads to what was published; says where it led and what to do."""


@contextmanager
def writer_lock(
    warehouse: Warehouse, *, wait_seconds: float = WAIT_SECONDS, report: Callable[[str], object] = lambda _: None
) -> Iterator[None]:
    """The right to write to a warehouse for the length of the block.

    Waits up to `wait_seconds` for the one who has it, after the first second telling `report` of the wait, then raises
    WarehouseLocked. The system frees the lock of a process that dies. Readers need no lock. SnapshotLost where what
    was published before can no longer be read: whoever wrote on would leave it out.
    """
    warehouse.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(warehouse.lock_file)
    quiet = min(QUIET_SECONDS, wait_seconds)
    try:
        lock.acquire(timeout=quiet)
    except Timeout:
        report(f"waiting for {_describe_holder(warehouse)}, which writes to {warehouse.root}")
    try:
        if not lock.is_locked:
            lock.acquire(timeout=wait_seconds - quiet)
    except Timeout as error:
        raise WarehouseLocked(
            f"{warehouse.root} is being written to by {_describe_holder(warehouse)}; waited {wait_seconds:g} s. "
            "Try again when it has ended, or use another warehouse."
        ) from error
    try:
        if warehouse.has_lost_current():
            raise SnapshotLost(warehouse.describe_lost_current())
        write_json({"process": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"}, _note(warehouse))
        yield
    finally:
        _note(warehouse).unlink(missing_ok=True)
        lock.release()


def _note(warehouse: Warehouse) -> Path:
    return warehouse.lock_file.with_name(".lock-holder.json")


def _describe_holder(warehouse: Warehouse) -> str:
    try:
        holder = json.loads(_note(warehouse).read_text("utf-8"))
        return f"process {int(holder['process'])} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
