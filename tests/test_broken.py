import errno
import json
import sqlite3

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Article
from schemas.parquet import is_whole, rows_to_arrow, write_table
from schemas.warehouse import Warehouse
from tasks.broken import WarehouseFault, advise_on_broken, find_broken_files, naming_faults, remove_broken_work
from tests.made_up_tables import made_up_rows, publish_made_up

FINGERPRINT = "0" * 12


@pytest.fixture
def warehouse(tmp_path):
    """A published warehouse with two cleaned batches and an index of two files."""
    publish_made_up(tmp_path)
    place = Warehouse(tmp_path)
    articles = rows_to_arrow(made_up_rows()["articles"], Article)
    for batch in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        write_table(articles, place.batch_folder("clean", FINGERPRINT, batch) / "articles.parquet")
    for name in ("000000-a.parquet", "000001-b.parquet"):
        write_table(articles, place.work / f"link-{FINGERPRINT}" / name)
    return place


def cut(path, share=0.5):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


def empty_blocks(path):
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2] + b"\0" * (len(raw) - len(raw) // 2))
    return path


def overwrite(path):
    raw = path.read_bytes()
    path.write_bytes(raw[:200] + b"\xff" * 300 + raw[500:])
    return path


def part_from_others(path):
    """Makes a file one of its own, which was one with that of other snapshots."""
    raw = path.read_bytes()
    path.unlink()
    path.write_bytes(raw)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(cut, id="cut short"),
        pytest.param(lambda path: cut(path, 0), id="empty"),
        pytest.param(empty_blocks, id="empty blocks"),
    ],
)
def test_remove_broken_work_takes_out_what_was_cut_short(warehouse, damage):
    cleaned = warehouse.work / f"clean-{FINGERPRINT}"
    index = warehouse.work / f"link-{FINGERPRINT}"
    assert is_whole(cleaned / "aaaaaaaaaaaa" / "articles.parquet")
    assert not is_whole(damage(cleaned / "aaaaaaaaaaaa" / "articles.parquet"))
    damage(index / "000001-b.parquet")
    (cleaned / ".cccccccccccc.0123.part").mkdir()
    told = []
    assert remove_broken_work(warehouse, told.append) == 3
    assert [path.name for path in cleaned.iterdir()] == ["bbbbbbbbbbbb"]
    assert [path.name for path in index.iterdir()] == ["000000-a.parquet"]
    assert told[0] == f"clean-{FINGERPRINT}/.cccccccccccc.0123.part was not written to its end; it is made again"


def test_remove_broken_work_leaves_what_is_whole(warehouse, tmp_path):
    assert remove_broken_work(warehouse) == 0
    assert remove_broken_work(Warehouse(tmp_path / "none")) == 0


def test_naming_faults_names_the_published_file_and_what_to_do(warehouse):
    publish_made_up(warehouse.root)
    path = warehouse.table_files("documents")[0]
    part_from_others(path)
    overwrite(path)
    with (
        pytest.raises(WarehouseFault, match=r"1 published files are broken.*documents/") as caught,
        naming_faults(warehouse),
    ):
        pq.read_table(path)
    assert f"ln -sfn snapshots/000001 {warehouse.current}" in str(caught.value)
    assert path.exists()


def test_naming_faults_removes_work_that_cannot_be_read(warehouse):
    folder = warehouse.work / f"clean-{FINGERPRINT}" / "aaaaaaaaaaaa"
    path = overwrite(folder / "articles.parquet")
    assert is_whole(path)
    with pytest.raises(WarehouseFault, match=r"articles\.parquet.*run again"), naming_faults(warehouse):
        pq.read_table(path)
    assert not folder.exists()
    assert find_broken_files(warehouse) == {}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_naming_faults_tells_of_a_full_disk(warehouse, code):
    with pytest.raises(WarehouseFault, match=r"the disk is full.*is untouched.*make room"), naming_faults(warehouse):
        raise OSError(code, "No space left on device")


def test_naming_faults_tells_of_a_full_disk_under_a_database(warehouse):
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count = 2")
    connection.execute("CREATE TABLE a (b TEXT)")
    with pytest.raises(WarehouseFault, match=r"the disk is full \(database or disk is full"), naming_faults(warehouse):
        connection.execute("INSERT INTO a VALUES (?)", ["x" * 100_000])
    connection.close()


def test_advise_on_broken_names_the_newest_snapshot_that_is_sound(warehouse):
    for _ in range(3):
        publish_made_up(warehouse.root)
    assert warehouse.snapshot_numbers() == [1, 2, 3, 4]
    assert "ln -sfn snapshots/000003 " in advise_on_broken(warehouse)
    # One file in all snapshots but the first.
    first, *others = (warehouse.table_files("quotes", number)[0] for number in warehouse.snapshot_numbers())
    assert others[0].samefile(others[-1])
    part_from_others(first)
    overwrite(others[-1])
    assert "ln -sfn snapshots/000001 " in advise_on_broken(warehouse)
    overwrite(first)
    assert "no snapshot here is sound" in advise_on_broken(warehouse)


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), pa.ArrowInvalid("x"), ValueError("y")])
def test_naming_faults_leaves_other_errors(warehouse, error):
    with pytest.raises(type(error)) as caught, naming_faults(warehouse):
        raise error
    assert caught.value is error


def test_find_broken_files_names_what_is_missing_or_changed(warehouse):
    warehouse.table_files("stories")[0].unlink()
    overwrite(warehouse.table_files("quotes")[0])
    found = {path.relative_to(warehouse.current).parts[0]: why for path, why in find_broken_files(warehouse).items()}
    assert found == {"stories": "No such file or directory", "quotes": "its bytes are not those published"}


def test_find_broken_files_names_a_manifest_that_is_none(warehouse):
    (warehouse.current / "manifest.json").write_text(json.dumps([]))
    assert [path.name for path in find_broken_files(warehouse)] == ["manifest.json"]
