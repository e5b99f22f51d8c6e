import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import PUBLISHED_TABLES, Article, Quarantine, Quote, Run
from schemas.parquet import read_rows, write_table
from tasks.validate.outcome import write_outcome
from tasks.validate.staged import Staged
from tasks.validate.validation import RefusedRow, Verdict
from tests.made_up_tables import MADE_UP, write_staged

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def staged(tmp_path):
    return Staged(write_staged(tmp_path / "staged"))


def outcome(staged, **verdict):
    verdict = Verdict(row_counts={name: staged.row_count(name) for name in PUBLISHED_TABLES}, **verdict)
    return write_outcome(staged, verdict, staged.folder.parent / "validated", refused_at=NOW).parent


def refuse(table, row, *, document_id=None):
    return RefusedRow(table, row, f"key {row}", document_id, "kind__known_value", "kind: odd", "a kind")


def test_write_outcome_links_tables_that_stay(staged):
    folder = outcome(staged)
    assert (folder / "quotes.parquet").samefile(staged.path("quotes"))
    assert {path.stem for path in folder.glob("*.parquet")} == {*PUBLISHED_TABLES, "validation"}


def test_write_outcome_takes_refused_rows_out(staged):
    before = read_rows(Quote, staged.folder)
    folder = outcome(staged, refused=[refuse("quotes", 1), refuse("quotes", 3)])
    assert [row.quote_id for row in read_rows(Quote, folder)] == [before[at].quote_id for at in (0, 2, 4)]
    assert read_rows(Quote, staged.folder) == before


def test_write_outcome_puts_refused_rows_into_quarantine(staged):
    folder = outcome(staged, refused=[refuse("quotes", 1, document_id=MADE_UP[0].article_id)])
    added = read_rows(Quarantine, folder)[-1]
    assert (added.stage, added.table_name, added.row_key) == ("validate", "quotes", "key 1")
    assert (added.check_name, added.observed, added.refused_at) == ("kind__known_value", "kind: odd", NOW)
    assert added.source_uri == "inbox/harbour.txt"


def test_write_outcome_clears_references_and_what_goes_with_them(staged):
    folder = outcome(staged, nulled={("articles", "copy_of_article_id"): [0], ("quotes", "quote_group_id"): [0]})
    assert read_rows(Article, folder)[0].copy_kind is None
    groups = [row.quote_group_id for row in read_rows(Quote, folder)]
    assert groups[0] is None
    assert groups[1] is not None


def test_write_outcome_keeps_the_run_conserved(staged):
    lost = MADE_UP[3].article_id
    folder = outcome(staged, refused=[refuse("articles", 3, document_id=lost)])
    run = read_rows(Run, folder)[0]
    assert run.input_count == run.article_count + run.duplicate_count + run.quarantined_count
    assert (run.article_count, run.quarantined_count) == (3, 2)
    refused = [row for row in read_rows(Quarantine, folder) if row.stage == "validate"]
    assert run.validate_out_count == run.validate_in_count - len(refused)


def test_write_outcome_counts_only_inputs_of_the_run(staged):
    lost = MADE_UP[3].article_id
    selected = pa.table({"document_id": [lost], "is_input": [False]})
    write_table(selected, staged.folder.parent / "selected.parquet")
    run = read_rows(Run, outcome(staged, refused=[refuse("articles", 3, document_id=lost)]))[0]
    assert run.article_count == 4


def test_write_outcome_of_a_failed_table_holds_no_tables(staged):
    folder = outcome(staged, failures=["quotes: bad."])
    assert sorted(path.name for path in folder.iterdir()) == ["validation.parquet", "verdict.json"]
    assert json.loads((folder / "verdict.json").read_text())["failures"] == ["quotes: bad."]


def test_write_outcome_twice_comes_to_the_same(staged):
    first = outcome(staged, refused=[refuse("quotes", 1)])
    rows = pq.read_table(first / "quarantine.parquet").num_rows
    again = outcome(staged, refused=[refuse("quotes", 1)])
    assert pq.read_table(again / "quarantine.parquet").num_rows == rows
