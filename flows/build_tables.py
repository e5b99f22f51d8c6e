"""The whole pipeline: scraped news in, tables of who said what out."""

from typing import Any, cast

from prefect import flow, unmapped
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.running import name_run, open_run
from flows.summary import RunSummary
from schemas.attribution import AttributionMethod
from tasks.annotate.task import annotate_batch
from tasks.clean.task import clean_batch, count_recurring_lines
from tasks.gather.task import gather_tables, record_run
from tasks.ingest.task import ingest_documents
from tasks.link.task import link_quotes_and_figures, link_stories
from tasks.publish.task import describe_run, publish_tables, write_report_page
from tasks.resolve.task import resolve_batch, resolve_people
from tasks.validate.task import validate_tables
from tasks.workers import worker_count

# Threads only wait for the worker processes; a few more than those keep every process busy.
TASK_RUNNER: TaskRunner[PrefectFuture[Any]] = cast(Any, ThreadPoolTaskRunner(max_workers=worker_count() + 2))


@flow(
    name="build-tables",
    flow_run_name=name_run,
    task_runner=TASK_RUNNER,
)
def build_tables(
    inputs: list[str],
    warehouse: str = "data/warehouse",
    replace: bool = False,
    attribution: AttributionMethod = "tagger",
    columns: str | None = None,
    allow_private: bool = False,
) -> RunSummary:
    """Read news from `inputs`, publish the tables in `warehouse`, and return what was done.

    Tables hold all documents that the warehouse has seen; with `replace` they hold those of `inputs` alone.
    A batch of documents that was processed before, by the same code, rules and models, is not processed again.

    Args:
        inputs: Files, folders, patterns and addresses of scraped news, of any format that is known; "-" reads
            standard input.
        warehouse: Folder of the tables; made if it is not there.
        replace: Publish these inputs alone, not beside those of earlier runs.
        attribution: How it is found who says what: by the trained tagger, or by rules over spaCy's parse.
        columns: File that says how the columns of the inputs' tables are called.
        allow_private: Fetch from addresses of this machine and its network as well.
    """
    with open_run(inputs, warehouse, replace=replace, attribution=attribution) as run:
        received = run.do(
            ingest_documents,
            inputs,
            warehouse,
            run.run_id,
            keep_document_ids_of=run.kept("documents"),
            columns=columns,
            allow_private=allow_private,
        )
        counted = run.do(count_recurring_lines, received.batches)
        cleaned = clean_batch.map(counted)
        annotated = annotate_batch.map(cleaned, unmapped(attribution))
        resolved = resolve_batch.map(annotated)
        batches = run.finish_batches(cleaned, annotated, resolved)
        staged = run.do(gather_tables, run.run_id, batches, run.staged, **run.gathering(received))
        run.do(link_stories, staged, **run.linking())
        run.do(resolve_people, staged, run.before("entities"), str(run.warehouse.aliases_file))
        run.do(link_quotes_and_figures, staged)
        run.do(record_run, run.run_id, staged, **run.recording(received, batches))
        validated = run.do(validate_tables, staged)
        report = run.do(write_report_page, validated)
        snapshot = run.do(publish_tables, validated, warehouse, extra_files={"report.html": report})
        run.do(describe_run, validated, warehouse, snapshot, run.seconds)
        return run.summarize(snapshot)
