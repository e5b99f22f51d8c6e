"""The resolve stage: within each article a step of the language work, then across all a Prefect task."""

from pathlib import Path

from prefect import get_run_logger, task

from tasks.batches import Batch
from tasks.bisection import Step, Work


def resolve_step(batch: Batch) -> Step:
    """What resolves the speakers within each of the batch's articles."""
    work = Work(
        "tasks.resolve.batch:resolve_batch_files",
        "articles",
        (batch.folder("clean"), batch.folder("annotate")),
        stage="resolve",
        refused_table="quotes",
    )
    return Step(work, batch.folder("clean"), batch.folder("resolve"))


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
