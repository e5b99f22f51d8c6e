"""The annotate stage as a step of the language work."""

from tasks.batches import Batch
from tasks.bisection import Step, Work


def annotate_step(batch: Batch) -> Step:
    """What finds entity mentions, quotations and figures in the batch's articles."""
    work = Work(
        "tasks.annotate.batch:annotate_batch_files",
        "articles",
        (batch.attribution,),
        stage="annotate",
        # The article stays; what is refused are the quotations it might have had.
        refused_table="quotes",
    )
    return Step(work, batch.folder("clean"), batch.folder("annotate"))
