"""Delta Lake: one Delta table per table, for object stores and engines that want it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from schemas import TABLES
from tasks.export.sources import ExportError, Snapshot, naming_faults
from tasks.secrets import check_no_password


def write_delta(snapshot: Snapshot, name: str, folder: Path) -> int:
    """Writes the Delta table `folder/<name>`; how many rows it has comes back. ExportError without `deltalake`."""
    deltalake = _import_library()
    with naming_faults(deltalake.exceptions.DeltaError):
        return _write(snapshot, name, str(folder / name), replace=False)


def write_delta_to_store(snapshot: Snapshot, name: str, address: str, *, replace: bool) -> int:
    """Writes the Delta table `<address>/<name>` in an object store; how many rows it has comes back.

    With `replace` a new version takes the place of the rows that are there, in one transaction of that table; readers
    of the older version are left alone. ExportError where a table is there and is to stay, or the store refuses.
    """
    check_no_password([address])
    place = f"{address.rstrip('/')}/{name}"
    deltalake = _import_library()
    try:
        return _write(snapshot, name, place, replace=replace)
    except (deltalake.exceptions.DeltaError, OSError) as error:
        if "already exists" in str(error):
            raise ExportError(f"{address} holds {name} already: name another, or replace it with --replace") from error
        raise ExportError(f"{name} was not written to {address}: {error}") from error


def _write(snapshot: Snapshot, name: str, place: str, *, replace: bool) -> int:
    deltalake = _import_library()
    rows = pa.RecordBatchReader.from_batches(snapshot.schema(name), snapshot.batches(name))
    counted = _Counted(rows)
    description = TABLES[name].description if name in TABLES else None
    deltalake.write_deltalake(
        place,
        counted.reader(),
        description=description,
        mode="overwrite" if replace else "error",
        schema_mode="overwrite" if replace else None,
        storage_options=_options(place),
    )
    return counted.count


def _import_library() -> Any:
    try:
        import deltalake.exceptions
    except ImportError as error:
        raise ExportError("Delta tables need one more package: pip install deltalake") from error
    return deltalake


def _options(place: str) -> dict[str, str] | None:
    """What the library does not read of the environment itself: a store of one's own that speaks plain HTTP."""
    is_plain = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).scheme == "http"
    return {"AWS_ALLOW_HTTP": "true"} if place.startswith("s3://") and is_plain else None


class _Counted:
    """Counts the rows that pass."""

    def __init__(self, rows: pa.RecordBatchReader) -> None:
        self.rows = rows
        self.count = 0

    def reader(self) -> pa.RecordBatchReader:
        """The rows, counted as they are read."""
        return pa.RecordBatchReader.from_batches(self.rows.schema, self._pass())

    def _pass(self):
        for batch in self.rows:
            self.count += batch.num_rows
            yield batch
