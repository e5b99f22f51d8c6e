"""The pages beside the tables: a report drafted before validation stands unless rows were refused since."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas import PUBLISHED_TABLES, Run
from schemas.parquet import read_rows
from tasks.gather.run_row import write_run_rows
from tasks.publish.report import write_report
from tasks.publish.task import write_pages
from tasks.validate.outcome import write_outcome
from tasks.validate.staged import Staged
from tasks.validate.validation import RefusedRow, Verdict
from tests.made_up_tables import write_staged

REFUSED = RefusedRow("quotes", 1, "key", None, "kind__known_value", "kind: odd", "a kind")


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    folder = write_staged(tmp_path / "run" / "staged")
    (run,) = read_rows(Run, folder)
    write_run_rows(run, [], folder)
    return Staged(folder)


def validate(staged: Staged, *refused: RefusedRow) -> Path:
    verdict = Verdict(row_counts={name: staged.row_count(name) for name in PUBLISHED_TABLES}, refused=list(refused))
    path = write_outcome(
        staged, verdict, staged.folder.parent / "validated", refused_at=datetime(2026, 1, 2, tzinfo=UTC)
    )
    return path.parent


def read_pages(validated: Path, tmp_path: Path, *, is_drafted: bool) -> dict[str, str]:
    pages = write_pages.fn(str(validated), str(tmp_path / "warehouse"), is_drafted=is_drafted)
    return {name: Path(path).read_text("utf-8") for name, path in pages.items()}


def test_write_pages_leaves_a_draft_as_it_would_write_it(staged: Staged, tmp_path: Path) -> None:
    draft = write_report(staged.folder, tmp_path / "run" / "report.html", 1)
    written = draft.stat()
    validated = validate(staged)
    pages = read_pages(validated, tmp_path, is_drafted=True)
    assert draft.stat().st_ino == written.st_ino
    assert pages == read_pages(validated, tmp_path, is_drafted=False)
    assert draft.stat().st_ino != written.st_ino


def test_write_pages_writes_the_report_anew_where_rows_were_refused(staged: Staged, tmp_path: Path) -> None:
    draft = write_report(staged.folder, tmp_path / "run" / "report.html", 1).read_text("utf-8")
    validated = validate(staged, REFUSED)
    report = read_pages(validated, tmp_path, is_drafted=True)["report.html"]
    assert report != draft
    assert report == write_report(validated, tmp_path / "anew.html", 1).read_text("utf-8")
