"""What the bench measures of the stages that work on files: one pass each over tables made ready before.

The stages before the measured ones are run in a process of their own, so that what they load counts for nobody.
"""

import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from flows.bench_articles import FETCHED_AT, write_inputs
from flows.bench_measure import Pass, Stage
from schemas.runs import Document
from schemas.warehouse import Warehouse
from tasks.batches import Batch, counted_lines
from tasks.ingest.batching import IngestResult, gather_documents

RUN_ID = "bench"


@dataclass(frozen=True)
class Workshop:
    """The folder of one run without Prefect: its inputs, its warehouse, and what ingestion told of them."""

    folder: Path

    @property
    def inputs(self) -> Path:
        """File of the documents."""
        return self.folder / "inputs.jsonl"

    @property
    def warehouse(self) -> Warehouse:
        """The run's warehouse."""
        return Warehouse(self.folder / "warehouse")

    @property
    def run_folder(self) -> Path:
        """Folder of what the run makes before it publishes."""
        return self.warehouse.run_folder(RUN_ID)

    @property
    def staged(self) -> Path:
        """Folder of the tables before validation."""
        return self.run_folder / "staged"

    @property
    def validated(self) -> Path:
        """Folder of the tables to publish."""
        return self.run_folder / "validated"

    @property
    def result(self) -> IngestResult:
        """What ingestion told; paths are those of this folder, wherever it was copied from."""
        told = json.loads((self.folder / "ingested.json").read_text("utf-8"))
        batches = [Batch(**batch | {"warehouse": str(self.warehouse.root)}) for batch in told.pop("batches")]
        paths = {name: str(self.run_folder / Path(path).name) for name, path in told.items() if name.endswith("_path")}
        return IngestResult(**told | paths, batches=batches)

    def note(self, result: IngestResult) -> None:
        """Remembers what ingestion told."""
        (self.folder / "ingested.json").write_text(json.dumps(asdict(result)), "utf-8")


def ingest(shop: Workshop) -> None:
    """Reads the inputs into batches."""
    shop.note(gather_documents([str(shop.inputs)], shop.warehouse, RUN_ID))


def count_lines(shop: Workshop) -> None:
    """Counts the lines that documents of one outlet share."""
    from tasks.clean.recurring.line_files import choose_batch_lines, write_batch_lines

    result = shop.result
    for batch in result.batches:
        write_batch_lines(batch.documents, batch.lines_folder)
    names = choose_batch_lines(counted_lines(shop.warehouse), [batch.lines_folder for batch in result.batches])
    batches = [batch.with_recurring(name) for batch, name in zip(result.batches, names, strict=True)]
    shop.note(replace(result, batches=batches))


def clean(shop: Workshop) -> None:
    """Makes articles of the documents."""
    from tasks.clean.batch import clean_batch_files
    from tasks.clean.recurring.chosen import recurring_file

    for batch in shop.result.batches:
        name = batch.recurring_name
        recurring = recurring_file(batch.lines_folder, name) if name else None
        clean_batch_files(batch.documents, batch.folder("clean"), recurring)


def annotate(shop: Workshop) -> None:
    """Finds names, quotations and figures, by the tagger."""
    from tasks.annotate.batch import annotate_batch_files

    for batch in shop.result.batches:
        annotate_batch_files(batch.folder("clean"), batch.folder("annotate"), "tagger")


def resolve(shop: Workshop) -> None:
    """Resolves speakers within each article."""
    from tasks.resolve.batch import resolve_batch_files

    for batch in shop.result.batches:
        folders = [batch.folder(stage) for stage in ("clean", "resolve", "clean", "annotate")]
        resolve_batch_files(*folders)


def gather(shop: Workshop) -> None:
    """Makes one table of each kind."""
    from tasks.gather.tables import Selection, gather_batch_tables

    result = shop.result
    gather_batch_tables(
        result.batches,
        Selection.read(Path(result.selected_path)),
        shop.staged,
        ingest_quarantine=Path(result.quarantine_path),
        received_uris=Path(result.received_path),
    )


def link_articles(shop: Workshop) -> None:
    """Finds stories and copies."""
    from tasks.link.tables import link_article_tables

    link_article_tables(shop.staged)


