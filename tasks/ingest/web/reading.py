"""What an address names, read: a feed with the articles that it links to, a sitemap, a page, or a file."""

import io
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from schemas import Document
from tasks.ingest.documents import Fetched, Held, Opened, read_source
from tasks.ingest.encoding import Unreadable
from tasks.ingest.formats import find_reader
from tasks.ingest.inputs import Address
from tasks.ingest.readers.feed import FEED, FeedItem, make_item_document, read_items
from tasks.ingest.readers.html import HTML
from tasks.ingest.readers.reader import Options, Refused, Skipped, Stream
from tasks.ingest.readers.text import TEXT
from tasks.ingest.sources import Source
from tasks.ingest.unpacking import Bounded, only_part, unpack
from tasks.ingest.web.client import Answer, Client, NotFetched, join_address
from tasks.ingest.web.memory import KnownPage, WebMemory
from tasks.ingest.web.robots import Robots
from tasks.ingest.web.settings import WebSettings

# A sitemap's index lists sitemaps; an index of indexes is not foreseen by the protocol, and one is forgiven.
MAXIMUM_DEPTH = 3
MAXIMUM_ITEMS = 50_000
# Where a reader came from, not what the page is.
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "at_medium", "at_campaign", "ns_campaign", "ns_mchannel")
PAGE_TYPES = ("text/html", "application/xhtml+xml")


