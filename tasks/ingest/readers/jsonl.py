"""Reader of JSON Lines: one line, one document; which field is which stands in fields.toml."""

import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from schemas import Document
from tasks.ingest.encoding import IS_TEXT, Unreadable, decode, name_binary
from tasks.ingest.nesting import PassedOver, find_records
from tasks.ingest.readers.json_file import read_json, read_value
from tasks.ingest.readers.json_values import JsonValues
from tasks.ingest.readers.reader import (
    Options,
    Reader,
    Refused,
    Skipped,
    Stream,
    as_record,
    id_of,
    make_record_documents,
    refuse_oversized,
)
from tasks.ingest.wide import narrow, recode, wide_encoding

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SKIP_BYTES = 1 << 20
EXPECTED = "one JSON object a line"
# A tab or another control character in a string harms no line.
DECODER = json.JSONDecoder(object_pairs_hook=as_record, strict=False)
COMMENTS = (b"//", b"#")


def read_jsonl(stream: Stream, options: Options) -> Iterator[Document | Refused | Skipped]:
    """A document or a refusal for every line that is not blank; `#L` and the line's number name it.

    What is called so and holds JSON that goes over lines is read as that.
    """
    if name := name_binary(stream.head):
        raise Unreadable("is_text", name, IS_TEXT)
    if goes_over_lines(stream.head):
        yield from read_json(stream, options)
        return
    is_empty = True
    wide = wide_encoding(stream.head)
    for number, line in _read_lines(recode(stream.file, stream.head), options.maximum_bytes):
        if line is not None and not line.strip():
            continue
        is_empty = False
        uri = f"{stream.uri}#L{number}"
        if line is None:
            yield refuse_oversized(uri, None, options.maximum_bytes)
        elif line.lstrip().startswith(COMMENTS) and b"{" not in line:
            yield Skipped(uri, "a comment between records")
        else:
            yield from read_record(line, uri, stream.fetched_at, options, wide=wide)
    if is_empty:
        raise Unreadable("not_empty", "no line holds anything", EXPECTED)


def read_record(
    line: bytes, source_uri: str, fetched_at: datetime, options: Options, *, wide: str | None = None
) -> Iterator[Document | Refused | Skipped]:
    """The document that one line holds, or its refusal; several where its text is of several.

    Of a line that is a list of articles, or holds some, each has its number behind the line's: `#L7.1`. `wide` is the
    encoding that the line was in before it was read in UTF-8.
    """
    try:
        given, encoding = _parse(line, options.maximum_bytes)
    except Unreadable as fault:
        yield Refused.by(fault, source_uri, id_of(line))
        return
    encoding = wide or encoding
    found = [one for value in given for one in find_records(value, options.fields)]
    values = [one for one in found if not isinstance(one, PassedOver)]
    yield from (Skipped(source_uri, one.reason) for one in found if isinstance(one, PassedOver))
    if len(values) != 1 or values[0] is not given[0]:
        for number, value in enumerate(values, start=1):
            yield from read_value(value, f"{source_uri}.{number}", fetched_at, options, encoding)
    elif not isinstance(values[0], dict):
        yield from read_value(values[0], source_uri, fetched_at, options, encoding)
    else:
        yield from make_record_documents(
            values[0], source_uri, fetched_at=fetched_at, options=options, raw=line, encoding=encoding
        )


def goes_over_lines(head: bytes) -> bool:
    """Whether a file begins with an array or an object of which no line is a record by itself."""
    first, newline, rest = narrow(head).removeprefix(BYTE_ORDER_MARK).lstrip().partition(b"\n")
    first, next_mark = first.strip(), rest.lstrip()[:1]
    if not newline or first[:1] not in (b"[", b"{") or not next_mark:
        return False
    try:
        json.loads(first)
    except json.JSONDecodeError as error:
        # It is cut off at the end of the line, and the next line goes on with it.
        is_cut = error.pos >= len(error.doc.rstrip(", \t"))
        return is_cut and (first in (b"[", b"{") or first.startswith(b"[") or next_mark in (b'"', b"}"))
    except (ValueError, RecursionError):
        return False
    return False


def recognize_jsonl(head: bytes) -> bool:
    """Whether the first line in the first bytes of a file is a JSON object and the next begins one, if there is one."""
    first, newline, rest = narrow(head).removeprefix(BYTE_ORDER_MARK).lstrip().partition(b"\n")
    if not first.startswith(b'{"') or not newline or rest.lstrip()[:1] not in (b"", b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _parse(line: bytes, maximum: int) -> tuple[list[Any], str]:
    """The values of a line, mostly one, each an object or a list, with an Unreadable for what is broken behind one."""
    text, encoding = decode(line)
    try:
        record = DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        values = _parse_several(text, maximum)
        if not any(isinstance(one, (dict, list)) for one in values):
            raise Unreadable("is_json", f"{error}; the line begins {text[:80]!r}", EXPECTED) from error
        return values, encoding
    if record == []:
        raise Unreadable("not_empty", "an empty list", EXPECTED)
    if not isinstance(record, (dict, list)):
        raise Unreadable("is_json", f"a JSON value that is no object: {text[:80]!r}", EXPECTED)
    return [record], encoding


def _parse_several(text: str, maximum: int) -> list[Any]:
    """The values that follow each other on one line, or stand before a comma or a comment there."""
    values = JsonValues(io.StringIO(text), maximum)
    values.decoder = DECODER
    if values.peek() not in ("{", "["):
        return []
    return list(values.rest())


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
