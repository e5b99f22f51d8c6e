"""Upkeep of a warehouse: old snapshots and work that no run will use again are removed."""

from pathlib import Path

from prefect import flow, get_run_logger

from schemas.warehouse import Warehouse
from tasks.publish.lock import writer_lock
from tasks.publish.task import prune

KEPT_SNAPSHOTS = 10


@flow(name="maintain", flow_run_name="maintain {warehouse}")
def maintain(warehouse: str = "data/warehouse", keep: int = KEPT_SNAPSHOTS) -> None:
    """Remove all but the newest `keep` snapshots of `warehouse`, work of older rules, and what dead runs left.

    Args:
        warehouse: Folder of the tables.
        keep: Snapshots to keep; the current one always stays.
    """
    with writer_lock(Warehouse(Path(warehouse))):
        pruned = prune(warehouse, keep)
    get_run_logger().info("%d snapshots and %d work folders removed", len(pruned.snapshots), len(pruned.work_folders))
