"""Articles of which a worker dies, in a run of others: they are found and refused, and all others are published."""

from random import Random

import pyarrow.parquet as pq
import pytest

from flows.checking import check_snapshot
from flows.reading import Tables
from schemas.warehouse import Warehouse
from tests.deadly_work import GREEDY
from tests.faults.articles import make_article

pytestmark = pytest.mark.slow
DEADLY = "pestilential"


def test_run_refuses_the_quotations_of_articles_that_no_worker_survives(runs, tmp_path):
    (tmp_path / "inbox").mkdir()
    names = ("calm", DEADLY, "gentle", GREEDY, "mild")
    for number, name in enumerate(names):
        text = make_article(number, Random(number)) + f"\n\nThe wind was {name} over the harbour on that day."
        (tmp_path / "inbox" / f"{name}.txt").write_text(text)
    run = runs.start(tmp_path / "warehouse", tmp_path / "inbox", log=tmp_path / "run.log", workers=1, deadly=DEADLY)
    assert run.wait() == 0, run.output
    warehouse = Warehouse(tmp_path / "warehouse")
    names_of = {row["document_id"]: row["source_uri"].rpartition("/")[2] for row in read(warehouse, "documents")}
    assert {names_of[row["article_id"]] for row in read(warehouse, "articles")} == {f"{name}.txt" for name in names}
    quoted = {names_of[row["article_id"]] for row in read(warehouse, "quotes")}
    assert quoted == {"calm.txt", "gentle.txt", "mild.txt"}
    refused = {names_of[row["document_id"]]: row for row in read(warehouse, "quarantine")}
    assert {name: row["check_name"] for name, row in refused.items()} == {
        f"{DEADLY}.txt": "worker_survives",
        f"{GREEDY}.txt": "annotation_error",
    }
    assert "MemoryError" in refused[f"{GREEDY}.txt"]["observed"]
    assert {(row["stage"], row["table_name"]) for row in refused.values()} == {("annotate", "quotes")}
    [counts] = read(warehouse, "runs")
    assert (counts["input_count"], counts["article_count"], counts["quarantined_count"]) == (5, 5, 0)
    assert check_snapshot(Tables.open(warehouse.root)).faults == []


def read(warehouse, table):
    """The published rows of a table."""
    return [row for path in warehouse.table_files(table) for row in pq.read_table(path, partitioning=None).to_pylist()]
