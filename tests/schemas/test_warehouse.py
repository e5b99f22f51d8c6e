import json

import pytest

from schemas.warehouse import Warehouse, whole_folder, write_json


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "warehouse")


def test_warehouse_creates_nothing_by_being_asked(warehouse):
    assert (warehouse.current_number(), warehouse.snapshot_numbers(), warehouse.table_files("quotes")) == (None, [], [])
    assert not warehouse.root.exists()


def test_warehouse_reads_the_current_number_from_the_link(warehouse):
    warehouse.snapshot(12).mkdir(parents=True)
    (warehouse.snapshots / ".000013.part").mkdir()
    warehouse.current.symlink_to("snapshots/000012")
    assert (warehouse.current_number(), warehouse.snapshot_numbers()) == (12, [12])


def test_whole_folder_appears_when_all_went_well(tmp_path):
    with whole_folder(tmp_path / "deep" / "folder") as draft:
        (draft / "file").write_text("x")
        assert not (tmp_path / "deep" / "folder").exists()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["folder"]


def test_whole_folder_leaves_nothing_after_a_failure(tmp_path):
    with pytest.raises(FileNotFoundError), whole_folder(tmp_path / "folder") as draft:
        (draft / "no folder" / "file").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_whole_folder_leaves_one_that_is_there(tmp_path):
    for content in ("first", "second"):
        with whole_folder(tmp_path / "folder") as draft:
            (draft / "file").write_text(content)
    assert (tmp_path / "folder" / "file").read_text() == "first"


def test_write_json_leaves_no_draft(tmp_path):
    path = write_json({"b": 1, "a": "é"}, tmp_path / "deep" / "x.json")
    assert json.loads(path.read_text("utf-8")) == {"a": "é", "b": 1}
    assert [item.name for item in path.parent.iterdir()] == ["x.json"]
