"""Gathering as Prefect tasks."""

from datetime import UTC, datetime
from pathlib import Path

from prefect import get_run_logger, task

from tasks.batches import Batch
from tasks.gather.run_row import Received, make_run_row, write_run_rows
from tasks.gather.tables import Selection, gather_batch_tables


class NothingToPublish(Exception):
    """A run that replaces the published tables has no article to replace them with."""


@task(name="gather", task_run_name="gather tables of {run_id}")
def gather_tables(
    run_id: str,
    batches: list[Batch],
    staged: str,
    *,
    selected: str,
    ingest_quarantine: str,
    received_uris: str,
    previous_quarantine: list[str],
    keeps_previous: bool,
) -> str:
    """The folder of the run's tables, one file each, gathered from its batches."""
    counts = gather_batch_tables(
        batches,
        Selection.read(Path(selected)),
        Path(staged),
        ingest_quarantine=Path(ingest_quarantine),
        received_uris=Path(received_uris),
        previous_quarantine=[Path(path) for path in previous_quarantine],
        keeps_previous=keeps_previous,
    )
    logger = get_run_logger()
    if not counts["articles"] and not keeps_previous and previous_quarantine:
        raise NothingToPublish(
            f"none of the {counts['quarantine']} inputs is an article, and the tables published now would be replaced "
            "by empty ones; name other inputs, or another warehouse"
        )
    logger.info("%s", ", ".join(f"{count} {table}" for table, count in counts.items()))
    return staged


@task(name="record run", task_run_name="record the run {run_id}")
def record_run(
    run_id: str,
    staged: str,
    *,
    inputs: list[str],
    options: dict[str, object],
    started_at: datetime,
    received: Received,
    batches: list[Batch],
    selected: str,
    previous_runs: list[str],
) -> str:
    """The staged folder with the run's own row in `runs`."""
    row = make_run_row(
        run_id=run_id,
        inputs=inputs,
        options=options,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        received=received,
        batches=batches,
        selection=Selection.read(Path(selected)),
        staged=Path(staged),
    )
    write_run_rows(row, [Path(path) for path in previous_runs], Path(staged))
    return staged
