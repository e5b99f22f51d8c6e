"""Reader of web archives (WARC): one page that was fetched, one document."""

import io
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from schemas import Document
from tasks.ingest.encoding import Unreadable
from tasks.ingest.markup import tell_media_type
from tasks.ingest.readers.reader import (
    Options,
    Reader,
    Refused,
    Skipped,
    Stream,
    make_document,
    read_bounded,
    refuse_oversized,
)
from tasks.ingest.readers.warc_records import (
    EXPECTED,
    HEAD_END,
    LENGTH,
    MAXIMUM_HEAD_BYTES,
    RawRecord,
    split_records,
)
from tasks.ingest.unpacking import only_part

# What a crawler fetched, and the plain text that Common Crawl makes of it. Requests and notes of the crawler
# are no inputs.
PAGE_TYPES = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[^\r\n]{0,100})?\r\n")
# ISO 28500, section 6; of those that are no pages nothing is taken in.
PAGE_RECORDS = ("response", "resource", "conversion")
RECORD_TYPES = (
    *PAGE_RECORDS,
    *("warcinfo", "request", "metadata", "revisit", "continuation"),
)
RECORD_TYPE = re.compile(rb"\nwarc-type[ \t]{0,9}:([^\r\n]{0,200})", re.I)
# Names of fields are the same in capitals or not (ISO 28500, section 4), but not to the library.
FIELD_NAME = re.compile(rb"(?<=\n)[A-Za-z-]{1,40}(?=[ \t]{0,9}:)")
FIELDS = {
    name.lower(): name
    for name in (b"WARC-Type", b"WARC-Date", b"WARC-Target-URI", b"WARC-Record-ID", b"Content-Type", b"Content-Length")
}
LINE_FEED = re.compile(rb"(?<!\r)\n")
STATUSES = range(100, 600)
# 203 is a page that a proxy on the way has changed (RFC 9110, 15.3.4).
WITH_PAGE = (200, 203)
MEDIA_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


def read_warc(stream: Stream, options: Options) -> Iterator[Document | Refused | Skipped]:
    """A document or a refusal for every page; `#R` and its number among the pages, from 1, name it.

    Answers that are no page (a redirect, an error, a picture) are skipped. A record that is broken is refused, and
    the next one is read.
    """
    number = 0
    for piece in split_records(
        stream.file, maximum_bytes=options.maximum_bytes + MAXIMUM_HEAD_BYTES, damage=stream.damage
    ):
        for item in _read_record(piece, f"{stream.uri}#R{number + 1}", stream, options):
            number += 1
            yield item
    if not number:
        raise Unreadable("not_empty", "no page", "a web archive with at least one page")


def _read_record(
    piece: RawRecord, uri: str, stream: Stream, options: Options
) -> Iterator[Document | Refused | Skipped]:
    """What a record is; nothing where it is none of a page, though one that is broken may have been one."""
    if piece.fault:
        yield Refused.by(piece.fault, uri)
        return
    if fault := _find_unknown_type(piece.raw):
        yield Refused.by(fault, uri)
        return
    try:
        for record in ArchiveIterator(
            io.BytesIO(_write_as_library(piece.raw)),
            record_types=PAGE_TYPES,
            parse_http=True,
            max_header_len=MAXIMUM_HEAD_BYTES,
        ):
            if piece.is_oversized:
                yield refuse_oversized(uri, record.content_length, options.maximum_bytes)
            else:
                yield _find_cut(piece, record, uri) or _read_page(record, uri, stream, options)
            return
    except (OSError, ValueError, OverflowError) as error:
        yield Refused(uri, "is_warc", str(error), EXPECTED)
    except BaseException as error:
        # The library is native code, and what it did not foresee comes as no ordinary exception.
        if type(error).__name__ != "PanicException":
            raise
        yield Refused(uri, "is_warc", str(error), EXPECTED)
    else:
        if (kind := _find_type(piece.raw)) in PAGE_RECORDS:
            yield Refused(uri, "is_warc", f"a record of the type {kind!r} that the library does not read", EXPECTED)


def _write_as_library(raw: bytes) -> bytes:
    """The record with its heads as the library reads them: names in the letters that it looks for, lines with CR LF."""
    head = _cut_head(raw)
    content = raw[len(head) :]
    named = _end_lines(FIELD_NAME.sub(lambda found: FIELDS.get(found[0].lower(), found[0]), head))
    answer = _cut_head(content) if content.startswith(b"HTTP/") else b""
    ended = _end_lines(answer)
    if ended != answer:
        content = ended + content[len(answer) :]
        more = len(ended) - len(answer)
        named = LENGTH.sub(lambda found: found[0].replace(found[1], b"%d" % (int(found[1]) + more)), named)
    return raw if (named, ended) == (head, answer) else named + content


def _end_lines(head: bytes) -> bytes:
    return LINE_FEED.sub(b"\r\n", head)


def _cut_head(raw: bytes) -> bytes:
    return raw[: found.end()] if (found := HEAD_END.search(raw)) else raw


def _find_type(raw: bytes) -> str | None:
    named = RECORD_TYPE.search(_cut_head(raw))
    return named[1].strip().decode("utf-8", "replace").lower() if named else None


def _find_unknown_type(raw: bytes) -> Unreadable | None:
    kind = _find_type(raw)
    if kind in RECORD_TYPES:
        return None
    observed = f"a record of the type {kind[:60]!r}" if kind else "a record without its type"
    return Unreadable("is_warc", observed, f"one of {', '.join(RECORD_TYPES)}")


