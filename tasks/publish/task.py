"""Publishing as Prefect tasks: the snapshot, and what the run's page shows of it."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from prefect import get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact
from prefect.events import emit_event

from schemas import Quarantine, Run
from schemas.parquet import arrow_to_rows
from schemas.warehouse import PAGES_SETTING, Warehouse
from tasks.publish.artifacts import page_link, run_events, summary_markdown
from tasks.publish.charts import as_address, throughput_chart
from tasks.publish.mirror import Mirrored, mirror_snapshot
from tasks.publish.retention import Pruned, prune_warehouse
from tasks.publish.snapshot import next_snapshot_number, publish_snapshot
from tasks.publish.unchanged import publish_again

if TYPE_CHECKING:
    from tasks.compaction import Compacted


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


@task(name="publish", task_run_name="publish the same tables again")
def publish_tables_again(warehouse: str, run: dict[str, Any]) -> int:
    """Number of a new snapshot with the tables of the current one, and what `run` says in its runs.

    The caller holds the writer's lock.
    """
    number = publish_again(Warehouse(Path(warehouse)), run)
    get_run_logger().info("snapshot %d published: nothing is new, all files are those of the one before", number)
    return number


@task(name="report", task_run_name="write the pages")
def write_pages(validated: str, warehouse: str, *, is_drafted: bool = False) -> dict[str, str]:
    """Paths of the pages that go beside the tables, by name: report, validation with its history, dictionary.

    They are made of the tables in the folder `validated` and lie beside it. With `is_drafted` the report lies there
    already, made of the tables before validation; it is made anew if rows were refused since. The caller holds the
    writer's lock, so that the number of the next snapshot is known.
    """
    # Templates, for which a run that brings nothing new has no use.
    from tasks.publish.dictionary_page import write_dictionary
    from tasks.publish.report import write_report
    from tasks.publish.validation_page import read_validation, write_validation

    folder, target = Path(validated), Warehouse(Path(warehouse))
    pages = write_validation(read_validation(folder, before=target.current / "validation.json"), folder.parent)
    pages["report.html"] = folder.parent / "report.html"
    if not is_drafted or _had_rows_refused(folder):
        write_report(folder, pages["report.html"], next_snapshot_number(target))
    pages["DICTIONARY.html"] = write_dictionary(folder.parent / "DICTIONARY.html")
    return {name: str(path) for name, path in pages.items()}


def _had_rows_refused(validated: Path) -> bool:
    verdict = json.loads((validated / "verdict.json").read_text("utf-8"))
    return bool(verdict["refusals"] or verdict["nulled"])


@task(name="publish elsewhere", task_run_name="publish to {address}", retries=2, retry_delay_seconds=[10, 60])
def mirror_tables(warehouse: str, address: str) -> Mirrored:
    """What was published of the current snapshot at an address (see `mirror_snapshot`).

    The caller holds the writer's lock.
    """
    mirrored = mirror_snapshot(Warehouse(Path(warehouse)), address)
    get_run_logger().info(
        "snapshot %d is at %s: %d files uploaded (%.1f MB), %d copied there",
        mirrored.number,
        mirrored.address,
        mirrored.uploaded_count,
        mirrored.uploaded_bytes / 1e6,
        mirrored.copied_count,
    )
    return mirrored


@task(name="describe run", task_run_name="describe run")
def describe_run(
    warehouse: str,
    snapshot_number: int,
    seconds: dict[str, float],
    finished: list[tuple[float, int]],
    *,
    alert_share: float,
) -> None:
    """Leaves on the run's page its summary, its speed as a picture, and links; tells of it in events.

    `seconds` maps stages to the time they took, in the order they ran; `finished` tells when each batch was done,
    and how many documents it holds. For the events see `run_events`.
    """
    folder = Warehouse(Path(warehouse)).snapshot(snapshot_number)
    runs = arrow_to_rows(pq.read_table(folder / "runs", partitioning=None), Run)
    run = max(runs, key=lambda row: row.run_id)
    refusals = arrow_to_rows(pq.read_table(folder / "quarantine", partitioning=None), Quarantine)
    create_markdown_artifact(
        summary_markdown(run, refusals, seconds, folder), key="summary", description="What the run did"
    )
    # In Markdown: the page of an image artifact prints the picture's whole address beside it.
    picture = f"![throughput]({as_address(throughput_chart(finished, runs))})"
    create_markdown_artifact(picture, key="throughput", description="Documents over the time of the run")
    for key, path, description in (
        ("report", folder / "report.html", "The report of this snapshot"),
        ("tables", folder, "Folder of the published tables"),
    ):
        link, text = page_link(path, os.environ.get(PAGES_SETTING, ""))
        create_link_artifact(link, link_text=text, key=key, description=description)
    resource = {"prefect.resource.id": "onrecord.warehouse", "prefect.resource.name": str(warehouse)}
    for event, content in run_events(run, warehouse, alert_share=alert_share):
        emit_event(event, resource=resource, payload=content)


@task(name="prune", task_run_name="remove what is no longer needed")
def prune(warehouse: str, keep: int, *, keep_days: float | None = None, index_name: str | None = None) -> Pruned:
    """What was removed from the warehouse (see `prune_warehouse`). The caller holds the writer's lock."""
    return prune_warehouse(Warehouse(Path(warehouse)), keep=keep, keep_days=keep_days, index_name=index_name)


@task(name="merge small batches", task_run_name="merge small batches")
def compact(warehouse: str) -> "Compacted":
    """What became of the warehouse's small batches (see `merge_small_batches`). The caller holds the writer's lock."""
    from tasks.compaction import merge_small_batches

    return merge_small_batches(Warehouse(Path(warehouse)), report=get_run_logger().warning)
