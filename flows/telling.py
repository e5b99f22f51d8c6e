"""What a flow tells of its own failure, as an event that automations follow."""

from collections.abc import Mapping
from typing import Any

from prefect.client.schemas.objects import FlowRun, State
from prefect.events import emit_event
from prefect.flows import Flow

FAILED = "onrecord.run.failed"
RESOURCE = "onrecord.warehouse"


def tell_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State) -> None:
    """Leaves the event "onrecord.run.failed": a hook for flows, called when a run has failed for good.

    Prefect's own event of a failure waits up to a quarter of an hour for those before it, where the run was scheduled
    less than five minutes before it began. The error is left out: its text may hold words of articles.
    """
    emit_event(
        FAILED,
        resource=name_warehouse(flow_run.parameters),
        related=[
            _role("flow-run", str(flow_run.id), flow_run.name),
            _role("flow", str(flow_run.flow_id), flow.name),
        ],
        payload={"flow": flow.name, "run": flow_run.name, "state": state.name},
    )


def name_warehouse(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The resource of events about a warehouse."""
    return {"prefect.resource.id": RESOURCE, "prefect.resource.name": str(parameters.get("warehouse") or "")}


def _role(kind: str, identifier: str, name: str) -> dict[str, str]:
    return {
        "prefect.resource.id": f"prefect.{kind}.{identifier}",
        "prefect.resource.role": kind,
        "prefect.resource.name": name,
    }
