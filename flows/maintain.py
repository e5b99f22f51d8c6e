"""Upkeep of a warehouse: old snapshots and work that no run will use again are removed, small batches made one."""

from pathlib import Path

from prefect import flow, get_run_logger

from flows.telling import tell_failure
from schemas.warehouse import Warehouse
from tasks.broken import naming_faults
from tasks.link.tables import name_index_folder
from tasks.publish.lock import writer_lock
from tasks.publish.task import compact, prune

KEPT_SNAPSHOTS = 10


@flow(name="maintain", flow_run_name="maintain {warehouse}", on_failure=[tell_failure])
def maintain(warehouse: str = "data/warehouse", keep: int = KEPT_SNAPSHOTS, keep_days: float | None = None) -> None:
    """Remove all but the newest `keep` snapshots of `warehouse`, work of older rules, and what dead runs left.

    Then small batches, of which a run each hour leaves many, are put together to full ones; no language work is done.

    Args:
        warehouse: Folder of the tables.
        keep: Snapshots to keep; the current one always stays.
        keep_days: Remove those published longer ago than so many days as well.
    """
    place = Warehouse(Path(warehouse))
    logger = get_run_logger()
    if not (place.current.is_symlink() or place.work.is_dir()):
        # The night before the first run; nothing is made of a name that may be mistyped.
        logger.warning("there is no warehouse at %s yet: nothing to remove", warehouse)
        return
    with writer_lock(place, report=logger.info), naming_faults(place):
        pruned = prune(warehouse, keep, keep_days=keep_days, index_name=name_index_folder(place.work).name)
        logger.info("%d snapshots and %d work folders removed", len(pruned.snapshots), len(pruned.work_folders))
        compacted = compact(warehouse)
        logger.info("%d small batches put together to %d", compacted.small_batches, compacted.merged_batches)
