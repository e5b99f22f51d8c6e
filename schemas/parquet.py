"""Rows to Parquet and back, in the declared types."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.columns import TABLES, Row, Table

if TYPE_CHECKING:
    import pandas as pd

ARROW_TYPES = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}
# zstd is a third smaller than snappy at the same speed; readers of every engine take v1 pages.
PUBLISHED_OPTIONS = {"compression": "zstd", "compression_level": 3, "row_group_size": 122_880}
# For files that only later stages read, whole: of the rows of a batch of articles they are a tenth smaller, and take a
# third less time to write and to read.
WORK_OPTIONS = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": False,
    "write_statistics": False,
}
MAGIC = b"PAR1"
FOOTER_LENGTH_BYTES = 4
# Columns that earlier versions published under another name.
FORMER_NAMES = {("quarantine", "check"): "check_name"}

T = TypeVar("T", bound=Row)


@cache
def arrow_schema(table_name: str) -> pa.Schema:
    """Arrow schema of a table, descriptions and units in the metadata of fields and footer."""
    table = TABLES[table_name]
    fields = []
    for column in table.columns:
        metadata = {"description": column.description}
        if column.unit:
            metadata["unit"] = column.unit
        fields.append(pa.field(column.name, ARROW_TYPES[column.type], column.nullable, metadata))
    return pa.schema(fields, {"table": table.name, "description": table.description})


def rows_to_arrow(rows: Iterable[Row], row_type: type[Row]) -> pa.Table:
    """The rows as an Arrow table; a None in a non-nullable column raises ValueError."""
    rows = list(rows)
    return _columns_to_arrow(row_type.table, lambda name: list(map(attrgetter(name), rows)))


def records_to_arrow(records: Sequence[dict], table: Table) -> pa.Table:
    """Dictionaries as an Arrow table in the declared types; columns not declared are left out."""
    return _columns_to_arrow(table, lambda name: [record.get(name) for record in records])


def _columns_to_arrow(table: Table, values_of: Callable[[str], list]) -> pa.Table:
    schema = arrow_schema(table.name)
    columns = []
    for column, field in zip(table.columns, schema, strict=True):
        values = values_of(column.name)
        if not column.nullable and None in values:
            raise ValueError(f"{table.name}.{column.name} holds no nulls, but row {values.index(None)} has one")
        columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def frame_to_arrow(frame: "pd.DataFrame", table_name: str) -> pa.Table:
    """A data frame in the declared types; its missing columns are null, others are left out."""
    schema = arrow_schema(table_name)
    missing = [name for name in schema.names if name not in frame]
    # None rather than NaN, which is a number and becomes no date.
    ordered = frame.assign(**dict.fromkeys(missing)).reindex(columns=schema.names)
    return pa.Table.from_pandas(ordered, schema=schema, preserve_index=False).replace_schema_metadata(schema.metadata)


def arrow_to_frame(table: pa.Table) -> "pd.DataFrame":
    """A data frame with nullable types: an integer column with nulls stays integer."""
    return table.to_pandas(types_mapper=_nullable_type)


def _nullable_type(kind: pa.DataType) -> object | None:
    # A run that brings nothing new needs no data frame.
    import pandas as pd

    if pa.types.is_integer(kind):
        return pd.Int64Dtype()
    if pa.types.is_boolean(kind):
        return pd.BooleanDtype()
    return None


def write_table(table: pa.Table, path: Path, *, is_published: bool = False) -> Path:
    """Writes a Parquet file so that it is there whole or not at all; `path` comes back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    pq.write_table(table, part, **(PUBLISHED_OPTIONS if is_published else WORK_OPTIONS))
    os.replace(part, path)
    return path


def is_whole(path: Path) -> bool:
    """Whether a Parquet file has its beginning and its end: a power cut leaves files short, or their blocks empty.

    Looks at no more than that, so that thousands of files can be asked.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < len(MAGIC) * 2 + FOOTER_LENGTH_BYTES:
            return False
        file.seek(0)
        head = file.read(len(MAGIC))
        file.seek(-len(MAGIC) - FOOTER_LENGTH_BYTES, os.SEEK_END)
        footer_length = int.from_bytes(file.read(FOOTER_LENGTH_BYTES), "little")
        return head == file.read() == MAGIC and 0 < footer_length <= size - 12


def read_published(paths: Sequence[Path], table_name: str) -> pa.Table:
    """The rows of a published table's files, in the declared columns, whichever version published them.

    A column that was called otherwise then is renamed, one that was not there is null, one that is gone is left out.
    """
    schema = arrow_schema(table_name)
    tables = [schema.empty_table()]
    for path in paths:
        table = pq.ParquetFile(path).read()
        table = table.rename_columns([present_name(table_name, name) for name in table.column_names])
        for name in schema.names:
            if name not in table.column_names:
                table = table.append_column(name, pa.nulls(len(table), schema.field(name).type))
        tables.append(table.select(schema.names).cast(schema))
    return pa.concat_tables(tables)


def present_name(table_name: str, column_name: str) -> str:
    """What a column of a published table is called now."""
    return FORMER_NAMES.get((table_name, column_name), column_name)


def write_rows(rows: Iterable[Row], row_type: type[Row], folder: Path) -> Path:
    """Writes rows as `folder/<table>.parquet`."""
    return write_table(rows_to_arrow(rows, row_type), folder / f"{row_type.table.name}.parquet")


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Writes a file for later stages piece by piece, each a row group."""
    return pq.ParquetWriter(path, schema, **WORK_OPTIONS)


@contextmanager
def growing_file(path: Path, schema: pa.Schema, *, chunk_rows: int = 10_000) -> Iterator[Callable[[dict], None]]:
    """A function that appends one record to a Parquet file, of which memory holds a chunk.

    The file takes its place at `path` only if nothing fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    pending: list[dict] = []
    try:
        with open_writer(part, schema) as writer:

            def append(record: dict) -> None:
                pending.append(record)
                if len(pending) >= chunk_rows:
                    writer.write_table(pa.Table.from_pylist(pending, schema=schema))
                    pending.clear()

            yield append
            writer.write_table(pa.Table.from_pylist(pending, schema=schema))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_rows(row_type: type[T], folder: Path) -> list[T]:
    """Rows of `folder/<table>.parquet`, as row objects."""
    return arrow_to_rows(pq.ParquetFile(folder / f"{row_type.table.name}.parquet").read(), row_type)


def arrow_to_rows(table: pa.Table, row_type: type[T]) -> list[T]:
    """The table's rows as row objects; TypeError where none can be made of its columns."""
    columns = {name: table[name].to_pylist() for name in table.column_names}
    if columns.keys() != {column.name for column in row_type.table.columns}:
        # The constructor says what is wrong, or has a default for it.
        return [row_type(**dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True)]
    # Column by column, by native code: calling the constructor for each row takes ten times as long.
    rows = [object.__new__(row_type) for _ in range(len(table))]
    for name, values in columns.items():
        deque(map(getattr(row_type, name).__set__, rows, values), maxlen=0)
    return rows
