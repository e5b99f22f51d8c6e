"""What a reader is: the one protocol that files of one text and files of records are read by."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from schemas import Document
from tasks.ingest.encoding import Unreadable, decode, keep_text
from tasks.ingest.fields import STANDARD_FIELDS, Fields, pick_instant, pick_text
from tasks.ingest.gzip_members import Damage
from tasks.ingest.markup import has_markup
from tasks.ingest.nesting import UNIQUE
from tasks.ingest.sections import read_page, read_text

# Longer than any news page seen; a page of this size is a dump or an attack.
MAXIMUM_BYTES = 10_000_000

# So Multi-News parts the articles of one event that a row holds.
BETWEEN_ARTICLES = "|||||"


class Readable(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to read: the greatest size of one input, the names of fields, and a folder for what must be sought in.

    With `reads_apart` formats whose native readers may die of a file are read in another process.
    """

    maximum_bytes: int = MAXIMUM_BYTES
    fields: Fields = STANDARD_FIELDS
    spool_folder: Path | None = None
    reads_apart: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """One unpacked stream of bytes, at its beginning, and what is known of it from outside.

    `charset` is what its transport says of the encoding; `declared` holds columns of the document that the
    container knows better than the bytes do. `damage` is there where a packed file can be read on behind its faults.
    """

    uri: str
    file: BinaryIO
    head: bytes
    fetched_at: datetime
    charset: str | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    damage: Damage | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """One input that a reader refuses, at which check, and what it saw there."""

    source_uri: str
    check: str
    observed: str
    expected: str
    document_id: str | None = None

    @classmethod
    def by(cls, fault: Unreadable, source_uri: str, document_id: str | None = None) -> "Refused":
        """The refusal of an input that is unreadable."""
        return cls(source_uri, fault.check, fault.observed, fault.expected, document_id)


@dataclass(frozen=True, slots=True)
class Skipped:
    """One part of a file that is no input, and why: a redirect in a web archive, a picture beside the pages."""

    source_uri: str
    reason: str


Read = Callable[[Stream, Options], Iterator[Document | Refused | Skipped]]


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read.

    `recognizes` judges by the first bytes of a file whose name says nothing. `read` yields a Document or a Refused
    for every input in the stream, in order, holding one at a time. What makes the rest of the stream unreadable is
    raised as Unreadable. `may_die` of one whose native code is known to end the process on some damaged files.
    """

    name: str
    suffixes: tuple[str, ...]
    recognizes: Callable[[bytes], bool]
    read: Read
    may_die: bool = False


def id_of(raw: bytes) -> str:
    """document_id of an input's bytes."""
    return hashlib.sha256(raw).hexdigest()[:16]


def refuse_oversized(source_uri: str, byte_count: int | None, maximum_bytes: int) -> Refused:
    """The refusal of an input over the size limit; `byte_count` is None where it was not read to its end."""
    observed = "longer than that" if byte_count is None else f"{byte_count} bytes"
    return Refused(source_uri, "not_oversized", observed, f"at most {maximum_bytes} bytes")


def require_unique(columns: Sequence[str]) -> None:
    """Nothing, where no two of the columns have one name; else Unreadable: which of them is meant?"""
    doubled = [(name, count) for name, count in Counter(columns).most_common(5) if count > 1]
    if doubled:
        observed = ", ".join(f"{count} called {name}" for name, count in doubled)
        raise Unreadable("unique_columns", observed, UNIQUE)


class Doubled(dict):
    """A record in which fields of one name have different values; `names` are theirs, and it holds the last of each.

    `pairs` are all its fields as they were written.
    """

    names: list[str]
    pairs: list[tuple[str, Any]]


def as_record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The record of a JSON object's fields, in their order."""
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    doubled = Doubled(record)
    doubled.pairs = pairs
    doubled.names = [name for name, value in pairs if value != record[name]]
    return doubled if doubled.names else record


def read_bounded(file: Readable, maximum_bytes: int) -> bytes | None:
    """All bytes of a stream; None where there are more than `maximum_bytes`."""
    chunks: list[bytes] = []
    left = maximum_bytes + 1
    while left and (chunk := file.read(min(left, 1 << 20))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks) if left else None


def read_whole(
    stream: Stream, options: Options, *, media_type_of: Callable[[str], str], declared_in_page: bool = False
) -> Iterator[Document | Refused]:
    """The one document that a whole stream is, or its refusal.

    `media_type_of` tells the media type from the text; `declared_in_page` lets the bytes name
    their own encoding, as HTML does.
    """
    raw = read_bounded(stream.file, options.maximum_bytes)
    if raw is None:
        yield refuse_oversized(stream.uri, None, options.maximum_bytes)
        return
    yield make_document(raw, stream, media_type_of=media_type_of, declared_in_page=declared_in_page)


