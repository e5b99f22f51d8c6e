import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.quarantine import Refusals, Retry, find_input, plan_retry
from flows.reading import ReadingError, Tables
from tests.made_up_tables import DAY, made_up_rows, publish_made_up


def refusal(uri, stage="ingest", check="not_empty", table=None, at=DAY):
    return {"source_uri": uri, "stage": stage, "check_name": check, "table_name": table, "refused_at": at}


@pytest.fixture
def tables(tmp_path):
    """Tables of three runs, an hour apart: one tells nothing of its options, the others read other columns."""
    rows = made_up_rows()
    [run] = rows["runs"]
    given = [None, {"columns": "a.toml", "allow_private": True}, {"columns": "b.toml", "allow_private": False}]
    rows["runs"] = [
        replace(
            run,
            run_id=f"2026030{number}",
            started_at=DAY + timedelta(hours=number),
            finished_at=DAY + timedelta(hours=number, minutes=10),
            options=options and json.dumps(options),
        )
        for number, options in enumerate(given)
    ]
    publish_made_up(tmp_path / "warehouse", rows)
    return Tables.open(tmp_path / "warehouse")


@pytest.fixture
def inbox(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.jsonl", "b#1.txt", "c (2)"):
        (tmp_path / name).write_text("x")


@pytest.mark.usefixtures("inbox")
@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("a.jsonl", "a.jsonl"),
        ("a.jsonl#L3", "a.jsonl"),
        ("a.jsonl#in/x.zip#y.txt (2)", "a.jsonl"),
        ("b#1.txt", "b#1.txt"),
        ("b#1.txt#L1", "b#1.txt"),
        ("c (2)", "c (2)"),
        ("gone.txt", None),
        ("standard input#L1", None),
        ("https://tide.example/feed#I3", "https://tide.example/feed"),
        ("memory://in/a.jsonl#L3", "memory://in/a.jsonl"),
    ],
)
def test_find_input_names_what_to_read_again(uri, found):
    assert find_input(uri) == found


@pytest.mark.usefixtures("inbox")
def test_find_input_knows_names_that_are_not_utf8():
    Path(os.fsdecode(b"caf\xe9.jsonl")).write_text("x")
    assert find_input("caf\\xe9.jsonl#L3") == "caf\\xe9.jsonl"
    assert find_input("x" * 5000) is None


@pytest.mark.usefixtures("inbox")
def test_plan_retry_names_every_input_once(tables):
    rows = [refusal("a.jsonl#L1"), refusal("a.jsonl#L2"), refusal("gone.txt"), refusal("b#1.txt", stage="clean")]
    plan = plan_retry(Refusals(rows), tables)
    assert (plan.inputs, plan.gone) == (["a.jsonl"], ["gone.txt"])


@pytest.mark.parametrize(
    ("hours", "columns", "allow_private"),
    [
        pytest.param([0], [], False, id="of a run that does not tell"),
        pytest.param([1], ["a.toml"], True, id="of one run"),
        pytest.param([1, 2, 2], ["a.toml", "b.toml"], True, id="of several runs"),
    ],
)
def test_plan_retry_reads_as_the_runs_that_refused(tables, hours, columns, allow_private):
    rows = [refusal(f"{hour}.csv", at=DAY + timedelta(hours=hour, minutes=5)) for hour in hours]
    plan = plan_retry(Refusals(rows), tables)
    assert (plan.columns, plan.allow_private) == (columns, allow_private)


def test_choose_columns_asks_where_there_are_several():
    assert Retry([], []).choose_columns(None) is None
    assert Retry([], [], ["a.toml"]).choose_columns(None) == "a.toml"
    assert Retry([], [], ["a.toml", "b.toml"]).choose_columns("c.toml") == "c.toml"
    with pytest.raises(ReadingError, match=r"2 different files of column names \(a.toml, b.toml\): name one"):
        Retry([], [], ["a.toml", "b.toml"]).choose_columns(None)


def test_counts_puts_the_most_frequent_first():
    rows = [refusal("a"), refusal("b", stage="validate", check="fits", table="quotes"), refusal("c")]
    assert Refusals(rows).counts() == [("ingest", "", "not_empty", 2), ("validate", "quotes", "fits", 1)]
