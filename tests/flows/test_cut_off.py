import pytest

from flows.cut_off import DIED, end_cut_off_runs
from tests.flows.conftest import Api

POOL = "cut-off"


@pytest.fixture
def deployment(api: Api) -> str:
    """Id of a deployment that takes one run at a time and drops what comes meanwhile, in a pool of its own."""
    api("/work_pools/", {"name": POOL, "type": "process", "base_job_template": {}})
    return api(
        "/deployments/",
        {
            "name": "hourly",
            "flow_id": api("/flows/", {"name": "cut-off"})["id"],
            "work_pool_name": POOL,
            "concurrency_limit": 1,
            "concurrency_options": {"collision_strategy": "CANCEL_NEW"},
        },
    )["id"]


def change(api: Api, run_id: str, *states: str) -> str:
    """Name of the state in which a run is when the server has been asked for these, one after the other."""
    for state in states:
        answer = api(f"/flow_runs/{run_id}/set_state", {"state": {"type": state.upper(), "name": state}})
    return answer["state"]["name"]


@pytest.mark.slow
def test_end_cut_off_runs_ends_one_that_waits_to_be_tried_again_and_frees_its_place(
    server: str, api: Api, deployment: str
) -> None:
    def start(name: str) -> str:
        return api(f"/deployments/{deployment}/create_flow_run", {"name": name})["id"]

    waiting = start("waiting")
    api(f"/flow_runs/{waiting}", {"empirical_policy": {"retries": 2, "retry_delay": 60}}, method="PATCH")
    assert change(api, waiting, "Pending", "Running", "Failed") == "AwaitingRetry"
    # The one that waits has kept its place.
    assert change(api, start("dropped"), "Pending") == "Cancelled"
    scheduled = start("scheduled")
    address = server.removesuffix("/api")
    assert end_cut_off_runs(address, POOL, DIED) == ["waiting"]
    assert api(f"/flow_runs/{waiting}", method="GET")["state"]["message"] == DIED[2]
    assert change(api, scheduled, "Pending", "Running") == "Running"
    # Tried again from the pages, a run is begun by the next worker.
    failed = api(f"/flow_runs/{waiting}/set_state", {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}})
    assert failed["state"]["name"] == "AwaitingRetry"
    assert end_cut_off_runs(address, POOL, DIED) == ["scheduled"]
    assert api(f"/flow_runs/{waiting}", method="GET")["state_name"] == "AwaitingRetry"
