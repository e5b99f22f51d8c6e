"""One run of the pipeline from the outside: its name, its lock, its folders, its clock and its summary.

Prefect is imported where it is used: a run that finds nothing new may do without it.
"""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.progress import RunProgress, show_progress
from flows.summary import RunSummary
from flows.validating import showing_failed_checks
from schemas import Run
from schemas.attribution import AttributionMethod
from schemas.parquet import arrow_to_rows
from schemas.warehouse import Warehouse
from tasks.batches import BATCH_STAGES, Batch
from tasks.broken import naming_faults
from tasks.clean.same_text import FILE_NAME
from tasks.gather.run_row import Received, hash_options, write_options
from tasks.gather.taken_down import refuse_same_texts
from tasks.importing import import_in_background
from tasks.ingest.batching import IngestResult
from tasks.ingest.passed_over import shorten_reasons
from tasks.ingest.progress import listening
from tasks.publish.lock import writer_lock
from tasks.publish.plain_text import flatten_text
from tasks.publish.snapshot import next_snapshot_number
from tasks.publish.unchanged import describe_again, is_published, name_makings, note_makings
from tasks.secrets import check_no_password, hide_password
from tasks.validate.checks import NEEDED
from tasks.workers import are_workers_at_hand, call_beside, worker_count

if TYPE_CHECKING:
    from prefect import Task
    from prefect.futures import PrefectFutureList

    from flows.page_progress import PageProgress

R = TypeVar("R")
# A run of some thousand articles takes minutes; a scheduled one had better wait than fail.
LOCK_WAIT_SECONDS = 600.0
# In the order in which they come to be needed.
LATER_IMPORTS = (
    "tasks.link.tables",
    "tasks.resolve.tables",
    "tasks.publish.validation_page",
)
LANGUAGE_WORK = "clean, annotate, resolve"


