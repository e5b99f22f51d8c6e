"""The flow itself; what it removes is tested with the functions that it calls."""

import logging
from contextlib import nullcontext

import pytest

from flows import maintain
from schemas.warehouse import Warehouse
from tasks.compaction import Compacted
from tasks.link.tables import name_index_folder
from tasks.publish.retention import Pruned
from tests.made_up_tables import publish_made_up


@pytest.mark.parametrize("keep_days", [None, 7.0])
def test_maintain_removes_by_number_and_by_age_and_keeps_the_present_index(tmp_path, monkeypatch, keep_days):
    publish_made_up(tmp_path)
    asked = []
    monkeypatch.setattr(maintain, "prune", lambda *given, **options: asked.append((given, options)) or Pruned([], []))
    monkeypatch.setattr(maintain, "compact", lambda *given: asked.append((given, {})) or Compacted())
    monkeypatch.setattr(maintain, "writer_lock", lambda *_, **__: nullcontext())
    monkeypatch.setattr(maintain, "get_run_logger", lambda: logging.getLogger("test"))
    maintain.maintain.fn(str(tmp_path), keep=3, keep_days=keep_days)
    index_name = name_index_folder(Warehouse(tmp_path).work).name
    # Batches of which only one version is left are put together.
    assert asked == [
        ((str(tmp_path), 3), {"keep_days": keep_days, "index_name": index_name}),
        ((str(tmp_path),), {}),
    ]


def test_maintain_makes_no_warehouse_where_there_is_none(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(maintain, "get_run_logger", lambda: logging.getLogger("test"))
    maintain.maintain.fn(str(tmp_path / "mistyped"))
    assert not list(tmp_path.iterdir())
    assert "there is no warehouse at" in caplog.text
