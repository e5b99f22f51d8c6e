"""Reader of tables as text, comma- or tab-separated: one row, one document; the first row names the columns."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from charset_normalizer import from_bytes

from schemas import Document
from tasks.ingest.encoding import BYTE_ORDER_MARKS, IS_TEXT, Unreadable, name_signature
from tasks.ingest.fields import STANDARD_FIELDS, Fields
from tasks.ingest.readers.reader import Options, Reader, Refused, Stream, make_record_documents

DELIMITERS = ",\t;|"
EXPECTED_HEADER = "a first row that names a column with the article's text; --columns FILE says which it is"


def read_table(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """A document or a refusal for every row; `#L` and the number of its first line name it."""
    if name := name_signature(stream.head):
        raise Unreadable("is_text", name, IS_TEXT)
    encoding = _tell_encoding(stream.head)
    text = io.TextIOWrapper(stream.file, encoding, errors="surrogateescape", newline="")
    lines = _Lines(text, options.maximum_bytes)
    # A limit of the whole process, but no other part of it reads tables.
    csv.field_size_limit(options.maximum_bytes)
    rows = _read_rows(lines, _tell_delimiter(stream.head.decode(encoding, "replace")))
    header = _read_header(next(rows, None), options.fields)
    is_empty = True
    for row in rows:
        is_empty = False
        uri = f"{stream.uri}#L{row.number}"
        if fault := row.fault or _find_misfit(row.cells, header):
            yield Refused.by(fault, uri)
            continue
        record, row_encoding = _decode_cells(dict(zip(header, row.cells, strict=False)), encoding)
        yield from make_record_documents(
            record, uri, fetched_at=stream.fetched_at, options=options, encoding=row_encoding
        )
    if is_empty:
        raise Unreadable("not_empty", "no row holds anything but the first", "a row for every article")


def recognize_table(head: bytes) -> bool:
    """Whether the first line of a file names two columns and more, one of them that of an article's text."""
    if name_signature(head):
        return False
    text = head.decode(_tell_encoding(head), "replace")
    try:
        header = next(csv.reader([text.partition("\n")[0].rstrip("\r")], delimiter=_tell_delimiter(text)), [])
    except csv.Error:
        return False
    return len(header) > 1 and STANDARD_FIELDS.hold_article(header)


@dataclass(slots=True)
class _Row:
    number: int
    cells: list[str] = field(default_factory=list)
    fault: Unreadable | None = None


class _TooLong(Exception):
    pass


class _Lines:
    """The lines of a text, each counted; a row of more characters than allowed stops with _TooLong."""

    def __init__(self, text: io.TextIOWrapper, maximum: int) -> None:
        self.text, self.maximum = text, maximum
        self.number = self.characters = self.quotes = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(self.maximum + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.characters += len(line)
        self.quotes += line.count('"')
        if self.characters > self.maximum:
            while line and not line.endswith("\n"):
                line = self.text.readline(1 << 20)
            raise _TooLong
        return line

    def start_row(self) -> None:
        """Counts anew."""
        self.characters = self.quotes = 0


def _read_rows(lines: _Lines, delimiter: str) -> Iterator[_Row]:
    """Rows that are not blank; one that is too long has a fault, and reading goes on in the line after."""
    while True:
        rows = csv.reader(lines, delimiter=delimiter)
        while True:
            lines.start_row()
            number = lines.number + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except (_TooLong, csv.Error) as error:
                observed = "longer than that" if isinstance(error, _TooLong) else str(error)
                observed = f"lines {number} to {lines.number}: {observed}"
                expected = f"rows of at most {lines.maximum} characters, quotation marks in pairs"
                yield _Row(number, fault=Unreadable("is_row", observed, expected))
                break
            if lines.quotes % 2 and lines.number > number:
                observed = f"lines {number} to {lines.number} stand in one open quotation mark"
                yield _Row(number, fault=Unreadable("is_row", observed, "quotation marks in pairs"))
            elif any(cell.strip() for cell in cells):
                yield _Row(number, cells)


def _read_header(row: _Row | None, fields: Fields) -> list[str]:
    if row is None:
        raise Unreadable("not_empty", "no row holds anything", EXPECTED_HEADER)
    if row.fault:
        raise row.fault
    header = [cell.strip().lstrip("\ufeff") for cell in row.cells]
    if not fields.hold_article(header):
        raise Unreadable("has_text", f"columns: {', '.join(header)}", EXPECTED_HEADER)
    return header


def _find_misfit(cells: list[str], header: list[str]) -> Unreadable | None:
    if len(cells) <= len(header):
        return None
    return Unreadable("is_row", f"{len(cells)} cells for {len(header)} columns", "as many cells as columns")


def _decode_cells(record: dict[str, str], encoding: str) -> tuple[dict[str, str], str]:
    """The record without half characters: a row in another encoding than the head is read in its own.

    A row is too short to tell which that is; the usual one of old tables is tried first.
    """
    raw = "\n".join(record.values()).encode(encoding, "surrogateescape")
    for own in (encoding, "cp1252", "latin-1"):
        try:
            raw.decode(own)
        except UnicodeDecodeError:
            continue
        return {name: cell.encode(encoding, "surrogateescape").decode(own) for name, cell in record.items()}, own
    raise AssertionError("every byte is a letter in Latin-1")


def _tell_encoding(head: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    # The last line may be cut in two, and rows of other origin may be in another encoding.
    lines = [line for line in head[: head.rfind(b"\n") + 1 or len(head)].split(b"\n") if not line.isascii()]
    if sum(map(_is_utf8, lines)) * 2 >= len(lines):
        return "utf-8"
    best = from_bytes(head).best()
    return best.encoding if best and best.encoding not in ("utf_16", "utf_32") else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tell_delimiter(text: str) -> str:
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


TABLE = Reader("table", (".csv", ".tsv"), recognize_table, read_table)