def resolve_people(shop: Workshop) -> None:
    """Joins people across articles."""
    from tasks.resolve.aliases import read_aliases
    from tasks.resolve.tables import read_known_entities, resolve_staged_people

    resolve_staged_people(shop.staged, read_known_entities([]), read_aliases(None))


def link_attributions(shop: Workshop) -> None:
    """Groups quotations and figures."""
    from tasks.link.attribution_tables import link_attribution_tables

    link_attribution_tables(shop.staged)


def validate(shop: Workshop) -> None:
    """Writes the run's row and checks all tables."""
    from tasks.gather.run_row import Received, make_run_row, write_run_rows
    from tasks.gather.tables import Selection
    from tasks.validate.checks import require_passed
    from tasks.validate.outcome import judge_and_write

    result = shop.result
    row = make_run_row(
        run_id=RUN_ID,
        inputs=["inputs.jsonl"],
        options={"attribution": "tagger"},
        started_at=FETCHED_AT,
        finished_at=FETCHED_AT,
        received=Received(
            result.input_count, result.duplicate_count, result.quarantined_count, result.new_document_count, 0
        ),
        batches=result.batches,
        selection=Selection.read(Path(result.selected_path)),
        staged=shop.staged,
    )
    write_run_rows(row, [], shop.staged)
    path = judge_and_write(shop.staged, shop.validated)
    require_passed(json.loads(path.read_text("utf-8"))["failures"], str(path))


def write_pages(shop: Workshop) -> None:
    """Writes the report, the page of the checks and the dictionary."""
    from tasks.publish.dictionary_page import write_dictionary
    from tasks.publish.report import write_report
    from tasks.publish.validation_page import read_validation, write_validation

    write_validation(read_validation(shop.validated), shop.run_folder)
    write_report(shop.validated, shop.run_folder / "report.html", snapshot_number=1)
    write_dictionary(shop.run_folder / "DICTIONARY.html")


def publish(shop: Workshop) -> None:
    """Writes the tables as a snapshot and makes it the current one."""
    from tasks.publish.snapshot import publish_snapshot

    publish_snapshot(shop.validated, shop.warehouse)


# In the order of a run.
STEPS: Mapping[str, Callable[[Workshop], None]] = {
    "ingest": ingest,
    "lines": count_lines,
    "clean": clean,
    "annotate": annotate,
    "resolve": resolve,
    "gather": gather,
    "stories": link_articles,
    "people": resolve_people,
    "utterances": link_attributions,
    "validate": validate,
    "pages": write_pages,
    "publish": publish,
}


def make_ready(folder: Path, documents: Sequence[Document], steps: Sequence[str]) -> None:
    """Leaves in `folder`, for each of the steps, a workshop as the step finds it, under the step's name."""
    names = list(STEPS)
    last = max(names.index(step) for step in steps)
    shop = Workshop(folder / "making")
    shop.folder.mkdir(parents=True)
    write_inputs(documents, shop.inputs)
    for name in names[: last + 1]:
        if name in steps:
            shutil.copytree(shop.folder, folder / name, symlinks=True)
        if name != names[last]:
            STEPS[name](shop)
    shutil.rmtree(shop.folder)


def make_stages_ready(stages: Sequence[Stage], documents: Sequence[Document], folder: Path) -> list[Stage]:
    """The stages, those that work on files bound to workshops made in `folder`: in a process that then ends."""
    limits = {stage.limit for stage in stages if stage.prepare is None}
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        for limit in limits:
            names = [stage.name for stage in stages if stage.prepare is None and stage.limit == limit]
            apart.submit(make_ready, folder / str(limit), documents[:limit], names).result()
    return [
        replace(stage, prepare=partial(prepare_step, stage.name, folder / str(stage.limit)))
        if stage.prepare is None
        else stage
        for stage in stages
    ]


def prepare_step(name: str, folder: Path, documents: Sequence[Document]) -> Pass:
    """The pass that does the step in a copy of its workshop in `folder`; the documents lie there already."""
    shop = Workshop(folder / f"{name}-copy")

    def run() -> Iterator[None]:
        shutil.rmtree(shop.folder, ignore_errors=True)
        shutil.copytree(folder / name, shop.folder, symlinks=True)
        return (STEPS[name](shop) for _ in range(1))

    return run
