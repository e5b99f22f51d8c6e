"""Reader of JSON Lines: one line, one document; which field is which stands in fields.toml."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from schemas import Document
from tasks.ingest.encoding import BINARY_SIGNATURES, IS_TEXT, Unreadable, decode, require_text
from tasks.ingest.fields import pick_instant, pick_text
from tasks.ingest.html import has_markup
from tasks.ingest.readers import Reader, Refused, Source, id_of, modified_at, refuse_oversized

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SKIP_BYTES = 1 << 20


def read_jsonl(source: Source, maximum_bytes: int) -> Iterator[Document | Refused]:
    """A document or a refusal for every line that is not blank; `#L` and the line's number name it."""
    fetched_at = modified_at(source.path)
    is_empty = True
    with source.path.open("rb") as file:
        if fault := _find_binary(file):
            yield Refused(source.uri, "is_text", fault, IS_TEXT)
            return
        for number, line in _read_lines(file, maximum_bytes):
            if line is not None and not line.strip():
                continue
            is_empty = False
            uri = f"{source.uri}#L{number}"
            if line is None:
                yield refuse_oversized(uri, None, maximum_bytes)
            else:
                yield read_record(line, uri, fetched_at)
    if is_empty:
        yield Refused(source.uri, "not_empty", "no line holds anything", "one JSON object a line")


def read_record(line: bytes, source_uri: str, fetched_at: datetime) -> Document | Refused:
    """The document that one line holds, or its refusal.

    A record with a page and a plain text is read from the page: its paragraphs and captions
    are marked, while a dump glues them. `fetched_at` stands in where the record has none.
    """
    document_id = id_of(line)
    try:
        record, encoding = _parse(line)
        page = pick_text(record, "html")
        text = page or pick_text(record, "text")
        if text is None:
            keys = ", ".join(sorted(map(str, record)))
            raise Unreadable("has_text", f"fields: {keys}", "a field with the article's text or page")
        require_text(text)
    except Unreadable as fault:
        return Refused(source_uri, fault.check, fault.observed, fault.expected, document_id)
    return Document(
        document_id=document_id,
        source_uri=source_uri,
        media_type="text/html" if page or has_markup(text) else "text/plain",
        encoding=encoding,
        byte_count=len(line),
        raw_text=text,
        fetched_at=pick_instant(record, "fetched_at") or fetched_at,
        declared_title=pick_text(record, "title"),
        declared_outlet=pick_text(record, "outlet"),
        declared_author=pick_text(record, "author"),
        declared_url=pick_text(record, "url"),
        declared_published_at=pick_instant(record, "published_at"),
    )


def recognize_jsonl(head: bytes) -> bool:
    """Whether the first line in the first bytes of a file is a JSON object, or begins one beyond their end."""
    first, newline, _ = head.removeprefix(BYTE_ORDER_MARK).lstrip().partition(b"\n")
    if not first.startswith(b'{"'):
        return False
    try:
        return not newline or isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _parse(line: bytes) -> tuple[dict, str]:
    text, encoding = decode(line)
    expected = "one JSON object a line"
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        observed = f"{error}; the line begins {text[:80]!r}"
        raise Unreadable("is_json", observed, expected) from error
    if not isinstance(record, dict):
        raise Unreadable("is_json", f"a JSON value that is no object: {text[:80]!r}", expected)
    return record, encoding


def _find_binary(file: BinaryIO) -> str | None:
    head = file.read(8192)
    file.seek(0)
    names = [name for signature, name in BINARY_SIGNATURES if head.startswith(signature)]
    return names[0] if names else "NUL among the first bytes" if b"\0" in head else None


def _read_lines(file: BinaryIO, maximum_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines without their ends; None for one that is too long, which is skipped unread."""
    number = 0
    while line := file.readline(maximum_bytes + 2):
        number += 1
        content = line.rstrip(b"\r\n")
        if number == 1:
            content = content.removeprefix(BYTE_ORDER_MARK)
        if len(content) <= maximum_bytes:
            yield number, content
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(SKIP_BYTES)
        yield number, None


JSONL = Reader("jsonl", (".jsonl", ".ndjson"), recognize_jsonl, read_jsonl)
