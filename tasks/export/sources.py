"""What can be exported: the tables of a snapshot, and the friendly views of its views.sql."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import PUBLISHED_TABLES
from schemas.parquet import arrow_schema, present_name

if TYPE_CHECKING:
    import duckdb

BATCH_ROWS = 10_000
VIEW = re.compile(r"^CREATE OR REPLACE VIEW (\w+) AS\b", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*+--.*$", re.MULTILINE)


class ExportError(Exception):
    """What was asked for cannot be written; the message says what to do."""


@contextmanager
def naming_faults(*errors: type[Exception]) -> Iterator[None]:
    """Raises ExportError in place of what a library says of a disk that is full or may not be written to."""
    try:
        yield
    except errors as error:
        raise ExportError(f"the export cannot be written: {error}") from error


class UnknownSource(ExportError):
    """A table or view that does not exist was asked for."""


@dataclass(frozen=True)
class Snapshot:
    """A published snapshot's tables and views."""

    folder: Path
    _opened: list["duckdb.DuckDBPyConnection"] = field(default_factory=list, compare=False)

    @cached_property
    def views(self) -> dict[str, str]:
        """Statements of the friendly views by name, in an order in which each needs earlier ones only."""
        text = COMMENT.sub("", (self.folder / "views.sql").read_text("utf-8"))
        statements = [statement.strip() for statement in text.split(";") if statement.strip()]
        named = {match[1]: statement for statement in statements if (match := VIEW.search(statement))}
        return {name: statement for name, statement in named.items() if name not in PUBLISHED_TABLES}

    def check_names(self, names: Sequence[str]) -> list[str]:
        """The names, all tables if there are none; UnknownSource for one that is no table or view."""
        known = [*PUBLISHED_TABLES, *self.views]
        if unknown := [name for name in names if name not in known]:
            near = get_close_matches(unknown[0], known, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise UnknownSource(f"no table or view is called {unknown[0]!r}; {hint}")
        return list(dict.fromkeys(names)) or list(PUBLISHED_TABLES)

    def schema(self, name: str) -> pa.Schema:
        """Columns and types of a table or view."""
        if name not in PUBLISHED_TABLES:
            return self._query(name).schema
        # A column that is new since the snapshot was published has no values there.
        return pa.schema([field.with_nullable(True) for field in arrow_schema(name)])

    def batches(self, name: str) -> Iterator[pa.RecordBatch]:
        """The rows of a table or view, some thousand at a time."""
        if name not in PUBLISHED_TABLES:
            yield from self._query(name)
            return
        for path in self.table_files(name):
            for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS):
                yield _in_present_form(batch, name)

    def table_files(self, name: str) -> list[str]:
        """Paths of a table's Parquet files."""
        files = sorted(str(path) for path in (self.folder / name).rglob("*.parquet"))
        if not files:
            raise ExportError(f"{name} has no files in {self.folder}: run `onrecord check`")
        return files

    def _query(self, name: str) -> pa.RecordBatchReader:
        import duckdb

        if not self._opened:
            connection = duckdb.connect()
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET file_search_path = ?", [str(self.folder)])
            connection.execute((self.folder / "views.sql").read_text("utf-8"))
            self._opened.append(connection)
        # The name is one of the views', so it can stand in a statement.
        return self._opened[0].sql(f'SELECT * FROM "{name}"').to_arrow_reader(BATCH_ROWS)


def _in_present_form(batch: pa.RecordBatch, table_name: str) -> pa.RecordBatch:
    """The rows in the declared columns: one that an earlier version called otherwise is renamed, a new one null."""
    columns = {present_name(table_name, name): column for name, column in zip(batch.schema.names, batch, strict=True)}
    fields = [field.with_nullable(True) for field in arrow_schema(table_name)]
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(batch.num_rows, field.type)
        for field in fields
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))
