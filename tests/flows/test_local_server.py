import socket
from datetime import timedelta
from pathlib import Path

import pytest
from docket import Docket
from prefect.server.api import background_workers
from prefect.server.events import triggers

from flows.local_server import HOST, QUIET_PORTS, find_free_port, find_served, look_seldom, noted_as_served


def test_find_served_forgets_a_service_that_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    with noted_as_served(tmp_path, f"http://{HOST}:{find_free_port()}"):
        assert find_served() is None
    assert not list(tmp_path.iterdir())


def test_find_free_port_takes_none_that_is_listened_to_nor_one_of_outgoing_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = find_free_port()
        assert port in QUIET_PORTS
        tried = [taken.getsockname()[1], port]
        monkeypatch.setattr("flows.local_server.random.sample", lambda *_: tried)
        assert find_free_port() == port


def test_look_seldom_has_the_servers_worker_look_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_workers, "Worker", background_workers.Worker)
    monkeypatch.setattr(triggers, "consumer", triggers.consumer)
    look_seldom()
    worker = background_workers.Worker(Docket(name="test", url="memory://"))
    assert worker.minimum_check_interval == worker.scheduling_resolution == timedelta(seconds=10)
