"""Reader of web pages: one file, one document; the markup stays in raw_text."""

import re
from collections.abc import Iterator

from schemas import Document
from tasks.ingest.readers import Reader, Refused, Source, read_whole

# Nothing in it is tried twice ("*+", "}+"): a file of comments must not take longer than another.
PAGE_START = re.compile(
    r"\s*+(?:(?:<\?xml[^>]{0,200}+>|<!--(?:(?!-->).){0,2000}+-->)\s*+){0,5}+<(?:!doctype\s++html|html|head|body)\b",
    re.I | re.S,
)
BLOCK_MARKUP = re.compile(
    r"</(?:p|div|article|blockquote|h[1-6]|ul|ol|figure|span|a|strong|em)\s{0,5}>|<br\s{0,5}/?>", re.I
)


def read_html(source: Source, maximum_bytes: int) -> Iterator[Document | Refused]:
    """The page's document, or its refusal; the page may declare its own charset."""
    return read_whole(source, maximum_bytes, media_type_of=lambda _: "text/html", declared_in_page=True)


def is_page(text: str) -> bool:
    """Whether the text begins as a web page does."""
    return PAGE_START.match(text) is not None


def has_markup(text: str) -> bool:
    """Whether the text holds the markup of paragraphs or links, as a record's field may without being a page."""
    return BLOCK_MARKUP.search(text) is not None


def recognize_html(head: bytes) -> bool:
    """Whether the first bytes of a file begin a web page."""
    return is_page(head.decode("latin-1").removeprefix("ï»¿"))


HTML = Reader("html", (".html", ".htm", ".xhtml"), recognize_html, read_html)
