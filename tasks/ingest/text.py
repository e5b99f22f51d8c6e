"""Reader of plain text: one file, one document."""

from collections.abc import Iterator

from schemas import Document
from tasks.ingest.encoding import Unreadable, decode
from tasks.ingest.html import is_page
from tasks.ingest.readers import Reader, Refused, Source, read_whole


def read_text(source: Source, maximum_bytes: int) -> Iterator[Document | Refused]:
    """The file's document, or its refusal; a page saved under a text file's name counts as HTML."""
    return read_whole(source, maximum_bytes, media_type_of=tell_media_type)


def tell_media_type(text: str) -> str:
    """Media type of a text: HTML where it begins as a page does."""
    return "text/html" if is_page(text) else "text/plain"


def recognize_text(head: bytes) -> bool:
    """Whether the first bytes of a file are text; a character cut in two at their end is forgiven."""
    for end in range(len(head), max(len(head) - 4, 0), -1):
        try:
            decode(head[:end])
        except Unreadable:
            continue
        return True
    return False


TEXT = Reader("text", (".txt", ".text"), recognize_text, read_text)
