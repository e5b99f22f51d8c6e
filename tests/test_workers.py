import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from flows.bench_processes import read_processes
from tasks.workers import (
    WorkerDied,
    WorkersError,
    call_alone,
    call_beside,
    call_in_worker,
    call_prepared,
    prepare,
    share,
    stop_workers,
    worker_count,
)
from tests.waiting import wait_for


@pytest.mark.usefixtures("one_worker")
def test_call_in_worker_calls_in_another_process():
    assert call_in_worker("os:getpid") != os.getpid()


def is_loaded(module: str) -> bool:
    """Whether this process has imported a module."""
    return module in sys.modules


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
@pytest.mark.usefixtures("one_worker")
def test_workers_have_what_they_need_before_they_are_called():
    loaded = [call_in_worker("tests.test_workers:is_loaded", name) for name in ("tasks.annotate.batch", "onnxruntime")]
    assert loaded == [True, False]


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
@pytest.mark.usefixtures("one_worker")
def test_process_that_workers_are_forked_from_runs_no_other_thread():
    worker = call_in_worker("os:getpid")
    origin = read_processes()[worker].parent
    names = [(thread / "comm").read_text().strip() for thread in Path(f"/proc/{origin}/task").iterdir()]
    # The allocator of Arrow knows of forks, and starts its thread anew.
    assert len([name for name in names if name != "jemalloc_bg_thd"]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
@pytest.mark.usefixtures("one_worker")
def test_call_in_worker_goes_on_where_the_process_that_workers_are_forked_from_was_killed():
    before = call_in_worker("os:getpid")
    origin = read_processes()[before].parent
    assert origin != os.getpid()
    os.kill(origin, signal.SIGKILL)
    os.waitid(os.P_PID, origin, os.WEXITED | os.WNOWAIT)
    stop_workers()
    after = call_in_worker("os:getpid")
    assert after != before
    assert read_processes()[after].parent not in (origin, os.getpid())


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
@pytest.mark.usefixtures("one_worker")
def test_work_ends_with_the_process_that_its_worker_was_forked_from():
    worker = call_in_worker("os:getpid")
    wait = call_beside("time:sleep", 600)
    os.kill(read_processes()[worker].parent, signal.SIGKILL)
    with pytest.raises(WorkerDied):
        wait()
    assert call_in_worker("os:getpid") != worker


@pytest.mark.usefixtures("one_worker")
@pytest.mark.parametrize("call", [call_in_worker, call_alone])
def test_calls_wait_for_the_next_process_that_workers_are_forked_from(call, monkeypatch):
    refused = []
    submit = ProcessPoolExecutor.submit

    def refuse_twice(pool, *arguments):
        if len(refused) < 2:
            refused.append(pool)
            raise ConnectionRefusedError
        return submit(pool, *arguments)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", refuse_twice)
    assert call("os.path:basename", "a/b") == "b"
    assert len(set(map(id, refused))) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
def test_workers_started_at_once_leave_the_environment_as_it_was():
    before = dict(os.environ)
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(call_alone, ["os:getpid"] * 8))) == 8
    assert dict(os.environ) == before


@pytest.mark.usefixtures("one_worker")
def test_command_that_had_workers_leaves_no_folder_behind(tmp_path):
    code = (
        "from flows.ending import run_to_end\nfrom tasks.workers import call_in_worker\n"
        "if __name__ == '__main__': run_to_end(lambda: print(call_in_worker('os:getcwd')))"
    )
    root = Path(__file__).parents[1]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == (str(root), 0), done.stderr
    assert list(tmp_path.glob("pymp-*")) == []


@pytest.mark.usefixtures("one_worker")
def test_call_in_worker_imports_nothing_of_the_working_folder(tmp_path):
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "__init__.py").write_text("raise SystemExit('inputs were imported')")
    program = "from tasks.workers import *\nprint(call_in_worker('os:getcwd'), worker_count())"
    root = str(Path(__file__).parents[1])
    code = f"import sys; sys.path[0] = {root!r}\nif __name__ == '__main__':\n exec({program!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == [str(tmp_path), "1"], done.stderr


@pytest.mark.usefixtures("one_worker")
def test_call_in_worker_raises_what_the_function_raises():
    with pytest.raises(FileNotFoundError):
        call_in_worker("os:stat", "/nowhere/at/all")


@pytest.mark.usefixtures("one_worker")
def test_call_in_worker_starts_new_workers_after_one_died():
    with pytest.raises(WorkerDied):
        call_in_worker("os:_exit", 1)
    assert call_in_worker("os.path:basename", "a/b") == "b"


@pytest.mark.usefixtures("one_worker")
def test_call_alone_tells_that_its_process_died():
    with pytest.raises(WorkerDied):
        call_alone("os:abort")


@pytest.mark.usefixtures("one_worker")
def test_call_beside_begins_at_once_in_another_process(tmp_path):
    call_in_worker("os:getpid")
    wait = call_beside("os:mkdir", tmp_path / "made")
    # The next call to this one worker comes behind it.
    call_in_worker("os:getpid")
    assert (tmp_path / "made").is_dir()
    assert wait() is None


@pytest.mark.usefixtures("one_worker")
def test_call_beside_starts_no_worker():
    assert call_beside("os:getpid") is None


