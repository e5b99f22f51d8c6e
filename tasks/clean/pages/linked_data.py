"""JSON-LD: what a page's own data says about its article."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from tasks.clean.lines import fold

ARTICLE_TYPE = re.compile(
    r"(?:schema:|https?://schema\.org/)?(?:\w{0,30}Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting)"
)
# What a page says of itself where it has no article: a video, a gallery.
PAGE_TYPES = frozenset(["WebPage", "ItemPage", "VideoObject", "MediaGallery", "ImageGallery", "CreativeWork"])
# Below these keys stand other pieces than the page's own.
OTHERS = frozenset(
    [
        "itemListElement", "hasPart", "liveBlogUpdate", "comment", "mentions", "citation", "about", "relatedLink",
        "isBasedOn", "review", "significantLink", "recommendation", "isRelatedTo", "associatedMedia",
    ]
)  # fmt: skip
MAXIMUM_DEPTH = 8
MAXIMUM_NODES = 3000
MAXIMUM_SCRIPT_CHARS = 2_000_000
MAXIMUM_NAMES = 6
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
WRAPPING = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)?\s*")
WRAPPING_END = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>|(?<![\s;]))[\s;]*+\Z")
# Strings are kept whole; comments, which may end with the text, and a comma before a closing bracket go.
JSON_ODDITY = re.compile(
    r"(?P<string>\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z))|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|(?:^|(?<=[\s,{\[]))//[^\n]*|,(?=\s*+[}\]])",
    re.DOTALL,
)
Node = dict[str, Any]


class LinkedData:
    """The page's JSON-LD: its nodes, and those that others name by @id."""

    def __init__(self, tree: HtmlElement) -> None:
        self.nodes: list[tuple[Node, bool]] = []
        self._named: dict[str, Node] = {}
        for element in tree.iter("script"):
            if (element.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
                for content in parse_json(element.text or ""):
                    self.nodes += self._walk(content, 0, is_own=True)
        for node, _ in self.nodes:
            identifier = node.get("@id")
            # A mere reference has nothing but its name.
            if isinstance(identifier, str) and len(node) > len(self._named.get(identifier, {"@id": ""})):
                self._named[identifier] = node

    def _walk(self, content: Any, depth: int, *, is_own: bool) -> Iterator[tuple[Node, bool]]:
        if depth > MAXIMUM_DEPTH or len(self.nodes) > MAXIMUM_NODES:
            return
        if isinstance(content, list):
            for item in content[:MAXIMUM_NODES]:
                yield from self._walk(item, depth + 1, is_own=is_own)
        elif isinstance(content, dict):
            yield content, is_own
            for key, value in content.items():
                if isinstance(value, dict | list):
                    yield from self._walk(value, depth + 1, is_own=is_own and key not in OTHERS)

    def find_article(self, *, url: str | None, titles: list[str]) -> Node | None:
        """The node of the page's own article: that of its address or headline, else the only one; None if unclear."""
        articles = [(node, is_own) for node, is_own in self.nodes if _is_article(node)]
        for node, _ in articles:
            if url and url.rstrip("/") in {found.rstrip("/") for found in self._addresses(node)}:
                return node
        folded = [fold(title) for title in titles]
        for node, _ in articles:
            headline = fold(self.name(node.get("headline") or node.get("name")))
            if len(headline) > 8 and any(
                headline in title or (len(title) > 15 and title in headline) for title in folded
            ):
                return node
        own = [node for node, is_own in articles if is_own]
        # Some pages say the same of their article twice; several headlines are those of a front page.
        headlines = {fold(self.name(node.get("headline") or node.get("name"))) for node in own} - {""}
        return own[0] if own and len(headlines) <= 1 else None

    def find_page(self) -> Node | None:
        """The node of the page itself, or of its video or gallery; None where none is declared."""
        return next((node for node, is_own in self.nodes if is_own and PAGE_TYPES & _types(node)), None)

    def find_site_name(self) -> str:
        """The site's name as it declares itself; empty where it does not."""
        sites = (self.name(node.get("name")) for node, is_own in self.nodes if is_own and "WebSite" in _types(node))
        return next(filter(None, sites), "")

    def read_node(self, node: Node) -> dict[str, str]:
        """The node's facts by the names that the readers of a page share; those it does not tell are missing."""
        part_of = self._resolve(node.get("isPartOf"))
        outlets = (node.get("publisher"), node.get("sourceOrganization"), node.get("provider"), part_of)
        section = node.get("articleSection")
        values = {
            "title": self.name(node.get("headline") or node.get("name")),
            "author": self.name(node.get("author") or node.get("creator")),
            "outlet_name": next(filter(None, map(self.name, outlets)), ""),
            "section": self.name(section[0] if isinstance(section, list) and section else section),
            "url": next(iter(self._addresses(node)), ""),
            "published": self.name(node.get("datePublished") or node.get("uploadDate")),
            "language": self._language(node.get("inLanguage")),
            "body": self.name(node.get("articleBody")),
        }
        return {key: value for key, value in values.items() if value}

    def name(self, value: Any, depth: int = 0) -> str:
        """The name that a value gives: a text, a node's name, several joined by commas; empty where none is."""
        if isinstance(value, str):
            # An author's address on the site is no name.
            text = html.unescape(value).strip()
            return "" if ADDRESS.fullmatch(text) else text
        if depth > MAXIMUM_DEPTH:
            return ""
        if isinstance(value, dict):
            value = self._resolve(value)
            return self.name(value.get("name") or value.get("@value"), depth + 1)
        if isinstance(value, list):
            names = [self.name(item, depth + 1) for item in value[:MAXIMUM_NAMES]]
            return ", ".join(dict.fromkeys(filter(None, names)))
        return ""

    def _language(self, value: Any) -> str:
        value = self._resolve(value)
        return self.name(value.get("alternateName") or value) if isinstance(value, dict) else self.name(value)

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and len(value) <= 2:
            return self._named.get(value["@id"], value)
        return value

    def _addresses(self, node: Node) -> list[str]:
        main = node.get("mainEntityOfPage")
        values = [node.get("url"), main]
        values += [main.get("@id"), main.get("url")] if isinstance(main, dict) else []
        values.append(node.get("@id"))
        texts = [value.strip() for value in values if isinstance(value, str)]
        return [text.partition("#")[0] for text in texts if ADDRESS.fullmatch(text)]


def parse_json(text: str) -> list[Any]:
    """The values in a script, most in one; those broken in the usual ways are mended, others are left out."""
    if len(text) > MAXIMUM_SCRIPT_CHARS:
        return []
    text = WRAPPING_END.sub("", WRAPPING.sub("", text, count=1), count=1)
    mended = JSON_ODDITY.sub(lambda match: match["string"] or "", text)
    for candidate in (text, mended, html.unescape(mended)):
        try:
            return [json.loads(candidate, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _parse_several(mended)


def _parse_several(text: str) -> list[Any]:
    """The values that stand one after another, up to the first that is broken."""
    values: list[Any] = []
    position = 0
    decoder = json.JSONDecoder(strict=False)
    while position < len(text) and len(values) < MAXIMUM_NODES:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def _types(node: Node) -> set[str]:
    types = node.get("@type")
    return {str(item).rpartition("/")[2] for item in (types if isinstance(types, list) else [types])}


def _is_article(node: Node) -> bool:
    return any(ARTICLE_TYPE.fullmatch(name) for name in _types(node))
