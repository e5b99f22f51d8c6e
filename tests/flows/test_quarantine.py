import pytest

from flows.quarantine import Refusals, find_input, plan_retry


def refusal(uri, stage="ingest", check="not_empty", table=None):
    return {"source_uri": uri, "stage": stage, "check_name": check, "table_name": table}


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
def test_plan_retry_names_every_input_once():
    rows = [refusal("a.jsonl#L1"), refusal("a.jsonl#L2"), refusal("gone.txt"), refusal("b#1.txt", stage="clean")]
    plan = plan_retry(Refusals(rows))
    assert (plan.inputs, plan.gone) == (["a.jsonl"], ["gone.txt"])


def test_counts_puts_the_most_frequent_first():
    rows = [refusal("a"), refusal("b", stage="validate", check="fits", table="quotes"), refusal("c")]
    assert Refusals(rows).counts() == [("ingest", "", "not_empty", 2), ("validate", "quotes", "fits", 1)]
