"""What a reader is: the one protocol that text, HTML and record files are read by."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas import Document
from tasks.ingest.encoding import Unreadable, decode

# Longer than any news page seen; a page of this size is a dump or an attack.
MAXIMUM_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. `uri` is how the tables name it, fit for a table whatever the file is called."""

    path: Path
    uri: str

    @classmethod
    def of(cls, path: Path) -> "Source":
        """The source at `path`; bytes of its name that are not UTF-8 are written as escapes."""
        return cls(path, os.fsencode(path).decode("utf-8", "backslashreplace"))


@dataclass(frozen=True, slots=True)
class Refused:
    """One input that a reader refuses, at which check, and what it saw there."""

    source_uri: str
    check: str
    observed: str
    expected: str
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read.

    `recognizes` judges by the first bytes of a file whose name says nothing. `read` yields a
    Document or a Refused for every input in the file, in order, holding one at a time; it takes
    the source and the greatest size of one input in bytes.
    """

    name: str
    suffixes: tuple[str, ...]
    recognizes: Callable[[bytes], bool]
    read: Callable[[Source, int], Iterator[Document | Refused]]


def id_of(raw: bytes) -> str:
    """document_id of an input's bytes."""
    return hashlib.sha256(raw).hexdigest()[:16]


def modified_at(path: Path) -> datetime:
    """The file's own time, UTC; the start of 1970 where it is beyond the calendar."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def refuse_oversized(source_uri: str, byte_count: int | None, maximum_bytes: int) -> Refused:
    """The refusal of an input over the size limit; `byte_count` is None where it was not read to its end."""
    observed = "longer than that" if byte_count is None else f"{byte_count} bytes"
    return Refused(source_uri, "not_oversized", observed, f"at most {maximum_bytes} bytes")


def read_whole(
    source: Source, maximum_bytes: int, *, media_type_of: Callable[[str], str], declared_in_page: bool = False
) -> Iterator[Document | Refused]:
    """The one document that a whole file is, or its refusal.

    `media_type_of` tells the media type from the text; `declared_in_page` lets the bytes name
    their own encoding, as HTML does.
    """
    with source.path.open("rb") as file:
        byte_count = os.fstat(file.fileno()).st_size
        # A file may grow while it is read, so its size alone bounds nothing.
        raw = b"" if byte_count > maximum_bytes else file.read(maximum_bytes + 1)
    if max(byte_count, len(raw)) > maximum_bytes:
        yield refuse_oversized(source.uri, max(byte_count, len(raw)), maximum_bytes)
        return
    document_id = id_of(raw)
    try:
        text, encoding = decode(raw, declared_in_page=declared_in_page)
    except Unreadable as fault:
        yield Refused(source.uri, fault.check, fault.observed, fault.expected, document_id if raw else None)
        return
    yield Document(
        document_id=document_id,
        source_uri=source.uri,
        media_type=media_type_of(text),
        encoding=encoding,
        byte_count=len(raw),
        raw_text=text,
        fetched_at=modified_at(source.path),
        declared_title=None,
        declared_outlet=None,
        declared_author=None,
        declared_url=None,
        declared_published_at=None,
    )
