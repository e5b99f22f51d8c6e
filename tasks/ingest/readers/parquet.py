"""Reader of Parquet files: one row, one document; which column is which stands in fields.toml."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import Document
from tasks.ingest.encoding import Unreadable, decode
from tasks.ingest.fields import Fields, fold_field_name
from tasks.ingest.nesting import PassedOver, find_records
from tasks.ingest.readers.json_file import read_value
from tasks.ingest.readers.reader import (
    Options,
    Reader,
    Refused,
    Skipped,
    Stream,
    make_record_documents,
    require_unique,
    write_record,
)
from tasks.ingest.sections import names_of
from tasks.ingest.unpacking import MAXIMUM_RATIO, Budget, seekable

BATCH_ROWS = 32
BUFFER_BYTES = 1 << 20
# A row group is read column by column; data sets write groups of some hundred megabytes at most.
MAXIMUM_COLUMN_BYTES = 4 << 30
EXPECTED_COLUMNS = "a column with the article's text; --columns FILE says which it is"


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns that are read: those whose names mean something, and others in which articles may lie."""

    known: list[str]
    read: list[str]
    has_text: bool


def read_parquet(stream: Stream, options: Options) -> Iterator[Document | Refused | Skipped]:
    """A document or a refusal for every row; `#R` and the row's number, from 1, name it.

    A row group that is broken is refused as one input, and the next one is read.
    """
    source = seekable(stream.file, options.spool_folder)
    with _open(source, options) as file:
        names = file.schema_arrow.names
        nested = [field.name for field in file.schema_arrow if _may_hold_articles(field, options.fields)]
        if not options.fields.hold_article(names) and not nested:
            raise Unreadable("has_text", f"columns: {', '.join(names)}", EXPECTED_COLUMNS)
        known = options.fields.known(names)
        require_unique(known)
        others = [name for name in nested if name not in known and names.count(name) == 1]
        columns = _Columns(known, [*known, *others], options.fields.hold_article(names))
        size = source.seek(0, io.SEEK_END)
        budget = Budget(lambda: size)
        first = 1
        for group in range(file.num_row_groups):
            yield from _read_group(file, group, first, columns, budget, stream, options)
            first += file.metadata.row_group(group).num_rows
        if first == 1:
            raise Unreadable("not_empty", "no rows", "at least one row")


def _open(file: object, options: Options) -> pq.ParquetFile:
    try:
        opened = pq.ParquetFile(file, buffer_size=BUFFER_BYTES, pre_buffer=False)
        names = opened.schema_arrow.names
        # Texts that recur are held once: a page of one long value a million times is small that way.
        texts = [name for name, kind in zip(names, opened.schema_arrow.types, strict=True) if _is_text(kind)]
        return pq.ParquetFile(
            file, buffer_size=BUFFER_BYTES, pre_buffer=False, read_dictionary=options.fields.known(texts)
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable("is_parquet", str(error), "a Parquet file that is whole") from error


def _read_group(
    file: pq.ParquetFile,
    group: int,
    first: int,
    columns: _Columns,
    budget: Budget,
    stream: Stream,
    options: Options,
) -> Iterator[Document | Refused | Skipped]:
    number = first
    rows = file.metadata.row_group(group).num_rows
    try:
        _require_modest(file.metadata.row_group(group))
        for batch in file.iter_batches(BATCH_ROWS, row_groups=[group], columns=columns.read, use_threads=False):
            for row in range(batch.num_rows):
                uri = f"{stream.uri}#R{number}"
                number += 1
                try:
                    record = {name: _read_text(batch.column(name)[row].as_py()) for name in columns.read}
                except Unreadable as fault:
                    yield Refused.by(fault, uri)
                    continue
                # Letters, days and time zones that are none.
                except (pa.ArrowException, ValueError, ArithmeticError, LookupError) as error:
                    yield Refused(uri, "is_row", f"{type(error).__name__}: {error}", "values that can be read")
                    continue
                # A page of one long value a million times is small.
                written = write_record(record)
                budget.spend(len(written))
                yield from _read_row(record, written, columns, uri, stream, options)
    except (pa.ArrowException, OSError, ValueError) as error:
        observed = f"rows {number} to {first + rows - 1}: {error}"
        yield Refused(f"{stream.uri}#R{number}", "is_parquet", observed, "a row group that is whole")
    except Unreadable as fault:
        observed = f"rows {number} to {first + rows - 1}: {fault.observed}"
        yield Refused(f"{stream.uri}#R{number}", fault.check, observed, fault.expected)


def _read_row(
    record: dict[str, Any], written: bytes, columns: _Columns, uri: str, stream: Stream, options: Options
) -> Iterator[Document | Refused | Skipped]:
    """The documents of a row: mostly itself; else those that lie in it, named by their numbers from 1."""
    found = list(find_records(record, options.fields))
    yield from (Skipped(uri, one.reason) for one in found if isinstance(one, PassedOver))
    values = [one for one in found if not isinstance(one, PassedOver)]
    if len(values) != 1 or values[0] is not record:
        for number, value in enumerate(values, start=1):
            yield from read_value(value, f"{uri}.{number}", stream.fetched_at, options, "utf-8")
        return
    # What other columns hold makes no other document of a row.
    is_told_apart = columns.has_text and len(columns.known) < len(columns.read)
    raw = write_record({name: record[name] for name in columns.known}) if is_told_apart else written
    yield from make_record_documents(record, uri, fetched_at=stream.fetched_at, options=options, raw=raw)


def _may_hold_articles(column: pa.Field, fields: Fields) -> bool:
    """Whether a column holds objects with a text, however deep, or paragraphs."""
    kind = column.type
    if _is_list(kind) and fold_field_name(column.name) in names_of("paragraphs"):
        return True
    while _is_list(kind):
        kind = kind.value_type
    return pa.types.is_struct(kind) and any(
        fields.means_article(one.name) or _may_hold_articles(one, fields) for one in kind
    )


def _is_list(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) or pa.types.is_large_list(kind)


def _read_text(value: Any) -> Any:
    """A value of a column; bytes as the text that they are, since some programs mark no column as text."""
    if not isinstance(value, bytes):
        return value
    return decode(value)[0] if value.strip() else ""


def _require_modest(group: pq.RowGroupMetaData) -> None:
    columns = [group.column(number) for number in range(group.num_columns)]
    for column in columns:
        size, packed = column.total_uncompressed_size, max(column.total_compressed_size, 1 << 20)
        if size > MAXIMUM_COLUMN_BYTES or size > MAXIMUM_RATIO * packed:
            observed = f"{column.path_in_schema}: {column.total_compressed_size} bytes unpack to {size}"
            raise Unreadable("not_a_bomb", observed, f"at most {MAXIMUM_RATIO} times the packed size")


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def recognize_parquet(head: bytes) -> bool:
    """Whether a file begins as Parquet does."""
    return head.startswith(b"PAR1")


PARQUET = Reader("parquet", (".parquet", ".pq"), recognize_parquet, read_parquet, may_die=True)
