"""`onrecord export`: the published tables in another format."""

from collections.abc import Sequence
from pathlib import Path

from flows.reading import ReadingError, Tables, UnknownName
from tasks.export.export import export_snapshot, export_to_store
from tasks.export.formats import ExportFormat
from tasks.export.sources import ExportError, UnknownSource


def export_tables(
    warehouse: Path, target: str, *, format: ExportFormat, names: Sequence[str] = (), replace: bool = False
) -> dict[str, int]:
    """How many rows of each table or view were written to `target`, a path or the address of an object store.

    ReadingError says what is in the way.
    """
    snapshot = Tables.open(warehouse).snapshot
    try:
        if "://" in target:
            return export_to_store(snapshot, target, format=format, names=names, replace=replace)
        return export_snapshot(snapshot, Path(target), format=format, names=names, replace=replace)
    except UnknownSource as error:
        raise UnknownName(str(error)) from error
    except (ExportError, ValueError) as error:
        raise ReadingError(str(error)) from error
    except OSError as error:
        raise ReadingError(f"{target} cannot be written: {error.strerror or error}") from error
