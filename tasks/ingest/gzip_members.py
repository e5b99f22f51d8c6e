"""A gzip file read member by member, so that one that is damaged takes nothing with it but itself."""

import zlib
from dataclasses import dataclass, field
from typing import Any

# What was unpacked of a piece before its damage is lost: the smaller, the less.
PIECE_BYTES = 1 << 13
SIGNATURE = b"\x1f\x8b\x08"
WITH_GZIP_HEAD = 31
# One that is cut off takes the beginning of the next for its own; so much of it is kept to look for that again.
REMEMBERED_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class DamagedMember:
    """One damaged member: how many bytes had been given when it broke, by all and by itself, and how it broke."""

    given: int
    own: int
    observed: str


@dataclass
class Damage:
    """What was found broken in a packed file. A reader that knows where its next record begins tolerates it."""

    is_tolerated: bool = False
    found: list[DamagedMember] = field(default_factory=list)


class GzipMembers:
    """The bytes that were packed, of all members in their order.

    What is damaged raises OSError, at every `read`, unless `damage` is tolerated: then the next member is looked for.
    """

    def __init__(self, file: Any, damage: Damage) -> None:
        self.damage = damage
        self._file = file
        self._packed = b""
        # All that was read since the present member began.
        self._member = bytearray()
        self._unpacker: Any = None
        self._given = self._own = 0
        self._fault: str | None = None

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        while True:
            if self._fault is None:
                try:
                    return self._take(size)
                except (zlib.error, EOFError) as error:
                    self._fault = str(error)
                    if self._own:
                        # What was given before is good; the fault comes with the next call.
                        continue
            if not self.damage.is_tolerated:
                raise OSError(self._fault)
            # Bytes of a damaged member may look like the beginning of one that gives nothing.
            if not self.damage.found or self.damage.found[-1].given < self._given:
                self.damage.found.append(DamagedMember(self._given, self._own, self._fault))
            self._fault = None
            self._find_member()

    def _take(self, size: int) -> bytes:
        while True:
            if not self._packed:
                self._packed = self._file.read(PIECE_BYTES)
                if not self._packed:
                    if self._unpacker is None:
                        return b""
                    raise EOFError("the end of the file is missing")
                if len(self._member) <= REMEMBERED_BYTES:
                    self._member += self._packed
            if self._unpacker is None:
                # Tapes and blocks of a disk are filled up with zeros.
                self._packed = self._packed.lstrip(b"\0")
                if not self._packed:
                    continue
                self._unpacker, self._own = zlib.decompressobj(WITH_GZIP_HEAD), 0
                self._member = bytearray(self._packed)
            chunk = self._unpacker.decompress(self._packed, size)
            if self._unpacker.eof:
                self._packed, self._unpacker = self._unpacker.unused_data, None
            else:
                self._packed = self._unpacker.unconsumed_tail
            if chunk:
                self._own += len(chunk)
                self._given += len(chunk)
                return chunk

    def _find_member(self) -> None:
        """Leaves what is packed at the next beginning of a member, or at its end."""
        self._unpacker, self._own = None, 0
        is_remembered = len(self._member) <= REMEMBERED_BYTES
        self._packed = bytes(self._member[1:]) if is_remembered else self._packed[1:]
        while (at := self._packed.find(SIGNATURE)) < 0:
            more = self._file.read(PIECE_BYTES)
            if not more:
                self._packed = b""
                return
            self._packed = self._packed[-len(SIGNATURE) + 1 :] + more
        self._packed = self._packed[at:]
