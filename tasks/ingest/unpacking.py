"""Packed bytes unpacked as they are read: gzip, bzip2, zstd and zip, told by their first bytes."""

import bz2
import errno
import io
import lzma
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from tasks.ingest.encoding import Unreadable
from tasks.ingest.gzip_members import Damage, GzipMembers

# An article's line of JSON is longer than a disk's block.
HEAD_BYTES = 1 << 16
# Text shrinks to a tenth or a twentieth, a table of repeated values to a hundredth; what deflate packs
# beyond this is made to burst. Small files may shrink more.
MAXIMUM_RATIO = 200
FREE_BYTES = 64 << 20
MAXIMUM_DEPTH = 3
# What is copied to be sought in comes from a pipe or another machine, and may never end.
MAXIMUM_SPOOLED_BYTES = 20_000_000_000
SUFFIXES = (".gz", ".gzip", ".bz2", ".zst", ".zstd", ".zip")
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
EXPECTED = "an archive that is whole"
FAULTS = (
    *(EOFError, OSError, NotImplementedError, RuntimeError, ValueError, LookupError),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile, struct.error),
)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One stream of bytes that is not packed: its name, what of an archive it is, and its beginning.

    `member` is empty for what is no member of a zip archive. `file` is at its beginning; `modified_at` is None where
    the archive does not tell. `damage` is there where what is broken can be passed over (see `GzipMembers`).
    """

    name: str
    member: str
    file: BinaryIO
    head: bytes
    modified_at: datetime | None = None
    damage: Damage | None = None


def unpack(file: BinaryIO, name: str, *, spool_folder: Path | None = None) -> Iterator[Unpacked]:
    """The streams in `file`: itself where it is not packed, else what was packed, each to be read before the next.

    Raises Unreadable for an archive that is broken or bursts, also from the streams' own `read`. A zip archive
    that cannot be sought in is copied into `spool_folder` first.
    """
    yield from _unpack(file, name, "", spool_folder, depth=0, modified_at=None)


def only_part(file: BinaryIO) -> Unpacked:
    """The one stream in `file`; Unreadable where it is an archive of none, or of several."""
    parts = unpack(file, "")
    first = next(parts, None)
    if first is None or first.member:
        raise Unreadable("is_page", "an archive of files" if first else "an archive without files", "one page or text")
    return first


def strip_suffix(name: str) -> str:
    """A file's name without the ending of a packer."""
    for suffix in SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name


def seekable(file: BinaryIO, spool_folder: Path | None) -> BinaryIO:
    """The file, or a copy without a name in `spool_folder` of one that cannot be sought in."""
    return file if file.seekable() else copy_to_disk(file, spool_folder)


def copy_to_disk(file: BinaryIO, spool_folder: Path | None) -> BinaryIO:
    """A copy of the rest of a file, without a name, in `spool_folder`; Unreadable beyond MAXIMUM_SPOOLED_BYTES."""
    if spool_folder:
        spool_folder.mkdir(parents=True, exist_ok=True)
    # Closed, and so removed, when nobody holds it any more.
    copy = tempfile.TemporaryFile(dir=spool_folder)  # noqa: SIM115
    shutil.copyfileobj(Bounded(file, MAXIMUM_SPOOLED_BYTES), copy, 1 << 20)
    copy.seek(0)
    return copy


def _unpack(
    file: BinaryIO,
    name: str,
    member: str,
    spool_folder: Path | None,
    *,
    depth: int,
    modified_at: datetime | None,
    damage: Damage | None = None,
    budget: "Budget | None" = None,
) -> Iterator[Unpacked]:
    head, file = _read_head(file)
    opened = _opener_of(head)
    is_zip = head.startswith(ZIP_SIGNATURES)
    if (opened or is_zip) and depth == MAXIMUM_DEPTH:
        raise Unreadable("not_nested", f"archives in archives, {depth} deep", f"at most {MAXIMUM_DEPTH}")
    if is_zip:
        yield from _unpack_zip(seekable(file, spool_folder), member, spool_folder, depth=depth, budget=budget)
    elif opened:
        packed, damage = _Counted(file), Damage()
        budget = budget or Budget(lambda: packed.taken)
        inner = io.BufferedReader(_Guarded(_open(opened, packed, damage), budget), 1 << 16)
        plain = strip_suffix(name)
        yield from _unpack(
            inner, plain, member, spool_folder, depth=depth + 1, modified_at=modified_at, damage=damage, budget=budget
        )
    else:
        yield Unpacked(name, member, file, head, modified_at, damage)


