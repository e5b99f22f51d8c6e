"""Documents into batches on disk: each document in one batch for good, each batch there whole or not at all."""

import errno
import shutil
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import Document, Quarantine
from schemas.parquet import arrow_schema, arrow_to_rows, growing_file, write_rows
from schemas.warehouse import Warehouse, whole_folder
from tasks.batches import BATCH_CHARACTERS, BATCH_DOCUMENTS, Batch, batch_id_of, drop_repeated, read_document_ids
from tasks.broken import remove_broken_work
from tasks.ingest.apart import end_readers
from tasks.ingest.documents import Duplicate, FetchAddress, Held, Item, Opened, read_documents
from tasks.ingest.formats import known_suffixes
from tasks.ingest.inputs import Ignored, InputNotFound
from tasks.ingest.passed_over import tell_ignored
from tasks.ingest.progress import tell
from tasks.ingest.readers.reader import Options
from tasks.ingest.web.client import Client
from tasks.ingest.web.memory import WebMemory
from tasks.ingest.web.reading import WebReader
from tasks.ingest.web.settings import WebSettings
from tasks.takedown import Tombstones, find_source, refuse_taken_down

# The last batches get ever smaller, so that no worker is left alone with a long one; down to what takes the tagger half
# a second or more, long beside the task run of a batch (docs/scale.md), and to a sixteenth of what each has left to do.
SMALLEST_BATCH_CHARACTERS = 40_000
SMALLEST_PARTS = 16
SECONDS_BETWEEN_REPORTS = 0.2
SELECTED_SCHEMA = pa.schema(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("source_uri", pa.string(), nullable=False),
        # False for a document kept from the current snapshot, which this run did not receive.
        pa.field("is_input", pa.bool_(), nullable=False),
    ]
)
RECEIVED_SCHEMA = pa.schema([pa.field("source_uri", pa.string())])
DEFAULT_OPTIONS = Options()
DEFAULT_WEB = WebSettings()


class NewDocument(Exception):
    """A document that no batch holds, where none was to be taken in."""


@dataclass(frozen=True)
class IngestResult:
    """What ingestion left behind: counts, and paths of Parquet files.

    input_count = documents received + duplicate_count + quarantined_count. `selected_path` lists
    the run's documents (document_id, source_uri, is_input); `kept_count` of them were not received
    but kept. `received_path` lists where every input came from, whatever became of it, and the feeds that were read.
    `batches` hold them all, and may hold documents of other runs beside them.
    `ignored` counts files passed over by reason; they are no inputs.
    """

    input_count: int
    duplicate_count: int
    quarantined_count: int
    new_document_count: int
    kept_count: int
    quarantine_path: str
    selected_path: str
    received_path: str
    batches: list[Batch]
    ignored: dict[str, int] = field(default_factory=dict)


