"""A refusal mended and taken in again, and a text taken down, over whole runs."""

import json
import shutil
import textwrap
from random import Random

import pyarrow.parquet as pq
import pytest

from flows.checking import check_snapshot
from flows.quarantine import plan_retry, read_refusals
from flows.reading import Tables, choose_attribution
from flows.takedown import mark_taken_down, plan_takedown
from schemas.warehouse import Warehouse
from tasks.publish.retention import prune_warehouse
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
    assert not holds(warehouse, quoted)
    assert [row["source_uri"] for row in taken_down(warehouse)] == [str(wanted)]


def test_takedown_keeps_the_text_out_however_it_is_set(place, published, runs, tmp_path):
    warehouse = shutil.copytree(published, tmp_path / "warehouse", symlinks=True)
    wanted = place / "early" / "00003.txt"
    paragraphs = wanted.read_text().split("\n\n")
    named = paragraphs[0]
    # The same words in short lines, in plain quotation marks and from a record; and with a sentence that is new.
    (tmp_path / "wrapped.txt").write_text("\n\n".join(textwrap.fill(one, 60) for one in paragraphs))
    straight = wanted.read_text().replace("“", '"').replace("”", '"').replace("\n\n", "\n")
    (tmp_path / "record.jsonl").write_text(json.dumps({"text": straight, "outlet": "Tide"}) + "\n")
    (tmp_path / "longer.txt").write_text(wanted.read_text() + "\n\nNobody came to see the old harbour of Saltby.")
    mark_taken_down(warehouse, plan_takedown(Tables.open(warehouse), str(wanted)), "the author asked")
    reposts = [tmp_path / name for name in ("wrapped.txt", "record.jsonl", "longer.txt")]
    for _ in range(2):
        run = runs.start(warehouse, *reposts, log=tmp_path / "run.log")
        assert run.wait() == 0, run.output
        state = read_state(warehouse)
        assert [dict(row)["source_uri"] for row in state["documents"] if named in repr(row)] == [str(reposts[2])]
        [counts] = map(dict, state["runs"])
        assert counts == {"input_count": 3, "article_count": 1, "duplicate_count": 0, "quarantined_count": 2}
        assert {row["source_uri"] for row in taken_down(warehouse)} == {str(reposts[0]), f"{reposts[1]}#L1"}
    assert check_snapshot(Tables.open(warehouse)).faults == []
    assert holds(warehouse, straight)
    prune_warehouse(Warehouse(warehouse), keep=1)
    assert not holds(warehouse, straight)


def holds(warehouse, text):
    """Whether the work of the warehouse still holds a text."""
    batches = Warehouse(warehouse).work.rglob("documents.parquet")
    return any(text in raw for path in batches for raw in pq.read_table(path)["raw_text"].to_pylist())


def taken_down(warehouse):
    """Rows of refusals of what was taken down."""
    rows = [row for row in read_refusals(Tables.open(warehouse)).rows if row["check_name"] == "not_taken_down"]
    assert {row["observed"] for row in rows} == {"the author asked"}
    return rows
