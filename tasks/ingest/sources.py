"""Where bytes come from: files, standard input and whatever fsspec opens, all read alike."""

import io
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from tasks.ingest.encoding import Unreadable

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read. `uri` is how the tables name it, `name` a file name whose ending may tell the format.

    `open` gives its bytes from their beginning; it raises Unreadable, PermissionError or FileNotFoundError where
    the source itself is at fault. `modified_at` is asked only once it is open. `place` is the same for the same
    source, however it was named.
    """

    uri: str
    name: str
    place: str
    open: Callable[[], BinaryIO]
    modified_at: Callable[[], datetime]

    @classmethod
    def of(cls, path: Path) -> "Source":
        """The source at `path`; bytes of its name that are not UTF-8 are written as escapes."""
        return cls(
            uri=os.fsencode(path).decode("utf-8", "backslashreplace"),
            name=path.name,
            place=os.path.abspath(path),
            open=lambda: _open_file(path),
            modified_at=lambda: _file_time(path),
        )

    @classmethod
    def of_standard_input(cls, spool: Path | None) -> "Source":
        """What comes in on standard input; kept in the file `spool`, if one is named, so that it can be read again."""
        return cls(
            uri="standard input",
            name="",
            place=STANDARD_INPUT,
            open=(lambda: _open_spooled(spool)) if spool else lambda: sys.stdin.buffer,
            modified_at=lambda: datetime.now(UTC),
        )

    @classmethod
    def of_remote(cls, filesystem: Any, path: str, uri: str) -> "Source":
        """A file of an fsspec file system."""
        return cls(
            uri=uri,
            name=path.rpartition("/")[2],
            place=uri,
            open=lambda: filesystem.open(path, "rb"),
            modified_at=lambda: _remote_time(filesystem, path),
        )

    @classmethod
    def of_bytes(cls, raw: bytes, uri: str, name: str, modified_at: datetime) -> "Source":
        """Bytes at hand."""
        return cls(uri=uri, name=name, place=uri, open=lambda: io.BytesIO(raw), modified_at=lambda: modified_at)


def _open_file(path: Path) -> BinaryIO:
    mode = path.stat().st_mode if path.exists() or not path.is_symlink() else 0
    if stat.S_ISDIR(mode):
        raise Unreadable("readable", "a folder that cannot be listed", "a folder that may be read")
    if not stat.S_ISREG(mode):
        raise Unreadable("is_file", "a device, a pipe or a broken link", "a file")
    return path.open("rb")


def _file_time(path: Path) -> datetime:
    """The file's own time, UTC; the start of 1970 where it is beyond the calendar."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)


def _open_spooled(spool: Path) -> BinaryIO:
    if not spool.exists():
        spool.parent.mkdir(parents=True, exist_ok=True)
        part = spool.with_name(spool.name + ".part")
        # Kept between attempts: what was read from the pipe before a failure does not come again.
        with part.open("ab") as file:
            while chunk := sys.stdin.buffer.read(1 << 20):
                file.write(chunk)
        os.replace(part, spool)
    return spool.open("rb")


def _remote_time(filesystem: Any, path: str) -> datetime:
    try:
        found = filesystem.modified(path)
    except (NotImplementedError, OSError, KeyError):
        return datetime.now(UTC)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
