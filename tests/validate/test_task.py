from datetime import UTC, datetime

from schemas import PUBLISHED_TABLES, TABLES
from tasks.validate.checks import CheckResult, checks_of
from tasks.validate.outcome import write_outcome
from tasks.validate.staged import Staged
from tasks.validate.task import validation_rows
from tasks.validate.validation import Verdict
from tests.made_up_tables import write_staged


def test_validation_rows_show_tables_and_what_failed_in_them(tmp_path):
    check = next(check for check in checks_of(TABLES["quotes"]) if check.name == "cue__fits")
    verdict = Verdict(
        results=[CheckResult(check, 5, 1, (2,), "cue: <img src=x onerror=alert(1)>")],
        row_counts=dict.fromkeys(PUBLISHED_TABLES, 1),
        failures=["quotes: bad."],
    )
    staged = Staged(write_staged(tmp_path / "staged"))
    path = write_outcome(staged, verdict, tmp_path / "validated", refused_at=datetime(2026, 1, 2, tzinfo=UTC))
    table, failed = validation_rows(path.parent)
    assert (table["table"], table["check"], table["failed"]) == ("quotes", "1 checks", 1)
    assert (failed["check"], failed["failed"]) == ("cue__fits", 1)
    assert "<" not in failed["first seen"]
    assert "img" in failed["first seen"]
