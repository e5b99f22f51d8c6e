"""Two runs at once on one warehouse, with a reader beside them."""

import shutil
from functools import partial

import pyarrow.parquet as pq
import pytest

from schemas.warehouse import Warehouse
from tests.faults.articles import write_articles
from tests.faults.probing import probing
from tests.faults.runs import compare_states, read_state

pytestmark = pytest.mark.slow


def test_second_writer_waits_and_no_row_is_lost_or_doubled(published, runs, tmp_path):
    # By the tagger, as runs go; the warehouse was made by the rules, so that its articles are annotated anew.
    start = partial(runs.start, options={"attribution": "tagger"})
    inputs = [write_articles(tmp_path / name, 8, seed=seed) for name, seed in (("one", 7), ("two", 8))]
    warehouse = Warehouse(shutil.copytree(published, tmp_path / "warehouse", symlinks=True))
    with probing(warehouse.root) as probe:
        both = [start(warehouse.root, folder, log=tmp_path / f"{folder.name}.log") for folder in inputs]
        assert [run.wait() for run in both] == [0, 0], both[0].output + both[1].output
    assert sum("waiting for" in run.output for run in both) == 1
    assert warehouse.snapshot_numbers() == [1, 2, 3]
    # The one after the other, in the order in which they came to write.
    rows = [row for path in warehouse.table_files("runs") for row in pq.read_table(path).to_pylist()]
    order = [row["inputs"] for row in sorted(rows, key=lambda row: row["run_id"])][1:]
    calm = shutil.copytree(published, tmp_path / "calm", symlinks=True)
    for folder in order:
        run = start(calm, folder, log=tmp_path / "calm.log")
        assert run.wait() == 0, run.output
    assert compare_states(read_state(warehouse.root), read_state(calm)) == []
    assert probe.faults == []