def make_document(
    raw: bytes, stream: Stream, *, media_type_of: Callable[[str], str], declared_in_page: bool = False
) -> Document | Refused:
    """The document of an input's bytes, or its refusal."""
    document_id = id_of(raw)
    try:
        text, encoding = decode(raw, declared_in_page=declared_in_page, declared=stream.charset)
    except Unreadable as fault:
        return Refused.by(fault, stream.uri, document_id if raw else None)
    return Document(
        document_id=document_id,
        source_uri=stream.uri,
        media_type=media_type_of(text),
        encoding=encoding,
        byte_count=len(raw),
        raw_text=text,
        fetched_at=stream.fetched_at,
        **(dict.fromkeys(DECLARED_COLUMNS) | dict(stream.declared)),
    )


DECLARED_COLUMNS = (
    "declared_title",
    "declared_outlet",
    "declared_author",
    "declared_url",
    "declared_published_at",
)


def make_record_documents(
    record: Mapping[str, Any],
    source_uri: str,
    *,
    fetched_at: datetime,
    options: Options,
    raw: bytes | None = None,
    encoding: str = "utf-8",
) -> Iterator[Document | Refused]:
    """The documents that a record holds, mostly one, or their refusals (see `make_record_document`).

    Where its text is of several articles with BETWEEN_ARTICLES between them, each is a document, named by its number
    from 1; what else the record says is of none of them alone, and is left.
    """
    try:
        text = read_text(record, options.fields) or ""
    except Unreadable:
        # It is refused below.
        text = ""
    parts = [part for part in text.split(BETWEEN_ARTICLES) if part.strip()] if BETWEEN_ARTICLES in text else []
    if len(parts) < 2:
        yield make_record_document(
            record, source_uri, fetched_at=fetched_at, options=options, raw=raw, encoding=encoding
        )
        return
    for number, part in enumerate(parts, start=1):
        uri = f"{source_uri}.{number}"
        yield make_record_document({"text": part}, uri, fetched_at=fetched_at, options=options, encoding=encoding)


def make_record_document(
    record: Mapping[str, Any],
    source_uri: str,
    *,
    fetched_at: datetime,
    options: Options,
    raw: bytes | None = None,
    encoding: str = "utf-8",
) -> Document | Refused:
    """The document that a record holds, or its refusal.

    A record with a page and a plain text is read from the page: its paragraphs and captions are marked, while a
    dump glues them. `raw` are the record's bytes; a record that has none of its own is written as JSON.
    `fetched_at` stands in where the record has none.
    """
    try:
        raw = write_record(record) if raw is None else raw
    except RecursionError:
        return Refused(
            source_uri, "is_json", "values too deep in each other to be written", "a record that is less deep"
        )
    if len(raw) > options.maximum_bytes:
        return refuse_oversized(source_uri, len(raw), options.maximum_bytes)
    document_id = id_of(raw)
    try:
        page = read_page(record, options.fields)
        text = page or read_text(record, options.fields)
        if isinstance(record, Doubled) and (names := options.fields.known(record.names)):
            raise Unreadable("unique_columns", f"several called {', '.join(names)}", UNIQUE)
        if text is None:
            keys = ", ".join(sorted(map(str, record)))
            raise Unreadable("has_text", f"fields: {keys}", "a field with the article's text or page")
        text = keep_text(text)
    except Unreadable as fault:
        return Refused.by(fault, source_uri, document_id)
    return Document(
        document_id=document_id,
        source_uri=source_uri,
        media_type="text/html" if page or has_markup(text) else "text/plain",
        encoding=encoding,
        byte_count=len(raw),
        raw_text=text,
        fetched_at=pick_instant(record, "fetched_at", options.fields) or fetched_at,
        declared_title=pick_text(record, "title", options.fields),
        declared_outlet=pick_text(record, "outlet", options.fields),
        declared_author=pick_text(record, "author", options.fields),
        declared_url=pick_text(record, "url", options.fields),
        declared_published_at=pick_instant(record, "published_at", options.fields),
    )


def write_record(record: Mapping[str, Any]) -> bytes:
    """A record as JSON, the same for the same fields in whatever order; nulls are left out."""
    given = {str(key): value for key, value in record.items() if value is not None}
    return json.dumps(given, sort_keys=True, ensure_ascii=False, default=_as_json).encode("utf-8", "surrogatepass")


def _as_json(value: Any) -> str:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).isoformat()
    return str(value)
