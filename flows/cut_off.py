"""Runs that nobody works on any more, ended on the server.

Prefect leaves a run whose process was killed as it stood, "Running", when the worker is stopped or dies as well. Such a
run keeps the only place of the pool and of its deployment: no run after it would ever begin.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.request import Request, urlopen

from flows.local_server import authorize

# What takes a place; a run that is scheduled, or waits to be tried again, is begun by the next worker.
AT_WORK = ("PENDING", "RUNNING", "CANCELLING")
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
            "flow_runs": {"state": {"type": {"any_": list(AT_WORK)}}},
        },
        password,
    )
    for run in found:
        # Forced, since the rules for such a change ask what no longer answers: the run's worker.
        change = {"state": {"type": kind, "name": name, "message": message}, "force": True}
        _ask(f"{address}/api/flow_runs/{run['id']}/set_state", change, password)
    return [run["name"] for run in found]


def _ask(address: str, body: dict[str, Any], password: str | None) -> Any:
    headers = {"content-type": "application/json", **authorize(password)}
    with urlopen(Request(address, json.dumps(body).encode(), headers), timeout=ANSWER_SECONDS) as answer:
        return json.load(answer)
