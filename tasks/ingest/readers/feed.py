"""Reader of feeds and sitemaps: RSS, Atom and sitemaps as XML, JSON Feed; one item, one document.

A feed that lies in a file is read for the articles it holds itself. The articles that it only links to are
fetched where the feed is given by its address (`tasks.ingest.web`).
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import chain
from typing import Any, BinaryIO

from lxml import etree

from schemas import Document
from tasks.ingest.encoding import Unreadable
from tasks.ingest.fields import STANDARD_FIELDS, parse_instant, pick_instant, pick_text
from tasks.ingest.markup import has_markup
from tasks.ingest.nesting import UNIQUE, find_inner, find_records
from tasks.ingest.readers.feed_items import ROOT, FeedHead, split_items
from tasks.ingest.readers.json_values import Beside, JsonValues
from tasks.ingest.readers.reader import Options, Readable, Reader, Refused, Stream, make_record_document
from tasks.ingest.sections import read_page, read_text
from tasks.ingest.strays import read_strays
from tasks.ingest.unpacking import Bounded
from tasks.ingest.wide import narrow, recode

CHANNELS = ("channel", "feed")
ITEMS = "items"
JSON_FEED = "https://jsonfeed.org/version/"
# What the protocol allows a sitemap, unpacked. A feed that is read whole, or comes from a stranger, is held to it.
MAXIMUM_FEED_BYTES = 50_000_000
EXPECTED = "RSS, Atom, a sitemap or JSON Feed"
EXPECTED_TEXT = "the whole article in the feed; give the feed's address instead of a file, and articles are fetched"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed. `content` is the whole article where the feed holds it, as markup.

    `is_feed` marks a sitemap that another lists. `fault` says of one that cannot be read, why.
    """

    link: str | None
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    content: str | None = None
    is_feed: bool = False
    fault: str | None = None


