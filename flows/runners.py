"""Where batches are worked on: by the processes of this machine, or by a Dask cluster."""

import os
from pathlib import Path
from typing import Any, cast

from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from tasks.workers import worker_count

# Address of a Dask scheduler ("tcp://10.0.0.5:8786"); without it this machine does the work.
SCHEDULER_SETTING = "ONRECORD_SCHEDULER"


class ClusterNotInstalled(Exception):
    """A scheduler is named, but the packages that talk to it are not installed."""


def choose_runner() -> TaskRunner[PrefectFuture[Any]]:
    """What runs the tasks of a flow: threads that wait for this machine's processes, or the cluster that is named."""
    address = os.environ.get(SCHEDULER_SETTING)
    if not address:
        # Threads only wait for the worker processes; a few more than those keep every process busy.
        return cast(Any, ThreadPoolTaskRunner(max_workers=worker_count() + 2))
    try:
        from prefect_dask import DaskTaskRunner
    except ImportError as error:
        raise ClusterNotInstalled(
            f"{SCHEDULER_SETTING} names {address}, but Dask is missing: make setup-dask"
        ) from error
    return cast(Any, DaskTaskRunner(address=address))


def name_for_all(warehouse: str) -> str:
    """The warehouse's folder as all who work on it name it: whole, where a cluster's workers do."""
    return str(Path(warehouse).absolute()) if os.environ.get(SCHEDULER_SETTING) else warehouse
