"""What the next run has to do again, after rules, code or models have changed."""

from dataclasses import dataclass

from schemas.warehouse import Warehouse
from tasks.batches import BATCH_STAGES, stage_fingerprint


@dataclass(frozen=True)
class StageWork:
    """A stage, how many batches the warehouse holds, and how many of them its present version has not done."""

    stage: str
    batches: int
    undone: int


def plan_rebuild(warehouse: Warehouse) -> list[StageWork]:
    """The work of each batch stage, in order; a stage that another builds on makes that one's work undone as well."""
    batch_ids = {path.name for path in (warehouse.work / "documents").glob("[!.]*")}
    plan = []
    for stage in BATCH_STAGES:
        folders = warehouse.batch_folder(stage, stage_fingerprint(stage), ".").glob("[!.]*")
        # A batch's folder may also name its recurring lines and how it was annotated.
        done = {path.name.partition("-")[0] for path in folders if not path.name.endswith(".lines")}
        plan.append(StageWork(stage, len(batch_ids), len(batch_ids - done)))
    return plan
