from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.events import Event
from prefect.states import Failed

from flows import telling
from flows.backfill import backfill
from flows.build_tables import build_tables
from flows.maintain import maintain
from flows.telling import tell_failure


def test_tell_failure_names_the_run_and_leaves_the_error_out(monkeypatch: pytest.MonkeyPatch) -> None:
    emitted: list[Event] = []
    monkeypatch.setattr(telling, "emit_event", lambda event, **fields: emitted.append(Event(event=event, **fields)))
    run = FlowRun(flow_id=uuid4(), name="build tables from inbox", parameters={"warehouse": "data/w"})
    tell_failure(build_tables, run, Failed(message="“We have waited,” she said: a secret"))
    (event,) = emitted
    assert event.event == "onrecord.run.failed"
    assert event.resource["prefect.resource.id"] == "onrecord.warehouse"
    assert event.resource["prefect.resource.name"] == "data/w"
    assert {one["prefect.resource.role"]: one["prefect.resource.name"] for one in event.related} == {
        "flow": "build-tables",
        "flow-run": "build tables from inbox",
    }
    assert event.payload == {"flow": "build-tables", "run": "build tables from inbox", "state": "Failed"}
    assert "secret" not in event.model_dump_json()


@pytest.mark.parametrize("flow", [build_tables, maintain, backfill], ids=lambda flow: flow.name)
def test_flows_tell_of_their_failure(flow) -> None:
    assert tell_failure in flow.on_failure_hooks
