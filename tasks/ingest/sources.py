"""Where bytes come from: files, standard input and whatever fsspec opens, all read alike."""

import errno
import io
import os
import re
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from tasks.ingest.encoding import Unreadable

STANDARD_INPUT = "-"
BUFFER_BYTES = 1 << 17
ESCAPED_BYTE = re.compile(rb"\\x([89a-f][0-9a-f])")


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
            uri=escape_name(str(path)),
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
            open=(lambda: io.BufferedReader(_Spooled(spool), BUFFER_BYTES)) if spool else lambda: sys.stdin.buffer,
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


def escape_name(name: str) -> str:
    """A file's name as the tables hold it: bytes of it that are not UTF-8 as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def find_path(name: str) -> Path:
    """The path of a file's name, which may be written as `escape_name` writes it."""
    path = Path(name)
    if "\\x" not in name or is_there(path):
        return path
    raw = ESCAPED_BYTE.sub(lambda found: bytes([int(found[1], 16)]), os.fsencode(name))
    return Path(os.fsdecode(raw))


def is_there(path: Path) -> bool:
    """Whether something is at a path, as far as this user is let see; no name that cannot be one leads anywhere."""
    try:
        return path.exists()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


class _LocalFile(io.FileIO):
    """A file of this machine. What cannot be read of it is unreadable: files of the system's own are, in many ways."""

    def readinto(self, buffer: Any) -> int | None:
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise _unreadable(error) from error


def _unreadable(error: OSError) -> Unreadable:
    return Unreadable("readable", error.strerror or str(error), "a file that may be read")


def _open_file(path: Path) -> BinaryIO:
    try:
        mode = path.stat().st_mode if path.exists() or not path.is_symlink() else 0
        if stat.S_ISREG(mode):
            return io.BufferedReader(_LocalFile(path), BUFFER_BYTES)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise
        raise _unreadable(error) from error
    if stat.S_ISDIR(mode):
        raise Unreadable("readable", "a folder that cannot be listed", "a folder that may be read")
    raise Unreadable("is_file", "a device, a pipe or a broken link", "a file")


def _file_time(path: Path) -> datetime:
    """The file's own time, UTC; the start of 1970 where it is beyond the calendar."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)


class _Spooled(io.RawIOBase):
    """Standard input, from its beginning whenever it is opened: what is read of it is kept, and no more than that."""

    def __init__(self, spool: Path) -> None:
        spool.parent.mkdir(parents=True, exist_ok=True)
        self.kept = spool.open("ab+", buffering=0)
        self.at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = os.pread(self.kept.fileno(), len(buffer), self.at)
        if not chunk:
            # Kept between attempts: what was read from the pipe before a failure does not come again.
            chunk = cast(io.BufferedReader, sys.stdin.buffer).read1(len(buffer))
            self.kept.write(chunk)
        self.at += len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self.kept.close()
        super().close()


def _remote_time(filesystem: Any, path: str) -> datetime:
    try:
        found = filesystem.modified(path)
    except (NotImplementedError, OSError, KeyError):
        return datetime.now(UTC)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