class WebReader:
    """Reads addresses. `is_held` tells whether a document of an earlier run is at hand still."""

    def __init__(
        self,
        client: Client,
        memory: WebMemory,
        *,
        is_held: Callable[[str], bool] = lambda _: False,
        spool_folder: Path | None = None,
    ) -> None:
        self.client, self.memory, self.is_held = client, memory, is_held
        self.settings: WebSettings = client.settings
        self.robots = Robots(client)
        self.spool_folder = spool_folder
        self._taken: dict[str, str] = {}
        self._feeds: set[str] = set()
        self._fetched_count = 0

    def read(self, address: Address, options: Options) -> Iterator[Fetched]:
        """Every input that an address leads to."""
        self._fetched_count = 0
        self._feeds = {clean_address(address.uri)}
        yield from self._read_address(address.uri, options, depth=0)

    def _read_address(self, url: str, options: Options, *, depth: int) -> Iterator[Fetched]:
        known = self.memory.feed(url)
        if self.spool_folder:
            self.spool_folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=self.spool_folder) as body:
            try:
                answer = self.client.fetch(
                    url,
                    body,
                    limit=self._limit(options, depth),
                    conditions=known.conditions if known else {},
                    permit=self.robots.require,
                )
            except NotFetched as fault:
                yield Refused.by(fault, url)
                return
            if known and answer.is_unchanged:
                yield Opened(url)
                yield from self._read_linked(known.items, answer.url, options, depth)
                return
            yield from self._read_body(url, body, answer, options, depth)

    def _read_body(self, url: str, body: BinaryIO, answer: Answer, options: Options, depth: int) -> Iterator[Fetched]:
        items: list[FeedItem] | None = None
        try:
            body.seek(0)
            for part in unpack(body, ""):
                if FEED.recognizes(part.head):
                    items = []
                    bounded = io.BufferedReader(Bounded(part.file, self.settings.maximum_feed_bytes))
                    for item in read_items(bounded, part.head):
                        if len(items) == MAXIMUM_ITEMS:
                            # Kept with the others: a run for which the feed has no news tells of it as well.
                            items.append(FeedItem(None, fault=f"more than {MAXIMUM_ITEMS} items: no more are read"))
                            break
                        items.append(item)
        except Unreadable as fault:
            yield Refused.by(fault, url)
            return
        if items is None:
            body.seek(0)
            yield from self._read_file(url, body, answer, options)
            return
        if not items:
            yield Refused(url, "not_empty", "a feed without items", "a feed with at least one item")
            return
        yield Opened(url)
        # The marks are kept only once all items were tried: a run cut short asks for the feed again.
        yield from self._read_linked(items, answer.url, options, depth)
        headers = answer.headers
        self.memory.remember_feed(
            url, etag=headers.get("etag"), last_modified=headers.get("last-modified"), items=items
        )

    def _read_file(self, url: str, body: BinaryIO, answer: Answer, options: Options) -> Iterator[Fetched]:
        """A page, or a file of any format; its own name tells which where its content does not."""
        if answer.media_type in PAGE_TYPES:
            found = self._read_page(url, body.read(options.maximum_bytes + 1), answer, options, declared={})
            if isinstance(found, Document):
                self.memory.remember_page(clean_address(url), KnownPage(found.document_id))
            yield found
            return
        name = urlsplit(answer.url).path.rpartition("/")[2]
        source = Source(
            uri=url,
            name=name,
            place=url,
            open=lambda: os.fdopen(os.dup(body.fileno()), "rb"),
            modified_at=lambda: answer.fetched_at,
        )
        yield from read_source(source, options)

    def _read_linked(self, items: list[FeedItem], base: str, options: Options, depth: int) -> Iterator[Fetched]:
        for number, item in enumerate(items, start=1):
            if not item.link:
                yield make_item_document(item, f"{base}#I{number}", datetime.now(UTC), options)
                continue
            link = clean_address(join_address(base, item.link.strip()))
            if item.is_feed and link in self._feeds:
                yield Skipped(link, "a sitemap that was read before")
            elif item.is_feed and depth + 1 < MAXIMUM_DEPTH:
                self._feeds.add(link)
                yield from self._read_address(link, options, depth=depth + 1)
            elif item.is_feed:
                yield Refused(link, "not_nested", f"sitemaps in sitemaps, {depth + 1} deep", f"at most {MAXIMUM_DEPTH}")
            else:
                yield self._read_item(item, link, options)

    def _read_item(self, item: FeedItem, link: str, options: Options) -> Fetched:
        if link in self._taken:
            return Held(self._taken[link], link)
        if page := self.memory.page(link):
            if page.document_id and self.is_held(page.document_id):
                self._taken[link] = page.document_id
                return Held(page.document_id, link)
            if page.check:
                return Refused(link, page.check, page.observed or "", page.expected or "")
        if self._fetched_count >= self.settings.maximum_pages:
            return Skipped(link, f"beyond the first {self.settings.maximum_pages} new pages: left to the next run")
        self._fetched_count += 1
        return self._fetch_item(item, link, options)

    def _fetch_item(self, item: FeedItem, link: str, options: Options) -> Document | Refused:
        body = io.BytesIO()
        is_final = True
        try:
            answer = self.client.fetch(
                link, body, limit=lambda _, __: options.maximum_bytes, permit=self.robots.require
            )
            declared = {
                "declared_title": item.title,
                "declared_author": item.author,
                "declared_published_at": item.published_at,
            }
            found = self._read_page(link, body.getvalue(), answer, options, declared=declared)
        except NotFetched as fault:
            found, is_final = Refused.by(fault, link), fault.is_final
        if isinstance(found, Refused) and item.content:
            found = make_item_document(item, link, datetime.now(UTC), options)
        if isinstance(found, Document):
            self._taken[link] = found.document_id
            self.memory.remember_page(link, KnownPage(found.document_id))
        elif is_final:
            self.memory.remember_page(link, KnownPage(None, found.check, found.observed, found.expected))
        return found

    def _read_page(
        self, uri: str, raw: bytes, answer: Answer, options: Options, *, declared: Mapping[str, object]
    ) -> Document | Refused:
        """The document of a page that was fetched, or its refusal."""
        try:
            part = only_part(io.BytesIO(raw))
            stream = Stream(
                uri,
                part.file,
                part.head,
                fetched_at=answer.fetched_at,
                charset=answer.charset,
                declared={**declared, "declared_url": clean_address(answer.url)},
            )
            is_html = answer.media_type in PAGE_TYPES or HTML.recognizes(part.head)
            reader = HTML if is_html else find_reader("", part.head)
            if reader not in (HTML, TEXT):
                observed = answer.media_type or "bytes that are no text"
                return Refused(uri, "is_page", observed, "a web page or plain text")
            [document] = reader.read(stream, options)
        except Unreadable as fault:
            return Refused.by(fault, uri)
        if isinstance(document, Skipped):
            return Refused(uri, "is_page", document.reason, "a web page or plain text")
        return document

    def _limit(self, options: Options, depth: int) -> Callable[[str, bytes], int]:
        """How long an answer may be: what a user names may be a file of many gigabytes, but no page or feed is."""

        def limit(media_type: str, head: bytes) -> int:
            head = _unpack_head(head)
            if media_type in PAGE_TYPES or HTML.recognizes(head):
                return options.maximum_bytes
            if depth or FEED.recognizes(head):
                return self.settings.maximum_feed_bytes
            return self.settings.maximum_file_bytes

        return limit


def _unpack_head(head: bytes) -> bytes:
    """The first bytes of what is packed, as far as they can be told from its own first bytes."""
    try:
        return next(part.head for part in unpack(io.BytesIO(head), ""))
    except (Unreadable, StopIteration):
        return head


def clean_address(url: str) -> str:
    """An address without its fragment and without what tells where a reader came from."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(TRACKING)
    ]
    query = parts.query if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
