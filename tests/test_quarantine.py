from datetime import UTC, datetime

import pytest

from schemas import Quarantine
from tasks.quarantine import refuse, shorten

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shortened"),
    [
        pytest.param("short", "short", id="as it is"),
        pytest.param("x" * 600, "x" * 499 + "…", id="long"),
        pytest.param("half \ud83d", "half ?", id="half a character"),
        pytest.param("\x1b[2J\n", "\\u001b[2J\\u000a", id="control characters"),
        pytest.param("a\u202eb", "a\\u202eb", id="direction"),
        pytest.param("\n" * 400, ("\\u000a" * 400)[:499] + "…", id="long once written out"),
    ],
)
def test_shorten_makes_text_fit(text, shortened):
    assert shorten(text) == shortened


def test_refuse_names_a_refusal_by_what_was_refused():
    def make(**changes):
        options = {
            "stage": "ingest",
            "check": "not_empty",
            "observed": "0 bytes",
            "expected": "text",
            "refused_at": NOW,
        }
        return refuse(**(options | changes)).quarantine_id

    assert make(source_uri="a") == make(source_uri="a", refused_at=NOW.replace(year=2027), observed="1 byte")
    assert len({make(source_uri="a"), make(source_uri="b"), make(document_id="a"), make(check="is_text")}) == 4


def test_refuse_fits_the_table():
    row = refuse(stage="ingest", check="c", observed="x" * 9999, expected="y", refused_at=NOW)
    assert len(row.observed) <= (Quarantine.table.column("observed").max_length or 0)
