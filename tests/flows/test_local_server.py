import asyncio
import inspect
import socket
from pathlib import Path

import pytest
from prefect import flow_engine
from prefect.events import Event
from prefect.events.clients import PrefectEventsClient
from prefect.server.api import server
from prefect.server.events import triggers
from prefect.server.events.services.triggers import ReactiveTriggers
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.local_server import (
    HOST,
    QUIET_PORTS,
    SELDOM,
    find_free_port,
    find_served,
    local_server,
    no_worker,
    noted_as_served,
    rest_between_requests,
    without_heartbeats,
)
from flows.server_setup import make_watches, set_up_server
from flows.telling import FAILED, RESOURCE
from tests.flows.service_project import KEPT_OUT, hearing, listened_at, pages_kept_out
from tests.waiting import wait_for

FLOW = {"prefect.resource.id": "prefect.flow.1", "prefect.resource.role": "flow", "prefect.resource.name": "maintain"}


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


def test_rest_between_requests_starts_no_worker_and_asks_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    # Both have to be there by these names, and to be called so, for it to have any effect.
    for module, name, caller in (
        (server, "background_worker", server.create_app),
        (triggers, "consumer", ReactiveTriggers.start),
    ):
        assert f"{name}(" in inspect.getsource(caller)
        monkeypatch.setattr(module, name, getattr(module, name))
    assert "periodic_granularity" in inspect.signature(triggers.consumer).parameters
    rest_between_requests()
    assert server.background_worker is no_worker
    assert triggers.consumer.keywords == {"periodic_granularity": SELDOM}


def test_without_heartbeats_no_thread_is_started_that_a_flow_would_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Engine(flow_engine.FlowRunEngine):
        def __init__(self) -> None:
            """Asked for its heartbeats alone."""

        def _build_heartbeat_event_template(self) -> tuple:
            raise AssertionError("heartbeats are made")

    with without_heartbeats(), flow_engine._send_heartbeats(Engine()):
        pass
    with pytest.raises(AssertionError, match="are made"), flow_engine._send_heartbeats(Engine()):
        pass


async def send(event: Event, address: str) -> None:
    """Sends an event to the server at the address: a process has one sender, which may be another server's."""
    async with PrefectEventsClient(address) as client:
        await client.emit(event)


@pytest.mark.slow
def test_server_of_a_run_calls_the_webhook_where_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with local_server(tmp_path / "server.log") as started, hearing() as (webhook, heard):
        assert started
        started.wait()
        address = f"{started.address}/api"
        with temporary_settings({PREFECT_API_URL: address}):
            set_up_server(webhook=webhook, watches=make_watches())
        failed = Event(event=FAILED, resource={"prefect.resource.id": RESOURCE}, related=[FLOW])
        asyncio.run(send(failed, address))
        wait_for(lambda: heard, 60)
        listening, kept_out = listened_at(started.port), pages_kept_out(started.address)
    assert "onrecord: a run failed" in heard[0]
    assert listening in ({HOST}, None)
    assert kept_out == KEPT_OUT
