"""Delta Lake: one Delta table per table, for object stores and engines that want it."""

from pathlib import Path

import pyarrow as pa

from schemas import TABLES
from tasks.export.sources import ExportError, Snapshot, naming_faults


def write_delta(snapshot: Snapshot, name: str, folder: Path) -> int:
    """Writes the Delta table `folder/<name>`; how many rows it has comes back. ExportError without `deltalake`."""
    try:
        from deltalake import write_deltalake
        from deltalake.exceptions import DeltaError
    except ImportError as error:
        raise ExportError("Delta tables need one more package: pip install deltalake") from error
    rows = pa.RecordBatchReader.from_batches(snapshot.schema(name), snapshot.batches(name))
    counted = _Counted(rows)
    description = TABLES[name].description if name in TABLES else None
    with naming_faults(DeltaError):
        write_deltalake(str(folder / name), counted.reader(), description=description)
    return counted.count


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