def read_feed(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """A document or a refusal for every item; `#I` and its number, from 1, name it."""
    number = 0
    for number, item in enumerate(read_items(stream.file, stream.head), start=1):
        yield make_item_document(item, f"{stream.uri}#I{number}", stream.fetched_at, options)
    if not number:
        raise Unreadable("not_empty", "no items", EXPECTED)


def make_item_document(item: FeedItem, uri: str, fetched_at: datetime, options: Options) -> Document | Refused:
    """The document of the article that a feed's item holds, or its refusal where it only links to one."""
    if item.fault:
        return Refused(uri, "whole_feed", item.fault, "items that are whole, one behind the other")
    if not item.content:
        observed = f"only a link: {item.link}" if item.link else "neither a text nor a link"
        return Refused(uri, "has_text", observed, EXPECTED_TEXT)
    record = {name: getattr(item, name) for name in ("title", "author", "outlet", "published_at")}
    return make_record_document(
        record | {"html": item.content, "url": item.link}, uri, fetched_at=fetched_at, options=options
    )


def read_items(file: BinaryIO, head: bytes) -> Iterator[FeedItem]:
    """The items of a feed, in its order; Unreadable where it is none, or JSON of more than MAXIMUM_FEED_BYTES."""
    is_json = narrow(head).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    recoded = recode(file, head)
    yield from _read_json_items(recoded) if is_json else _read_xml_items(recoded)


def _read_xml_items(file: Readable) -> Iterator[FeedItem]:
    first, pieces = split_items(file, MAXIMUM_FEED_BYTES)
    outlet = _find_outlet(first)
    for piece in pieces:
        tree = None if piece.fault else first.parse(piece.raw)
        if tree is None:
            yield FeedItem(None, fault=piece.fault or "an item that is no XML")
        else:
            yield _make_item(tree[0], outlet)


def _find_outlet(head: FeedHead) -> str | None:
    # The tags before the items are closed behind them, or never; the library mends that.
    tree = head.parse(head.raw[head.raw.find(head.root) + len(head.root) :])
    titles = [] if tree is None else tree.iter(etree.Element)
    return next((_text(one) for one in titles if _name(one) == "title" and _name(one.getparent()) in CHANNELS), None)


def _make_item(element: Any, outlet: str | None) -> FeedItem:
    children: dict[str, Any] = {}
    link = None
    for child in element.iterchildren(tag=etree.Element):
        tag = _name(child)
        if tag == "link" and child.get("href"):
            link = link or (child.get("href") if child.get("rel", "alternate") == "alternate" else None)
        elif tag == "news":
            children.update({_name(part): part for part in child.iter(tag=etree.Element)})
        else:
            children.setdefault(tag, child)
    found = {tag: _text(child) for tag, child in children.items()}
    is_permanent = "guid" in children and children["guid"].get("isPermaLink", "true") != "false"
    address = link or found.get("link") or found.get("loc") or (found.get("guid") if is_permanent else None)
    # When an entry was updated or a page last changed is not when it was published.
    dates = (found.get(name) for name in ("publication_date", "pubdate", "published", "issued", "date"))
    return FeedItem(
        link=address,
        title=found.get("title"),
        author=found.get("creator") or found.get("author"),
        outlet=found.get("name") or outlet,
        published_at=next((moment for date in dates if (moment := parse_instant(date))), None),
        content=_content(children),
        is_feed=_name(element) == "sitemap",
    )


def _content(children: dict[str, Any]) -> str | None:
    element = children.get("encoded")
    if element is None:
        element = children.get("content")
        if element is not None and element.get("type") == "xhtml":
            return etree.tostring(element, method="html", encoding="unicode")
    return _text(element) if element is not None else None


def _name(element: Any) -> str:
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower()


def _text(element: Any) -> str | None:
    text = "".join(element.itertext()).strip()
    return text or None


def _read_json_items(file: BinaryIO) -> Iterator[FeedItem]:
    bounded = io.BufferedReader(Bounded(file, MAXIMUM_FEED_BYTES))
    text = io.TextIOWrapper(bounded, "utf-8-sig", errors="surrogateescape")
    values = JsonValues(text, MAXIMUM_FEED_BYTES)
    head, items = _open_json(values)
    if values.has_strays:
        head, _ = read_strays(head)
    for record in items:
        if isinstance(record, Unreadable):
            yield FeedItem(None, fault=record.observed)
        elif isinstance(record, Beside):
            yield from _tell(find_records(record, STANDARD_FIELDS, is_input=False), "beside the items")
        elif not isinstance(record, dict):
            yield FeedItem(None, fault=f"an item that is no object: {str(record)[:80]!r}")
        else:
            record = read_strays(record)[0] if values.has_strays else record
            yield _make_json_item(record, head)
            yield from _tell(find_inner(record, STANDARD_FIELDS), "within an item")


def _open_json(values: JsonValues) -> tuple[dict[str, Any], Iterable[Any]]:
    """What a feed says beside its items, and these; Unreadable where it is none."""
    try:
        feed = values.next_value()
    except Unreadable as fault:
        if fault.check != "is_json":
            raise
        found = values.find_list((ITEMS,), 1)
        if found is None:
            raise Unreadable("is_feed", fault.observed, EXPECTED) from fault
        return found.said, values.listed(found, (ITEMS,))
    if ITEMS in getattr(feed, "names", ()):
        raise Unreadable("unique_columns", "several lists called items", UNIQUE)
    items = feed.get(ITEMS)
    if not isinstance(items, list):
        raise Unreadable("is_feed", "a JSON object without a list of items", EXPECTED)
    beside = Beside({name: value for name, value in feed.items() if name != ITEMS})
    return beside, chain(items, [beside], values.rest())


def _tell(records: Iterable[Any], place: str) -> Iterator[FeedItem]:
    """An item with a fault for every article that is none of a feed's items, and every list of texts."""
    for record in records:
        if isinstance(record, Unreadable):
            yield FeedItem(None, fault=f"{record.observed}, {place}")
        elif isinstance(record, dict):
            title = pick_text(record, "title") or "no title"
            yield FeedItem(None, fault=f"an article {place}: {title[:80]!r}")


def _make_json_item(record: dict[str, Any], feed: dict[str, Any]) -> FeedItem:
    link = pick_text(record, "url")
    try:
        content = read_page(record, STANDARD_FIELDS) or _as_markup(read_text(record, STANDARD_FIELDS))
    except Unreadable as fault:
        return FeedItem(link, fault=fault.observed)
    return FeedItem(
        link=link,
        title=pick_text(record, "title"),
        author=pick_text(record, "author"),
        outlet=pick_text(feed, "title"),
        published_at=pick_instant(record, "published_at"),
        content=content,
    )


def _as_markup(text: str | None) -> str | None:
    """The text as it is where it is markup already, else each of its paragraphs as one."""
    if text is None or has_markup(text):
        return text
    paragraphs = (escape(part.strip(), quote=False).replace("\n", "<br>") for part in text.split("\n\n"))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def recognize_feed(head: bytes) -> bool:
    """Whether a file begins as a feed or a sitemap does."""
    head = narrow(head)
    if JSON_FEED.encode() in head.replace(b"\\/", b"/") and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return True
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and ROOT.search(head) is not None


FEED = Reader("feed", (".rss", ".atom"), recognize_feed, read_feed)
