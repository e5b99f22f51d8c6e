"""Where the items of a feed begin and end, so that a broken one takes nothing with it but itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from lxml import etree

from tasks.ingest.encoding import Unreadable
from tasks.ingest.unpacking import oversized

CHUNK_BYTES = 1 << 16
MAXIMUM_HEAD_BYTES = 1 << 20
# A mark is never longer: what may be the beginning of one is looked at again with what follows.
LONGEST_MARK = 80
PREFIX = rb"(?:[\w.-]{1,40}:)?"
ROOT = re.compile(rb"<(" + PREFIX + rb"(rss|feed|rdf|urlset|sitemapindex))(?=[\s>])[^<>]{0,20000}>", re.I)
ITEM_OF_ROOT = {b"rss": b"item", b"rdf": b"item", b"feed": b"entry", b"urlset": b"url", b"sitemapindex": b"sitemap"}
WIDE = re.compile(rb"utf-?(?:16|32)|ucs", re.I)
DECLARATION = re.compile(rb"\s*(<\?xml[^<>]{0,300}\?>)")
QUOTE, UNQUOTE = b"<![CDATA[", b"]]>"
AMPERSAND = re.compile(rb"&(?:([A-Za-z][A-Za-z0-9]{1,30});|(?!#?\w{1,30};))")
SPACES = re.compile(rb"\s*+")
# Entities and addresses in the file are never followed; of trees deeper than 256 the library reads no more.
SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}


@dataclass(frozen=True, slots=True)
class RawItem:
    """The bytes of one item, from its opening tag to its closing one; `fault` says what it, or the feed, lacks."""

    raw: bytes
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What stands before the items of a feed, and how each of them is parsed."""

    raw: bytes
    declaration: bytes
    root: bytes
    root_name: bytes

    def parse(self, raw: bytes) -> Any:
        """The feed's outermost element around `raw`, in the feed's encoding; None where it holds no element.

        What is no XML is mended: characters that are named as in HTML, and marks that are not closed.
        """
        for mended, recover in ((raw, False), (_name_by_number(raw), True)):
            document = self.declaration + self.root + mended + b"</" + self.root_name + b">"
            try:
                tree = etree.fromstring(document, etree.XMLParser(recover=recover, **SAFE))
            except (etree.XMLSyntaxError, LookupError, ValueError):
                continue
            if tree is not None and len(tree):
                return tree
        return None


def split_items(file: Any, maximum_bytes: int) -> tuple[FeedHead, Iterator[RawItem]]:
    """The head of a feed, and its items in their order. Memory holds one of at most `maximum_bytes`.

    Raises Unreadable where there is no feed; the items do where one is longer. The last has a fault where the feed ends
    within it, and one more follows where items stand in a comment that is never closed, or the feed itself is not.
    """
    head = bytearray()
    while not (root := ROOT.search(head)) and len(head) < MAXIMUM_HEAD_BYTES and (chunk := file.read(CHUNK_BYTES)):
        head += chunk
    if root is None:
        raise Unreadable("is_feed", "no tag that a feed or a sitemap begins with", "RSS, Atom, a sitemap or JSON Feed")
    declaration = DECLARATION.match(head.removeprefix(b"\xef\xbb\xbf"))
    # Copied: what is held changes.
    tags = (bytes(declaration[1] if declaration else b""), bytes(root[0]), bytes(root[1]))
    if WIDE.search(tags[0]):
        # Its tags were found, letters of one byte each.
        tags = (b"", *tags[1:])
    splitter = _Splitter(file, head, ITEM_OF_ROOT[bytes(root[2]).lower()], tags[2], maximum_bytes)
    pieces = splitter.pieces()
    return FeedHead(next(pieces).raw, *tags), pieces


