from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.backfill import BackfillError, describe_empty, name_day, plan_backfill

FIRST = date(2026, 2, 27)
LAST = date(2026, 3, 2)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    """A folder with files of 27 February and 1 March; the pattern of its inputs."""
    for day, name in ((FIRST, "a.txt"), (FIRST, "b.txt"), (date(2026, 3, 1), "c.txt")):
        folder = tmp_path / f"{day:%Y}" / f"{day:%m-%d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return str(tmp_path / "%Y" / "%m-%d" / "*.txt")


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("in/%Y/%m/%d.jsonl", "in/2026/02/27.jsonl"),
        ("in/%Y-%j.warc.gz", "in/2026-058.warc.gz"),
        ("https://host.example/a%20b/%Y%m%d", "https://host.example/a%20b/20260227"),
    ],
)
def test_name_day_puts_the_day_in(name, named):
    assert name_day(name, FIRST) == named


def test_plan_backfill_takes_all_days_at_once(archive):
    [step] = plan_backfill(FIRST, LAST, [archive])
    assert (step.first, step.last) == (FIRST, LAST)
    assert [name[-11:] for name in step.inputs] == ["02-27/*.txt", "03-01/*.txt"]
    assert step.empty_days == (date(2026, 2, 28), date(2026, 3, 2))
    assert describe_empty(step) == "none on 2026-02-28, 2026-03-02"


def test_plan_backfill_cuts_the_range_into_steps(archive):
    steps = plan_backfill(FIRST, LAST, [archive], step_days=3)
    assert [(step.first, step.last, len(step.inputs)) for step in steps] == [
        (FIRST, date(2026, 3, 1), 2),
        (LAST, LAST, 0),
    ]


def test_plan_backfill_names_an_input_of_several_days_once(tmp_path: Path):
    (tmp_path / "2026-02.jsonl").touch()
    [step] = plan_backfill(FIRST, FIRST + timedelta(days=1), [str(tmp_path / "%Y-%m.jsonl")])
    assert len(step.inputs) == 1


@pytest.mark.parametrize(
    ("first", "last", "name", "message"),
    [
        (LAST, FIRST, "%Y%m%d", "is before"),
        (FIRST, LAST, "inbox", "does not say which day"),
        (FIRST, LAST, "nowhere/%Y%m%d.txt", "is there from 2026-02-27 to 2026-03-02"),
    ],
    ids=["reversed", "no-day", "nothing"],
)
def test_plan_backfill_says_what_is_wrong(first, last, name, message):
    with pytest.raises(BackfillError, match=message):
        plan_backfill(first, last, [name])
