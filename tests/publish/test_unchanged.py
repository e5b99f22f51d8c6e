import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.warehouse import Warehouse
from tasks.publish import unchanged
from tasks.publish.unchanged import describe_again, is_published, name_makings, note_makings, publish_again
from tests.made_up_tables import publish_made_up

NOW = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    publish_made_up(tmp_path)
    return Warehouse(tmp_path)


def name(warehouse: Warehouse, **changes) -> str:
    """Makings of two documents in a batch, with these changes."""
    values = {
        "selected": {"document_id": ["a", "b"], "is_input": [True, False]},
        "received": {"source_uri": ["in/a.txt", None]},
        "refused": {"quarantine_id": ["0"]},
        "options": {"attribution": "tagger"},
        "batches": ["clean-1/x", "resolve-1/x"],
    } | changes
    paths = {}
    for kind in ("selected", "received", "refused"):
        paths[kind] = warehouse.root / f"{kind}.parquet"
        pq.write_table(pa.table(values[kind]), paths[kind])
    folders = [warehouse.work / folder for folder in values["batches"]]
    return name_makings(warehouse, options=values["options"], batch_folders=folders, **paths)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"selected": {"document_id": ["a", "c"], "is_input": [True, False]}}, id="another-document"),
        pytest.param({"selected": {"document_id": ["a", "b"], "is_input": [True, True]}}, id="another-input"),
        pytest.param({"received": {"source_uri": ["in/a.txt", "in/a.txt", None]}}, id="a-duplicate"),
        pytest.param({"refused": {"quarantine_id": ["0", "1"]}}, id="a-refusal"),
        pytest.param({"options": {"attribution": "rules"}}, id="an-option"),
        pytest.param({"batches": ["clean-2/x", "resolve-2/x"]}, id="another-version"),
    ],
)
def test_name_makings_changes_with_what_tables_are_made_of(warehouse, changes):
    assert name(warehouse) != name(warehouse, **changes)


def test_name_makings_is_the_same_in_any_order(warehouse):
    turned = {
        "selected": {"document_id": ["b", "a"], "is_input": [False, True]},
        "batches": ["resolve-1/x", "clean-1/x"],
    }
    assert name(warehouse) == name(warehouse, **turned)


@pytest.mark.parametrize("file", ["aliases.toml", "takedowns.json"])
def test_name_makings_changes_with_the_users_word(warehouse, file):
    before = name(warehouse)
    (warehouse.root / file).write_text("")
    assert name(warehouse) == before
    (warehouse.root / file).write_text("# changed")
    assert name(warehouse) != before


def test_name_makings_changes_with_code_and_rules(warehouse, monkeypatch):
    before = name(warehouse)
    monkeypatch.setattr(unchanged, "rules_version", lambda: "other")
    assert name(warehouse) != before


def test_is_published_holds_for_the_current_snapshot_only(warehouse):
    assert not is_published(warehouse, "x")
    note_makings(warehouse, "x", 1)
    assert is_published(warehouse, "x")
    assert not is_published(warehouse, "y")
    publish_made_up(warehouse.root)
    assert not is_published(warehouse, "x")


def test_is_published_does_not_hold_for_files_that_changed(warehouse):
    note_makings(warehouse, "x", 1)
    file = warehouse.snapshot(1) / "stories" / "part-0.parquet"
    file.write_bytes(file.read_bytes() + b" ")
    assert not is_published(warehouse, "x")
    file.unlink()
    assert not is_published(warehouse, "x")


def publish_the_same(warehouse: Warehouse) -> Path:
    run = describe_again("20260305T000000Z-000000", ["inbox"], NOW, NOW, 3)
    return warehouse.snapshot(publish_again(warehouse, run))


def test_publish_again_links_every_table_and_adds_a_run(warehouse):
    before = warehouse.snapshot(1)
    after = publish_the_same(warehouse)
    assert warehouse.current.resolve() == after
    for path in before.rglob("*.parquet"):
        place = path.relative_to(before)
        assert place.parts[0] == "runs" or os.path.samefile(path, after / place)
    rows = sorted(pq.read_table(after / "runs").to_pylist(), key=lambda row: row["run_id"])
    assert [row["snapshot_number"] for row in rows] == [1, 2]
    first, second = rows
    assert (second["new_document_count"], second["reused_batch_count"], second["inputs"]) == (0, 3, "inbox")
    assert second["article_count"] == first["article_count"]
    # As in every published file.
    assert pq.read_metadata(after / "runs" / "part-0.parquet").row_group(0).column(0).is_stats_set


def test_publish_again_leaves_a_snapshot_that_checks_find_sound(warehouse):
    from flows.checking import check_snapshot
    from flows.reading import Tables

    after = publish_the_same(warehouse)
    assert check_snapshot(Tables(after)).faults == []
    assert json.loads((after / "manifest.json").read_text())["snapshot_number"] == 2


def test_publish_again_copies_where_there_are_no_links(warehouse, monkeypatch):
    def refuse(*_arguments):
        raise OSError(1, "not permitted")

    monkeypatch.setattr(unchanged.os, "link", refuse)
    after = publish_the_same(warehouse)
    assert (after / "stories" / "part-0.parquet").read_bytes() == (
        warehouse.snapshot(1) / "stories" / "part-0.parquet"
    ).read_bytes()