def _unpack_zip(
    file: BinaryIO, member: str, spool_folder: Path | None, *, depth: int, budget: "Budget | None"
) -> Iterator[Unpacked]:
    try:
        archive = zipfile.ZipFile(file)
    except FAULTS as error:
        raise Unreadable("whole_archive", f"zip: {error}", EXPECTED) from error
    size = file.seek(0, io.SEEK_END)
    budget = budget or Budget(lambda: size)
    for number, entry in enumerate(archive.infolist(), start=1):
        if entry.filename.endswith("/"):
            continue
        own_name = entry.filename or f"member {number}"
        inner_member = f"{member}#{own_name}" if member else own_name
        try:
            opened: Any = archive.open(entry)
        except FAULTS as error:
            opened = _Broken(error)
        with closing(opened):
            inner = io.BufferedReader(_Guarded(opened, budget), 1 << 16)
            name = entry.filename.rpartition("/")[2]
            stamp = _entry_time(entry)
            try:
                yield from _unpack(
                    inner, name, inner_member, spool_folder, depth=depth + 1, modified_at=stamp, budget=budget
                )
            except Unreadable as fault:
                yield Unpacked(name, inner_member, io.BufferedReader(_Broken(fault)), b"")


def _read_head(file: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a file, and the file at its beginning again."""
    head = b""
    try:
        while len(head) < HEAD_BYTES and (chunk := _read_some(file, HEAD_BYTES - len(head))):
            head += chunk
    except Unreadable:
        # What comes before the damage tells the format; who reads on comes to it again.
        if not head:
            raise
    if file.seekable():
        file.seek(0)
        return head, file
    return head, io.BufferedReader(_Chained(head, file), 1 << 16)


def _read_some(file: Any, size: int) -> bytes:
    """At most `size` bytes, of a buffer those that one read gave: a second may break and take them with it."""
    return file.read1(size) if isinstance(file, io.BufferedReader) else file.read(size)


def _opener_of(head: bytes) -> Callable[[Any, Damage], Any] | None:
    if head.startswith(b"\x1f\x8b"):
        return GzipMembers
    # Its second block begins with pi; three letters alone may begin a text.
    if head.startswith(b"BZh") and head[4:10] in (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90"):
        return lambda file, _: bz2.BZ2File(file)
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        # Refuses frames that ask for gigabytes, and tells when the end is missing.
        return lambda file, _: pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")
    return None


def _open(opener: Callable[[Any, Damage], Any], packed: "_Counted", damage: Damage) -> Any:
    try:
        return opener(packed, damage)
    except FAULTS as error:
        return _Broken(error)


def _entry_time(entry: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*entry.date_time, tzinfo=UTC)
    except ValueError:
        return None


class _Stream(io.RawIOBase):
    """A stream that can only be read."""

    def readable(self) -> bool:
        return True

    def take(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        raise NotImplementedError

    def readinto(self, buffer: Any) -> int:
        chunk = self.take(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Chained(_Stream):
    """What was read already, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self.head, self.rest = head, rest

    def take(self, size: int) -> bytes:
        if self.head:
            chunk, self.head = self.head[:size], self.head[size:]
            return chunk
        return self.rest.read(size)


class _Counted(_Stream):
    """A stream that counts what was taken from it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.taken = file, 0

    def take(self, size: int) -> bytes:
        chunk = self.file.read(size)
        self.taken += len(chunk)
        return chunk


class Budget:
    """How much an archive may still give, with all archives in it, measured by how much of it was read."""

    def __init__(self, packed_bytes: Callable[[], int]) -> None:
        self.packed_bytes, self.given = packed_bytes, 0

    def spend(self, size: int) -> None:
        """Counts bytes given; Unreadable where they are too many."""
        self.given += size
        if self.given > FREE_BYTES and self.given > MAXIMUM_RATIO * self.packed_bytes():
            observed = f"{self.packed_bytes()} bytes unpack to {self.given} and more"
            raise Unreadable("not_a_bomb", observed, f"at most {MAXIMUM_RATIO} times the packed size")


class _Guarded(_Stream):
    """What an unpacker gives, until it breaks or its budget is spent: then Unreadable."""

    def __init__(self, unpacker: Any, budget: Budget) -> None:
        self.unpacker, self.budget = unpacker, budget

    def take(self, size: int) -> bytes:
        try:
            chunk = bytes(self.unpacker.read(size))
        except FAULTS as error:
            # The disk's fault, not the archive's; but an archive may name a place before its beginning.
            if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
                raise
            raise Unreadable("whole_archive", f"after {self.budget.given} bytes: {error}", EXPECTED) from error
        self.budget.spend(len(chunk))
        return chunk


class Bounded(_Stream):
    """A stream that gives no more than so many bytes: then Unreadable."""

    def __init__(self, file: BinaryIO, maximum_bytes: int) -> None:
        self.file, self.maximum, self.left = file, maximum_bytes, maximum_bytes

    def take(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        chunk = self.file.read(size)
        self.left -= len(chunk)
        if self.left < 0:
            raise oversized(self.maximum)
        return chunk


def oversized(maximum_bytes: int) -> Unreadable:
    """The fault of what is too long once it is unpacked."""
    return Unreadable("not_oversized", "longer than that, unpacked", f"at most {maximum_bytes} bytes")


class _Broken(_Stream):
    """What cannot be opened: the fault comes when it is read, so that it is told of this one alone."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def take(self, size: int) -> bytes:
        raise self.error
