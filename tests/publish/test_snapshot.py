import hashlib
import json
import os

import pyarrow.parquet as pq
import pytest

from schemas import PUBLISHED_TABLES, TABLES, Run
from schemas.parquet import arrow_schema
from schemas.warehouse import Warehouse
from tasks.publish import snapshot
from tasks.publish.snapshot import make_current, next_snapshot_number, prune_snapshots, publish_snapshot
from tests.made_up_tables import DAY, made_up_rows, write_staged


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def staged(tmp_path):
    return write_staged(tmp_path / "staged")


def test_publish_snapshot_makes_every_table_current(staged, warehouse):
    published = publish_snapshot(staged, warehouse)
    assert (published.number, warehouse.current_number()) == (1, 1)
    assert os.readlink(warehouse.current) == "snapshots/000001"
    for name in PUBLISHED_TABLES:
        rows = sum(pq.read_metadata(path).num_rows for path in warehouse.table_files(name))
        assert rows == len(made_up_rows()[name]), name


def test_publish_snapshot_lays_tables_out_by_day(staged, warehouse):
    publish_snapshot(staged, warehouse)
    files = {path.relative_to(warehouse.current).as_posix() for path in warehouse.current.rglob("*.parquet")}
    assert f"quotes/fetched_date={DAY:%Y-%m-%d}/part-0.parquet" in files
    assert {"captions/part-0.parquet", "stories/part-0.parquet"} < files


def test_publish_snapshot_parts_days_by_their_documents(tmp_path, warehouse):
    rows = made_up_rows()
    rows["documents"][0].fetched_at = DAY.replace(day=5, hour=0, minute=0)
    publish_snapshot(write_staged(tmp_path / "staged", rows), warehouse)
    own = pq.read_table(warehouse.current / "quotes/fetched_date=2026-03-05/part-0.parquet", partitioning=None)
    assert set(own["article_id"].to_pylist()) == {rows["documents"][0].document_id}


def test_publish_snapshot_keeps_schema_and_descriptions(staged, warehouse):
    publish_snapshot(staged, warehouse)
    for name in PUBLISHED_TABLES:
        for path in warehouse.table_files(name):
            assert pq.read_schema(path).equals(arrow_schema(name), check_metadata=True), name


def test_publish_snapshot_writes_what_engines_look_for_in_files(staged, warehouse):
    publish_snapshot(staged, warehouse)
    for name in PUBLISHED_TABLES:
        for path in warehouse.table_files(name):
            if pq.read_metadata(path).num_rows:
                column = pq.read_metadata(path).row_group(0).column(0)
                assert column.is_stats_set, name
                assert column.has_dictionary_page, name


def test_publish_snapshot_orders_rows_by_key(tmp_path, warehouse):
    rows = made_up_rows()
    for table_rows in rows.values():
        table_rows.reverse()
    publish_snapshot(write_staged(tmp_path / "staged", rows), warehouse)
    for name in PUBLISHED_TABLES:
        keys = [
            tuple(row[column] for column in TABLES[name].key)
            for row in pq.read_table(warehouse.table_files(name)[0], partitioning=None).to_pylist()
        ]
        assert keys == sorted(keys), name


def test_publish_snapshot_links_files_that_did_not_change(staged, warehouse):
    publish_snapshot(staged, warehouse)
    second = publish_snapshot(staged, warehouse)
    assert second.linked_count == second.file_count - 1
    name = "stories/part-0.parquet"
    assert (warehouse.snapshot(1) / name).samefile(warehouse.snapshot(2) / name)


def test_publish_snapshot_numbers_the_run(staged, warehouse):
    publish_snapshot(staged, warehouse)
    publish_snapshot(staged, warehouse)
    runs = pq.read_table(warehouse.table_files(Run.table.name)[0])
    assert runs["snapshot_number"].to_pylist() == [2]


def test_publish_snapshot_lists_its_files(staged, warehouse, tmp_path):
    report = tmp_path / "made.html"
    report.write_text("<p>report</p>")
    publish_snapshot(staged, warehouse, extra_files={"report.html": report})
    manifest = json.loads((warehouse.current / "manifest.json").read_text())
    files = [file for table in manifest["tables"].values() for file in table["files"]] + manifest["other_files"]
    on_disk = {
        path.relative_to(warehouse.current).as_posix() for path in warehouse.current.rglob("*") if path.is_file()
    }
    assert {file["path"] for file in files} == on_disk - {"manifest.json"}
    for file in files:
        content = (warehouse.current / file["path"]).read_bytes()
        assert (file["byte_count"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (manifest["snapshot_number"], manifest["run_id"]) == (1, made_up_rows()["runs"][0].run_id)


@pytest.mark.parametrize("name", ["../report.html", "quotes", "views.sql", "a/b"])
def test_publish_snapshot_refuses_names_of_other_places(staged, warehouse, tmp_path, name):
    with pytest.raises(ValueError, match="no name for a file beside the tables"):
        publish_snapshot(staged, warehouse, extra_files={name: tmp_path})


@pytest.mark.parametrize("step", ["write_tables", "describe_tables", "views_sql", "sync_tree", "make_current"])
def test_publish_snapshot_that_fails_leaves_what_is_published(staged, warehouse, monkeypatch, step):
    publish_snapshot(staged, warehouse)

    def fail(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(snapshot, step, fail)
    with pytest.raises(OSError, match="no space left"):
        publish_snapshot(staged, warehouse)
    monkeypatch.undo()
    assert warehouse.current_number() == 1
    assert not list(warehouse.root.rglob("*.part"))
    publish_snapshot(staged, warehouse)
    assert (warehouse.current / "quotes").is_dir()


def test_next_snapshot_number_passes_over_one_that_never_became_current(staged, warehouse):
    publish_snapshot(staged, warehouse)
    warehouse.snapshot(2).mkdir()
    assert next_snapshot_number(warehouse) == 3


def test_make_current_asks_for_the_snapshot(warehouse):
    with pytest.raises(FileNotFoundError, match="no snapshot 7"):
        make_current(warehouse, 7)


def test_prune_snapshots_keeps_the_newest_and_the_current(staged, warehouse):
    for _ in range(5):
        publish_snapshot(staged, warehouse)
    make_current(warehouse, 2)
    (warehouse.snapshots / ".000009.abc.part").mkdir()
    assert prune_snapshots(warehouse, keep=2) == [1, 3]
    assert warehouse.snapshot_numbers() == [2, 4, 5]
    assert sorted(path.name for path in warehouse.snapshots.iterdir()) == ["000002", "000004", "000005"]
    assert pq.read_table(warehouse.table_files("stories")[0]).num_rows == 2


def test_prune_snapshots_keeps_at_least_one(warehouse):
    with pytest.raises(ValueError, match="at least one"):
        prune_snapshots(warehouse, keep=0)
