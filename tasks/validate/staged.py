"""Staged tables as validation reads them: a frame to check, a column to look up, a text to compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import TABLES, Column, Table
from schemas.parquet import arrow_schema, arrow_to_frame

CHUNK_ROWS = 1000
# A free text is checked for presence only, and by its offsets elsewhere: its beginning is enough.
SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class Staged:
    """The tables under a folder, one `<table>.parquet` each."""

    folder: Path

    def path(self, table_name: str) -> Path:
        """File of a table, whether or not it is there."""
        return self.folder / f"{table_name}.parquet"

    def schema(self, table_name: str) -> pa.Schema | None:
        """Schema as the file states it; None where there is no file, or no Parquet in it."""
        try:
            return pq.read_schema(self.path(table_name))
        except (FileNotFoundError, pa.ArrowException):
            return None

    def row_count(self, table_name: str) -> int:
        """Rows of a table."""
        return pq.read_metadata(self.path(table_name)).num_rows

    def column(self, table_name: str, column_name: str) -> pa.ChunkedArray:
        """One column of a table."""
        return pq.read_table(self.path(table_name), columns=[column_name])[column_name]

    def columns(self, table_name: str, names: list[str]) -> pa.Table:
        """Some columns of a table."""
        return pq.read_table(self.path(table_name), columns=names)

    def frame(self, table_name: str) -> pd.DataFrame:
        """All rows, with the declared columns that the file has; free texts are cut short."""
        table = TABLES[table_name]
        long = [column.name for column in table.columns if is_free_text(column)]
        chunks = [_cut(chunk, long) for chunk in self.chunks(table_name)]
        empty = (self.schema(table_name) or arrow_schema(table_name)).empty_table()
        return arrow_to_frame(pa.concat_tables(chunks) if chunks else empty)

    def chunks(self, table_name: str, names: list[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a table in order, some at a time."""
        with pq.ParquetFile(self.path(table_name)) as file:
            for batch in file.iter_batches(CHUNK_ROWS, columns=names):
                yield pa.Table.from_batches([batch])

    def texts(self, of: str) -> Iterator[tuple[str, str]]:
        """(id, text) pairs that offsets point into: "articles.text", or "source_text" of documents.

        A document's source text is raw_text where it came as plain text, its article's
        extracted_text where it came as HTML.
        """
        if of == "articles.text":
            yield from self._pairs("articles", "article_id", "text")
            return
        for chunk in self.chunks("documents", ["document_id", "media_type", "raw_text"]):
            plain = chunk.filter(pc.equal(chunk["media_type"], "text/plain"))
            yield from zip(plain["document_id"].to_pylist(), plain["raw_text"].to_pylist(), strict=True)
        yield from self._pairs("articles", "document_id", "extracted_text")

    def _pairs(self, table_name: str, key: str, text: str) -> Iterator[tuple[str, str]]:
        for chunk in self.chunks(table_name, [key, text]):
            for key_value, value in zip(chunk[key].to_pylist(), chunk[text].to_pylist(), strict=True):
                if value is not None:
                    yield key_value, value


def is_free_text(column: Column) -> bool:
    """Whether nothing but its presence is asked of a text column."""
    limits = (column.max_length, column.pattern, column.values, column.references)
    return column.type is str and all(limit is None for limit in limits) and not column.name.endswith("_id")


def references_of(table: Table) -> Iterator[tuple[Column, str, str]]:
    """Columns that point at another table, with that table's name and the column pointed at."""
    for column in table.columns:
        if column.references:
            target, _, target_column = column.references.partition(".")
            yield column, target, target_column


@lru_cache(maxsize=1)
def published_references() -> tuple[tuple[str, Column, str, str], ...]:
    """(table, column, table pointed at, column pointed at) of all published tables."""
    return tuple(
        (table.name, *reference) for table in TABLES.values() if table.published for reference in references_of(table)
    )


def _cut(chunk: pa.Table, names: list[str]) -> pa.Table:
    for name in names:
        position = chunk.schema.get_field_index(name)
        if position >= 0 and pa.types.is_string(chunk.schema.field(position).type):
            short = pc.utf8_slice_codeunits(chunk[name], 0, SHOWN_CHARACTERS)
            chunk = chunk.set_column(position, chunk.schema.field(position), short)
    return chunk
