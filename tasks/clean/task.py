"""The clean stage as a Prefect task."""

from prefect import get_run_logger, task

from tasks.batches import Batch
from tasks.workers import call_in_worker


@task(name="clean", task_run_name="clean batch {batch.number}", retries=1)
def clean_batch(batch: Batch) -> Batch:
    """The batch, its articles written; work done in an earlier run is not done again."""
    logger = get_run_logger()
    if batch.is_done("clean"):
        logger.info("Batch %d was cleaned before.", batch.number)
        return batch
    documents, articles = call_in_worker("tasks.clean.batch:clean_batch_files", batch.documents, batch.folder("clean"))
    logger.info("Batch %d: %d documents in, %d articles out.", batch.number, documents, articles)
    return batch.processed()
