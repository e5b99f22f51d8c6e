from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.bench_articles import make_articles
from flows.bench_files import STEPS, Workshop, make_ready, make_stages_ready, prepare_step
from flows.bench_measure import measure_stages
from flows.bench_stages import STAGES
from flows.checking import check_snapshot
from flows.reading import Tables

DOCUMENTS = list(make_articles(6, words=90, as_stories=True))


def test_every_stage_that_works_on_files_is_a_step_in_the_order_of_a_run():
    names = [stage.name for stage in STAGES.values() if stage.prepare is None]
    assert names == [name for name in STEPS if name in names]
    assert set(STEPS) - set(names) == {"clean", "annotate"}


def test_stages_are_made_ready_once_for_all(tmp_path: Path):
    stages = make_stages_ready([STAGES["tokenize"], STAGES["ingest"], STAGES["lines"]], DOCUMENTS, tmp_path)
    assert [stage.name for stage in stages] == ["tokenize", "ingest", "lines"]
    measured = measure_stages(stages, DOCUMENTS, passes=1)
    assert [one.documents for one in measured] == [len(DOCUMENTS)] * 3
    assert all(seconds > 0 for one in measured for seconds in one.cpu_seconds)
    shop = Workshop(tmp_path / "None" / "lines-copy")
    assert [batch.document_count for batch in shop.result.batches] == [len(DOCUMENTS)]


@pytest.mark.slow
def test_each_step_makes_what_the_next_one_finds(tmp_path: Path):
    shops = tmp_path / "shops"
    make_ready(shops, DOCUMENTS, list(STEPS))
    for name in STEPS:
        run = prepare_step(name, shops, DOCUMENTS)
        # Twice: what one pass made is not there for the next.
        assert len(list(run())) == len(list(run())) == 1
    warehouse = Workshop(shops / "publish-copy").warehouse
    assert pq.read_table(warehouse.current / "articles", partitioning=None).num_rows == len(DOCUMENTS)
    checked = check_snapshot(Tables.open(warehouse.root))
    assert checked.rows > len(DOCUMENTS)
    assert checked.faults == []
