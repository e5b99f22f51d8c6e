"""A run whose snapshot does not get to the object store: what is published here is told of all the same."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flows import build_tables as flow
from flows.running import OpenRun
from tasks.publish.mirror import MirrorError
from tests.made_up_tables import publish_made_up


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Snapshots that a run has described which finds nothing new and no store."""
    told: list[int] = []

    def describe_run(_warehouse: str, number: int, *_: Any, **_options: Any) -> None:
        told.append(number)

    def mirror_tables(_warehouse: str, address: str) -> None:
        raise MirrorError(f"{address} cannot be written: the store is away")

    stand_ins = {
        "ingest_documents": lambda *_, **_options: SimpleNamespace(batches=[]),
        "count_recurring_lines": lambda batches: batches,
        "publish_tables_again": lambda *_: 2,
        "mirror_tables": mirror_tables,
        "describe_run": describe_run,
    }
    for name, function in stand_ins.items():
        monkeypatch.setattr(flow, name, function)
    for name, answer in {"is_published": True, "as_before": {}, "note_published": None, "summarize": None}.items():
        monkeypatch.setattr(OpenRun, name, lambda *_, answer=answer: answer)
    return told


def test_run_is_described_before_it_is_published_elsewhere(described, tmp_path: Path) -> None:
    publish_made_up(tmp_path)
    with pytest.raises(MirrorError, match="the store is away"):
        flow.build_tables.fn(["inbox"], str(tmp_path), publish_to="s3://bucket/news")
    assert described == [2]


def test_run_is_described_once_where_it_is_published_here_alone(described, tmp_path: Path) -> None:
    publish_made_up(tmp_path)
    flow.build_tables.fn(["inbox"], str(tmp_path))
    assert described == [2]
