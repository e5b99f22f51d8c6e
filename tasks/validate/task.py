"""Validation as a Prefect task, whose work is done by a process that has loaded the library, where there is one."""

import json
from pathlib import Path

import pyarrow.parquet as pq
from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact

from tasks.artifacts import escape_markdown
from tasks.validate.checks import NEEDED, require_passed
from tasks.workers import call_prepared, prepare

VALIDATION = "validation"


def prepare_validation() -> None:
    """Has a process load what validation needs, which takes longer than validation itself."""
    prepare(VALIDATION, *NEEDED)


@task(name="validate", task_run_name="validate tables")
def validate_tables(staged: str) -> str:
    """The folder `validated` beside `staged`, which holds the tables to publish and verdict.json.

    Rows that fail a check are in its quarantine.parquet, no longer in their table; the newest row
    of runs has its counts brought up to date. Raises ValidationFailed, and puts no tables into the
    folder, where a table as a whole is not to be published.
    """
    logger = get_run_logger()
    path = call_prepared(
        VALIDATION, "tasks.validate.outcome:judge_and_write", Path(staged), Path(staged).parent / "validated"
    )
    summary = json.loads(path.read_text("utf-8"))
    create_table_artifact(validation_rows(path.parent), key="validation", description="Checks of the run's tables")
    logger.info(
        "%d checks, %d failed; %d of %d rows pass",
        summary["checks"],
        summary["failed_checks"],
        summary["rows_out"],
        summary["rows_in"],
    )
    for reference, count in summary["nulled"].items():
        logger.warning("%d rows of %s pointed at a refused row and are null now", count, reference)
    require_passed(summary["failures"], str(path.parent / "validation.parquet"))
    return str(path.parent)


def validation_rows(folder: Path) -> list[dict]:
    """Rows of the validation artifact: one line a table, then every check that failed, texts escaped."""
    results = pq.read_table(folder / "validation.parquet").to_pylist()
    lines = []
    for name in dict.fromkeys(result["table_name"] for result in results):
        own = [result for result in results if result["table_name"] == name]
        failed = [result for result in own if not result["success"]]
        lines.append(_line(name, f"{len(own)} checks", failed_count=len(failed), observed=""))
        lines.extend(_line(name, one["check_name"], one["failed_count"], one["observed"]) for one in failed)
    return lines


def _line(table: str, check: str, failed_count: int, observed: str) -> dict:
    return {"table": table, "check": check, "failed": failed_count, "first seen": escape_markdown(observed)}
