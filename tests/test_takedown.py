import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from schemas import Document
from schemas.parquet import read_rows, write_rows
from schemas.warehouse import Warehouse
from tasks.ingest.batching import gather_documents
from tasks.takedown import Tombstones, add_tombstones, find_source, purge_leftovers, purge_work, snapshots_that_hold

PAGE = Document(
    document_id="0" * 16,
    source_uri="inbox/a.jsonl#L3",
    media_type="text/plain",
    encoding="utf-8",
    byte_count=1,
    raw_text="The ferry sails.",
    fetched_at=datetime(2026, 1, 2, tzinfo=UTC),
    declared_title=None,
    declared_outlet="Harbour Post",
    declared_author=None,
    declared_url="https://news.example/ferry",
    declared_published_at=None,
)


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_text(f"Ferry number {number} sails.")
    return folder


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "warehouse")


def gather(inbox, warehouse, run_id="run", **options):
    return gather_documents([str(inbox)] if inbox else [], warehouse, run_id, batch_documents=2, **options)


def ids_of(result):
    return pq.read_table(result.selected_path)["document_id"].to_pylist()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("news.example", True),
        ("NEWS.example", True),
        ("https://news.example/ferry", True),
        ("harbour post", True),
        ("inbox/a.jsonl", True),
        ("inbox/a.jsonl#L3", True),
        ("other.example", False),
        ("inbox", False),
        ("", False),
    ],
)
def test_find_source_knows_a_document_by_where_it_is_from(source, found):
    assert (find_source(PAGE, {source.lower(): "why"}) == "why") is found


def test_find_source_takes_a_document_of_no_source():
    bare = replace(PAGE, declared_url="http://[", declared_outlet=None)
    assert find_source(bare, {"": "why"}) is None


def test_gather_documents_refuses_what_was_taken_down(inbox, warehouse, tmp_path):
    first = gather(inbox, warehouse)
    gone = ids_of(first)[1]
    kept = [
        str(shutil.copy(batch.documents / "documents.parquet", tmp_path / batch.batch_id)) for batch in first.batches
    ]
    assert add_tombstones(warehouse, document_ids=[gone], source=None, reason="asked for") == 1
    assert purge_work(warehouse, [gone]) == 1
    second = gather(inbox, warehouse, "run-2", keep_document_ids_of=kept)
    assert (second.input_count, second.quarantined_count) == (4, 1)
    assert gone not in ids_of(second)
    [row] = pq.read_table(second.quarantine_path).to_pylist()
    assert (row["check_name"], row["observed"], row["document_id"]) == ("not_taken_down", "asked for", None)
    third = gather(None, warehouse, "run-3", keep_document_ids_of=kept)
    assert (third.kept_count, gone in ids_of(third)) == (3, False)
    held = {row.document_id for batch in (warehouse.work / "documents").iterdir() for row in read_rows(Document, batch)}
    assert gone not in held


def test_purge_leftovers_removes_batches_of_texts_that_came_again(inbox, warehouse):
    first = gather(inbox, warehouse)
    assert purge_leftovers(warehouse) == 0
    add_tombstones(warehouse, document_ids=["f" * 16], source=None, reason="asked for")
    assert purge_leftovers(warehouse) == 0
    add_tombstones(warehouse, document_ids=ids_of(first)[:1], source=None, reason="asked for")
    assert [purge_leftovers(warehouse) for _ in range(2)] == [1, 0]
    assert [batch.documents.exists() for batch in first.batches] == [False, True]


def test_purge_leftovers_removes_what_was_made_of_batches_that_are_not_there(inbox, warehouse):
    first = gather(inbox, warehouse)
    kept = first.batches[1]
    # Of a merge that broke off before it wrote the documents: it holds the text as well.
    for name in ("0123456789ab", "0123456789ab-cdef", "0123456789ab.lines", kept.batch_id, f"{kept.batch_id}.lines"):
        (warehouse.work / "clean-000000000000" / name).mkdir(parents=True)
    add_tombstones(warehouse, document_ids=ids_of(first)[:1], source=None, reason="asked for")
    purge_leftovers(warehouse)
    left = sorted(path.name for path in (warehouse.work / "clean-000000000000").iterdir())
    assert left == [kept.batch_id, f"{kept.batch_id}.lines"]


def test_add_tombstones_keeps_the_first_reason(warehouse):
    warehouse.root.mkdir()
    add_tombstones(warehouse, document_ids=["a" * 16], source="News.example", reason="first")
    assert add_tombstones(warehouse, document_ids=["a" * 16], source="news.example", reason="second") == 0
    stones = Tombstones.read(warehouse)
    assert (stones.document_ids, stones.sources) == ({"a" * 16: "first"}, {"news.example": "first"})


def test_snapshots_that_hold_names_those_with_the_document(warehouse):
    for number, document in ((1, PAGE), (2, replace(PAGE, document_id="1" * 16))):
        write_rows([document], Document, warehouse.snapshot(number) / "documents")
    assert snapshots_that_hold(warehouse, ["0" * 16]) == [1]
    assert snapshots_that_hold(warehouse, []) == []
