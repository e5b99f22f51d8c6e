import json
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import s3fs

from schemas import PUBLISHED_TABLES, TABLES
from schemas.warehouse import Warehouse
from tasks.publish.mirror import MirrorError, mirror_snapshot
from tasks.publish.snapshot import make_current
from tests.made_up_tables import made_up_rows, publish_made_up
from tests.object_store import ObjectStore


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    publish_made_up(tmp_path)
    return Warehouse(tmp_path)


def read_pointer(store: ObjectStore, folder: str = "news") -> dict:
    return json.loads(store.filesystem.cat(f"{store.address}/{folder}/current.json"))


def list_files(store: ObjectStore, folder: str) -> set[str]:
    root = f"{store.address.removeprefix('s3://')}/{folder}/"
    return {path.removeprefix(root) for path in store.filesystem.find(root)}


def publish_more(warehouse: Warehouse) -> None:
    """A snapshot that differs from the one before by its stories."""
    rows = made_up_rows()
    publish_made_up(warehouse.root, {**rows, "stories": []} | {"quote_groups": [], "figure_groups": []})


def test_mirror_snapshot_is_read_from_the_store_as_from_the_warehouse(object_store, warehouse):
    mirror_snapshot(warehouse, f"{object_store.address}/news")
    snapshot = f"{object_store.address}/news/{read_pointer(object_store)['snapshot']}"
    duckdb.register_filesystem(object_store.filesystem)
    for name in PUBLISHED_TABLES:
        folder, columns = f"{snapshot}/{name}", list(TABLES[name].column_names)
        quoted = ", ".join(f'"{column}"' for column in columns)
        frame = pd.read_parquet(folder, dtype_backend="pyarrow")[columns]
        read = {
            "pyarrow": ds.dataset(folder.removeprefix("s3://"), filesystem=object_store.filesystem).to_table(columns),
            "pandas": pa.Table.from_pandas(frame, preserve_index=False),
            "duckdb": duckdb.sql(f"SELECT {quoted} FROM read_parquet('{folder}/**/*.parquet')").to_arrow_table(),
        }
        key = [(column, "ascending") for column in TABLES[name].key]
        truth = pq.read_table(warehouse.current / name, columns=columns, partitioning=None).sort_by(key)
        for reader, table in read.items():
            assert table.cast(truth.schema).sort_by(key).to_pylist() == truth.to_pylist(), (name, reader)
    duckdb.unregister_filesystem("s3")


def test_mirror_snapshot_uploads_only_what_has_changed(object_store, warehouse):
    first = mirror_snapshot(warehouse, f"{object_store.address}/news")
    assert first.copied_count == 0
    publish_more(warehouse)
    second = mirror_snapshot(warehouse, f"{object_store.address}/news/")
    assert second.address == f"{object_store.address}/news/snapshots/000002"
    assert second.copied_count > second.uploaded_count > 0
    assert second.uploaded_count + second.copied_count == first.uploaded_count
    local = {path.relative_to(warehouse.current.resolve()) for path in warehouse.current.resolve().rglob("*.*")}
    there = list_files(object_store, "news/snapshots/000002")
    assert there == {path.as_posix() for path in local if (warehouse.current / path).is_file()}
    for path in there:
        stored = object_store.filesystem.cat(f"{object_store.address}/news/snapshots/000002/{path}")
        assert stored == (warehouse.current / path).read_bytes(), path


def test_mirror_snapshot_published_before_uploads_nothing(object_store, warehouse):
    mirror_snapshot(warehouse, f"{object_store.address}/news")
    again = mirror_snapshot(warehouse, f"{object_store.address}/news")
    assert (again.uploaded_count, again.copied_count, again.removed) == (0, 0, [])


def test_mirror_snapshot_keeps_the_newest(object_store, warehouse):
    address = f"{object_store.address}/news"
    removed = []
    for _ in range(3):
        removed.append(mirror_snapshot(warehouse, address).removed)
        publish_made_up(warehouse.root)
    assert removed == [[], [], [1]]
    assert mirror_snapshot(warehouse, address, keep=1).removed == [2, 3]
    assert {path.split("/")[0] for path in list_files(object_store, "news/snapshots")} == {"000004"}


def test_mirror_snapshot_cut_off_leaves_the_pointer_and_goes_on_the_next_time(object_store, warehouse, monkeypatch):
    address = f"{object_store.address}/news"
    mirror_snapshot(warehouse, address)
    publish_more(warehouse)
    put = s3fs.S3FileSystem._put_file

    async def fail_on_stories(self, lpath, rpath, *arguments, **options):
        if "stories" in rpath:
            raise OSError("the line is dead")
        return await put(self, lpath, rpath, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(s3fs.S3FileSystem, "_put_file", fail_on_stories)
        with pytest.raises(MirrorError, match="the line is dead"):
            mirror_snapshot(warehouse, address)
    assert read_pointer(object_store)["snapshot_number"] == 1
    mirror_snapshot(warehouse, address)
    assert read_pointer(object_store)["snapshot_number"] == 2


def test_mirror_snapshot_tells_of_a_file_that_arrived_short(object_store, warehouse, monkeypatch):
    put = s3fs.S3FileSystem._put_file

    async def cut_short(self, lpath, rpath, *arguments, **options):
        await put(self, lpath, rpath, *arguments, **options)
        if "stories" in rpath:
            await self._pipe_file(rpath, b"PAR1")

    monkeypatch.setattr(s3fs.S3FileSystem, "_put_file", cut_short)
    with pytest.raises(MirrorError, match=r"1 files did not arrive whole \(first: snapshots/000001/stories"):
        mirror_snapshot(warehouse, f"{object_store.address}/news")
    assert "current.json" not in list_files(object_store, "news")


def test_mirror_snapshot_refuses_a_place_of_another_warehouse(object_store, warehouse, tmp_path):
    address = f"{object_store.address}/news"
    publish_more(warehouse)
    mirror_snapshot(warehouse, address)
    other = Warehouse(tmp_path / "other")
    publish_made_up(other.root)
    with pytest.raises(MirrorError, match="holds snapshot 2, which is not of this warehouse"):
        mirror_snapshot(other, address)
    publish_made_up(other.root)
    with pytest.raises(MirrorError, match="an address of its own"):
        mirror_snapshot(other, address)
    make_current(warehouse, 1)
    with pytest.raises(MirrorError, match="its newest is 1"):
        mirror_snapshot(warehouse, address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        pytest.param("s3://no-such-bucket-anywhere/news", "cannot be written", id="no-bucket"),
        pytest.param("nonsense://bucket/news", "cannot be written: ValueError: Protocol not known", id="no-protocol"),
    ],
)
def test_mirror_snapshot_says_why_it_cannot_write(object_store, warehouse, address, message):
    with pytest.raises(MirrorError, match=message):
        mirror_snapshot(warehouse, address)


def test_mirror_snapshot_takes_no_password_in_an_address(warehouse):
    with pytest.raises(ValueError, match="carries a password") as raised:
        mirror_snapshot(warehouse, "s3://editor:loud-secret@bucket/news")
    assert "loud-secret" not in str(raised.value)
