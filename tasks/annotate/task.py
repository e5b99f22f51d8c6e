"""The annotate stage as a Prefect task."""

from prefect import get_run_logger, task

from schemas.attribution import AttributionMethod
from tasks.batches import Batch
from tasks.bisection import Work, call_on_rows


@task(name="annotate", task_run_name="annotate batch {batch.number}", retries=1)
def annotate_batch(batch: Batch, attribution: AttributionMethod) -> Batch:
    """The batch with its entity mentions, quotations and figures on disk."""
    logger = get_run_logger()
    batch = batch.attributed_by(attribution)
    if batch.is_done("annotate"):
        logger.info("batch %d: annotated before", batch.number)
        return batch
    work = Work(
        "tasks.annotate.batch:annotate_batch_files",
        "articles",
        (attribution,),
        stage="annotate",
        # The article stays; what is refused are the quotations it might have had.
        refused_table="quotes",
    )
    articles, quotes = call_on_rows(work, batch.folder("clean"), batch.folder("annotate"))
    logger.info("batch %d: %d articles in, %d quotations out", batch.number, articles, quotes)
    return batch.processed()
