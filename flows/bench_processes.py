"""Processor time of a command by its processes: Prefect's server, the workers, and the run's own."""

import os
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

# What the command lines of these processes hold.
KINDS = {"server": "flows.local_server", "workers": "multiprocessing.spawn"}
OWN = "own"
SECONDS_BETWEEN = 0.1


@dataclass(frozen=True)
class Seen:
    """One process as /proc tells of it: its parent, its processor time so far in seconds, and its command line."""

    parent: int
    cpu_seconds: float
    command: str


def watch_processes(process: subprocess.Popen) -> dict[str, float]:
    """Processor seconds of a process, until it ends, and of all that it starts, by kind; empty without /proc.

    What a process did between the last look and its end is not seen: at most a tenth of a second each. The process is
    left for the caller to wait for.
    """
    seen: dict[int, Seen] = {}
    pause = threading.Event()
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        seen = look_again(seen, find_descendants(read_processes(), process.pid))
        pause.wait(SECONDS_BETWEEN)
    return add_up(seen, process.pid)


def look_again(before: Mapping[int, Seen], now: Mapping[int, Seen]) -> dict[int, Seen]:
    """All that were seen, as they were last; of a process that has ended, the system tells no command line any more."""
    named = {
        number: replace(one, command=one.command or before[number].command) if number in before else one
        for number, one in now.items()
    }
    return {**before, **named}


def read_processes(place: Path = Path("/proc")) -> dict[int, Seen]:
    """All processes of this machine by their number; those that end meanwhile are left out."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = {}
    for folder in place.glob("[0-9]*"):
        try:
            line = (folder / "stat").read_text()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        # The name, in brackets, may hold spaces and brackets: what counts stands behind its end.
        fields = line[line.rindex(")") + 2 :].split()
        found[int(folder.name)] = Seen(int(fields[1]), (int(fields[11]) + int(fields[12])) / ticks, command)
    return found


def find_descendants(processes: Mapping[int, Seen], first: int) -> dict[int, Seen]:
    """A process and all that it and its own have started."""
    found: dict[int, Seen] = {}
    waiting = [first]
    while waiting:
        number = waiting.pop()
        if number in processes and number not in found:
            found[number] = processes[number]
            waiting += [child for child, one in processes.items() if one.parent == number]
    return found


def add_up(seen: Mapping[int, Seen], first: int) -> dict[str, float]:
    """Processor seconds by kind; what is of no kind counts for the run itself."""
    totals: dict[str, float] = {}
    for number, one in seen.items():
        kinds = [kind for kind, mark in KINDS.items() if mark in one.command and number != first]
        kind = kinds[0] if kinds else OWN
        totals[kind] = totals.get(kind, 0.0) + one.cpu_seconds
    return totals
