"""Ingestion as a Prefect task."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from prefect import get_run_logger, task

from schemas.warehouse import Warehouse
from tasks.batches import BATCH_CHARACTERS, BATCH_DOCUMENTS
from tasks.broken import is_disk_full
from tasks.ingest.batching import IngestResult, gather_documents
from tasks.ingest.fields import Fields, FieldsError
from tasks.ingest.inputs import InputNotFound
from tasks.ingest.passed_over import tell_ignored
from tasks.ingest.progress import listening
from tasks.ingest.readers.reader import Options
from tasks.ingest.web.settings import WebSettings
from tasks.workers import worker_count

SECONDS_BETWEEN_LOGS = 10.0


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a second try can help: a disk or a network may come back; what is not there or broken stays so."""
    error = state.result(raise_on_failure=False)
    return not is_disk_full(error) and not isinstance(error, (InputNotFound, FieldsError, pa.ArrowException))


def log_now_and_then(log: Callable[[str], None]) -> Callable[[int], None]:
    """What tells the run's log how many inputs are read, of which nobody knows how many there are, each ten seconds."""
    told_at = time.monotonic()

    def tell(count: int) -> None:
        nonlocal told_at
        if (now := time.monotonic()) - told_at >= SECONDS_BETWEEN_LOGS:
            told_at = now
            log(f"{count:,} inputs read so far")

    return tell


@task(
    name="ingest",
    task_run_name="ingest documents",
    retries=3,
    retry_delay_seconds=[2, 10, 30],
    retry_condition_fn=_may_pass,
)
def ingest_documents(
    inputs: list[str],
    warehouse: str,
    run_id: str,
    *,
    batch_documents: int = BATCH_DOCUMENTS,
    batch_characters: int = BATCH_CHARACTERS,
    keep_document_ids_of: list[str] | None = None,
    published: list[str] | None = None,
    columns: str | None = None,
    allow_private: bool = False,
) -> IngestResult:
    """What came in: counts, the run's documents, and the batches they lie in (see `gather_documents`).

    `columns` is a file of column names (see `Fields`); `allow_private` lets addresses of this network be asked.
    """
    logger = get_run_logger()
    with listening(log_now_and_then(logger.info)):
        result = gather_documents(
            inputs,
            Warehouse(Path(warehouse)),
            run_id,
            batch_documents=batch_documents,
            batch_characters=batch_characters,
            workers=worker_count(),
            options=Options(fields=Fields.with_file(Path(columns) if columns else None)),
            web=WebSettings(allow_private=allow_private),
            keep_document_ids_of=keep_document_ids_of or (),
            published=published or (),
            report=logger.info,
        )
    logger.info(
        "%d inputs: %d new documents, %d duplicates, %d quarantined; %d kept from before; %d batches",
        result.input_count,
        result.new_document_count,
        result.duplicate_count,
        result.quarantined_count,
        result.kept_count,
        len(result.batches),
    )
    for line in tell_ignored(result.ignored):
        logger.info(line)
    return result
