import os

import pytest

from tasks.workers import WorkerDied, call_alone, call_beside, call_in_worker, worker_count


@pytest.mark.usefixtures("one_worker")
def test_call_in_worker_calls_in_another_process():
    assert call_in_worker("os:getpid") != os.getpid()


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


def test_call_in_worker_works_in_the_calling_process_for_zero_workers(monkeypatch):
    monkeypatch.setenv("ONRECORD_WORKERS", "0")
    assert call_in_worker("os:getpid") == os.getpid()


def test_worker_count_is_one_a_core_unless_set(monkeypatch):
    monkeypatch.delenv("ONRECORD_WORKERS", raising=False)
    assert worker_count() >= 1