@pytest.mark.usefixtures("one_worker")
def test_call_beside_raises_what_the_function_raises_when_waited_for():
    call_in_worker("os:getpid")
    wait = call_beside("os:stat", "/nowhere/at/all")
    with pytest.raises(FileNotFoundError):
        wait()


@pytest.mark.usefixtures("one_worker")
def test_call_beside_tells_that_its_worker_died():
    call_in_worker("os:getpid")
    wait = call_beside("os:abort")
    with pytest.raises(WorkerDied):
        wait()
    assert call_beside("os:getpid") is None


def whose(number: int) -> tuple[int, int]:
    """The number, and the process that was asked."""
    return number, os.getpid()


def end_in_a_worker(own: int) -> int:
    """This process, unless it is not `own`: then it ends."""
    return own if os.getpid() == own else os._exit(1)


@pytest.mark.usefixtures("one_worker")
def test_share_has_every_other_call_done_by_a_worker():
    calls = [(number,) for number in range(5)]
    alone = list(share("tests.test_workers:whose", calls))
    assert alone == [(number, os.getpid()) for number in range(5)]
    worker = call_in_worker("os:getpid")
    shared = list(share("tests.test_workers:whose", calls))
    assert shared == [(number, worker if number % 2 else os.getpid()) for number in range(5)]
    assert not list(share("tests.test_workers:whose", []))


@pytest.mark.usefixtures("one_worker")
def test_share_does_here_what_a_worker_died_of_and_raises_what_it_raises():
    call_in_worker("os:getpid")
    assert list(share("tests.test_workers:end_in_a_worker", [(os.getpid(),)] * 2)) == [os.getpid()] * 2
    call_in_worker("os:getpid")
    with pytest.raises(FileNotFoundError):
        list(share("os:stat", [("/",), ("/nowhere/at/all",)]))


@pytest.mark.usefixtures("one_worker")
def test_call_prepared_is_answered_by_the_process_that_has_loaded_what_it_needs():
    worker = call_in_worker("os:getpid")
    prepare("letters", "xml.dom.minidom")
    prepare("letters", "no.such.module")
    assert call_prepared("letters", "tests.test_workers:is_loaded", "xml.dom.minidom")
    assert not call_in_worker("tests.test_workers:is_loaded", "xml.dom.minidom")
    prepare("letters")
    answered = call_prepared("letters", "os:getpid")
    assert answered not in (worker, os.getpid())
    # Called once, it ends.
    wait_for(lambda: answered not in read_processes(), 30)
    assert call_prepared("letters", "os:getpid") == os.getpid()


@pytest.mark.usefixtures("one_worker")
def test_prepare_starts_nothing_where_no_worker_was_started():
    prepare("letters", "os:getpid")
    assert call_prepared("letters", "os:getpid") == os.getpid()


@pytest.mark.usefixtures("one_worker")
def test_call_prepared_does_without_a_process_that_died_or_could_not_load():
    call_in_worker("os:getpid")
    prepare("letters", "os:abort")
    assert call_prepared("letters", "os:getpid") == os.getpid()
    prepare("letters", "no.such.module")
    assert call_prepared("letters", "os.path:basename", "a/b") == "b"
    prepare("letters")
    with pytest.raises(FileNotFoundError):
        call_prepared("letters", "os:stat", "/nowhere/at/all")


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
@pytest.mark.usefixtures("one_worker")
def test_stop_workers_ends_what_was_prepared():
    worker = call_in_worker("os:getpid")
    parent = read_processes()[worker].parent

    def children() -> set[int]:
        return {pid for pid, process in read_processes().items() if process.parent == parent}

    before = children()
    prepare("letters", "os:getpid")
    wait_for(lambda: children() - before, 30)
    prepared = children() - before
    stop_workers()
    assert not prepared & set(read_processes())


@pytest.mark.usefixtures("one_worker")
def test_call_prepared_ends_its_process_where_it_is_interrupted():
    call_in_worker("os:getpid")
    prepare("letters")
    started = time.monotonic()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 1)
        with pytest.raises(KeyboardInterrupt):
            call_prepared("letters", "time:sleep", 600)
    finally:
        signal.signal(signal.SIGALRM, before)
    stop_workers()
    assert time.monotonic() - started < 60


def test_call_in_worker_works_in_the_calling_process_for_zero_workers(monkeypatch):
    monkeypatch.setenv("ONRECORD_WORKERS", "0")
    assert call_in_worker("os:getpid") == os.getpid()


def test_worker_count_is_one_a_core_unless_set(monkeypatch):
    monkeypatch.delenv("ONRECORD_WORKERS", raising=False)
    assert worker_count() >= 1
    monkeypatch.setenv("ONRECORD_WORKERS", "")
    assert worker_count() >= 1
    for setting in ("0", "3"):
        monkeypatch.setenv("ONRECORD_WORKERS", setting)
        assert worker_count() == int(setting)


@pytest.mark.parametrize("setting", ["two", "-1", "1.5", " ", "1e3", "²"])
def test_worker_count_says_what_to_set_where_the_setting_is_none(monkeypatch, setting):
    monkeypatch.setenv("ONRECORD_WORKERS", setting)
    with pytest.raises(WorkersError, match=r"^ONRECORD_WORKERS is .* give a number of processes, as 2"):
        worker_count()
