"""The resolve stage as Prefect tasks: within each article by batch, then across all."""

from pathlib import Path

from prefect import get_run_logger, task

from tasks.batches import Batch
from tasks.bisection import Work, call_on_rows


@task(name="resolve", task_run_name="resolve batch {batch.number}", retries=1)
def resolve_batch(batch: Batch) -> Batch:
    """The batch with its speakers resolved within each article."""
    logger = get_run_logger()
    if batch.is_done("resolve"):
        logger.info("batch %d: resolved before", batch.number)
        return batch
    work = Work(
        "tasks.resolve.batch:resolve_batch_files",
        "articles",
        (batch.folder("clean"), batch.folder("annotate")),
        stage="resolve",
        refused_table="quotes",
    )
    quotes, named = call_on_rows(work, batch.folder("clean"), batch.folder("resolve"))
    logger.info("batch %d: %d quotations in, %d with a named speaker out", batch.number, quotes, named)
    return batch.processed()


@task(name="resolve people", task_run_name="resolve people across articles", retries=1)
def resolve_people(staged: str, known_entity_files: list[str], aliases_file: str | None = None) -> str:
    """The staged folder with entities joined across articles; ids of earlier runs are kept.

    `aliases_file` holds the user's own word on who is who; it may be missing.
    """
    from tasks.resolve.aliases import read_aliases
    from tasks.resolve.tables import read_known_entities, resolve_staged_people

    known = read_known_entities([Path(path) for path in known_entity_files])
    aliases = read_aliases(Path(aliases_file) if aliases_file else None)
    local, entities = resolve_staged_people(Path(staged), known, aliases)
    get_run_logger().info("%d entities within articles in, %d entities out", local, entities)
    return staged
