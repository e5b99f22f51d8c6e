"""Reader of JSON files: an array of objects, objects one after the other, or one that holds a list of them."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from schemas import Document
from tasks.ingest.encoding import IS_TEXT, Unreadable, name_binary
from tasks.ingest.fields import Fields
from tasks.ingest.readers.json_values import BLANKS, EXPECTED, JsonValues
from tasks.ingest.readers.reader import UNIQUE, Options, Reader, Refused, Stream, make_record_documents
from tasks.ingest.wide import narrow, recode, wide_encoding

# Lists of records inside an object: JSON Feed's and NewsAPI's, Webhose's posts, Solr's docs, Elasticsearch's hits, and
# what exports of databases use. Some lie one in the other: {"response": {"results": [...]}}.
LIST_KEYS = ("items", "articles", "data", "results", "records", "posts", "stories", "docs", "hits", "response")
MAXIMUM_LIST_DEPTH = 3
# Elasticsearch's hits, and the lines of its dumps, hold the document as it was stored under this name.
DOCUMENT_KEY = "_source"


def read_json(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """A document or a refusal for every record; `#R` and its number, from 1, name it, unless it is the whole file."""
    if name := name_binary(stream.head):
        raise Unreadable("is_text", name, IS_TEXT)
    text = io.TextIOWrapper(recode(stream.file, stream.head), "utf-8-sig", errors="surrogateescape")
    values = JsonValues(text, options.maximum_bytes)
    if values.peek() != "{":
        yield from _read_records(values.rest(), stream, options)
        return
    try:
        value = values.next_value()
    except Unreadable as fault:
        found = values.find_list(LIST_KEYS, MAXIMUM_LIST_DEPTH)
        is_of_records = found is not None and not options.fields.hold_article(found.said)
        yield from _read_records(
            values.listed(found) if found and is_of_records else values.broken(fault), stream, options
        )
        return
    if values.peek():
        yield from _read_records(chain([value], values.rest()), stream, options)
        return
    listed = None if options.fields.hold_article(value) else _find_list(value)
    if listed is None:
        yield from make_record_documents(
            value, stream.uri, fetched_at=stream.fetched_at, options=options, encoding=_encoding_of(stream)
        )
    else:
        yield from _read_records(listed, stream, options)


def _find_list(value: dict[str, Any], depth: int = 1) -> list | None:
    """The records that an object holds, itself or in one of its objects; None where it holds none.

    Unreadable where it has several lists of that name: only the last of them is known.
    """
    for key in LIST_KEYS:
        inner = value.get(key)
        if inner is not None and key in getattr(value, "names", ()):
            raise Unreadable("unique_columns", f"several called {key}", UNIQUE)
        if isinstance(inner, list):
            return inner
        if (
            isinstance(inner, dict)
            and depth < MAXIMUM_LIST_DEPTH
            and (found := _find_list(inner, depth + 1)) is not None
        ):
            return found
    return None


def part_records(values: Iterable[Any], fields: Fields) -> Iterator[Any]:
    """The values; of one that is no record, but holds a list of them, the elements of that list.

    In place of what Elasticsearch tells of a document stands the document.
    """
    for value in values:
        if not isinstance(value, dict) or fields.hold_article(value):
            yield value
            continue
        if isinstance(value.get(DOCUMENT_KEY), dict):
            yield value[DOCUMENT_KEY]
            continue
        try:
            listed = _find_list(value)
        except Unreadable as fault:
            yield fault
            continue
        if listed and any(isinstance(one, dict) and fields.hold_article(one) for one in listed):
            yield from listed
        else:
            yield value


def _read_records(values: Iterable[Any], stream: Stream, options: Options) -> Iterator[Document | Refused]:
    number = 0
    encoding = _encoding_of(stream)
    for number, value in enumerate(part_records(values, options.fields), start=1):
        yield from read_value(value, f"{stream.uri}#R{number}", stream.fetched_at, options, encoding)
    if not number:
        raise Unreadable("not_empty", "no records", EXPECTED)


def read_value(
    value: Any, uri: str, fetched_at: datetime, options: Options, encoding: str
) -> Iterator[Document | Refused]:
    """The documents of a record, or the refusal of what is none; an Unreadable stands for a record that is broken."""
    if isinstance(value, Unreadable):
        yield Refused.by(value, uri)
    elif isinstance(value, dict):
        yield from make_record_documents(value, uri, fetched_at=fetched_at, options=options, encoding=encoding)
    else:
        yield Refused(uri, "is_json", f"a JSON value that is no object: {str(value)[:80]!r}", "an object")


def _encoding_of(stream: Stream) -> str:
    return wide_encoding(stream.head) or "utf-8"


def recognize_json(head: bytes) -> bool:
    """Whether a file begins as a JSON array of objects, or as an object."""
    text = narrow(head).decode("utf-8", "replace").lstrip("\ufeff" + BLANKS)
    return text.startswith("{") or (text.startswith("[") and text[1:].lstrip(BLANKS).startswith("{"))


JSON = Reader("json", (".json",), recognize_json, read_json)
