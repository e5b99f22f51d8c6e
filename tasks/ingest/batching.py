"""Documents into batches on disk: each document in one batch for good, each batch there whole or not at all."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import Document, Quarantine
from schemas.parquet import arrow_schema, growing_file, write_rows
from schemas.warehouse import Warehouse, whole_folder, write_json
from tasks.batches import Batch, batch_id_of
from tasks.ingest.documents import Duplicate, read_documents
from tasks.ingest.inputs import Ignored, InputNotFound
from tasks.ingest.readers import MAXIMUM_BYTES

# A batch takes a worker tens of seconds: long beside what a task run costs, short enough that
# two workers finish together and a killed run loses little.
BATCH_DOCUMENTS = 64
BATCH_CHARACTERS = 500_000
REPORT_EVERY = 1000
SELECTED_SCHEMA = pa.schema(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("source_uri", pa.string(), nullable=False),
        # False for a document kept from the current snapshot, which this run did not receive.
        pa.field("is_input", pa.bool_(), nullable=False),
    ]
)


@dataclass(frozen=True)
class IngestResult:
    """What ingestion left behind: counts, and paths of Parquet files.

    input_count = documents received + duplicate_count + quarantined_count. `selected_path` lists
    the run's documents (document_id, source_uri, is_input); `kept_count` of them were not received
    but kept. `batches` hold them all, and may hold documents of other runs beside them.
    `ignored` counts files passed over by reason; they are no inputs.
    """

    input_count: int
    duplicate_count: int
    quarantined_count: int
    new_document_count: int
    kept_count: int
    quarantine_path: str
    selected_path: str
    batches: list[Batch]
    ignored: dict[str, int] = field(default_factory=dict)


class BatchStore:
    """The batches of a warehouse: which holds a document, and a place for new ones.

    `home` maps document ids to batch ids, `sizes` batch ids to their number of documents. A
    batch whose file is broken is deleted: all that lies under work can be made again.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        *,
        batch_documents: int = BATCH_DOCUMENTS,
        batch_characters: int = BATCH_CHARACTERS,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.warehouse = warehouse
        self.batch_documents, self.batch_characters = batch_documents, batch_characters
        self.home: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self._pending: list[Document] = []
        self._pending_characters = 0
        for path in sorted((warehouse.work / "documents").glob("[!.]*")):
            self._take_in(path, report)

    def _take_in(self, folder: Path, report: Callable[[str], None]) -> None:
        try:
            ids = pq.read_table(folder / "documents.parquet", columns=["document_id"])["document_id"].to_pylist()
        except (pa.ArrowException, FileNotFoundError):
            report(f"batch {folder.name} was not written to its end; its documents are taken in anew")
            shutil.rmtree(folder)
            return
        self.sizes[folder.name] = len(ids)
        self.home.update(dict.fromkeys(ids, folder.name))

    def add(self, document: Document) -> None:
        """Puts a document into the batch being filled; a full one is written first."""
        too_many = len(self._pending) >= self.batch_documents
        too_long = self._pending_characters + len(document.raw_text) > self.batch_characters
        if self._pending and (too_many or too_long):
            self.flush()
        self._pending.append(document)
        self._pending_characters += len(document.raw_text)

    def flush(self) -> None:
        """Writes the batch being filled, if it holds anything."""
        if not self._pending:
            return
        ids = [document.document_id for document in self._pending]
        batch_id = batch_id_of(ids)
        with whole_folder(self.warehouse.documents_folder(batch_id)) as folder:
            write_rows(self._pending, Document, folder)
        self.sizes[batch_id] = len(ids)
        self.home.update(dict.fromkeys(ids, batch_id))
        self._pending, self._pending_characters = [], 0

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
    maximum_bytes: int = MAXIMUM_BYTES,
    keep_document_ids_of: Iterable[str] = (),
    report: Callable[[str], None] = lambda _: None,
) -> IngestResult:
    """Takes in the inputs; documents that are new form new batches, all others stay in theirs.

    `keep_document_ids_of` names documents files of the current snapshot: their documents belong
    to the run as well, and those that no batch holds (work/ was deleted) are batched again from
    there. Done again after a failure it comes to the same result. `report` is told of progress.
    """
    run_folder = warehouse.run_folder(run_id)
    store = BatchStore(warehouse, batch_documents=batch_documents, batch_characters=batch_characters, report=report)
    kept = _read_kept(keep_document_ids_of)
    held_before = _remember_batches(store, run_folder)
    _restore_kept(store, keep_document_ids_of)
    quarantine_path, selected_path = run_folder / "ingest_quarantine.parquet", run_folder / "selected.parquet"
    intake = _Intake(store)
    with (
        growing_file(quarantine_path, arrow_schema("quarantine")) as refuse,
        growing_file(selected_path, SELECTED_SCHEMA) as select,
    ):
        for item in read_documents(inputs, refused_at=datetime.now(UTC), maximum_bytes=maximum_bytes):
            intake.take(item, refuse, select)
            if intake.counts["input"] % REPORT_EVERY == 0 and not isinstance(item, Ignored):
                report(f"{intake.counts['input']} inputs read")
        store.flush()
        if not intake.counts["input"] and not kept:
            raise InputNotFound(
                f"nothing to read in {', '.join(inputs)}: inputs are files named .txt, .html or .jsonl, "
                "or files of such content; hidden files and readmes are passed over"
            )
        left = {document_id: uri for document_id, uri in kept.items() if document_id not in intake.selected}
        for document_id, source_uri in left.items():
            select({"document_id": document_id, "source_uri": source_uri, "is_input": False})
    is_new = (document_id not in kept and store.home[document_id] not in held_before for document_id in intake.selected)
    return IngestResult(
        input_count=intake.counts["input"],
        duplicate_count=intake.counts["duplicate"],
        quarantined_count=intake.counts["quarantined"],
        new_document_count=sum(is_new),
        kept_count=len(left),
        quarantine_path=str(quarantine_path),
        selected_path=str(selected_path),
        batches=store.batches_of([*intake.selected, *left]),
        ignored=dict(intake.ignored),
    )


