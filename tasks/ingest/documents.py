"""All inputs as one stream of documents, duplicates and refusals; every input comes out as exactly one of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schemas import Document, Quarantine
from tasks.ingest.apart import read_apart
from tasks.ingest.encoding import Unreadable
from tasks.ingest.formats import find_reader, known_suffixes, suffix_of
from tasks.ingest.inputs import Address, Ignored, expand_inputs, why_ignored
from tasks.ingest.readers.reader import MAXIMUM_BYTES, Options, Refused, Skipped, Stream
from tasks.ingest.sources import Source
from tasks.ingest.unpacking import Unpacked, unpack
from tasks.quarantine import refuse


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One input whose bytes equal those of an earlier one."""

    document_id: str
    source_uri: str


@dataclass(frozen=True, slots=True)
class Held:
    """One input that an earlier run took in, and that is not read again: an article fetched before."""

    document_id: str
    source_uri: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A feed that was read: no input itself, but an earlier refusal of it stands no more."""

    source_uri: str


Item = Document | Quarantine | Duplicate | Held | Opened | Ignored
Fetched = Document | Refused | Skipped | Held | Opened
FetchAddress = Callable[[Address, Options], Iterator[Fetched]]


def read_documents(
    inputs: Iterable[str],
    *,
    refused_at: datetime,
    maximum_bytes: int = MAXIMUM_BYTES,
    options: Options | None = None,
    standard_input: Path | None = None,
    fetch: FetchAddress | None = None,
) -> Iterator[Item]:
    """One item for every input, in the order of `expand_inputs`, one Ignored for all that is passed over, and one
    Opened for every feed that was read.

    Memory holds one input at a time and some sixty bytes for each one seen. `maximum_bytes` bounds a file of one
    text, or a record of a file of records. `fetch` reads what an address names. `standard_input` is a file to keep
    what is piped in. Raises InputNotFound for an input that is not there, and OSError where reading fails for a
    reason outside the file.
    """
    options = options or Options(maximum_bytes=maximum_bytes)
    sorter = _Sorter(refused_at)
    for source in expand_inputs(inputs, standard_input=standard_input):
        if isinstance(source, Ignored):
            yield source
            continue
        found: Iterable[Fetched]
        if isinstance(source, Source):
            found = _refusing_faults(read_source(source, options), source.uri)
        else:
            found = fetch(source, options) if fetch else [_refuse_address(source)]
        for item in found:
            yield sorter.sort(item)


def read_source(source: Source, options: Options) -> Iterator[Document | Refused | Skipped]:
    """What is in one file, packed or not. One that cannot be opened, or that no reader knows, is refused."""
    is_empty = True
    try:
        with source.open() as file:
            for part in unpack(file, source.name, spool_folder=options.spool_folder):
                for item in _read_part(part, source, options):
                    is_empty = False
                    yield item
        if is_empty:
            raise Unreadable("not_empty", "an archive without files", "at least one input")
    except Unreadable as fault:
        yield Refused.by(fault, source.uri)
    except (PermissionError, FileNotFoundError) as error:
        yield Refused(source.uri, "readable", error.strerror or str(error), "a file that may be read")


def _read_part(part: Unpacked, source: Source, options: Options) -> Iterator[Document | Refused | Skipped]:
    member = part.member.encode("utf-8", "replace").decode("utf-8")
    uri = f"{source.uri}#{member}" if member else source.uri
    if member and (reason := _why_member_ignored(member)):
        yield Skipped(uri, reason)
        return
    reader = find_reader(part.name, part.head)
    if reader is None:
        suffix = suffix_of(part.name)
        observed = f"the name ends in {suffix!r}" if suffix else "bytes that are no text"
        yield Refused(uri, "format_known", observed, f"content of a known format, or one of {known_suffixes()}")
        return
    fetched_at = part.modified_at or source.modified_at()
    stream = Stream(uri, part.file, part.head, fetched_at=fetched_at, damage=part.damage)
    try:
        is_apart = options.reads_apart and reader.may_die
        found = read_apart(reader.read, stream, options) if is_apart else reader.read(stream, options)
        yield from _refusing_faults(found, uri)
    except Unreadable as fault:
        yield Refused.by(fault, uri)


def _refusing_faults(found: Iterable[Document | Refused | Skipped], uri: str) -> Iterator[Document | Refused | Skipped]:
    """What is found, and a refusal in place of a fault that no reader foresees: it concerns one input, not the run.

    Faults outside the input are raised: of the disk, and of memory.
    """
    try:
        yield from found
    except (Unreadable, OSError, MemoryError):
        raise
    except Exception as error:
        observed = f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace").decode("utf-8")
        yield Refused(uri, "reading_error", observed, "an input that its reader can read")


def _why_member_ignored(member: str) -> str | None:
    names = [name for name in member.split("/") if name not in ("", ".", "..")]
    return next((reason for name in names if (reason := why_ignored(name))), None)


class _Sorter:
    """Tells duplicates from what is new, and gives every refusal an id of its own."""

    def __init__(self, refused_at: datetime) -> None:
        self.refused_at = refused_at
        self.seen: set[int] = set()
        self.refused: dict[int, int] = {}

    def sort(self, item: Fetched) -> Item:
        """What an item is among those before it."""
        if isinstance(item, Opened):
            return item
        if isinstance(item, Skipped):
            return Ignored(item.source_uri, item.reason)
        if isinstance(item, Refused):
            return self._quarantine(item)
        number = int(item.document_id, 16)
        if number in self.seen:
            return Duplicate(item.document_id, item.source_uri)
        self.seen.add(number)
        return item

    def _quarantine(self, refused: Refused) -> Quarantine:
        row = _refuse(refused, self.refused_at, refused.source_uri)
        number = int(row.quarantine_id, 16)
        self.refused[number] = times = self.refused.get(number, 0) + 1
        if times == 1:
            return row
        # Two members of an archive may bear one name, and a feed may link twice to one page.
        return _refuse(refused, self.refused_at, f"{refused.source_uri} ({times})")


def _refuse_address(address: Address) -> Refused:
    return Refused(address.uri, "readable", "an address", "a file; `onrecord run` fetches addresses")


def _refuse(refused: Refused, refused_at: datetime, source_uri: str) -> Quarantine:
    return refuse(
        stage="ingest",
        check=refused.check,
        observed=refused.observed,
        expected=refused.expected,
        refused_at=refused_at,
        document_id=refused.document_id,
        source_uri=source_uri,
    )
