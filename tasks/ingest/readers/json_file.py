"""Reader of JSON files: an array of objects, objects one after the other, or one that holds a list of them."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from schemas import Document
from tasks.ingest.encoding import IS_TEXT, Unreadable, name_binary
from tasks.ingest.fields import Fields
from tasks.ingest.readers.json_values import BLANKS, EXPECTED, Beside, JsonValues
from tasks.ingest.readers.reader import UNIQUE, Doubled, Options, Reader, Refused, Stream, make_record_documents
from tasks.ingest.strays import read_strays
from tasks.ingest.wide import narrow, recode, wide_encoding

# Lists of records inside an object: JSON Feed's and NewsAPI's, Webhose's posts, Solr's docs, Elasticsearch's hits, and
# what exports of databases use. Some lie one in the other: {"response": {"results": [...]}}.
LIST_KEYS = ("items", "articles", "data", "results", "records", "posts", "stories", "docs", "hits", "response")
MAXIMUM_LIST_DEPTH = 3
# So deep articles are sought in objects that are none.
DEEPEST = 20
# Elasticsearch's hits, and the lines of its dumps, hold the document as it was stored under this name.
DOCUMENT_KEY = "_source"
EXPECTED_LIST = f"articles with titles, or a list that is called {', '.join(LIST_KEYS)}"


def read_json(stream: Stream, options: Options) -> Iterator[Document | Refused]:
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
        found = values.find_list(LIST_KEYS, MAXIMUM_LIST_DEPTH)
        is_of_records = found is not None and not options.fields.hold_article(found.said)
        listed = values.listed(found, LIST_KEYS) if found and is_of_records else values.broken(fault)
        yield from _read_records(listed, values, stream, options)
        return
    if values.peek():
        yield from _read_records(chain([value], values.rest()), values, stream, options)
        return
    records = find_records(value, options.fields)
    if records is None:
        yield from _read_record(
            _unwrap(value, options.fields), stream.uri, values, stream, options, _encoding_of(stream)
        )
    else:
        # An article is parted from what it lists once.
        is_record = bool(records) and records[0] is value
        yield from _read_records([value] if is_record else records, values, stream, options)


def find_records(value: dict[str, Any], fields: Fields) -> list[Any] | None:
    """The records of all lists that an object holds, itself or in its objects; None where it is a record itself.

    A list is one of records where it is called so, or holds an article with a title. For one that holds texts alone,
    under another name, stands its Unreadable. An article is a record, and what is listed in it belongs to it, but for
    lists of articles that are called so. Unreadable is raised where several lists have one name.
    """
    is_record = _is_article(value, fields)
    records: list[Any] = [value] if is_record else []
    is_listed = False
    for listed in find_lists(value, fields):
        is_titled = any(_is_article(one, fields) and fields.hold_title(_document_of(one)) for one in listed.values)
        if listed.is_called_so and not is_record:
            is_listed = True
            # Numbers are no articles; texts and lists may be meant as some.
            records += listed.values if any(isinstance(one, (dict, str, list)) for one in listed.values) else []
        elif is_titled and (listed.is_called_so or not is_record):
            is_listed = True
            records += listed.values
        elif not is_record and any(_is_article(one, fields) for one in listed.values):
            is_listed = True
            observed = f"a list called {listed.name!r} of {len(listed.values)} values, texts without titles"
            records.append(Unreadable("list_known", observed, EXPECTED_LIST))
    return records if is_listed else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list within an object; `is_called_so` where its name, and those of the objects around it, are of LIST_KEYS."""

    name: str
    values: list[Any]
    is_called_so: bool


def find_lists(value: dict[str, Any], fields: Fields, depth: int = 1, *, is_called_so: bool = True) -> Iterator[Listed]:
    """The lists that an object holds, itself or in what it holds, articles aside; one of these is a list of one.

    Unreadable where several are called by one name of LIST_KEYS: one of them may be meant to stand for the other.
    """
    for name, inner in value.pairs if isinstance(value, Doubled) else value.items():
        is_known = is_called_so and depth <= MAXIMUM_LIST_DEPTH and name in LIST_KEYS
        if is_known and inner is not None and name in getattr(value, "names", ()):
            raise Unreadable("unique_columns", f"several called {name}", UNIQUE)
        if isinstance(inner, list):
            yield Listed(name, inner, is_known)
        elif _is_article(inner, fields):
            yield Listed(name, [inner], is_called_so=False)
        parts = [inner] if isinstance(inner, dict) else inner if isinstance(inner, list) and not is_known else ()
        for part in parts:
            if isinstance(part, dict) and depth < DEEPEST and not _is_article(part, fields):
                yield from find_lists(part, fields, depth + 1, is_called_so=is_known)


def _is_article(value: Any, fields: Fields) -> bool:
    return isinstance(value, dict) and fields.hold_article(_document_of(value))


def _document_of(value: dict[str, Any]) -> dict[str, Any]:
    """The document that Elasticsearch tells something of, or the value itself."""
    inner = value.get(DOCUMENT_KEY)
    return inner if isinstance(inner, dict) else value


def part_records(values: Iterable[Any], fields: Fields) -> Iterator[Any]:
    """The values; of one that holds lists of records (see `find_records`), these.

    In place of what Elasticsearch tells of a document stands the document.
    """
    for value in values:
        if not isinstance(value, dict):
            yield value
            continue
        try:
            found = find_records(value, fields) or []
        except Unreadable as fault:
            yield fault
            continue
        if any(one is not value and (isinstance(one, Unreadable) or _is_article(one, fields)) for one in found):
            yield from (_unwrap(one, fields) for one in found)
        elif not isinstance(value, Beside):
            yield _unwrap(value, fields)


def _unwrap(value: Any, fields: Fields) -> Any:
    return _document_of(value) if isinstance(value, dict) and not fields.hold_article(value) else value


def _read_records(
    records: Iterable[Any], values: JsonValues, stream: Stream, options: Options
) -> Iterator[Document | Refused]:
    number = 0
    encoding = _encoding_of(stream)
    for number, value in enumerate(part_records(records, options.fields), start=1):
        yield from _read_record(value, f"{stream.uri}#R{number}", values, stream, options, encoding)
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
    """Whether a file begins as a JSON array of objects, or as an object."""
    text = narrow(head).decode("utf-8", "replace").lstrip("\ufeff" + BLANKS)
    return text.startswith("{") or (text.startswith("[") and text[1:].lstrip(BLANKS).startswith("{"))


JSON = Reader("json", (".json",), recognize_json, read_json)
