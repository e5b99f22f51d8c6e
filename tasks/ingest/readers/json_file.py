"""Reader of JSON files: an array of objects, objects one after the other, or one that holds a list of them."""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from schemas import Document
from tasks.ingest.encoding import IS_TEXT, Unreadable, name_binary
from tasks.ingest.nesting import DEEPEST_LISTS, PassedOver, find_records, unwrap
from tasks.ingest.readers.json_values import EXPECTED, Beside, JsonValues
from tasks.ingest.readers.reader import Options, Reader, Refused, Skipped, Stream, make_record_documents
from tasks.ingest.sections import names_of
from tasks.ingest.strays import read_strays
from tasks.ingest.wide import narrow, recode, wide_encoding

LISTS = names_of("lists")
JSON_START = re.compile(r"(?:[\ufeff \t\r\n\[]++|//[^\n]*+\n|/\*(?:[^*]++|\*(?!/))*+\*/)*+\{")


def read_json(stream: Stream, options: Options) -> Iterator[Document | Refused | Skipped]:
    """A document or a refusal for every record; `#R` and its number, from 1, name it, unless it is the whole file."""
    if name := name_binary(stream.head):
        raise Unreadable("is_text", name, IS_TEXT)
    text = io.TextIOWrapper(recode(stream.file, stream.head), "utf-8-sig", errors="surrogateescape")
    values = JsonValues(text, options.maximum_bytes)
    if values.peek() != "{":
        yield from _read_records(values.rest(), values, stream, options)
        return
    try:
        value = values.next_value()
    except Unreadable as fault:
        found = values.find_list(LISTS, DEEPEST_LISTS)
        is_of_records = found is not None and not options.fields.hold_article(found.said)
        listed = values.listed(found, LISTS) if found and is_of_records else values.broken(fault)
        yield from _read_records(listed, values, stream, options)
        return
    if values.peek():
        yield from _read_records(chain([value], values.rest()), values, stream, options)
        return
    records = list(find_records(value, options.fields))
    kept = [one for one in records if not isinstance(one, PassedOver)]
    if kept != [unwrap(value, options.fields)]:
        yield from _read_records([value], values, stream, options)
        return
    yield from (Skipped(stream.uri, one.reason) for one in records if isinstance(one, PassedOver))
    yield from _read_record(kept[0], stream.uri, values, stream, options, _encoding_of(stream))


def _read_records(
    records: Iterable[Any], values: JsonValues, stream: Stream, options: Options
) -> Iterator[Document | Refused | Skipped]:
    number = 0
    encoding = _encoding_of(stream)
    for value in records:
        is_input = not isinstance(value, Beside)
        for record in find_records(value, options.fields, is_input=is_input):
            if isinstance(record, PassedOver):
                yield Skipped(stream.uri, record.reason)
                continue
            number += 1
            yield from _read_record(record, f"{stream.uri}#R{number}", values, stream, options, encoding)
    if not number:
        raise Unreadable("not_empty", "no records", EXPECTED)


def _read_record(
    value: Any, uri: str, values: JsonValues, stream: Stream, options: Options, encoding: str
) -> Iterator[Document | Refused]:
    if values.has_strays and isinstance(value, dict):
        value, own = read_strays(value)
        encoding = own or encoding
    yield from read_value(value, uri, stream.fetched_at, options, encoding)


def _encoding_of(stream: Stream) -> str:
    return wide_encoding(stream.head) or "utf-8"


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


def recognize_json(head: bytes) -> bool:
    """Whether a file begins as an object, or as an array of objects or of arrays of some."""
    return JSON_START.match(narrow(head).decode("utf-8", "replace")) is not None


JSON = Reader("json", (".json",), recognize_json, read_json)
