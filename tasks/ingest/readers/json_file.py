"""Reader of JSON files: an array of records, objects one after the other, or one that holds a list of them."""

import io
import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from schemas import Document
from tasks.ingest.encoding import IS_TEXT, Unreadable, name_binary
from tasks.ingest.readers.reader import Options, Reader, Refused, Stream, as_record, make_record_documents
from tasks.ingest.wide import narrow, recode

# Lists of records inside an object: JSON Feed's and NewsAPI's, Webhose's posts, Solr's docs, Elasticsearch's hits, and
# what exports of databases use. Some lie one in the other: {"response": {"results": [...]}}.
LIST_KEYS = ("items", "articles", "data", "results", "records", "posts", "stories", "docs", "hits", "response")
MAXIMUM_LIST_DEPTH = 3
CHUNK_CHARACTERS = 1 << 20
EXPECTED = "a JSON array of objects, or an object"
BLANKS = " \t\r\n"
# Where an object begins that may be the next element, or the next of objects one after the other.
LONGEST_BETWEEN = 400
OBJECT_AS_ELEMENT = re.compile(r',[ \t\r\n]{0,100}(?=\{[ \t\r\n]{0,100}")')
ELEMENT_BEHIND_BRACKET = re.compile(r'[ \t\r\n\]}]*+,[ \t\r\n]{0,100}\{[ \t\r\n]{0,100}"')
# Behind a broken element a bracket may be that of a list within it, of which more follows.
MORE_BEHIND_BRACKET = re.compile(r"[ \t\r\n\]}]*+,")
OBJECT_ON_A_LINE = re.compile(r'[\r\n}][ \t\r\n]{0,100}(?=\{[ \t\r\n]{0,100}")')


def read_json(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """A document or a refusal for every record; `#R` and its number, from 1, name it, unless it is the whole file."""
    if name := name_binary(stream.head):
        raise Unreadable("is_text", name, IS_TEXT)
    text = io.TextIOWrapper(recode(stream.file, stream.head), "utf-8-sig", errors="surrogateescape")
    values = _Values(text, options.maximum_bytes)
    if values.peek() == "[":
        yield from _read_records(values.elements(), stream, options)
        return
    first = next(values.rest(), None)
    if first is None or (isinstance(first, Unreadable) and not values.peek()):
        raise first or Unreadable("not_empty", "nothing", EXPECTED)
    if values.peek():
        yield from _read_records(chain([first], values.rest()), stream, options)
        return
    value = first
    if not isinstance(value, dict):
        raise Unreadable("is_json", f"a JSON {type(value).__name__}", EXPECTED)
    listed = None if options.fields.hold_article(value) else _find_list(value)
    if listed is None:
        yield from make_record_documents(value, stream.uri, fetched_at=stream.fetched_at, options=options)
    else:
        yield from _read_records(listed, stream, options)


def _find_list(value: dict[str, Any], depth: int = 1) -> list | None:
    """The records that an object holds, itself or in one of its objects; None where it holds none."""
    for key in LIST_KEYS:
        inner = value.get(key)
        if isinstance(inner, list):
            return inner
        if (
            isinstance(inner, dict)
            and depth < MAXIMUM_LIST_DEPTH
            and (found := _find_list(inner, depth + 1)) is not None
        ):
            return found
    return None


def _read_records(values: Any, stream: Stream, options: Options) -> Iterator[Document | Refused]:
    number = 0
    for number, value in enumerate(values, start=1):
        uri = f"{stream.uri}#R{number}"
        if isinstance(value, Unreadable):
            yield Refused.by(value, uri)
        elif isinstance(value, dict):
            yield from make_record_documents(value, uri, fetched_at=stream.fetched_at, options=options)
        else:
            yield Refused(uri, "is_json", f"a JSON value that is no object: {str(value)[:80]!r}", "an object")
    if not number:
        raise Unreadable("not_empty", "an empty list", EXPECTED)


class _Text(str):
    """Text whose lines nobody counts: an error of JSON would count all those before it."""

    __slots__ = ()

    def count(self, *_: Any) -> int:
        return 0

    def rfind(self, *_: Any) -> int:
        return -1


class _Values:
    """JSON values read one after the other from a text of any length."""

    def __init__(self, text: io.TextIOWrapper, maximum: int) -> None:
        self.text, self.maximum = text, maximum
        self.buffer, self.at = _Text(), 0
        self.decoder = json.JSONDecoder(object_pairs_hook=as_record)

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in BLANKS:
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._read_more(CHUNK_CHARACTERS):
                return ""

    def next_value(self) -> Any:
        """The value that begins here; Unreadable where it is broken or too long."""
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
                    raise Unreadable("is_json", observed, EXPECTED) from error
            size *= 2

    def rest(self) -> Iterator[Any]:
        """All values up to the end; in place of a broken one its Unreadable."""
        while self.peek():
            yield self._next_or_fault(OBJECT_ON_A_LINE)

    def elements(self) -> Iterator[Any]:
        """The elements of the array that begins here; in place of a broken one its Unreadable.

        Behind a fault the next object is sought: within a broken one another may stand, which is an element then.
        """
        self.at += 1
        if self.peek() == "]":
            self.at += 1
        else:
            yield from self._elements()
        if self.peek():
            yield Unreadable("is_json", f"{self._show()} behind the end of the array", EXPECTED)

    def _elements(self) -> Iterator[Any]:
        is_broken = False
        while self.peek():
            value = self._next_or_fault(OBJECT_AS_ELEMENT)
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
            elif mark:
                yield Unreadable("is_json", f"{self._show()} between the elements of an array", EXPECTED)
                is_broken = True
                self._find(OBJECT_AS_ELEMENT)
                if not self.peek():
                    return
        yield Unreadable("is_json", "the array is not closed: more may have followed", EXPECTED)

    def _is_last(self, *, is_broken: bool) -> bool:
        """Whether the bracket that is next is the array's own, behind which nothing of it follows."""
        while len(self.buffer) - self.at < LONGEST_BETWEEN and self._read_more(CHUNK_CHARACTERS):
            pass
        if is_broken:
            return MORE_BEHIND_BRACKET.match(self.buffer, self.at) is None
        return ELEMENT_BEHIND_BRACKET.match(self.buffer, self.at) is None

    def _next_or_fault(self, following: re.Pattern[str]) -> Any:
        try:
            return self.next_value()
        except Unreadable as fault:
            self._find(following)
            return fault

    def _find(self, following: re.Pattern[str]) -> None:
        """Goes to where the next object begins, behind what is broken here; or to the end."""
        while True:
            self.at += 1
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
        if more:
            self.buffer, self.at = _Text(self.buffer[self.at :] + more), 0
        return bool(more)


def recognize_json(head: bytes) -> bool:
    """Whether a file begins as a JSON array of objects, or as an object."""
    text = narrow(head).decode("utf-8", "replace").lstrip("\ufeff" + BLANKS)
    return text.startswith("{") or (text.startswith("[") and text[1:].lstrip(BLANKS).startswith("{"))


JSON = Reader("json", (".json",), recognize_json, read_json)
