"""Runs that nobody works on any more, ended on the server.

Prefect leaves a run whose process was killed as it stood, "Running", when the worker is stopped or dies as well. Such a
run keeps the only place of the pool and of its deployment: no run after it would ever begin.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.request import Request, urlopen

from flows.local_server import authorize

# What takes a place; a run that is scheduled is begun by the next worker.
AT_WORK = ("PENDING", "RUNNING", "CANCELLING")
# Neither a run that waits in its own process to be tried again: no worker takes that up, and it has kept its place.
WAITING, IN_ITS_PROCESS = "AwaitingRetry", "in_process"
ANSWER_SECONDS = 10.0
STOPPED = ("CANCELLED", "Cancelled", "onrecord was stopped while this run was at work. What was published stays.")
DIED = ("CRASHED", "Crashed", "onrecord ended while this run was at work. What was published stays.")


def end_cut_off_runs(address: str, pool: str, state: Sequence[str], *, password: str | None = None) -> list[str]:
    """Names of the pool's runs that stood as being at work and are now in the `state`: type, name and message.

    Only to be called where no worker of the pool is running. OSError where the server does not answer.
    """
    kind, name, message = state
    found = _ask(
        f"{address}/api/flow_runs/filter",
        {
            "work_pools": {"name": {"any_": [pool]}},
            "flow_runs": {"state": {"operator": "or_", "type": {"any_": list(AT_WORK)}, "name": {"any_": [WAITING]}}},
        },
        password,
    )
    cut_off = [run for run in found if not _waits(run) or run["empirical_policy"]["retry_type"] == IN_ITS_PROCESS]
    for run in cut_off:
        change = {"type": kind, "name": name, "message": message}
        # Only what is at work gives back its place.
        for state_of_run in [{"type": "RUNNING", "name": "Running"}, change] if _waits(run) else [change]:
            # Forced, since the rules for such a change ask what no longer answers: the run's worker.
            _ask(f"{address}/api/flow_runs/{run['id']}/set_state", {"state": state_of_run, "force": True}, password)
    return [run["name"] for run in cut_off]


def _waits(run: dict[str, Any]) -> bool:
    """Whether a run waits to be tried again."""
    return run["state_name"] == WAITING


def _ask(address: str, body: dict[str, Any], password: str | None) -> Any:
    headers = {"content-type": "application/json", **authorize(password)}
    with urlopen(Request(address, json.dumps(body).encode(), headers), timeout=ANSWER_SECONDS) as answer:
        return json.load(answer)
