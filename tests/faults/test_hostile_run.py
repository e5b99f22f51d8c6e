"""Generated hostile inputs through the whole flow: it ends, every input is accounted for, and no file lies elsewhere.

`ONRECORD_HOSTILE_INPUTS=10000 pytest tests/faults/test_hostile_run.py -s` is the long form; it prints what was used.
With `ONRECORD_HOSTILE_METHOD=tagger` the tagger reads them.
"""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.checking import check_snapshot
from flows.reading import Tables
from tasks.clean.fields.language_model import PARTS
from tests.faults.runs import read_state
from tests.ingest.hostile import write_inputs

pytestmark = pytest.mark.slow
FILES = int(os.environ.get("ONRECORD_HOSTILE_INPUTS", "150"))
METHOD = os.environ.get("ONRECORD_HOSTILE_METHOD", "rules")


def list_files(folder: Path, *, without: Path) -> dict[Path, int]:
    """When each file below a folder was written, but for those below another."""
    found = {}
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if Path(place, name) != without]
        found |= {Path(place, name): Path(place, name).lstat().st_mtime_ns for name in [*folders, *files]}
    return found


def test_run_on_hostile_inputs_accounts_for_each_and_writes_nothing_elsewhere(environment, runs, tmp_path):
    area, notes = tmp_path / "area", tmp_path / "notes"
    write_inputs(area / "inbox", FILES, seed=11)
    warehouse = area / "warehouse"
    before = list_files(area, without=warehouse)
    # Home, temporary files and working folder lie in the area as well.
    watched = {"area": str(area), "notes": str(notes)}
    run = runs.start(warehouse, area / "inbox", log=tmp_path / "run.log", options={"attribution": METHOD}, **watched)
    assert run.wait() == 0, run.output
    after = list_files(area, without=warehouse)
    # At home the model that tells languages is unpacked, and nothing else.
    cache = area / "home" / "onrecord"
    cached = {path for path in after if path.is_relative_to(cache)}
    assert {path.name for path in after.keys() - before.keys() - cached} == {"home", "tmp", "here"}
    assert {path.name for path in cached if path.is_file()} <= {f"{part}.npy" for part in PARTS}
    assert {path: after[path] for path in before} == before
    # What Python opened elsewhere to write, anywhere on this machine; the server's client has a folder of its own.
    written = set(notes.read_text().splitlines())
    # Of temporary files none is left, as is seen above.
    allowed = (str(warehouse), str(area / "tmp"), str(cache), environment["PREFECT_HOME"])
    assert {path for path in written if path.startswith(allowed[0])}
    assert {path for path in written if not path.startswith(allowed)} <= {os.devnull}
    [counts] = map(dict, read_state(warehouse)["runs"])
    print(f"{FILES} hostile files: {counts}; {run.describe_use()}")
    assert counts["input_count"] >= FILES
    outcomes = ("article_count", "duplicate_count", "quarantined_count")
    assert counts["input_count"] == sum(counts[name] for name in outcomes)
    assert check_snapshot(Tables.open(warehouse)).faults == []
    reasons = pq.read_table(warehouse / "current" / "quarantine")["check_name"].to_pylist()
    assert {"annotation_error", "worker_survives"}.isdisjoint(reasons)
