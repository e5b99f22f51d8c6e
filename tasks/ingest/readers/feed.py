"""Reader of feeds and sitemaps: RSS, Atom and sitemaps as XML, JSON Feed; one item, one document.

A feed that lies in a file is read for the articles it holds itself. The articles that it only links to are
fetched where the feed is given by its address (`tasks.ingest.web`).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from lxml import etree

from schemas import Document
from tasks.ingest.encoding import Unreadable
from tasks.ingest.fields import parse_instant, pick_instant, pick_text
from tasks.ingest.readers.reader import Options, Reader, Refused, Stream, make_record_document, read_bounded
from tasks.ingest.unpacking import oversized

ITEM_TAGS = {"item", "entry", "url", "sitemap"}
ROOT_TAGS = (b"<rss", b"<feed", b"<rdf:rdf", b"<urlset", b"<sitemapindex")
JSON_FEED = "https://jsonfeed.org/version/"
# What the protocol allows a sitemap, unpacked. A feed that is read whole, or comes from a stranger, is held to it.
MAXIMUM_FEED_BYTES = 50_000_000
EXPECTED = "RSS, Atom, a sitemap or JSON Feed"
EXPECTED_TEXT = "the whole article in the feed; give the feed's address instead of a file, and articles are fetched"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed. `content` is the whole article where the feed holds it, as markup.

    `is_feed` marks a sitemap that another lists.
    """

    link: str | None
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    content: str | None = None
    is_feed: bool = False


def read_feed(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """A document or a refusal for every item; `#I` and its number, from 1, name it."""
    number = 0
    for number, item in enumerate(read_items(stream.file, stream.head), start=1):
        yield make_item_document(item, f"{stream.uri}#I{number}", stream.fetched_at, options)
    if not number:
        raise Unreadable("not_empty", "no items", EXPECTED)


def make_item_document(item: FeedItem, uri: str, fetched_at: datetime, options: Options) -> Document | Refused:
    """The document of the article that a feed's item holds, or its refusal where it only links to one."""
    if not item.content:
        return Refused(uri, "has_text", f"only a link: {item.link}", EXPECTED_TEXT)
    record = {name: value for name, value in asdict(item).items() if name not in ("link", "content", "is_feed")}
    return make_record_document(
        record | {"html": item.content, "url": item.link}, uri, fetched_at=fetched_at, options=options
    )


def read_items(file: BinaryIO, head: bytes) -> Iterator[FeedItem]:
    """The items of a feed, in its order; Unreadable where it is none, or JSON of more than MAXIMUM_FEED_BYTES."""
    yield from _read_json_items(file) if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else _read_xml_items(file)


def _read_xml_items(file: BinaryIO) -> Iterator[FeedItem]:
    # Entities and addresses in the file are never followed; of trees deeper than 256 the library reads no more.
    options: dict[str, Any] = {"recover": True, "resolve_entities": False, "no_network": True, "huge_tree": False}
    outlet: str | None = None
    try:
        for event, element in etree.iterparse(file, events=("start", "end"), load_dtd=False, **options):
            tag = _name(element)
            if event == "start":
                continue
            if tag == "title" and outlet is None and _name(element.getparent()) in ("channel", "feed"):
                outlet = _text(element)
            if tag in ITEM_TAGS and _name(element.getparent()) in ("channel", "rdf", "feed", "urlset", "sitemapindex"):
                yield _make_item(element, outlet)
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise Unreadable("is_feed", str(error), EXPECTED) from error


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


def _forget(element: Any) -> None:
    element.clear()
    while (before := element.getprevious()) is not None:
        before.getparent().remove(before)


def _read_json_items(file: BinaryIO) -> Iterator[FeedItem]:
    raw = read_bounded(file, MAXIMUM_FEED_BYTES)
    if raw is None:
        raise oversized(MAXIMUM_FEED_BYTES)
    try:
        feed = json.loads(raw)
        items = feed["items"]
        records = [item for item in items if isinstance(item, dict)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreadable("is_feed", f"{type(error).__name__}: {error}", EXPECTED) from error
    for record in records:
        yield FeedItem(
            link=pick_text(record, "url"),
            title=pick_text(record, "title"),
            author=pick_text(record, "author"),
            outlet=pick_text(feed, "title"),
            published_at=pick_instant(record, "published_at"),
            content=pick_text(record, "html") or pick_text(record, "text"),
        )


def recognize_feed(head: bytes) -> bool:
    """Whether a file begins as a feed or a sitemap does."""
    lowered = head.lower()
    if JSON_FEED.encode() in head.replace(b"\\/", b"/") and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return True
    return lowered.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and any(tag in lowered for tag in ROOT_TAGS)


FEED = Reader("feed", (".rss", ".atom"), recognize_feed, read_feed)
