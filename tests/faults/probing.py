"""A reader that opens the published tables over and over, as others do while a run writes."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

SECONDS_BETWEEN_LOOKS = 0.2


def look_at_tables(current: Path) -> list[str]:
    """Faults of the tables that are current now: each file is there, whole, and as its manifest says."""
    try:
        # Through the link, as a reader with a fixed path has it.
        pq.read_metadata(current / "stories" / "part-0.parquet")
        folder = current.resolve(strict=True)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        faults = []
        for name, entry in manifest["tables"].items():
            rows = 0
            for file in entry["files"]:
                path = folder / file["path"]
                if hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                    faults.append(f"{path}: other bytes than the manifest says")
                rows += pq.read_table(path, partitioning=None).num_rows
            if rows != entry["row_count"]:
                faults.append(f"{name}: {rows} rows for {entry['row_count']} in {folder}")
        return faults
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


class Probe:
    """What a reader saw: how often it looked, and every fault."""

    def __init__(self) -> None:
        self.looks = 0
        self.faults: list[str] = []


@contextmanager
def probing(warehouse: Path) -> Iterator[Probe]:
    """Looks at the tables over and over until the block ends; runs write in other processes."""
    probe, ended = Probe(), threading.Event()

    def look() -> None:
        while not ended.wait(SECONDS_BETWEEN_LOOKS):
            probe.faults += look_at_tables(warehouse / "current")
            probe.looks += 1

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield probe
    finally:
        ended.set()
        thread.join()
