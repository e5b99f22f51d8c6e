"""What the set-up leaves on a real server, and what that server makes of it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import yaml
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.server_setup import POOL, make_watches, read_quiet, set_up_server
from tests.flows.conftest import Api
from tests.flows.service_project import ROOT, hearing
from tests.waiting import wait_for


@pytest.mark.parametrize(("given", "hours"), [(None, 24), ("", 24), ("1.5", 1.5), ("48", 48)])
def test_read_quiet_takes_hours(given: str | None, hours: float) -> None:
    assert read_quiet(given).total_seconds() == hours * 3600


@pytest.mark.parametrize("given", ["abc", "nan", "inf", "-3", "0.001", "1e300"])
def test_read_quiet_says_what_is_wanted(given: str) -> None:
    with pytest.raises(SystemExit, match=f"ONRECORD_QUIET_HOURS is '{given}': give hours"):
        read_quiet(given)


@pytest.mark.slow
def test_set_up_server_limits_a_pool_that_has_no_limit_and_leaves_one_that_has(server: str, api: Api) -> None:
    pool = {"name": POOL, "type": "process", "base_job_template": {}}
    api("/work_pools/", pool)
    for chosen, kept in ((None, 1), (3, 3)):
        api(f"/work_pools/{POOL}", {"concurrency_limit": chosen}, method="PATCH")
        with temporary_settings({PREFECT_API_URL: server}):
            names = set_up_server(webhook=None, watches=make_watches())
        there = api(f"/work_pools/{POOL}", method="GET")
        assert there["concurrency_limit"] == kept
        assert there["base_job_template"]["job_configuration"]
    automations = [one["name"] for one in api("/automations/filter", {})]
    assert sorted(automations) == sorted(names)


@pytest.mark.slow
def test_run_that_comes_while_another_is_at_work_is_cancelled(api: Api) -> None:
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"][0]
    flow = api("/flows/", {"name": "build-tables"})
    limit = declared["concurrency_limit"]
    deployment = api(
        "/deployments/",
        {
            "name": declared["name"],
            "flow_id": flow["id"],
            "concurrency_limit": limit["limit"],
            "concurrency_options": {"collision_strategy": limit["collision_strategy"]},
        },
    )
    answers = []
    for _ in range(2):
        run = api(f"/deployments/{deployment['id']}/create_flow_run", {})
        state = {"state": {"type": "PENDING", "name": "Pending"}}
        answers.append(api(f"/flow_runs/{run['id']}/set_state", state))
    assert [answer["state"]["type"] for answer in answers] == ["PENDING", "CANCELLED"]


def texts_of(heard: list[str]) -> list[str]:
    """What the webhook was told."""
    return [json.loads(body)["text"] for body in heard]


def tell_states(api: Api, run_id: str, flow_id: str, states: tuple[str, ...]) -> None:
    """Leaves the events that Prefect leaves when a run of ours comes to these states, all at once."""
    flow = {
        "prefect.resource.id": f"prefect.flow.{flow_id}",
        "prefect.resource.role": "flow",
        "prefect.resource.name": "build-tables",
    }
    ids = [str(uuid4()) for _ in states]
    events = [
        {
            "id": own,
            "occurred": datetime.now(UTC).isoformat(),
            "event": f"prefect.flow-run.{state}",
            "resource": {"prefect.resource.id": f"prefect.flow-run.{run_id}"},
            "related": [flow],
            # The server keeps them in order by it, whichever it is at first.
            "follows": before,
        }
        for own, before, state in zip(ids, [None, *ids], states, strict=False)
    ]
    api("/events", events)


@pytest.mark.slow
def test_automations_tell_of_a_run_whose_process_died_and_of_one_that_does_not_end(server: str, api: Api) -> None:
    flow_id = api("/flows/", {"name": "build-tables"})["id"]
    names = ("endless", "dead", "done")
    runs = {name: api("/flow_runs/", {"flow_id": flow_id, "name": name})["id"] for name in names}
    with hearing() as (webhook, heard):
        with temporary_settings({PREFECT_API_URL: server}):
            set_up_server(webhook=webhook, watches=make_watches(long_run=timedelta(seconds=10)))
        for name, states in (("done", ("Running", "Completed")), ("endless", ("Running",)), ("dead", ("Crashed",))):
            tell_states(api, runs[name], flow_id, states)
        # Runs that other tests left on this server may be told of as well.
        expected = {"a run failed": "dead", "a run does not end": "endless"}
        starts = {f'onrecord: {watch}: run "{name}" of build-tables is' for watch, name in expected.items()}
        wait_for(lambda: all(any(text.startswith(start) for text in texts_of(heard)) for start in starts))
    assert not [text for text in texts_of(heard) if 'run "done"' in text]


@pytest.mark.slow
def test_run_without_signs_of_life_is_ended_and_one_that_has_ended_stays_as_it_is(server: str, api: Api) -> None:
    flow_id = api("/flows/", {"name": "build-tables"})["id"]
    states = {"gone": "RUNNING", "done": "COMPLETED", "other": "RUNNING", "taken": "PENDING", "begun": "RUNNING"}
    runs = {}
    for name, state in states.items():
        runs[name] = api("/flow_runs/", {"flow_id": flow_id, "name": name})["id"]
        change = {"state": {"type": state, "name": state.title()}, "force": True}
        api(f"/flow_runs/{runs[name]}/set_state", change)
    with temporary_settings({PREFECT_API_URL: server}):
        set_up_server(webhook=None, watches=make_watches(silence=timedelta(seconds=10)))
    # The last word of "done" comes late, as it may; "other" was started where no signs of life are given.
    for name in ("gone", "done"):
        tell_states(api, runs[name], flow_id, ("heartbeat",))
    # A worker that dies just then leaves a run that never begins.
    tell_states(api, runs["taken"], flow_id, ("Pending",))
    tell_states(api, runs["begun"], flow_id, ("Pending", "Running"))
    for name in ("gone", "taken"):
        wait_for(lambda name=name: state_of(api, runs[name]) == "CRASHED", 120)
    acted = {"event": {"name": ["prefect.automation.action.failed"]}}
    wait_for(lambda: runs["done"] in json.dumps(api("/events/filter", {"filter": acted})["events"]), 120)
    assert [state_of(api, runs[name]) for name in ("done", "other", "begun")] == ["COMPLETED", "RUNNING", "RUNNING"]
    # Others have the server after this test.
    with temporary_settings({PREFECT_API_URL: server}):
        set_up_server(webhook=None, watches=make_watches())


def state_of(api: Api, run_id: str) -> str:
    """Type of a run's state."""
    return api(f"/flow_runs/{run_id}", method="GET")["state_type"]