class BatchStore:
    """The batches of a warehouse: which holds a document, and a place for new ones.

    `home` maps document ids to batch ids, `sizes` batch ids to their number of documents. A batch whose file is broken
    is deleted: all that lies under work can be made again. So is one whose documents a larger one holds, left by a
    merge that broke off. A store that is `closed` takes nothing new. Up to a batch for each of the `workers` is held
    back until `flush`, which parts it between them.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        *,
        batch_documents: int = BATCH_DOCUMENTS,
        batch_characters: int = BATCH_CHARACTERS,
        workers: int = 1,
        closed: bool = False,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.warehouse = warehouse
        self.closed = closed
        self.batch_documents, self.batch_characters = batch_documents, batch_characters
        self.workers = max(1, workers)
        self.home: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self._pending: list[Document] = []
        self._pending_characters = 0
        self._take_in_all(report)
        if len(self.home) < sum(self.sizes.values()):
            ids_of = {batch_id: read_document_ids(warehouse.documents_folder(batch_id)) for batch_id in self.sizes}
            drop_repeated(warehouse, ids_of)
            self.home, self.sizes = {}, {}
            self._take_in_all(report)

    def _take_in_all(self, report: Callable[[str], None]) -> None:
        for path in sorted((self.warehouse.work / "documents").glob("[!.]*")):
            self._take_in(path, report)

    def _take_in(self, folder: Path, report: Callable[[str], None]) -> None:
        try:
            ids = read_document_ids(folder)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno not in (None, errno.ENOENT):
                raise
            report(f"batch {folder.name} was not written to its end; its documents are taken in anew")
            shutil.rmtree(folder)
            return
        self.sizes[folder.name] = len(ids)
        self.home.update(dict.fromkeys(ids, folder.name))

    def add(self, document: Document) -> None:
        """Puts a document with those held back; a full batch of the first is written. NewDocument if it is closed."""
        if self.closed:
            raise NewDocument(document.source_uri)
        self._pending.append(document)
        self._pending_characters += len(document.raw_text)
        while (
            len(self._pending) > self.workers * self.batch_documents
            or self._pending_characters > self.workers * self.batch_characters
        ) and len(self._pending) > 1:
            self._write_first(self.batch_characters)

    def flush(self) -> None:
        """Writes all that is held back, in ever smaller batches where several workers share them."""
        smallest = max(SMALLEST_BATCH_CHARACTERS, self._pending_characters // (SMALLEST_PARTS * self.workers))
        while self._pending:
            share = self._pending_characters
            if self.workers > 1:
                share = max(smallest, share // (2 * self.workers))
            self._write_first(min(share, self.batch_characters))

    def _write_first(self, characters: int) -> None:
        """Writes a batch of the first documents held back: one at least, and no more characters than that."""
        count, total = 0, 0
        for document in self._pending[: self.batch_documents]:
            if count and total + len(document.raw_text) > characters:
                break
            count, total = count + 1, total + len(document.raw_text)
        documents, self._pending = self._pending[:count], self._pending[count:]
        self._pending_characters -= total
        ids = [document.document_id for document in documents]
        batch_id = batch_id_of(ids)
        with whole_folder(self.warehouse.documents_folder(batch_id)) as folder:
            write_rows(documents, Document, folder)
        self.sizes[batch_id] = len(ids)
        self.home.update(dict.fromkeys(ids, batch_id))

    def batches_of(self, document_ids: Iterable[str]) -> list[Batch]:
        """The batches that hold these documents, numbered from 1 in the order they first appear."""
        batch_ids = dict.fromkeys(self.home[document_id] for document_id in document_ids)
        return [
            Batch(batch_id, number, self.sizes[batch_id], str(self.warehouse.root))
            for number, batch_id in enumerate(batch_ids, start=1)
        ]


def gather_documents(
    inputs: list[str],
    warehouse: Warehouse,
    run_id: str,
    *,
    batch_documents: int = BATCH_DOCUMENTS,
    batch_characters: int = BATCH_CHARACTERS,
    workers: int = 1,
    options: Options = DEFAULT_OPTIONS,
    web: WebSettings = DEFAULT_WEB,
    keep_document_ids_of: Collection[str] = (),
    published: Collection[str] = (),
    takes_new: bool = True,
    report: Callable[[str], None] = lambda _: None,
) -> IngestResult:
    """Takes in the inputs; documents that are new form new batches for the `workers`, all others stay in theirs.

    `keep_document_ids_of` names documents files of the current snapshot: their documents belong
    to the run as well, and those that no batch holds (work/ was deleted) are batched again from
    there. `published` names the same files, kept or not: new is counted what neither hold. Done again after a failure,
    by the same run or another, it comes to the same result. Without `takes_new` the first document that no batch holds
    raises NewDocument. `report` is told of progress.
    """
    run_folder = warehouse.run_folder(run_id)
    remove_broken_work(warehouse, report)
    store = BatchStore(
        warehouse,
        batch_documents=batch_documents,
        batch_characters=batch_characters,
        workers=workers,
        closed=not takes_new,
        report=report,
    )
    tombstones = Tombstones.read(warehouse)
    kept = _read_kept(keep_document_ids_of, tombstones.document_ids)
    if kept.keys() - store.home.keys():
        _restore_kept(store, keep_document_ids_of, tombstones.document_ids)
    quarantine_path, selected_path = run_folder / "ingest_quarantine.parquet", run_folder / "selected.parquet"
    received_path = run_folder / "received.parquet"
    intake = _Intake(store, tombstones)
    told_at = time.monotonic()
    with (
        growing_file(quarantine_path, arrow_schema("quarantine")) as refuse,
        growing_file(selected_path, SELECTED_SCHEMA) as select,
        growing_file(received_path, RECEIVED_SCHEMA) as receive,
        _open_web(store, web, run_folder) as web_reader,
    ):
        for item in read_documents(
            inputs,
            refused_at=datetime.now(UTC),
            options=replace(options, spool_folder=run_folder, reads_apart=True),
            standard_input=run_folder / "standard-input",
            fetch=web_reader,
        ):
            intake.take(item, refuse, select, receive)
            if (now := time.monotonic()) - told_at >= SECONDS_BETWEEN_REPORTS:
                told_at = now
                tell(intake.counts["input"])
        tell(intake.counts["input"])
        store.flush()
        if not intake.counts["input"] and not kept:
            raise InputNotFound(_tell_nothing(inputs, intake.ignored))
        left = {document_id: uri for document_id, uri in kept.items() if document_id not in intake.selected}
        for document_id, source_uri in left.items():
            select({"document_id": document_id, "source_uri": source_uri, "is_input": False})
    # Not by the batches: those of a run that failed or was killed are there, and its documents are news still.
    known = _read_ids(set(published) - set(keep_document_ids_of))
    is_new = (document_id not in kept and document_id not in known for document_id in intake.selected)
    return IngestResult(
        input_count=intake.counts["input"],
        duplicate_count=intake.counts["duplicate"],
        quarantined_count=intake.counts["quarantined"],
        new_document_count=sum(is_new),
        kept_count=len(left),
        quarantine_path=str(quarantine_path),
        selected_path=str(selected_path),
        received_path=str(received_path),
        batches=store.batches_of([*intake.selected, *left]),
        ignored=dict(intake.ignored),
    )


def _tell_nothing(inputs: list[str], ignored: dict[str, int]) -> str:
    passed_over = "".join(f"; {line}" for line in tell_ignored(ignored))
    if not inputs:
        return "no inputs are named and the warehouse holds no articles yet: take some in first"
    return (
        f"nothing to read in {', '.join(inputs)}: inputs are files of a known format ({known_suffixes()}), packed or "
        f"not, and feeds, sitemaps and pages by their addresses{passed_over}"
    )


@contextmanager
def _open_web(store: "BatchStore", settings: WebSettings, run_folder: Path) -> Iterator[FetchAddress]:
    """What reads addresses; connects to nothing before it is asked to."""
    memory = WebMemory(store.warehouse.work / "web.sqlite")
    try:
        gone = Tombstones.read(store.warehouse).document_ids
        reader = WebReader(
            Client(settings), memory, is_held=lambda name: name in store.home or name in gone, spool_folder=run_folder
        )
        yield reader.read
    finally:
        memory.close()
        end_readers()


class _Intake:
    """Sorts what was read into batches, refusals and counts; `selected` holds the run's document ids in order."""

    def __init__(self, store: BatchStore, tombstones: Tombstones) -> None:
        self.store = store
        self.gone, self.gone_sources = tombstones.document_ids, tombstones.sources
        self.counts: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()
        self.selected: dict[str, None] = {}

    def take(
        self,
        item: Item,
        refuse: Callable[[dict], None],
        select: Callable[[dict], None],
        receive: Callable[[dict], None],
    ) -> None:
        """Takes one item in; `refuse`, `select` and `receive` append to the run's files."""
        if isinstance(item, Ignored):
            self.ignored[item.reason] += 1
            return
        receive({"source_uri": item.source_uri})
        if isinstance(item, Opened):
            return
        self.counts["input"] += 1
        item = self._refuse_taken_down(item)
        if isinstance(item, Quarantine):
            self.counts["quarantined"] += 1
            refuse(asdict(item))
        elif isinstance(item, Duplicate):
            self.counts["duplicate"] += 1
        else:
            self.selected[item.document_id] = None
            select({"document_id": item.document_id, "source_uri": item.source_uri, "is_input": True})
            if isinstance(item, Document) and item.document_id not in self.store.home:
                self.store.add(item)

    def _refuse_taken_down(
        self, item: Document | Quarantine | Duplicate | Held
    ) -> Document | Quarantine | Duplicate | Held:
        """The item, or the refusal of one that was taken down."""
        # A duplicate's first was refused already.
        if isinstance(item, (Quarantine, Duplicate)):
            return item
        reason = self.gone.get(item.document_id)
        if isinstance(item, Document):
            reason = reason or find_source(item, self.gone_sources)
        if reason is None:
            return item
        return refuse_taken_down(item.source_uri, reason)


def _read_kept(paths: Iterable[str], gone: Collection[str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for path in paths:
        table = pq.read_table(path, columns=["document_id", "source_uri"], partitioning=None)
        kept.update(zip(table["document_id"].to_pylist(), table["source_uri"].to_pylist(), strict=True))
    return {document_id: uri for document_id, uri in kept.items() if document_id not in gone}


def _read_ids(paths: Iterable[str]) -> set[str]:
    ids: set[str] = set()
    for path in paths:
        ids.update(pq.read_table(path, columns=["document_id"], partitioning=None)["document_id"].to_pylist())
    return ids


def _restore_kept(store: BatchStore, paths: Iterable[str], gone: Collection[str]) -> None:
    for document in _read_rows_of(paths):
        if document.document_id not in store.home and document.document_id not in gone:
            store.add(document)
    store.flush()


def _read_rows_of(paths: Iterable[str]) -> Iterator[Document]:
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(256):
                yield from arrow_to_rows(pa.Table.from_batches([batch]), Document)
