import subprocess
import sys

import pytest

from flows.bench_processes import Seen, add_up, find_descendants, look_again, read_processes, watch_processes

PROCESSES = {
    1: Seen(0, 9.0, "init"),
    10: Seen(1, 4.0, "python -m flows run inbox"),
    11: Seen(10, 6.0, "python -m flows.local_server 8000"),
    12: Seen(10, 1.0, "python -c from multiprocessing.forkserver import main"),
    13: Seen(12, 20.0, "python -c from multiprocessing.forkserver import main"),
    20: Seen(1, 50.0, "python -m flows.local_server 9000"),
}
TAKEN_BYTES = 100_000_000


def test_find_descendants_leaves_out_what_others_started() -> None:
    assert set(find_descendants(PROCESSES, 10)) == {10, 11, 12, 13}


def test_add_up_parts_server_and_workers_from_the_run_itself() -> None:
    assert add_up(find_descendants(PROCESSES, 10), 10) == {"own": 4.0, "server": 6.0, "workers": 21.0}


def test_look_again_knows_a_process_that_has_ended_by_what_it_was() -> None:
    before = {**PROCESSES, 11: Seen(10, 6.0, PROCESSES[11].command, 4096)}
    ended = {11: Seen(10, 6.5, ""), 14: Seen(10, 0.1, "")}
    seen = look_again(before, ended)
    assert seen[11] == Seen(10, 6.5, PROCESSES[11].command, 4096)
    assert seen[14] == ended[14]
    assert seen[20] == PROCESSES[20]


@pytest.mark.skipif(not read_processes(), reason="this system has no /proc")
def test_watch_processes_counts_what_children_do() -> None:
    burn = "import time\nwhile time.process_time() < 0.6: pass"
    # The child's command line names the workers' module, as theirs does.
    burn = f"taken = bytearray(b'x') * {TAKEN_BYTES}\n{burn}  # multiprocessing.forkserver"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        watched = watch_processes(process)
    assert 0.3 < watched.cpu_seconds["workers"] < 1.5
    assert set(watched.cpu_seconds) == {"own", "workers"}
    assert TAKEN_BYTES < watched.peak_memory_bytes < 2 * TAKEN_BYTES
