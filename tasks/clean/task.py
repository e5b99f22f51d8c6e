"""The clean stage: recurring lines as a Prefect task, and a step of the language work."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from prefect import get_run_logger, task

from schemas.warehouse import Warehouse
from tasks.batches import Batch, counted_lines
from tasks.bisection import Step, Work, call_on_rows
from tasks.clean.recurring.chosen import choose_again, recurring_file, write_choice
from tasks.workers import call_in_worker, worker_count


@task(name="count lines", task_run_name="count recurring lines", retries=1)
def count_recurring_lines(batches: list[Batch]) -> list[Batch]:
    """The batches, each with the name of its set of lines that recur in their outlets.

    Counted are the documents of these batches and of all that the warehouse counted before, each of them once.
    """
    if not batches:
        return []
    logger = get_run_logger()
    if again := choose_again(batches):
        logger.info("lines of all %d batches were counted before", len(batches))
        return again
    new = [batch for batch in batches if not batch.lines_folder.is_dir()]
    with ThreadPoolExecutor(worker_count() + 2) as threads:
        documents = sum(threads.map(_write_lines, new))
    folders = [batch.lines_folder for batch in batches]
    counted = counted_lines(Warehouse(Path(batches[0].warehouse)))
    names = call_in_worker("tasks.clean.recurring.line_files:choose_batch_lines", counted, folders)
    write_choice(counted, folders, names)
    logger.info(
        "%d documents counted now; lines recur in %d of %d batches", documents, sum(map(bool, names)), len(batches)
    )
    return [batch.with_recurring(name) for batch, name in zip(batches, names, strict=True)]


def _write_lines(batch: Batch) -> int:
    # A document that no worker survives counts for nothing here; cleaning refuses it.
    work = Work("tasks.clean.recurring.line_files:write_batch_lines", "documents")
    return call_on_rows(work, batch.documents, batch.lines_folder)


def clean_step(batch: Batch) -> Step:
    """What makes articles of the batch's documents."""
    name = batch.recurring_name
    recurring = recurring_file(batch.lines_folder, name) if name else None
    work = Work("tasks.clean.batch:clean_batch_files", "documents", (recurring,), stage="clean")
    return Step(work, batch.documents, batch.folder("clean"))
