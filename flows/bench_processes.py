"""Processor time and memory of a command by its processes: Prefect's server, the workers, and the run's own."""

import os
import re
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

# What the command lines of these processes hold.
# Workers, and what forks them, begin in a module of multiprocessing.
KINDS = {"server": "flows.local_server", "workers": "multiprocessing."}
OWN = "own"
SECONDS_BETWEEN = 0.1


@dataclass(frozen=True)
class Seen:
    """One process as /proc tells of it: its parent, its processor time so far in seconds, its command line.

    `peak_memory_bytes` is the most memory that it has held.
    """

    parent: int
    cpu_seconds: float
    command: str
    peak_memory_bytes: int = 0


@dataclass(frozen=True)
class Watched:
    """What a process and all that it started took: processor seconds by kind, and the peak of the largest of them."""

    cpu_seconds: dict[str, float]
    peak_memory_bytes: int


def watch_processes(process: subprocess.Popen) -> Watched:
    """What a process takes, until it ends, with all that it starts; nothing without /proc.

    What a process did between the last look and its end is not seen: at most a tenth of a second each. The process is
    left for the caller to wait for.
    """
    seen: dict[int, Seen] = {}
    pause = threading.Event()
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        seen = look_again(seen, find_descendants(read_processes(), process.pid))
        pause.wait(SECONDS_BETWEEN)
    return Watched(add_up(seen, process.pid), max((one.peak_memory_bytes for one in seen.values()), default=0))


def look_again(before: Mapping[int, Seen], now: Mapping[int, Seen]) -> dict[int, Seen]:
    """All that were seen, as they were last; of a process that has ended, the system tells no command line any more."""
    known = {number: _complete(one, before[number]) if number in before else one for number, one in now.items()}
    return {**before, **known}


def _complete(now: Seen, before: Seen) -> Seen:
    peak = max(now.peak_memory_bytes, before.peak_memory_bytes)
    return replace(now, command=now.command or before.command, peak_memory_bytes=peak)


def read_processes(place: Path = Path("/proc")) -> dict[int, Seen]:
    """All processes of this machine by their number; those that end meanwhile are left out."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = {}
    for folder in place.glob("[0-9]*"):
        try:
            line = (folder / "stat").read_text()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text("utf-8", "replace"))
        except OSError:
            continue
        # The name, in brackets, may hold spaces and brackets: what counts stands behind its end.
        fields = line[line.rindex(")") + 2 :].split()
        used = (int(fields[11]) + int(fields[12])) / ticks
        found[int(folder.name)] = Seen(int(fields[1]), used, command, int(peak[1]) * 1024 if peak else 0)
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
