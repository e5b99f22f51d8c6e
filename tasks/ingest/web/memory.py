"""What was fetched before: feeds with their marks of freshness, and the document that each page became."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from tasks.ingest.readers.feed import FeedItem

TABLES = """
CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, items TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, document_id TEXT, check_name TEXT, observed TEXT, expected TEXT
);
"""


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed as it was last fetched."""

    etag: str | None
    last_modified: str | None
    items: list[FeedItem]

    @property
    def conditions(self) -> dict[str, str]:
        """Fields of a request that is answered only with news."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value and value.isprintable() and value.isascii()}


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page fetched before: the document it became, or at which check it was refused for good."""

    document_id: str | None
    check: str | None = None
    observed: str | None = None
    expected: str | None = None


class WebMemory:
    """A small database in the warehouse. One that is broken is begun anew: pages are fetched once more then."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            # A disk that is full or may not be written to breaks no file.
            if isinstance(error, sqlite3.OperationalError):
                raise
            for leftover in path.parent.glob(path.name + "*"):
                leftover.unlink()
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        # Used under the writer's lock by one thread at a time, which need not be the one that opened it.
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            connection.executescript(TABLES)
            if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError(f"{self.path} is broken")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Closes the database."""
        self._connection.close()

    def feed(self, url: str) -> KnownFeed | None:
        """A feed as it was last fetched; None where it never was."""
        row = self._connection.execute("SELECT etag, last_modified, items FROM feeds WHERE url = ?", [url]).fetchone()
        return KnownFeed(row[0], row[1], [_read_item(item) for item in json.loads(row[2])]) if row else None

    def remember_feed(
        self, url: str, *, etag: str | None, last_modified: str | None, items: Sequence[FeedItem]
    ) -> None:
        """Keeps a feed's marks and items."""
        written = json.dumps([asdict(item) for item in items], default=datetime.isoformat)
        self._connection.execute(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?)", [url, etag, last_modified, written]
        )

    def page(self, url: str) -> KnownPage | None:
        """What became of a page; None where it was never fetched."""
        row = self._connection.execute(
            "SELECT document_id, check_name, observed, expected FROM pages WHERE url = ?", [url]
        ).fetchone()
        return KnownPage(*row) if row else None

    def remember_page(self, url: str, page: KnownPage) -> None:
        """Keeps what became of a page."""
        self._connection.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)",
            [url, page.document_id, page.check, page.observed, page.expected],
        )


def _read_item(record: dict) -> FeedItem:
    published_at = record.pop("published_at")
    return FeedItem(**record, published_at=datetime.fromisoformat(published_at) if published_at else None)
