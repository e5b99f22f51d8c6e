"""Reader of JSON files: an array of records, objects one after the other, or one that holds a list of them."""

import io
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from schemas import Document
from tasks.ingest.encoding import IS_TEXT, Unreadable, name_binary
from tasks.ingest.readers.reader import Options, Reader, Refused, Stream, make_record_documents

# Lists of records inside an object: JSON Feed's and NewsAPI's, Webhose's posts, Solr's docs, Elasticsearch's hits, and
# what exports of databases use. Some lie one in the other: {"response": {"results": [...]}}.
LIST_KEYS = ("items", "articles", "data", "results", "records", "posts", "stories", "docs", "hits", "response")
MAXIMUM_LIST_DEPTH = 3
CHUNK_CHARACTERS = 1 << 20
EXPECTED = "a JSON array of objects, or an object"
BLANKS = " \t\r\n"


def read_json(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """A document or a refusal for every record; `#R` and its number, from 1, name it, unless it is the whole file."""
    if name := name_binary(stream.head):
        raise Unreadable("is_text", name, IS_TEXT)
    text = io.TextIOWrapper(stream.file, "utf-8-sig", errors="surrogateescape")
    values = _Values(text, options.maximum_bytes)
    if values.peek() == "[":
        yield from _read_records(values.elements(), stream, options)
        return
    value = values.next_value()
    if not isinstance(value, dict):
        raise Unreadable("is_json", f"a JSON {type(value).__name__}", EXPECTED)
    if values.peek():
        yield from _read_records(chain([value], values.rest()), stream, options)
        return
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
        if isinstance(value, dict):
            yield from make_record_documents(value, uri, fetched_at=stream.fetched_at, options=options)
        else:
            yield Refused(uri, "is_json", f"a JSON value that is no object: {str(value)[:80]!r}", "an object")
    if not number:
        raise Unreadable("not_empty", "an empty list", EXPECTED)


class _Values:
    """JSON values read one after the other from a text of any length."""

    def __init__(self, text: io.TextIOWrapper, maximum: int) -> None:
        self.text, self.maximum = text, maximum
        self.buffer, self.at = "", 0
        self.decoder = json.JSONDecoder()

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
                    observed = f"longer than {self.maximum} characters, or broken: {error}" if too_long else str(error)
                    raise Unreadable("is_json", observed, EXPECTED) from error
            size *= 2

    def rest(self) -> Iterator[Any]:
        """All values up to the end."""
        while self.peek():
            yield self.next_value()

    def elements(self) -> Iterator[Any]:
        """The elements of the array that begins here."""
        self.at += 1
        if self.peek() == "]":
            return
        while True:
            yield self.next_value()
            mark = self.peek()
            self.at += 1
            if mark == "]":
                return
            if mark != ",":
                raise Unreadable("is_json", f"{mark!r} between the elements of an array", EXPECTED)

    def _read_more(self, size: int) -> bool:
        more = self.text.read(size)
        self.buffer, self.at = self.buffer[self.at :] + more, 0
        return bool(more)


def recognize_json(head: bytes) -> bool:
    """Whether a file begins as a JSON array of objects, or as an object."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff" + BLANKS)
    return text.startswith("{") or (text.startswith("[") and text[1:].lstrip(BLANKS).startswith("{"))


JSON = Reader("json", (".json",), recognize_json, read_json)
