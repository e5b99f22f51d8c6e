"""All inputs as one stream of documents, duplicates and refusals; every input comes out as exactly one of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from schemas import Document, Quarantine
from tasks.ingest.html import HTML
from tasks.ingest.inputs import Ignored, expand_inputs
from tasks.ingest.jsonl import JSONL
from tasks.ingest.readers import MAXIMUM_BYTES, Reader, Refused, Source
from tasks.ingest.text import TEXT
from tasks.quarantine import refuse

READERS = (HTML, JSONL, TEXT)
HEAD_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One input whose bytes equal those of an earlier one."""

    document_id: str
    source_uri: str


def read_documents(
    inputs: Iterable[str], *, refused_at: datetime, maximum_bytes: int = MAXIMUM_BYTES
) -> Iterator[Document | Quarantine | Duplicate | Ignored]:
    """One item for every input, in the order of `expand_inputs`, and one Ignored for every file passed over.

    Memory holds one input at a time and eight bytes for each one seen. `maximum_bytes` bounds a
    file, or a line of a file of records. Raises InputNotFound for an input that is not there, and
    OSError where reading fails for a reason outside the file.
    """
    seen: set[int] = set()
    for source in expand_inputs(inputs):
        if isinstance(source, Ignored):
            yield source
            continue
        for item in read_source(source, maximum_bytes):
            if isinstance(item, Refused):
                yield _quarantine(item, refused_at)
            elif int(item.document_id, 16) in seen:
                yield Duplicate(item.document_id, item.source_uri)
            else:
                seen.add(int(item.document_id, 16))
                yield item


def read_source(source: Source, maximum_bytes: int = MAXIMUM_BYTES) -> Iterator[Document | Refused]:
    """What is in one file. One that cannot be opened, or that no reader knows, is refused."""
    try:
        if source.path.is_dir():
            yield Refused(source.uri, "readable", "a folder that cannot be listed", "a folder that may be read")
            return
        if not source.path.is_file():
            yield Refused(source.uri, "is_file", "a device, a pipe or a broken link", "a file")
            return
        reader = find_reader(source)
    except (PermissionError, FileNotFoundError) as error:
        yield Refused(source.uri, "readable", error.strerror or str(error), "a file that may be read")
        return
    if reader is None:
        known = ", ".join(suffix for reader in READERS for suffix in reader.suffixes)
        observed = f"the name ends in {source.path.suffix!r}" if source.path.suffix else "bytes that are no text"
        yield Refused(source.uri, "format_known", observed, f"a web page, JSON Lines, or one of {known}")
        return
    yield from reader.read(source, maximum_bytes)


def find_reader(source: Source) -> Reader | None:
    """The reader for a file: by its suffix, else by its first bytes; None where neither tells.

    Text without markup is believed only of a file without a suffix: a table or a program is text as well.
    """
    suffix = source.path.suffix.lower()
    for reader in READERS:
        if suffix in reader.suffixes:
            # Opening tells now whether the file may be read, while a refusal is still possible.
            source.path.open("rb").close()
            return reader
    with source.path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        return TEXT
    candidates = [reader for reader in READERS if reader is not TEXT or not suffix]
    return next((reader for reader in candidates if reader.recognizes(head)), None)


def _quarantine(refused: Refused, refused_at: datetime) -> Quarantine:
    return refuse(
        stage="ingest",
        check=refused.check,
        observed=refused.observed,
        expected=refused.expected,
        refused_at=refused_at,
        document_id=refused.document_id,
        source_uri=refused.source_uri,
    )