def _find_cut(piece: RawRecord, record: WarcRecord, uri: str) -> Refused | None:
    """The refusal of an answer that ends within its head: what stands there of its status and type is half of it."""
    if not (piece.is_cut and record.is_http) or HEAD_END.search(piece.raw, len(_cut_head(piece.raw))):
        return None
    return Refused(uri, "whole_answer", "an answer that ends within its head", "a record that is whole")


def _read_page(record: WarcRecord, uri: str, stream: Stream, options: Options) -> Document | Refused | Skipped:
    if not record.headers.get("Content-Length"):
        return Refused(uri, "is_warc", "a record without its length", "records of a web archive")
    headers = record.http_headers if record.is_http_parsed else None
    if record.is_http and headers is None:
        return Refused(uri, "is_http", "an answer without a head", "an answer with a status and fields")
    if headers is not None and (headers.status_code or 0) not in STATUSES:
        return Refused(uri, "is_http", "an answer without a status", "an answer with a status and fields")
    if headers is not None and headers.status_code not in WITH_PAGE:
        return Skipped(uri, f"answer {headers.status_code}")
    content_type = (record.http_content_type if headers is not None else record.headers.get("Content-Type")) or ""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type and media_type not in MEDIA_TYPES:
        return Skipped(uri, f"no page but {media_type}" if len(media_type) < 60 else "no page")
    declared = {"declared_url": _clean(record.headers.get("WARC-Target-URI"))}
    length = record.content_length
    raw = read_bounded(record.reader, options.maximum_bytes)
    if raw is None:
        return refuse_oversized(uri, None, options.maximum_bytes)
    if len(raw) < length:
        return Refused(uri, "whole_answer", f"{len(raw)} of {length} bytes", "a record that is whole")
    try:
        if headers is not None:
            raw = _unchunk(raw, record, media_type)
        raw = _unpack_body(raw, headers, options.maximum_bytes)
    except Unreadable as fault:
        return Refused.by(fault, uri)
    if raw is None:
        return refuse_oversized(uri, None, options.maximum_bytes)
    page = Stream(
        uri=uri,
        file=stream.file,
        head=raw[:1],
        fetched_at=_find_date(record) or stream.fetched_at,
        charset=record.http_charset if headers is not None else None,
        declared=declared,
    )
    is_html = media_type in ("text/html", "application/xhtml+xml")
    return make_document(
        raw, page, media_type_of=(lambda _: "text/html") if is_html else tell_media_type, declared_in_page=is_html
    )


def _unpack_body(raw: bytes, headers: Any, maximum_bytes: int) -> bytes | None:
    """The body as a browser would have it; None where it is too long.

    Some crawlers unpack it and keep the head that says it is packed: its own first bytes tell.
    """
    packing = ((headers.get("Content-Encoding") if headers is not None else None) or "").strip().lower()
    if packing == "deflate":
        return _inflate(raw, maximum_bytes)
    if not raw.startswith(PACKED):
        return raw
    return read_bounded(only_part(io.BytesIO(raw)).file, maximum_bytes)


def _unchunk(raw: bytes, record: WarcRecord, media_type: str) -> bytes:
    """The body with its chunks joined, if it is in chunks still: some crawlers join them and keep the head.

    Plain text may begin with a year on a line of its own, which reads as the length of a chunk.
    """
    is_named = "chunked" in (record.http_headers.get("Transfer-Encoding") or "").lower()
    first = CHUNK_HEAD.match(raw) if is_named else None
    if first is None:
        return raw
    is_whole = first.end() + int(first[1], 16) <= len(raw)
    if media_type == "text/plain" and not is_whole and not record.headers.get("WARC-Truncated"):
        return raw
    return _join_chunks(raw)


def _join_chunks(raw: bytes) -> bytes:
    body: list[bytes] = []
    at = 0
    while head := CHUNK_HEAD.match(raw, at):
        size = int(head[1], 16)
        chunk = raw[head.end() : head.end() + size]
        if not size:
            return b"".join(body)
        body.append(chunk)
        at = head.end() + size + 2
        if len(chunk) < size:
            break
    observed = f"chunks that break off after {sum(map(len, body))} bytes"
    raise Unreadable("whole_answer", observed, "an answer whose chunks are whole")


def _inflate(raw: bytes, maximum_bytes: int) -> bytes | None:
    """What was deflated, with the head of zlib as the standard has it or without, as many servers do."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(window)
        try:
            body = unpacker.decompress(raw, maximum_bytes + 1)
        except zlib.error:
            continue
        if len(body) > maximum_bytes:
            return None
        if unpacker.eof:
            return body
    # Some crawlers unpack it and keep the head.
    return raw


def _clean(address: str | None) -> str | None:
    # Some crawlers write <https://…>.
    cleaned = (address or "").strip().strip("<>").encode("utf-8", "replace").decode("utf-8")
    return cleaned or None


def _find_date(record: WarcRecord) -> datetime | None:
    """When the page was fetched; None where that is not told, or no moment of the calendar."""
    try:
        moment = record.record_date
        if moment is None or moment.tzinfo:
            return moment and moment.astimezone(UTC)
        return moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def recognize_warc(head: bytes) -> bool:
    """Whether a file begins as a web archive does."""
    return head.startswith((b"WARC/1.", b"WARC/0."))


WARC = Reader("warc", (".warc", ".wet"), recognize_warc, read_warc)
