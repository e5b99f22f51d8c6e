"""A refusal mended and taken in again, and a text taken down, over whole runs."""

import json
import shutil
from random import Random

import pyarrow.parquet as pq
import pytest

from flows.quarantine import plan_retry, read_refusals
from flows.reading import Tables, last_attribution
from flows.takedown import mark_taken_down, plan_takedown
from schemas.warehouse import Warehouse
from tests.faults.articles import make_article
from tests.faults.runs import read_state

pytestmark = pytest.mark.slow


def test_retry_takes_in_what_was_mended(published, runs, tmp_path):
    warehouse = shutil.copytree(published, tmp_path / "warehouse", symlinks=True)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    whole = [make_article(number, Random(number)) for number in range(3)]
    broken = [("a.jsonl", '{"text": "half a li'), ("b.txt", ""), ("c.json", json.dumps([{"text": whole[2]}]))]
    for name, content in broken:
        (inbox / name).write_text(content)
    first = runs.start(warehouse, inbox, log=tmp_path / "first.log")
    assert first.wait() == 0, first.output
    refusals = read_refusals(Tables.open(warehouse), stage="ingest")
    before = {row["source_uri"] for row in refusals.rows}
    assert {str(inbox / "a.jsonl#L1"), str(inbox / "b.txt")} <= before
    (inbox / "a.jsonl").write_text(json.dumps({"text": whole[0]}) + "\n")
    (inbox / "b.txt").write_text(whole[1])
    plan = plan_retry(refusals)
    assert {str(inbox / "a.jsonl"), str(inbox / "b.txt")} <= set(plan.inputs)
    again = runs.start(warehouse, *plan.inputs, log=tmp_path / "again.log")
    assert again.wait() == 0, again.output
    tables = Tables.open(warehouse)
    left = {row["source_uri"] for row in read_refusals(tables).rows}
    assert [uri for uri in left if str(inbox) in uri] == []
    taken = tables.query(
        "SELECT d.source_uri FROM articles a JOIN documents d USING (document_id) WHERE contains(d.source_uri, ?)",
        [str(inbox)],
        tables=["articles", "documents"],
    )
    assert {uri for (uri,) in taken} == {str(inbox / name) for name in ("a.jsonl#L1", "b.txt", "c.json#R1")}
    assert last_attribution(tables) == "rules"


def test_takedown_leaves_nothing_of_the_text_and_it_does_not_come_back(place, published, runs, tmp_path):
    warehouse = shutil.copytree(published, tmp_path / "warehouse", symlinks=True)
    wanted = place / "early" / "00003.txt"
    quoted = wanted.read_text().partition("“")[2].partition(",”")[0]
    assert quoted in repr(read_state(warehouse))
    mark_taken_down(warehouse, plan_takedown(Tables.open(warehouse), str(wanted)), "the author asked")
    for inputs in ((), (place / "early",)):
        run = runs.start(warehouse, *inputs, log=tmp_path / "run.log")
        assert run.wait() == 0, run.output
        assert quoted not in repr(read_state(warehouse))
    batches = Warehouse(warehouse).work.rglob("documents.parquet")
    assert not any(quoted in text for path in batches for text in pq.read_table(path)["raw_text"].to_pylist())
    [row] = [row for row in read_refusals(Tables.open(warehouse)).rows if row["check_name"] == "not_taken_down"]
    assert (row["source_uri"], row["observed"]) == (str(wanted), "the author asked")