@dataclass
class OpenRun:
    """A run under way; it holds the warehouse's lock.

    `seconds` maps stages to the wall-clock time they took, in the order they ran. `finished` tells of each batch
    that had language work done: how many seconds after that work began, and how many documents it holds.
    """

    run_id: str
    warehouse: Warehouse
    inputs: list[str]
    replace: bool
    attribution: AttributionMethod
    progress: RunProgress
    started_at: datetime
    columns: str | None = None
    allow_private: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    finished: list[tuple[float, int]] = field(default_factory=list)
    # How far the work behind the batches is, on the run's page, once it has begun, and the names of its tasks.
    page: "PageProgress | None" = None
    ahead: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Folder of what the run makes before it publishes."""
        return self.warehouse.run_folder(self.run_id)

    @property
    def staged(self) -> str:
        """Folder of the tables before validation."""
        return str(self.folder / "staged")

    def before(self, table: str) -> list[str]:
        """Files of a table in the snapshot that is published now; none before the first run."""
        return [str(path) for path in self.warehouse.table_files(table)]

    def kept(self, table: str) -> list[str]:
        """The same, for what the new tables build on; none where the run replaces it."""
        return [] if self.replace else self.before(table)

    def do(self, task: Callable[..., R], *arguments: Any, **options: Any) -> R:
        """What a task returns; its time is taken under its name and its end told."""
        started = time.monotonic()
        name = getattr(task, "name", "task")
        # Ingestion tells of itself.
        with nullcontext() if name == "ingest" else self.progress.waiting(name):
            result = task(*arguments, **options)
        self._note(name, started)
        if self.page and name in self.ahead:
            self.page.advance()
        return result

    def part_batches(self, batches: list[Batch]) -> tuple[list[Batch], list[Batch]]:
        """The batches that an earlier run finished, and those that have a stage to do."""
        done = self.find_done(batches)
        finished = {batch.batch_id for batch in done}
        undone = [batch for batch in batches if batch.batch_id not in finished]
        self.progress.tell(f"{len(done)} batches done before, {len(undone)} to do")
        if undone:
            # Needed only once the batches are done.
            import_in_background(*LATER_IMPORTS, *(() if are_workers_at_hand() else NEEDED))
        return done, undone

    def find_done(self, batches: list[Batch]) -> list[Batch]:
        """The batches for which no stage has anything to do."""
        ready = [batch.attributed_by(self.attribution) for batch in batches]
        return [batch for batch in ready if all(batch.is_done(stage) for stage in BATCH_STAGES)]

    def is_published(self, received: IngestResult, batches: list[Batch]) -> bool:
        """Whether the tables that these batches would make are those of the current snapshot."""
        return is_published(self.warehouse, self._name_makings(received, batches))

    def note_published(self, received: IngestResult, batches: list[Batch], snapshot_number: int) -> None:
        """Remembers what the new snapshot was made of, for `is_published`."""
        note_makings(self.warehouse, self._name_makings(received, batches), snapshot_number)

    def _name_makings(self, received: IngestResult, batches: list[Batch]) -> str:
        return name_makings(
            self.warehouse,
            options={"replace": self.replace, "attribution": self.attribution},
            selected=Path(received.selected_path),
            received=Path(received.received_path),
            refused=Path(received.quarantine_path),
            batch_folders=[batch.folder(stage) for batch in batches for stage in BATCH_STAGES],
        )

    def as_before(self, received: IngestResult, batches: list[Batch]) -> dict[str, Any]:
        """What the row of a run that made nothing new says otherwise than that of the run before."""
        own = {
            "passed_over_count": sum(received.ignored.values()),
            "config_hash": hash_options(self.inputs, self._options),
            "options": write_options(self._options),
        }
        return own | describe_again(self.run_id, self.inputs, self.started_at, datetime.now(UTC), len(batches))

    @property
    def _options(self) -> dict[str, object]:
        return {
            "replace": self.replace,
            "attribution": self.attribution,
            "columns": self.columns,
            "allow_private": self.allow_private,
        }

    def finish_batches(
        self, worked: "PrefectFutureList", *, undone: list[Batch], done: list[Batch], ahead: "Sequence[Task]"
    ) -> list[Batch]:
        """The batches when all their stages are done; raises the first failure once the others have ended.

        `worked` are the futures of the work on the batches `undone`; `done` are batches that need none. All come back
        in the order of their numbers. `ahead` are the tasks that follow: in a large warehouse some minutes each, they
        are counted on the run's page.
        """
        from prefect.futures import as_completed

        from flows.page_progress import PageProgress
        from tasks.validate.task import prepare_validation

        started = time.monotonic()
        if len(undone) < worker_count():
            # A core has nothing to do, even now.
            prepare_validation()
        self.progress.start_stage(LANGUAGE_WORK, sum(batch.document_count for batch in undone), "documents")
        counts = {id(future): batch.document_count for future, batch in zip(worked, undone, strict=True)}
        page = PageProgress("language-work", LANGUAGE_WORK, len(worked))
        for future in as_completed(list(worked)):
            self.progress.finish_batch(LANGUAGE_WORK, counts[id(future)])
            page.advance()
            # It has ended. Its state would be asked of the server otherwise, which may not have heard of that yet.
            future.wait()
            if future.state.is_completed() and not (batch := future.result()).reused:
                self.finished.append((time.monotonic() - started, batch.document_count))
        # Raises what the first that failed raised.
        batches = sorted([*done, *(future.result() for future in worked)], key=lambda batch: batch.number)
        self._note(LANGUAGE_WORK, started)
        self.ahead = tuple(task.name for task in ahead)
        self.page = PageProgress("table-work", "gather, link, validate, publish", len(ahead), "stages")
        return batches

    def draft_report(self) -> Callable[[], bool]:
        """Begins the report of the staged tables in a worker process, where there is one.

        Calling what comes back waits for it, and tells whether it is there. Where it failed, the stage that writes the
        pages does it again.
        """
        number = next_snapshot_number(self.warehouse)
        begun = call_beside("tasks.publish.report:write_report", Path(self.staged), self.folder / "report.html", number)

        def wait() -> bool:
            started = time.monotonic()
            try:
                return begun is not None and bool(begun())
            except Exception as error:
                self.progress.tell(f"report: its draft failed ({type(error).__name__}: {error})")
                return False
            finally:
                self.seconds["report"] = time.monotonic() - started

        return wait

    def refuse_taken_down(self, received: IngestResult, batches: list[Batch]) -> IngestResult:
        """What came in, less the articles whose text was taken down before and came again as other bytes."""
        refused = refuse_same_texts(
            batches,
            self.warehouse,
            selected=Path(received.selected_path),
            ingest_quarantine=Path(received.quarantine_path),
            text_hashes=FILE_NAME,
        )
        return replace(received, quarantined_count=received.quarantined_count + refused)

    def _note(self, stage: str, started: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.monotonic() - started
        self.progress.tell(f"{stage}: {self.seconds[stage]:.1f} s")

    def receiving(self) -> dict[str, Any]:
        """How inputs are read, and what of earlier runs stays."""
        return {
            "columns": self.columns,
            "allow_private": self.allow_private,
            "keep_document_ids_of": self.kept("documents"),
            "published": self.before("documents"),
        }

    def gathering(self, received: IngestResult) -> dict[str, Any]:
        """What gathering needs beside the batches."""
        return {
            "selected": received.selected_path,
            "ingest_quarantine": received.quarantine_path,
            "received_uris": received.received_path,
            "previous_quarantine": self.before("quarantine"),
            "keeps_previous": not self.replace,
        }

    def linking(self, *, relink: bool = False) -> dict[str, Any]:
        """What linking needs to add new articles to the stories there are, or with `relink` to compare all anew."""
        return {
            "previous_articles": self.before("articles"),
            "previous_stories": self.before("stories"),
            "previous_copies": self.before("copies"),
            "index_folder": None if relink else str(self.warehouse.work),
        }

    def recording(self, received: IngestResult, batches: list[Batch]) -> dict[str, Any]:
        """What the run's own row is made of."""
        return {
            "inputs": self.inputs,
            "options": self._options,
            "started_at": self.started_at,
            "received": Received(
                inputs=received.input_count,
                duplicates=received.duplicate_count,
                refused=received.quarantined_count,
                new_documents=received.new_document_count,
                passed_over=sum(received.ignored.values()),
            ),
            "batches": batches,
            "selected": received.selected_path,
            "previous_runs": self.before("runs"),
        }

    def summarize(self, snapshot_number: int, received: IngestResult) -> RunSummary:
        """The run in numbers, read from the tables it published."""
        folder = self.warehouse.snapshot(snapshot_number)
        run = next(run for run in arrow_to_rows(_read_table(folder / "runs"), Run) if run.run_id == self.run_id)
        speakers = _read_table(folder / "quotes", ["speaker_id"])["speaker_id"]
        return RunSummary(
            run_id=self.run_id,
            snapshot_number=snapshot_number,
            inputs=run.input_count,
            articles=run.article_count,
            duplicates=run.duplicate_count,
            quarantined=run.quarantined_count,
            batches=run.batch_count,
            reused_batches=run.reused_batch_count,
            stories=run.link_out_count,
            quotes=len(speakers),
            named_quotes=len(speakers) - speakers.null_count,
            speakers=pc.count_distinct(speakers).as_py(),
            seconds=(datetime.now(UTC) - self.started_at).total_seconds(),
            tables=str(self.warehouse.current),
            report=str(folder / "report.html"),
            refusals=self._count_refusals(folder),
            passed_over=shorten_reasons(received.ignored),
        )

    def _count_refusals(self, snapshot: Path) -> dict[str, int]:
        """This run's refused inputs by check and stage."""
        refused_inputs = set(_column(self.folder / "ingest_quarantine.parquet", "quarantine_id"))
        selected = pq.read_table(self.folder / "selected.parquet", filters=[("is_input", "==", True)])
        received = set(selected["document_id"].to_pylist())
        return dict(
            Counter(
                f"{row['check_name']} ({row['stage']})"
                for row in _read_table(snapshot / "quarantine").to_pylist()
                if row["quarantine_id"] in refused_inputs
                or (row["table_name"] is None and row["document_id"] in received)
            )
        )


