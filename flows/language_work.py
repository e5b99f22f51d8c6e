"""The language work on a batch: its stages, one after the other in one worker, as one Prefect task.

A task run for each stage cost Prefect three times as much, and its server keeps some thousand of a run.
"""

from prefect import get_run_logger, task

from schemas.attribution import AttributionMethod
from tasks.annotate.task import annotate_step
from tasks.batches import BATCH_STAGES, Batch
from tasks.bisection import call_in_turn
from tasks.clean.task import clean_step
from tasks.resolve.task import resolve_step

# What a stage tells of a batch, in their order.
TOLD = (
    "{} documents in, {} articles out",
    "{} articles in, {} quotations out",
    "{} quotations in, {} with a named speaker out",
)


@task(name="language work", task_run_name="clean, annotate, resolve batch {batch.number}", retries=1)
def work_on_batch(batch: Batch, attribution: AttributionMethod) -> Batch:
    """The batch with what each stage made of it on disk; what was done in an earlier run is not done again."""
    batch = batch.attributed_by(attribution)
    if all(batch.is_done(stage) for stage in BATCH_STAGES):
        get_run_logger().info("batch %d: done before", batch.number)
        return batch
    returned = call_in_turn([clean_step(batch), annotate_step(batch), resolve_step(batch)])
    told = [told.format(*counts) for told, counts in zip(TOLD, returned, strict=True) if counts]
    # A worker that died tells of none of the stages that it had done.
    get_run_logger().info("batch %d: %s", batch.number, "; ".join(told) or "done")
    return batch.processed()