class _Intake:
    """Sorts what was read into batches, refusals and counts; `selected` holds the run's document ids in order."""

    def __init__(self, store: BatchStore) -> None:
        self.store = store
        self.counts: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()
        self.selected: dict[str, None] = {}

    def take(
        self,
        item: Document | Quarantine | Duplicate | Ignored,
        refuse: Callable[[dict], None],
        select: Callable[[dict], None],
    ) -> None:
        """Takes one item in; `refuse` and `select` append to the run's files."""
        if isinstance(item, Ignored):
            self.ignored[item.reason] += 1
            return
        self.counts["input"] += 1
        if isinstance(item, Quarantine):
            self.counts["quarantined"] += 1
            refuse(asdict(item))
        elif isinstance(item, Duplicate):
            self.counts["duplicate"] += 1
        else:
            self.selected[item.document_id] = None
            select({"document_id": item.document_id, "source_uri": item.source_uri, "is_input": True})
            if item.document_id not in self.store.home:
                self.store.add(item)


def _read_kept(paths: Iterable[str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for path in paths:
        table = pq.read_table(path, columns=["document_id", "source_uri"], partitioning=None)
        kept.update(zip(table["document_id"].to_pylist(), table["source_uri"].to_pylist(), strict=True))
    return kept


def _restore_kept(store: BatchStore, paths: Iterable[str]) -> None:
    for document in _read_rows_of(paths):
        if document.document_id not in store.home:
            store.add(document)
    store.flush()


def _read_rows_of(paths: Iterable[str]) -> Iterator[Document]:
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(256):
                yield from (Document(**record) for record in batch.to_pylist())


def _remember_batches(store: BatchStore, run_folder: Path) -> set[str]:
    """Batches that were there before the run began; a retry finds them as the first attempt noted them."""
    note = run_folder / "batches_before.json"
    if not note.exists():
        write_json(sorted(store.sizes), note)
    return set(json.loads(note.read_text("utf-8")))
