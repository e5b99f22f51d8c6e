"""A refusal mended and taken in again, and a text taken down, over whole runs."""

import json
import shutil
from random import Random

import pyarrow.parquet as pq
import pytest

from flows.quarantine import plan_retry, read_refusals
from flows.reading import Tables, choose_attribution
from flows.takedown import mark_taken_down, plan_takedown
from schemas.warehouse import Warehouse
from tests.faults.articles import make_article
from tests.faults.runs import read_state
from tests.ingest.web.server import running_server

pytestmark = pytest.mark.slow


def test_retry_takes_in_what_was_mended(published, runs, tmp_path):
    warehouse = shutil.copytree(published, tmp_path / "warehouse", symlinks=True)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    whole = [make_article(number, Random(number)) for number in range(4)]
    broken = [("a.jsonl", '{"body_plain": "half a li'), ("b.txt", ""), (".hidden", "")]
    sound = [("c.json", json.dumps([{"body_plain": whole[2]}])), ("names.toml", 'text = "body_plain"')]
    for name, content in broken + sound:
        (inbox / name).write_text(content)
    with running_server() as server:
        options = {"columns": str(inbox / "names.toml"), "allow_private": True}
        inputs = [*(inbox / name for name in ("a.jsonl", "b.txt", "c.json")), f"{inbox}/.h*", server.base + "/feed"]
        first = runs.start(warehouse, *inputs, log=tmp_path / "first.log", options=options)
        assert first.wait() == 0, first.output
        refusals = read_refusals(Tables.open(warehouse), stage="ingest")
        asked = [str(inbox / "a.jsonl"), str(inbox / "b.txt"), server.base + "/feed"]
        assert {uri.partition("#")[0] for uri in (row["source_uri"] for row in refusals.rows)} >= set(asked)
        (inbox / "a.jsonl").write_text(json.dumps({"body_plain": whole[0]}) + "\n")
        (inbox / "b.txt").write_text(whole[1])
        article = server.serve("/4", f"<html><body><article><p>{whole[3]}</p></article></body></html>")
        server.serve("/feed", f"<rss><channel><item><link>{article}</link></item></channel></rss>")
        plan = plan_retry(refusals, Tables.open(warehouse))
        assert set(plan.inputs) >= set(asked)
        assert (plan.choose_columns(None), plan.allow_private) == (options["columns"], True)
        again = runs.start(warehouse, *plan.inputs, log=tmp_path / "again.log", options=options)
        assert again.wait() == 0, again.output
    tables = Tables.open(warehouse)
    left = {row["source_uri"] for row in read_refusals(tables).rows}
    assert [uri for uri in left if str(inbox) in uri or server.base in uri] == []
    taken = tables.query(
        "SELECT d.source_uri FROM articles a JOIN documents d USING (document_id) "
        "WHERE contains(d.source_uri, ?) OR contains(d.source_uri, ?)",
        [str(inbox), server.base],
        tables=["articles", "documents"],
    )
    assert {uri for (uri,) in taken} == {*(str(inbox / name) for name in ("a.jsonl#L1", "b.txt", "c.json#R1")), article}
    assert choose_attribution(warehouse, None) == "rules"
    told = tables.query("SELECT passed_over_count FROM runs ORDER BY run_id", tables=["runs"])
    assert told == [(0,), (1,), (0,)]


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
