"""Publishing as Prefect tasks: the snapshot, and what the run's page shows of it."""

from pathlib import Path

from prefect import get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact

from schemas import Quarantine, Run
from schemas.parquet import read_rows
from schemas.warehouse import Warehouse
from tasks.publish.artifacts import folder_link, summary_markdown
from tasks.publish.report import write_report
from tasks.publish.retention import Pruned, prune_warehouse
from tasks.publish.snapshot import publish_snapshot


@task(name="publish", task_run_name="publish tables")
def publish_tables(validated: str, warehouse: str, *, extra_files: dict[str, str] | None = None) -> int:
    """Number of the new snapshot, made of the tables in the folder `validated` and now the current one.

    `extra_files` maps names beside the tables to files to copy. The caller holds the writer's lock.
    """
    extra = {name: Path(path) for name, path in (extra_files or {}).items()}
    published = publish_snapshot(Path(validated), Warehouse(Path(warehouse)), extra_files=extra)
    get_run_logger().info(
        "snapshot %d published: %d rows in %d files, %d of them unchanged",
        published.number,
        published.row_count,
        published.file_count,
        published.linked_count,
    )
    return published.number


@task(name="report", task_run_name="write the report")
def write_report_page(validated: str) -> str:
    """Path of report.html, made of the tables in the folder `validated` and lying beside that folder."""
    folder = Path(validated)
    return str(write_report(folder, folder.parent / "report.html"))


@task(name="describe run", task_run_name="describe run")
def describe_run(validated: str, warehouse: str, snapshot_number: int, seconds: dict[str, float]) -> None:
    """Leaves the summary of the newest run and a link to its tables on the run's page.

    `seconds` maps stages to the time they took, in the order they ran.
    """
    folder = Warehouse(Path(warehouse)).snapshot(snapshot_number)
    run = max(read_rows(Run, Path(validated)), key=lambda row: row.run_id)
    run.snapshot_number = snapshot_number
    refusals = read_rows(Quarantine, Path(validated))
    create_markdown_artifact(
        summary_markdown(run, refusals, seconds, folder), key="summary", description="What the run did"
    )
    link, text = folder_link(folder)
    create_link_artifact(link, link_text=text, key="tables", description="Folder of the published tables")


@task(name="prune", task_run_name="remove what is no longer needed")
def prune(warehouse: str, keep: int) -> Pruned:
    """What was removed from the warehouse (see `prune_warehouse`). The caller holds the writer's lock."""
    return prune_warehouse(Warehouse(Path(warehouse)), keep=keep)
