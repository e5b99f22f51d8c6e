"""Generated hostile inputs through the whole flow: it ends, every input is accounted for, and no file lies elsewhere.

`ONRECORD_HOSTILE_INPUTS=10000 pytest tests/faults/test_hostile_run.py -s` is the long form; it prints what was used.
"""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.checking import check_snapshot
from flows.reading import Tables
from tests.faults.runs import read_state
from tests.ingest.hostile import write_inputs

pytestmark = pytest.mark.slow
FILES = int(os.environ.get("ONRECORD_HOSTILE_INPUTS", "150"))


def list_files(folder: Path, *, without: Path) -> dict[Path, int]:
    """When each file below a folder was written, but for those below another."""
    found = {}
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if Path(place, name) != without]
        found |= {Path(place, name): Path(place, name).lstat().st_mtime_ns for name in [*folders, *files]}
    return found


def test_run_on_hostile_inputs_accounts_for_each_and_writes_nothing_elsewhere(runs, tmp_path):
    write_inputs(tmp_path / "area" / "inbox", FILES, seed=11)
    warehouse = tmp_path / "area" / "warehouse"
    before = list_files(tmp_path / "area", without=warehouse)
    run = runs.start(warehouse, tmp_path / "area" / "inbox", log=tmp_path / "run.log")
    assert run.wait() == 0, run.output
    assert list_files(tmp_path / "area", without=warehouse) == before
    [counts] = map(dict, read_state(warehouse)["runs"])
    print(f"{FILES} hostile files: {counts}; {run.describe_use()}")
    assert counts["input_count"] >= FILES
    outcomes = ("article_count", "duplicate_count", "quarantined_count")
    assert counts["input_count"] == sum(counts[name] for name in outcomes)
    assert check_snapshot(Tables.open(warehouse)).faults == []
    reasons = pq.read_table(warehouse / "current" / "quarantine")["check_name"].to_pylist()
    assert {"annotation_error", "worker_survives"}.isdisjoint(reasons)
