"""The processes of the service: one service over a folder at a time, and how its processes are ended."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from filelock import FileLock, Timeout

from schemas.warehouse import write_json

# What is running over a folder, for whoever starts there after a service that was killed.
NOTE = "service-parts.json"
NOTED = ("name", "process", "command", "started")
LOCK = "service.lock"
# In the command of a run's process, which is one module first and another then.
RUN_COMMAND = " -m prefect."
STOP_SECONDS = 20.0
SECONDS_BETWEEN_LOOKS = 0.1
LOG_TAIL_CHARACTERS = 1500


class ServedAlready(Exception):
    """Another service is running over the folder; says which, and what to do."""


@dataclass(frozen=True)
class Part:
    """A process of the service and the file it logs to."""

    name: str
    process: subprocess.Popen
    log: Path
    # Process groups that it had started when it was last looked at.
    groups: set[int] = field(default_factory=set)

    def look(self) -> bool:
        """Keeps in mind what it has started, which cannot be found once it has died; whether that has changed."""
        found = find_groups(self.process.pid)
        if self.process.poll() is not None or found == self.groups:
            return False
        self.groups.clear()
        self.groups.update(found)
        return True

    def stop(self) -> None:
        """Ends the process and all it started: asks first, then insists."""
        _end(self.process.pid, self._has_ended, self.groups)

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-LOG_TAIL_CHARACTERS:]

    def _has_ended(self) -> bool:
        return self.process.poll() is not None


@contextmanager
def only_service(home: Path) -> Iterator[None]:
    """The right to run the service over a folder, for the length of the block; ServedAlready where another has it.

    Two would take each other's runs for those of a service that died. The system frees the lock of a process that dies.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        process_id = _read_note(home).get("service")
        who = f"process {process_id}; `kill {process_id}` stops it" if process_id else "which is just starting"
        raise ServedAlready(
            f"the service is running over {home} already: {who}. PREFECT_HOME names another folder for a second one"
        ) from error
    try:
        yield
        (home / NOTE).unlink(missing_ok=True)
    finally:
        lock.release()


def note_parts(home: Path, parts: Sequence[Part]) -> None:
    """Writes down what is running, for `end_left_behind`."""
    noted = [
        {
            "name": part.name,
            "process": part.process.pid,
            "command": _arguments(part),
            "started": sorted(part.groups),
        }
        for part in parts
    ]
    write_json({"service": os.getpid(), "parts": noted}, home / NOTE)


def end_left_behind(home: Path) -> list[str]:
    """Ends what a service that was killed has left running; "worker (process 123)" for each.

    To be called within `only_service`. A number that another program has by now is left alone.
    """
    ended = []
    for part in reversed(_read_note(home).get("parts", [])):
        process_id, command = part["process"], part["command"]

        def has_ended(process_id: int = process_id, command: str = command) -> bool:
            return not _command_of(process_id).endswith(command)

        if not has_ended():
            _end(process_id, has_ended, set())
            ended.append(f"{part['name']} (process {process_id})")
        # Of a worker that was killed as well.
        for group in part["started"]:
            if RUN_COMMAND in _command_of(group):
                _kill_groups({group})
                ended.append(f"run of the {part['name']} (process {group})")
    return ended


def find_groups(process_id: int) -> set[int]:
    """Process groups of all that a process has started and that is still there; none where the system has no `ps`."""
    rows = [[int(word) for word in line.split()] for line in _ask_ps("-A", "-o", "pid=,ppid=,pgid=").splitlines()]
    parents, groups = {process_id}, set()
    while found := {(one, group) for one, parent, group in rows if parent in parents and one not in parents}:
        parents |= {one for one, _ in found}
        groups |= {group for _, group in found}
    return groups - {os.getpgid(0)}


def _end(process_id: int, has_ended: Callable[[], bool], known_groups: set[int]) -> None:
    groups = {process_id, *known_groups, *find_groups(process_id)}
    if not has_ended():
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGINT)
        if not _wait(has_ended):
            groups |= find_groups(process_id)
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
            _wait(has_ended)
    # Prefect's worker gives each run a process group of its own, which outlives a worker that is killed.
    _kill_groups(groups)


def _kill_groups(groups: set[int]) -> None:
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def _wait(has_ended: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + STOP_SECONDS
    while not has_ended() and time.monotonic() < deadline:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return has_ended()


def _arguments(part: Part) -> str:
    # Without the interpreter, which systems name differently.
    return " ".join(map(str, cast(list, part.process.args)[1:]))


def _command_of(process_id: int) -> str:
    return _ask_ps("-ww", "-o", "args=", "-p", str(process_id)).rstrip()


def _ask_ps(*options: str) -> str:
    try:
        return subprocess.run(["ps", *options], capture_output=True, text=True, check=True, errors="replace").stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def _read_note(home: Path) -> dict:
    try:
        note = json.loads((home / NOTE).read_text("utf-8"))
        # Written by us; whatever else stands there is no note.
        return {**note, "parts": [{name: part[name] for name in NOTED} for part in note["parts"]]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