def _read_table(folder: Path, columns: list[str] | None = None) -> pa.Table:
    return pq.read_table(folder, columns=columns, partitioning=None)


def _column(path: Path, name: str) -> list:
    return pq.read_table(path, columns=[name])[name].to_pylist()


def name_run() -> str:
    """The flow run's name, after its inputs: "build tables from inbox, more.jsonl"."""
    from prefect.runtime import flow_run

    inputs = [flatten_text(hide_password(str(name))) for name in flow_run.parameters.get("inputs") or []]
    if not inputs:
        return "link all articles anew" if flow_run.parameters.get("relink") else "build tables anew"
    shown = ", ".join(inputs[:3]) + (f" and {len(inputs) - 3} more" if len(inputs) > 3 else "")
    return f"build tables from {shown}"


@contextmanager
def open_run(
    inputs: list[str],
    warehouse: str,
    *,
    replace: bool,
    attribution: AttributionMethod,
    columns: str | None = None,
    allow_private: bool = False,
    publish_to: str | None = None,
) -> Iterator[OpenRun]:
    """A run that holds the warehouse's lock until the block ends; what it staged is removed if all went well."""
    check_no_password([*inputs, *filter(None, [publish_to])])
    started_at = datetime.now(UTC)
    target = Warehouse(Path(warehouse))
    with (
        show_progress() as progress,
        listening(lambda count: progress.count("ingest", count, "inputs")),
        writer_lock(target, wait_seconds=LOCK_WAIT_SECONDS, report=progress.tell),
        naming_faults(target),
    ):
        run = OpenRun(
            # Named once the lock is held: runs of a warehouse sort in the order in which they publish.
            run_id=f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex[:6]}",
            warehouse=target,
            inputs=inputs,
            replace=replace,
            attribution=attribution,
            columns=columns,
            allow_private=allow_private,
            progress=progress,
            started_at=started_at,
        )
        with showing_failed_checks(run.folder):
            yield run
        shutil.rmtree(run.folder, ignore_errors=True)
