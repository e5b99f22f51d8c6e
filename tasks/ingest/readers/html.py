"""Reader of web pages: one file, one document; the markup stays in raw_text."""

from collections.abc import Iterator

from schemas import Document
from tasks.ingest.markup import is_page
from tasks.ingest.readers.reader import Options, Reader, Refused, Stream, read_whole


def read_html(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """The page's document, or its refusal; the page may declare its own charset."""
    return read_whole(stream, options, media_type_of=lambda _: "text/html", declared_in_page=True)


def recognize_html(head: bytes) -> bool:
    """Whether the first bytes of a file begin a web page."""
    return is_page(head.decode("latin-1").removeprefix("ï»¿"))


HTML = Reader("html", (".html", ".htm", ".xhtml"), recognize_html, read_html)
