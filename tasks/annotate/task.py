"""The annotate stage as a Prefect task."""

from prefect import get_run_logger, task

from tasks.batches import Batch
from tasks.workers import call_in_worker


@task(name="annotate", task_run_name="annotate batch {batch.number}", retries=1)
def annotate_batch(batch: Batch) -> Batch:
    """The batch with its entity mentions, quotations and figures on disk."""
    logger = get_run_logger()
    if batch.is_done("annotate"):
        logger.info("batch %d: annotated before", batch.number)
        return batch
    articles, quotes = call_in_worker(
        "tasks.annotate.batch:annotate_batch_files", batch.folder("clean"), batch.folder("annotate")
    )
    logger.info("batch %d: %d articles in, %d quotations out", batch.number, articles, quotes)
    return batch.processed()
