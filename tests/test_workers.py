import os

import pytest

from tasks.workers import WorkerDied, call_alone, call_in_worker, stop_workers, worker_count


@pytest.fixture
def one_worker(monkeypatch):
    stop_workers()
    monkeypatch.setenv("ONRECORD_WORKERS", "1")
    yield
    stop_workers()


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


def test_call_in_worker_works_in_the_calling_process_for_zero_workers(monkeypatch):
    monkeypatch.setenv("ONRECORD_WORKERS", "0")
    assert call_in_worker("os:getpid") == os.getpid()


def test_worker_count_is_one_a_core_unless_set(monkeypatch):
    monkeypatch.delenv("ONRECORD_WORKERS", raising=False)
    assert worker_count() >= 1
