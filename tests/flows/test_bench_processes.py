import subprocess
import sys

import pytest

from flows.bench_processes import Seen, add_up, find_descendants, look_again, read_processes, watch_processes

PROCESSES = {
    1: Seen(0, 9.0, "init"),
    10: Seen(1, 4.0, "python -m flows run inbox"),
    11: Seen(10, 6.0, "python -m flows.local_server 8000"),
    12: Seen(10, 20.0, "python -c from multiprocessing.spawn import spawn_main"),
    13: Seen(12, 1.0, "python -c from multiprocessing.spawn import spawn_main"),
    20: Seen(1, 50.0, "python -m flows.local_server 9000"),
}


def test_find_descendants_leaves_out_what_others_started() -> None:
    assert set(find_descendants(PROCESSES, 10)) == {10, 11, 12, 13}


def test_add_up_parts_server_and_workers_from_the_run_itself() -> None:
    assert add_up(find_descendants(PROCESSES, 10), 10) == {"own": 4.0, "server": 6.0, "workers": 21.0}


def test_look_again_knows_a_process_that_has_ended_by_what_it_was() -> None:
    ended = {11: Seen(10, 6.5, ""), 14: Seen(10, 0.1, "")}
    seen = look_again(PROCESSES, ended)
    assert seen[11] == Seen(10, 6.5, PROCESSES[11].command)
    assert seen[14] == ended[14]
    assert seen[20] == PROCESSES[20]


@pytest.mark.skipif(not read_processes(), reason="this system has no /proc")
def test_watch_processes_counts_what_children_do() -> None:
    burn = "import time\nwhile time.process_time() < 0.6: pass"
    # The child's command line names the workers' module, as theirs does.
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r} + '  # multiprocessing.spawn'])"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        totals = watch_processes(process)
    assert 0.3 < totals["workers"] < 1.5
    assert set(totals) == {"own", "workers"}
