"""Bytes read as an input would be."""

import io
from datetime import UTC, datetime

from tasks.ingest.documents import read_source
from tasks.ingest.readers.reader import Options
from tasks.ingest.sources import Source

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class OneWay(io.BytesIO):
    """A stream that cannot be sought in, as a pipe."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation("seek")


def read_bytes(raw, name="", *, one_way=False, **options):
    """All that is in the bytes of a file of this name."""
    raw = raw.encode() if isinstance(raw, str) else raw
    source = Source(name or "in", name, "in", lambda: (OneWay if one_way else io.BytesIO)(raw), lambda: NOW)
    return list(read_source(source, Options(**options)))
