"""Where the records of a web archive begin and end, so that a broken one takes nothing with it but itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tasks.ingest.encoding import Unreadable
from tasks.ingest.gzip_members import Damage

CHUNK_BYTES = 1 << 16
MAXIMUM_HEAD_BYTES = 1 << 20
START = b"WARC/"
# Within a page that prints such a line the length of the page decides.
NEXT_START = re.compile(rb"WARC/[01]\.\d\r?\n(?=[A-Za-z-]{1,40}:)")
START_BEHIND_BLANK = re.compile(rb"(?<=\r\n\r\n)" + NEXT_START.pattern)
LONGEST_START = 64
HEAD_END = re.compile(rb"\r?\n\r?\n")
LENGTH = re.compile(rb"\ncontent-length[ \t]{0,9}:[ \t]{0,9}(\d{1,15})[ \t]{0,9}\r?\n", re.IGNORECASE)
BLANKS = b"\r\n\0"
EXPECTED = "records of a web archive"


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: its head and its content as they stand.

    `is_oversized` where the content was skipped unread, `is_cut` where the archive ends within it.
    """

    raw: bytes
    is_oversized: bool = False
    is_cut: bool = False
    fault: Unreadable | None = None


def split_records(file: Any, *, maximum_bytes: int, damage: Damage | None = None) -> Iterator[RawRecord]:
    """The records in their order; one that is broken has a fault, and what lies behind it is read.

    `damage` is what the unpacker of the file finds; it is tolerated. Memory holds one record of at most
    `maximum_bytes`.
    """
    if damage is not None:
        damage.is_tolerated = True
    yield from _Splitter(file, maximum_bytes, damage or Damage()).records()


class _Splitter:
    def __init__(self, file: Any, maximum_bytes: int, damage: Damage) -> None:
        self.file, self.maximum_bytes, self.damage = file, maximum_bytes, damage
        self.held = bytearray()
        self.dropped = 0
        self.told = 0

    def records(self) -> Iterator[RawRecord]:
        while True:
            self._drop_blanks()
            if lost := self._new_damage(own=False):
                yield RawRecord(b"", fault=Unreadable("whole_archive", lost, EXPECTED))
                continue
            if not self.held:
                return
            start = self.dropped
            record = self._next_record()
            self._drop_blanks()
            if (broken := self._new_damage(own=True, after=start)) and record.fault is None:
                record = RawRecord(record.raw, fault=Unreadable("whole_archive", broken, EXPECTED))
            yield record

    def _next_record(self) -> RawRecord:
        """The record at the beginning of what is held, which is dropped."""
        if not self._fill(len(START)) or not self.held.startswith(START):
            return self._give_up(f"no record at byte {self.dropped}: {bytes(self.held[:40])!r}", 0)
        head = self._find_head_end()
        if head is None:
            return self._give_up("a head without end", len(START))
        if NEXT_START.search(self.held, len(START), head):
            return self._give_up("a head cut off by the next record", len(START))
        length = LENGTH.search(self.held, 0, head)
        if length is None:
            return self._give_up("a record without its length", head)
        return self._read_content(head, int(length[1]))

    def _read_content(self, head: int, length: int) -> RawRecord:
        if length > self.maximum_bytes:
            record = RawRecord(bytes(self.held[:head]), is_oversized=True)
            self._drop(head)
            self._skip(length)
            return record
        end = head + length
        is_whole = self._fill(end)
        self._fill(end + 2 * len(BLANKS) + len(START))
        behind = bytes(self.held[end : end + 16])
        if not self._fits(behind) or (not is_whole and NEXT_START.search(self.held, head)):
            return self._give_up(f"a length of {length} bytes that is not its own", head)
        record = RawRecord(bytes(self.held[:end]), is_cut=not is_whole)
        self._drop(end)
        return record

    def _fits(self, behind: bytes) -> bool:
        return not behind or HEAD_END.match(behind) is not None or behind.lstrip(BLANKS).startswith(START)

    def _give_up(self, observed: str, at: int) -> RawRecord:
        """The broken record; what is held begins at the next one, sought from `at`."""
        raw = bytes(self.held[:MAXIMUM_HEAD_BYTES])
        self._drop(at)
        self._skip_to_start()
        return RawRecord(raw, fault=Unreadable("is_warc", observed, EXPECTED))

    def _skip(self, length: int) -> None:
        """Drops content unread, but no record that begins within: a length that is wrong may name the whole file."""
        while length > 0 and self._fill(1):
            if found := START_BEHIND_BLANK.search(self.held, 0, min(length, len(self.held))):
                self._drop(found.start())
                return
            # A beginning may be cut in two.
            kept = LONGEST_START if self._fill(LONGEST_START + CHUNK_BYTES) else 0
            step = min(length, len(self.held) - kept)
            self._drop(step)
            length -= step

    def _skip_to_start(self) -> None:
        while True:
            is_end = not self._fill(LONGEST_START + CHUNK_BYTES)
            if found := NEXT_START.search(self.held):
                self._drop(found.start())
                return
            self._drop(len(self.held) - (0 if is_end else LONGEST_START))
            if is_end:
                return

    def _find_head_end(self) -> int | None:
        size = CHUNK_BYTES
        while True:
            self._fill(size)
            if found := HEAD_END.search(self.held, 0, MAXIMUM_HEAD_BYTES):
                return found.end()
            if len(self.held) < size or size > MAXIMUM_HEAD_BYTES:
                return None
            size *= 4

    def _drop_blanks(self) -> None:
        while self._fill(1):
            kept = len(self.held.lstrip(BLANKS))
            if kept:
                self._drop(len(self.held) - kept)
                return
            self._drop(len(self.held))

    def _fill(self, size: int) -> bool:
        """Whether at least so many bytes are held now; fewer are only at the end."""
        while len(self.held) < size:
            chunk = self.file.read(max(CHUNK_BYTES, size - len(self.held)))
            if not chunk:
                return False
            self.held += chunk
        return True

    def _drop(self, size: int) -> None:
        del self.held[:size]
        self.dropped += size

    def _new_damage(self, *, own: bool, after: int = -1) -> str | None:
        """What is known of the next damaged member, if it lies before what is held now and is of that kind.

        `own`: one of which something was given, which is part of the record behind `after`.
        """
        observed = None
        while self.told < len(self.damage.found):
            member = self.damage.found[self.told]
            if member.given > self.dropped or bool(member.own) != own:
                break
            self.told += 1
            if not own or member.given > after:
                observed = f"damaged at byte {member.given}: {member.observed}"
        return observed
