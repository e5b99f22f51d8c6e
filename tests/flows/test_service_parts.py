import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows import service_parts
from flows.service_parts import NOTE, Part, ServedAlready, end_left_behind, find_groups, note_parts, only_service
from tests.waiting import is_gone, wait_for

# A worker that does not listen, with a run in a session of its own: how Prefect starts one.
DEAF = """
import signal, subprocess, sys, threading
signal.signal(signal.SIGINT, signal.SIG_IGN)
run = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait(600)"], start_new_session=True)
print(run.pid, flush=True)
threading.Event().wait(600)
"""


def test_stop_ends_a_worker_that_does_not_listen_and_the_run_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_parts, "STOP_SECONDS", 0.5)
    worker = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert worker.stdout
    run = int(worker.stdout.readline())
    assert find_groups(worker.pid) == {run}
    Part("worker", worker, tmp_path / "worker.log").stop()
    worker.stdout.close()
    assert worker.returncode == -signal.SIGKILL
    # Whoever adopted it reads its end sooner or later; until then it is there, and does nothing.
    wait_for(lambda: is_gone(run), 30)


# Looks like a run of Prefect's in a session of its own, as which it ends with what is asked of it.
WAITING = "import threading; threading.Event().wait(600)"


def start_waiting(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", WAITING, *arguments], start_new_session=True)


def test_end_left_behind_ends_parts_and_runs_but_nobody_else(tmp_path: Path) -> None:
    parts = [Part(name, start_waiting("-m", "prefect", name), tmp_path / name) for name in ("server", "worker")]
    run, other = start_waiting("-m", "prefect.engine"), start_waiting("-m", "editor")
    gone = Part("worker", parts[1].process, tmp_path, {run.pid, other.pid})
    note_parts(tmp_path, [parts[0], gone])
    # The number of the worker is another program's by now.
    noted = json.loads((tmp_path / NOTE).read_text())
    noted["parts"][1]["process"] = other.pid
    (tmp_path / NOTE).write_text(json.dumps(noted))
    try:
        ended = end_left_behind(tmp_path)
        assert ended == [f"run of the worker (process {run.pid})", f"server (process {parts[0].process.pid})"]
        assert parts[0].process.wait(30) == -signal.SIGINT or parts[0].process.returncode == 1
        assert run.wait(30) == -signal.SIGKILL
        assert [process.poll() for process in (parts[1].process, other)] == [None, None]
    finally:
        for process in (*(part.process for part in parts), run, other):
            process.kill()
            process.wait()


@pytest.mark.parametrize("note", [None, "", "[]", '{"parts": 1}', '{"parts": [{}]}'])
def test_end_left_behind_passes_over_a_note_that_is_none(tmp_path: Path, note: str | None) -> None:
    if note is not None:
        (tmp_path / NOTE).write_text(note)
    assert end_left_behind(tmp_path) == []


def test_only_service_lets_one_in_and_names_it(tmp_path: Path) -> None:
    with only_service(tmp_path):
        note_parts(tmp_path, [])
        who = f"process {os.getpid()}; `kill {os.getpid()}` stops it"
        with pytest.raises(ServedAlready, match=who), only_service(tmp_path):
            pass
    with only_service(tmp_path):
        assert not (tmp_path / NOTE).exists()


def test_stop_ends_the_run_of_a_worker_that_has_died(tmp_path: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert worker.stdout
    run = int(worker.stdout.readline())
    part = Part("worker", worker, tmp_path / "worker.log")
    assert part.look()
    assert not part.look()
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert not part.look()
    part.stop()
    wait_for(lambda: is_gone(run), 30)
