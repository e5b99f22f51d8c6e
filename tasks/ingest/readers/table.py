"""Reader of tables as text, comma- or tab-separated: one row, one document; the first row names the columns."""

import codecs
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from charset_normalizer import from_bytes

from schemas import Document
from tasks.ingest.encoding import IS_TEXT, Unreadable, name_signature
from tasks.ingest.fields import STANDARD_FIELDS, Fields
from tasks.ingest.readers.reader import Options, Reader, Refused, Stream, make_record_documents, require_unique
from tasks.ingest.wide import narrow, recode, wide_encoding

VOTES = 4
DELIMITERS = ",\t;|"
# So spreadsheets are told what parts the cells; it is no row.
SEPARATOR_LINE = re.compile(r"sep=([,\t;|])\r?\n", re.I)
EXPECTED_HEADER = "a first row that names a column with the article's text; --columns FILE says which it is"


def read_table(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """A document or a refusal for every row; `#L` and the number of its first line name it."""
    if name := name_signature(stream.head):
        raise Unreadable("is_text", name, IS_TEXT)
    wide, head = wide_encoding(stream.head), narrow(stream.head)
    encoding = _tell_encoding(head)
    text = io.TextIOWrapper(recode(stream.file, stream.head), encoding, errors="surrogateescape", newline="")
    lines = _Lines(text, options.maximum_bytes)
    # A limit of the whole process, but no other part of it reads tables.
    csv.field_size_limit(options.maximum_bytes)
    text_head = head.decode(encoding, "replace")
    rows = _read_rows(lines, _tell_delimiter(text_head))
    if SEPARATOR_LINE.match(text_head):
        next(rows, None)
    header = _read_header(next(rows, None), options.fields)
    lines.width = len(header)
    is_empty = True
    for row in rows:
        is_empty = False
        uri = f"{stream.uri}#L{row.number}"
        if fault := row.fault or _find_misfit(row.cells, header):
            yield Refused.by(fault, uri)
            continue
        try:
            record, row_encoding = _decode_cells(dict(zip(header, row.cells, strict=False)), encoding)
        except Unreadable as odd:
            yield Refused.by(odd, uri)
            continue
        yield from make_record_documents(
            record, uri, fetched_at=stream.fetched_at, options=options, encoding=wide or row_encoding
        )
    if is_empty:
        raise Unreadable("not_empty", "no row holds anything but the first", "a row for every article")


def recognize_table(head: bytes) -> bool:
    """Whether the first line of a file names two columns and more, one of them that of an article's text."""
    if name_signature(head):
        return False
    head = narrow(head)
    text = head.decode(_tell_encoding(head), "replace")
    delimiter = _tell_delimiter(text)
    first = SEPARATOR_LINE.sub("", text, count=1).partition("\n")[0].rstrip("\r")
    try:
        header = next(csv.reader([first], delimiter=delimiter), [])
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
    """The lines of a text, each counted; a row of more characters than allowed stops with _TooLong.

    `taken` are those of the row at hand. `width` is the number of columns, once it is known.
    """

    def __init__(self, text: io.TextIOWrapper, maximum: int) -> None:
        self.text, self.maximum = text, maximum
        self.number = self.width = 0
        self.taken: list[str] = []
        self._characters = self._read_characters = self._given_again = 0
        self._again: deque[str] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            line = self.text.readline(self.maximum + 1)
            self._read_characters += len(line)
        if not line:
            raise StopIteration
        self.number += 1
        self._characters += len(line)
        if self._characters > self.maximum:
            self.taken.clear()
            while line and not line.endswith("\n"):
                line = self.text.readline(1 << 20)
            raise _TooLong
        self.taken.append(line)
        return line

    def start_row(self) -> None:
        """Counts anew."""
        self._characters = 0
        self.taken = []

    def give_back_rows(self, delimiter: str) -> bool:
        """Whether all lines behind the first that was taken are rows by themselves; they are read anew then.

        Not more often than the text is long, three times over.
        """
        lines = self.taken[1:]
        size = sum(map(len, lines))
        if not lines or self._given_again + size > 3 * self._read_characters:
            return False
        # In the last one another mark may open, of a row over several lines.
        opens = lines[-1].count('"') % 2 and f'{delimiter}"' in lines[-1]
        if not all(_is_row(line, delimiter, self.width) for line in (lines[:-1] if opens else lines)):
            return False
        self._given_again += size
        self.number -= len(lines)
        self._again.extendleft(reversed(lines))
        return True


def _is_row(line: str, delimiter: str, width: int) -> bool:
    try:
        return width > 1 and len(next(csv.reader([line], delimiter=delimiter), [])) == width
    except csv.Error:
        return False


def _read_rows(lines: _Lines, delimiter: str) -> Iterator[_Row]:
    """Rows that are not blank; one that is broken has a fault, and reading goes on in the line after.

    A quotation mark that is opened by mistake makes one row of several: where what follows it are rows by themselves,
    they are read as such.
    """
    while True:
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.start_row()
            number = lines.number + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except (_TooLong, csv.Error) as error:
                yield _read_unruly(lines, number, delimiter, error)
                break
            if any(cell.strip() for cell in cells):
                yield _Row(number, cells)


def _read_unruly(lines: _Lines, number: int, delimiter: str, error: Exception) -> _Row:
    """The row of a line whose quotation marks keep no rules, or the fault of several lines."""
    # Of marks in pairs on one line the meaning may be guessed.
    if len(lines.taken) == 1 and lines.taken[0].count('"') % 2 == 0:
        try:
            return _Row(number, next(csv.reader(lines.taken, delimiter=delimiter)))
        except csv.Error as again:
            error = again
    if isinstance(error, _TooLong):
        observed = f"lines {number} to {lines.number}: longer than that"
    elif lines.give_back_rows(delimiter):
        observed = f"line {number}: a quotation mark that is not closed"
    else:
        observed = f"lines {number} to {lines.number} stand in quotation marks that do not pair: {error}"
    expected = f"rows of at most {lines.maximum} characters, quotation marks in pairs"
    return _Row(number, fault=Unreadable("is_row", observed, expected))


def _read_header(row: _Row | None, fields: Fields) -> list[str]:
    if row is None:
        raise Unreadable("not_empty", "no row holds anything", EXPECTED_HEADER)
    if row.fault:
        raise row.fault
    header = [cell.strip().lstrip("\ufeff") for cell in row.cells]
    if not fields.hold_article(header):
        raise Unreadable("has_text", f"columns: {', '.join(header)}", EXPECTED_HEADER)
    require_unique(fields.known(header))
    return header


def _find_misfit(cells: list[str], header: list[str]) -> Unreadable | None:
    if len(cells) <= len(header):
        return None
    return Unreadable("is_row", f"{len(cells)} cells for {len(header)} columns", "as many cells as columns")


def _decode_cells(record: dict[str, str], encoding: str) -> tuple[dict[str, str], str]:
    """The record without half characters: a row in another encoding than the head is read in its own.

    A row is too short to tell which that is; the usual one of old tables is tried first. Unreadable where the head is
    in one of several bytes for a letter: read in one of single bytes, such a row is letters without sense.
    """
    raw = "\n".join(record.values()).encode(encoding, "surrogateescape")
    for own in (encoding, "cp1252", "latin-1"):
        try:
            raw.decode(own)
        except UnicodeDecodeError as error:
            if any("multibyte" in reason for reason in _why_incomplete(encoding)):
                observed = f"bytes {error.object[error.start : error.end].hex(' ')} in a row of a table in {encoding}"
                raise Unreadable("decodable", observed, "a row in the encoding of its table") from error
            continue
        return {name: cell.encode(encoding, "surrogateescape").decode(own) for name, cell in record.items()}, own
    raise AssertionError("every byte is a letter in Latin-1")


def _why_incomplete(encoding: str) -> Iterator[str]:
    """Why a byte that begins a letter in East Asia's encodings is none alone."""
    for byte in (b"\x88", b"\xb0"):
        try:
            byte.decode(encoding)
        except UnicodeDecodeError as error:
            yield error.reason


def _tell_encoding(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    # The last line may be cut in two, and rows of other origin may be in another encoding.
    lines = [line for line in head[: head.rfind(b"\n") + 1 or len(head)].split(b"\n") if not line.isascii()]
    if sum(map(_is_utf8, lines)) * 2 >= len(lines):
        return "utf-8"
    # One line of stray bytes misleads about all: several parts of them are asked, each without most others.
    parts = [b"\n".join(lines[first::VOTES]) for first in range(VOTES)] if len(lines) >= 2 * VOTES else []
    guesses = [best.encoding for part in (head, *parts) if (best := from_bytes(part).best())]
    votes = Counter(guess for guess in guesses if guess not in ("utf_16", "utf_32"))
    return votes.most_common(1)[0][0] if votes else "cp1252"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tell_delimiter(text: str) -> str:
    if named := SEPARATOR_LINE.match(text):
        return named[1]
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


TABLE = Reader("table", (".csv", ".tsv"), recognize_table, read_table)
