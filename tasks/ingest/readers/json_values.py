"""JSON values read one after the other from a text of any length, so that a broken one takes nothing with it."""

import io
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tasks.ingest.encoding import Unreadable
from tasks.ingest.readers.reader import as_record
from tasks.ingest.strays import holds_strays

CHUNK_CHARACTERS = 1 << 20
EXPECTED = "a JSON array of objects, or an object"
BLANKS = " \t\r\n"
# Where an object begins that may be the next element, or the next of objects one after the other.
LONGEST_BETWEEN = 400
OBJECT_AS_ELEMENT = re.compile(r',[ \t\r\n]{0,100}(?=\{[ \t\r\n]{0,100}")')
ELEMENT_BEHIND_BRACKET = re.compile(r'[ \t\r\n\]}]*+,[ \t\r\n]{0,100}\{[ \t\r\n]{0,100}"')
# Behind a broken element a bracket may be that of a list within it, of which more follows.
MORE_BEHIND_BRACKET = re.compile(r"[ \t\r\n\]}]*+,")
# Within the list of an object both may follow.
OBJECT_BEHIND = re.compile(r'[,\r\n}][ \t\r\n]{0,100}(?=\{[ \t\r\n]{0,100}")')
OBJECT_ON_A_LINE = re.compile(r'[\r\n}][ \t\r\n]{0,100}(?=\{[ \t\r\n]{0,100}")')
# Between values some programs write what JSON does not: ";", "|", the mark of RFC 7464.
SEPARATOR = re.compile(r'[^\w"\'\[\]{}:,.+ \t\r\n-]{1,3}[ \t\r\n]{0,100}(?=\{[ \t\r\n]{0,100}["}])')
SPACES = re.compile(f"[{BLANKS}]*+")
# Within a broken value others are sought, each tried up to where it breaks: no more than so many times what was read.
MAXIMUM_TRIES = 20


# Nor are comments JSON; what may be an article in one is told of.
COMMENT_ENDS = {"//": "\n", "/*": "*/"}
OBJECT_IN_COMMENT = "{"


class _Text(str):
    """Text whose lines nobody counts: an error of JSON would count all those before it."""

    __slots__ = ()

    def count(self, *_: Any) -> int:
        return 0

    def rfind(self, *_: Any) -> int:
        return -1


class Beside(dict):
    """What an object says beside the list that is read out of it."""


@dataclass(frozen=True, slots=True)
class FoundList:
    """Where a list begins in what is held, how many objects deep, and what these say before it."""

    at: int
    depth: int
    said: dict[str, Any]


