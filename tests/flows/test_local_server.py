from pathlib import Path

import pytest

from flows.local_server import HOST, find_free_port, find_served, noted_as_served


def test_find_served_forgets_a_service_that_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    with noted_as_served(tmp_path, f"http://{HOST}:{find_free_port()}"):
        assert find_served() is None
    assert not list(tmp_path.iterdir())
