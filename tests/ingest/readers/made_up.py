"""Files of every format, made up."""

import gzip

HEAD = b"HTTP/1.1 %d OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"


def warc_record(
    body: bytes,
    *,
    url="https://tide.example/a",
    media_type="text/html; charset=utf-8",
    status=200,
    kind="response",
    more=b"",
) -> bytes:
    """One record of a web archive."""
    content = HEAD % (status, media_type.encode(), len(body), more) + body
    fields = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-01T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return fields.encode() + content + b"\r\n\r\n"


def packed_warc(*records: bytes) -> bytes:
    """An archive as crawlers write it: every record packed by itself."""
    return b"".join(map(gzip.compress, records))