class JsonValues:
    """The values of a text, of which no more is held than one of them, of at most `maximum` characters.

    `has_strays` once bytes that are no UTF-8 were read of it (see `read_strays`).
    """

    def __init__(self, text: io.TextIOBase, maximum: int) -> None:
        self.text, self.maximum = text, maximum
        self.buffer, self.at = _Text(), 0
        self.has_strays = False
        self._told: list[Unreadable] = []
        self._read_characters = self._tried_characters = self._broken_at = 0
        self.decoder = json.JSONDecoder(object_pairs_hook=as_record)

    def peek(self) -> str:
        """The next character that is of no blank and of no comment; empty at the end."""
        self.at = self._skip_blanks(self.at)
        while self.at < len(self.buffer) or self._read_more(CHUNK_CHARACTERS):
            is_here = self.at < len(self.buffer)
            if is_here and (self.buffer[self.at] != "/" or not self._skip_comment()):
                return self.buffer[self.at]
            self.at = self._skip_blanks(self.at)
        return ""

    def faults(self) -> Iterator[Unreadable]:
        """What was not told yet of comments that were skipped."""
        told, self._told = self._told, []
        yield from told

    def _skip_comment(self) -> bool:
        """Whether a comment began here, behind which all goes on now; of none is more held than a part."""
        if len(self.buffer) - self.at < 2 and not self._read_more(CHUNK_CHARACTERS):
            return False
        start = self.buffer[self.at : self.at + 2]
        if start not in COMMENT_ENDS:
            return False
        end, shown = COMMENT_ENDS[start], self._show()
        self.at += 2
        holds_object = False
        while (found := self.buffer.find(end, self.at)) < 0:
            holds_object = holds_object or self.buffer.find(OBJECT_IN_COMMENT, self.at) >= 0
            # The first half of its end may be here.
            self.at = max(self.at, len(self.buffer) - 1)
            if not self._read_more(CHUNK_CHARACTERS):
                found = len(self.buffer)
                if start == "/*":
                    self._told.append(Unreadable("is_json", f"a comment that is not closed: {shown}", EXPECTED))
                    holds_object = False
                break
        if holds_object or self.buffer.find(OBJECT_IN_COMMENT, self.at, found) >= 0:
            self._told.append(Unreadable("is_json", f"a comment that holds an object: {shown}", EXPECTED))
        self.at = min(found + len(end), len(self.buffer))
        return True

    def next_value(self) -> Any:
        """The value that begins here; Unreadable where it is broken or too long, and nothing has moved then."""
        self.peek()
        size = CHUNK_CHARACTERS
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
                # A number may go on behind the end of what was read.
                if end < len(self.buffer) or not self._read_more(size):
                    self.at = end
                    return value
            except (ValueError, RecursionError) as error:
                too_long = len(self.buffer) - self.at > self.maximum
                if too_long or isinstance(error, RecursionError) or not self._read_more(size):
                    observed = self._tell(error)
                    if too_long:
                        observed = f"longer than {self.maximum} characters, or broken: {observed}"
                    self._count_try(error)
                    raise Unreadable("is_json", observed, EXPECTED) from error
            size *= 2

    def rest(self) -> Iterator[Any]:
        """All values up to the end, of an array its elements; in place of a broken one its Unreadable.

        Some programs write a comma behind each.
        """
        while mark := self.peek():
            yield from self.faults()
            if mark == ",":
                self.at += 1
            elif mark == "[":
                yield from self.elements()
            elif not self._skip_separator():
                yield self._next_or_fault(OBJECT_ON_A_LINE)
        yield from self.faults()

    def elements(self, following: re.Pattern[str] = OBJECT_AS_ELEMENT) -> Iterator[Any]:
        """The elements of the array that begins here; in place of a broken one its Unreadable.

        Behind a fault the next object is sought, by what leads to it: within a broken one another may stand, which is
        an element then.
        """
        self.at += 1
        if self.peek() == "]":
            self.at += 1
        else:
            yield from self._elements(following)

    def find_list(self, names: Collection[str], maximum_depth: int) -> "FoundList | None":
        """The list within the object that begins here, which proved broken or too long; None where none is found.

        It is the first that is called by one of the names, in the object itself or in objects that are called so.
        """
        try:
            return self._find_list(self.at, names, 1, maximum_depth)
        except (ValueError, RecursionError):
            return None

    def listed(self, found: "FoundList", names: Collection[str]) -> Iterator[Any]:
        """The elements of a list that was found, and of those of these names that follow it in its object; then all
        values behind that. What else the object says comes as Beside.
        """
        yield Beside(found.said)
        self.at = found.at
        yield from self.elements(OBJECT_BEHIND)
        yield from self._leave(found.depth, names)
        yield from self.rest()

    def broken(self, fault: Unreadable) -> Iterator[Any]:
        """The fault of the value that begins here, then all values behind it."""
        self._find(OBJECT_ON_A_LINE)
        yield fault
        yield from self.rest()

    def _find_list(self, at: int, names: Collection[str], depth: int, maximum_depth: int) -> "FoundList | None":
        said: dict[str, Any] = {}
        while True:
            at = self._skip_blanks(at + 1)
            if not self.buffer.startswith('"', at):
                return None
            name, at = self.decoder.raw_decode(self.buffer, at)
            at = self._skip_blanks(at)
            if not self.buffer.startswith(":", at):
                return None
            at = self._skip_blanks(at + 1)
            if name in names and self.buffer.startswith("[", at):
                return FoundList(at, depth, said)
            is_object = name in names and depth < maximum_depth and self.buffer.startswith("{", at)
            if is_object and (inner := self._find_list(at, names, depth + 1, maximum_depth)):
                return replace(inner, said=said | inner.said)
            said[name], at = self.decoder.raw_decode(self.buffer, at)
            at = self._skip_blanks(at)
            if not self.buffer.startswith(",", at):
                return None

    def _leave(self, depth: int, names: Collection[str]) -> Iterator[Any]:
        """What so many open objects say up to their ends; last a fault where they are not closed here."""
        try:
            while depth and (mark := self.peek()) in (",", "}"):
                self.at += 1
                if mark == "}":
                    depth -= 1
                    continue
                name = self.next_value()
                if self.peek() != ":" or not isinstance(name, str):
                    break
                self.at += 1
                if self.peek() == "[" and name in names:
                    yield from self.elements(OBJECT_BEHIND)
                else:
                    yield Beside({name: self.next_value()})
            if not depth or not self.peek():
                return
        except Unreadable:
            # What follows is told below: nothing has moved.
            pass
        fault = Unreadable("is_json", f"{self._show()} behind a list", EXPECTED)
        self._find(OBJECT_ON_A_LINE)
        yield fault

    def _skip_blanks(self, at: int) -> int:
        found = SPACES.match(self.buffer, at)
        return found.end() if found else at

    def _elements(self, following: re.Pattern[str]) -> Iterator[Any]:
        is_broken = False
        while self.peek():
            yield from self.faults()
            value = self._next_or_fault(following)
            yield value
            mark = self.peek()
            if isinstance(value, Unreadable):
                is_broken = True
                if not mark:
                    return
            elif mark == "]" and self._is_last(is_broken=is_broken):
                self.at += 1
                return
            elif mark == ",":
                self.at += 1
                # Behind the last element some programs write a comma as well.
                if self.peek() == "]" and self._is_last(is_broken=is_broken):
                    self.at += 1
                    return
            # Where only the comma is missing, nothing else is.
            elif mark and mark != "{" and not self._skip_separator():
                yield Unreadable("is_json", f"{self._show()} between the elements of an array", EXPECTED)
                is_broken = True
                self._find(following)
                if not self.peek():
                    return
        yield Unreadable("is_json", "the array is not closed: more may have followed", EXPECTED)

    def _is_last(self, *, is_broken: bool) -> bool:
        """Whether the bracket that is next is the array's own, behind which nothing of it follows."""
        self._look_ahead()
        if is_broken:
            return MORE_BEHIND_BRACKET.match(self.buffer, self.at) is None
        return ELEMENT_BEHIND_BRACKET.match(self.buffer, self.at) is None

    def _skip_separator(self) -> bool:
        """Whether a mark that stands for a comma was here, and an object behind it, which is next now."""
        self._look_ahead()
        found = SEPARATOR.match(self.buffer, self.at)
        self.at = found.end() if found else self.at
        return found is not None

    def _look_ahead(self) -> None:
        while len(self.buffer) - self.at < LONGEST_BETWEEN and self._read_more(CHUNK_CHARACTERS):
            pass

    def _next_or_fault(self, following: re.Pattern[str]) -> Any:
        try:
            return self.next_value()
        except Unreadable as fault:
            self._find(following)
            return fault

    def _count_try(self, error: Exception) -> None:
        """Counts what was read of a broken value; where a value lies too deep, that is told by nobody."""
        self._broken_at = error.pos if isinstance(error, json.JSONDecodeError) else len(self.buffer)
        self._tried_characters += self._broken_at - self.at

    def _find(self, following: re.Pattern[str]) -> None:
        """Goes to where the next object begins, behind what is broken here; or to the end.

        Once so much was tried in vain that a text is made for it, what stands within a broken value goes with it.
        """
        if self._tried_characters > MAXIMUM_TRIES * self._read_characters:
            self.at = max(self.at, self._broken_at)
        self._broken_at = 0
        while True:
            if found := following.search(self.buffer, self.at):
                self.at = found.end()
                return
            # What may be the beginning of one is looked at again with what follows.
            self.at = max(self.at, len(self.buffer) - LONGEST_BETWEEN)
            if not self._read_more(CHUNK_CHARACTERS):
                self.at = len(self.buffer)
                return

    def _tell(self, error: Exception) -> str:
        if isinstance(error, json.JSONDecodeError):
            return f"{error.msg} at {self.buffer[error.pos : error.pos + 40]!r}"
        return str(error)

    def _show(self) -> str:
        return repr(self.buffer[self.at : self.at + 40])

    def _read_more(self, size: int) -> bool:
        # What is held is copied: a part of it is read at least, so that no number of faults copies it at each.
        more = self.text.read(max(size, (len(self.buffer) - self.at) // 4))
        self._read_characters += len(more)
        self.has_strays = self.has_strays or holds_strays(more)
        if more:
            self.buffer, self.at = _Text(self.buffer[self.at :] + more), 0
        return bool(more)
