"""validation.html: what Great Expectations checked in a run's tables, with examples of what failed, and earlier runs.

Great Expectations' own pages do not escape the values they show; these values come from articles.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from markupsafe import Markup

from schemas import Quarantine, Run
from schemas.parquet import arrow_to_rows, read_rows
from schemas.warehouse import write_json
from tasks.publish.plain_text import shorten_text
from tasks.publish.report import FOLDER, load_template, write_policy

MOST_EXAMPLES = 5
MOST_RUNS = 100
EXAMPLE_CHARACTERS = 160


@dataclass(frozen=True, kw_only=True)
class CheckView:
    """One check of a table and what came of it; `examples` are rows that failed it."""

    name: str
    level: str
    expected: str
    checked: int
    failed: int
    success: bool
    observed: str
    examples: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class SuiteView:
    """All checks of one table."""

    table: str
    checks: Sequence[CheckView]

    @property
    def failing(self) -> list[CheckView]:
        """Checks that failed."""
        return [check for check in self.checks if not check.success]


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """One run's checks in numbers: `failed_checks` maps "table: check" to how many rows failed it."""

    run_id: str
    finished_at: str
    rows_in: int
    rows_out: int
    checks: int
    failed_checks: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ValidationView:
    """What the page shows: the suites of this run, why it published nothing, if so, and all runs, the newest first."""

    suites: Sequence[SuiteView]
    failures: Sequence[str]
    nulled: Mapping[str, int]
    runs: Sequence[PastRun]

    @property
    def check_count(self) -> int:
        """Checks of all tables."""
        return sum(len(suite.checks) for suite in self.suites)

    @property
    def failed_count(self) -> int:
        """Checks that failed."""
        return sum(len(suite.failing) for suite in self.suites)


def read_validation(validated: Path, *, before: Path | None = None) -> ValidationView:
    """The checks of the run whose tables lie in `validated`, and the runs of the validation.json at `before`.

    Where the tables failed there are none, and neither rows that failed nor the run. A file `before` that is not
    there, or that no version of onrecord wrote, adds no runs.
    """
    results = pq.read_table(validated / "validation.parquet").to_pylist()
    verdict = json.loads((validated / "verdict.json").read_text("utf-8"))
    has_tables = not verdict["failures"]
    refused = _read_refused_rows(validated / "quarantine.parquet") if has_tables else []
    suites = [
        SuiteView(
            table=name,
            checks=[_view_check(row, refused) for row in results if row["table_name"] == name],
        )
        for name in dict.fromkeys(row["table_name"] for row in results)
    ]
    runs = sorted(read_rows(Run, validated) if has_tables else [], key=lambda run: run.run_id)
    this = [
        PastRun(
            run_id=run.run_id,
            finished_at=f"{run.finished_at:%Y-%m-%d %H:%M}",
            rows_in=verdict["rows_in"],
            rows_out=verdict["rows_out"],
            checks=verdict["checks"],
            failed_checks={f"{suite.table}: {check.name}": check.failed for suite in suites for check in suite.failing},
        )
        for run in runs[-1:]
    ]
    past = [run for run in _read_past(before) if run.run_id not in {run.run_id for run in this}]
    return ValidationView(
        suites=suites, failures=verdict["failures"], nulled=verdict["nulled"], runs=[*this, *past][:MOST_RUNS]
    )


def write_validation(view: ValidationView, folder: Path) -> dict[str, Path]:
    """Writes validation.html and validation.json into `folder`; their paths by name come back."""
    style = (FOLDER / "report.css").read_text("utf-8")
    page = load_template("validation.html").render(view=view, style=Markup(style), policy=write_policy(style))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "validation.html").write_text(page, "utf-8")
    write_json({"runs": [asdict(run) for run in view.runs]}, folder / "validation.json")
    return {name: folder / name for name in ("validation.html", "validation.json")}


def _read_refused_rows(path: Path) -> list[Quarantine]:
    """Rows of tables that were refused; inputs that never became one are left out."""
    table = pq.read_table(path, filters=pc.field("table_name").is_valid())
    return arrow_to_rows(table, Quarantine)


def _view_check(row: Mapping[str, Any], refused: Sequence[Quarantine]) -> CheckView:
    examples = [
        (shorten_text(one.row_key or "", EXAMPLE_CHARACTERS), shorten_text(one.observed, EXAMPLE_CHARACTERS))
        for one in refused
        if not row["success"] and one.table_name == row["table_name"] and one.check_name == row["check_name"]
    ]
    return CheckView(
        name=row["check_name"],
        level=row["level"],
        expected=shorten_text(row["expected"], 3 * EXAMPLE_CHARACTERS),
        checked=row["checked_count"],
        failed=row["failed_count"],
        success=row["success"],
        observed=shorten_text(row["observed"], EXAMPLE_CHARACTERS),
        examples=examples[:MOST_EXAMPLES],
    )


def _read_past(path: Path | None) -> list[PastRun]:
    try:
        return [PastRun(**run) for run in json.loads(path.read_text("utf-8"))["runs"]] if path else []
    except (OSError, ValueError, KeyError, TypeError):
        # The history is worth less than the run: a page without it is written all the same.
        return []
