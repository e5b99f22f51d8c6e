"""Reader of plain text: one file, one document."""

from collections.abc import Iterator

from schemas import Document
from tasks.ingest.encoding import Unreadable, decode
from tasks.ingest.markup import tell_media_type
from tasks.ingest.readers.reader import Options, Reader, Refused, Stream, read_whole


def read_text(stream: Stream, options: Options) -> Iterator[Document | Refused]:
    """The file's document, or its refusal; a page saved under a text file's name counts as HTML."""
    return read_whole(stream, options, media_type_of=tell_media_type)


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