class _Splitter:
    def __init__(self, file: Any, held: bytearray, name: bytes, root: bytes, maximum_bytes: int) -> None:
        self.file, self.held, self.maximum_bytes = file, held, maximum_bytes
        self.marks = re.compile(
            rb"(?P<quote><!\[CDATA\[)|(?P<unquote>\]\]>)|(?P<comment><!--)|(?P<uncomment>-->)"
            rb"|(?P<open><" + PREFIX + name + rb"(?=[\s/>]))|(?P<close></" + PREFIX + name + rb"\s{0,20}>)"
            rb"|(?P<end></" + re.escape(root) + rb"\s{0,20}>)",
            re.I,
        )
        self.hidden = 0
        self.is_closed = False
        self._inside: str | None = None
        self._closed_at = 0
        # Nothing but spaces stands from there to here.
        self._spaces_to = 0

    def pieces(self) -> Iterator[RawItem]:
        at = 0
        while True:
            mark = self.marks.search(self.held, at)
            if mark is None or mark.end() + LONGEST_MARK > len(self.held):
                at = mark.start() if mark else max(at, len(self.held) - LONGEST_MARK)
                if self._read_more():
                    continue
                if mark is None:
                    break
            at = mark.end()
            if self._begins_item(mark):
                yield self._take(mark.start())
                at = mark.end() - mark.start()
        last = self._take(len(self.held), is_last=True)
        yield last
        if self.hidden:
            yield RawItem(b"", f"{self.hidden} items in a comment that is not closed")
        elif not (self.is_closed or last.fault):
            yield RawItem(b"", "the feed's own tag is not closed: more may have followed")

    def _begins_item(self, mark: "re.Match[bytes]") -> bool:
        kind = mark.lastgroup
        if kind == "close" and self._inside != "comment":
            self._closed_at = self._spaces_to = mark.end()
        elif kind == "end":
            self.is_closed = True
        elif kind in ("quote", "comment") and self._inside is None:
            self._inside = kind
        elif kind in ("unquote", "uncomment") and kind == f"un{self._inside}":
            self._inside, self.hidden = None, 0
        elif kind == "open" and self._inside == "comment":
            self.hidden += 1
        elif kind == "open":
            # A text may print such a tag, but hardly the end of one item and the beginning of the next.
            return self._inside is None or (self._closed_at > 0 and self._follows_at_once(mark.start()))
        return False

    def _follows_at_once(self, start: int) -> bool:
        """Whether only spaces stand between the end of the last item and `start`; each is looked at once."""
        if spaces := SPACES.match(self.held, self._spaces_to, start):
            self._spaces_to = spaces.end()
        return self._spaces_to == start

    def _take(self, end: int, *, is_last: bool = False) -> RawItem:
        """What is held up to `end`, which is dropped."""
        raw = bytes(self.held[: self._closed_at or end])
        is_cut = is_last and not self._closed_at and not re.match(rb"<[^<>]{0,1000}/>", raw)
        del self.held[:end]
        self._closed_at, self._inside = 0, None
        return RawItem(raw, "the feed ends within it" if is_cut else None)

    def _read_more(self) -> bool:
        if len(self.held) > self.maximum_bytes:
            raise oversized(self.maximum_bytes)
        chunk = self.file.read(CHUNK_BYTES)
        self.held += chunk
        return bool(chunk)


def _name_by_number(raw: bytes) -> bytes:
    """Markup in which HTML's names of characters are numbers, and an ampersand that begins nothing stands for itself.

    Behind its first fault the library drops characters that are named, but not those that are numbered.
    """

    def number(found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return b"&#38;"
        character = html5.get(found[1].decode("ascii") + ";")
        return "".join(f"&#{ord(one)};" for one in character).encode() if character else b"&#38;" + found[0][1:]

    parts: list[bytes] = []
    at = 0
    # What is quoted stays as it is. Where one quotation is not closed, none behind it is.
    while (start := raw.find(QUOTE, at)) >= 0 and (end := raw.find(UNQUOTE, start)) >= 0:
        end += len(UNQUOTE)
        parts += (AMPERSAND.sub(number, raw[at:start]), raw[start:end])
        at = end
    return b"".join((*parts, AMPERSAND.sub(number, raw[at:])))
