"""Runs of the pipeline in processes of their own, to be killed, and what they leave in the tables."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from flows.bench_processes import find_descendants, read_processes
from schemas import PUBLISHED_TABLES, TABLES
from schemas.warehouse import Warehouse

ROOT = Path(__file__).parents[2]
# A run's own row tells of the run; what it counted of its inputs has to be the same.
COUNTS = ("input_count", "article_count", "duplicate_count", "quarantined_count")


class Runs:
    """Starts runs in processes of their own (see `forking`), and knows which have ended."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.ended: dict[int, dict[str, Any]] = {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forking"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Lines are waited for one by one: none may lie in a buffer.
            bufsize=0,
        )
        self._listen(None, "ready")

    def start(
        self,
        warehouse: Path,
        *inputs: Path | str,
        log: Path,
        workers: int = 0,
        options: Mapping[str, Any] | None = None,
        **order: Any,
    ) -> "Disturbed":
        """A run under way, with the flow's `options`; `workers` are processes of their own for the language work."""
        order |= {"inputs": list(map(str, inputs)), "warehouse": str(warehouse), "log": str(log)}
        order["options"] = dict(options or {})
        order["environment"] = {"ONRECORD_WORKERS": str(workers)}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        return Disturbed(self, self._listen(None, "started"), log)

    def wait(self, process: int, seconds: float | None) -> int | None:
        """The exit code of a run's process; None where it has not ended within these seconds."""
        until = None if seconds is None else time.monotonic() + seconds
        while process not in self.ended:
            if self._listen(until, "ended") is None:
                return None
        return self.ended[process]["code"]

    def _listen(self, until: float | None, wanted: str) -> int | None:
        """What the next message of this kind says; None where none comes in time."""
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self.process.stdout], [], [], left)[0]:
                return None
            line = self.process.stdout.readline()
            assert line, "the process that starts runs has ended"
            message = json.loads(line)
            if "ended" in message:
                self.ended[message["ended"]] = message
            if wanted in message:
                return message[wanted]

    def close(self) -> None:
        """Ends the process that starts runs."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Disturbed:
    """A run under way, the leader of its own group of processes; what it prints goes to `log`."""

    def __init__(self, runs: Runs, process: int, log: Path) -> None:
        self.runs, self.process, self.log = runs, process, log
        self.started_at = time.monotonic()
        self.seconds = 0.0

    def wait(self, seconds: float | None = None) -> int | None:
        """The exit code once the run has ended; None where it has not within these seconds."""
        code = self.runs.wait(self.process, seconds)
        self.seconds = time.monotonic() - self.started_at
        return code

    def workers(self) -> list[int]:
        """Processes that the run started for language work."""
        processes = find_descendants(read_processes(), self.process)
        forked = {number for number, one in processes.items() if "multiprocessing.forkserver" in one.command}
        # The first of them is the one from which the others were forked.
        return [number for number in forked if processes[number].parent in forked]

    def kill(self) -> None:
        """Kills every process of the run at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        self.runs.wait(self.process, None)

    def kill_worker(self) -> bool:
        """Kills one process of those that do the language work; False where there is none."""
        for worker in self.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                return True
        return False

    def describe_use(self) -> str:
        """What the ended run took: memory at its peak, processor time and time on the clock."""
        used = self.runs.ended[self.process]
        return (
            f"{used['peak_megabytes']:.0f} MB at the peak, {used['processor_seconds']:.0f} s of processor time, "
            f"{self.seconds:.0f} s on the clock"
        )

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self.log.read_text("utf-8", "replace")


def read_state(root: Path) -> dict[str, list]:
    """The published rows by table, sorted, without what tells one run from another."""
    warehouse = Warehouse(root)
    state = {}
    for name in PUBLISHED_TABLES:
        columns = [column for column in TABLES[name].column_names if column != "refused_at"]
        tables = [pq.read_table(path, columns=columns, partitioning=None) for path in warehouse.table_files(name)]
        rows = [row for table in tables for row in table.to_pylist()]
        if name == "runs":
            newest = max(rows, key=lambda row: row["run_id"])
            rows = [{column: newest[column] for column in COUNTS}]
        state[name] = sorted((tuple(row.items()) for row in rows), key=repr)
    return state


def compare_states(found: dict[str, list], expected: dict[str, list]) -> list[str]:
    """In words, every table that differs, with the first row that only one of the two has."""
    faults = []
    for name, rows in expected.items():
        if found[name] != rows:
            more = [row for row in found[name] if row not in rows]
            less = [row for row in rows if row not in found[name]]
            faults.append(f"{name}: {len(found[name])} rows for {len(rows)}; more: {more[:1]}; less: {less[:1]}")
    return faults
