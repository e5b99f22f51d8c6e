"""Processes that work for a run: those of the language work, started once, one loaded model each, and prepared ones."""

import atexit
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import zip_longest
from multiprocessing.context import BaseContext
from threading import Lock, Thread
from typing import Any

from tasks.importing import call_named, collect_seldom, use_one_thread


class WorkerDied(Exception):
    """A worker process ended in the midst of its work: killed, out of memory, or by a fault of native code."""


class WorkersError(Exception):
    """The number of workers that is set is none; says what to set."""


WORKERS_SETTING = "ONRECORD_WORKERS"
# What the process imports from which workers are forked.
PRELOADED = ["tasks.preloaded"]

# For the moment between the death of that process and the system's word of it.
TRIES = 50
SECONDS_BETWEEN_TRIES = 0.1

_pool: ProcessPoolExecutor | None = None
# By name the processes that have loaded something, and wait for the one call of it.
_prepared: dict[str, ProcessPoolExecutor] = {}
_pool_lock = Lock()
# Threads that start workers at once would take each other's environment for what was there before.
_origin_lock = Lock()


def worker_count() -> int:
    """Worker processes: ONRECORD_WORKERS if set (0 works in the calling process), else one per core.

    WorkersError where that is no such number.
    """
    if setting := os.environ.get(WORKERS_SETTING):
        return _read_count(setting)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read_count(setting: str) -> int:
    try:
        count = int(setting)
    except ValueError:
        count = -1
    if count < 0:
        raise WorkersError(
            f"{WORKERS_SETTING} is {setting!r}: give a number of processes, as 2, or 0 to work in the run's own; "
            "without it there is one for each core"
        )
    return count


def call_in_worker(function_path: str, /, *arguments: Any) -> Any:
    """What a function returns when a worker process calls it; its exception is raised here.

    The function is named "package.module:function", so that only workers import what it needs. Arguments and
    result must pickle: paths and counts, or the share of a table. Raises WorkerDied where a worker died meanwhile,
    which may have been at other work; the next call starts new workers.
    """
    if worker_count() == 0:
        return call_named(function_path, *arguments)
    return _begin(_get_pool(), function_path, *arguments)()


def call_beside(function_path: str, /, *arguments: Any) -> Callable[[], Any] | None:
    """The same, but begun now: calling what comes back waits for the result. None where no worker was started before.

    For what may as well be done in this process, which does something else meanwhile.
    """
    pool = _pool
    if pool is None:
        return None
    try:
        return _begin(pool, function_path, *arguments)
    except WorkerDied:
        return None


def share(function_path: str, calls: Sequence[tuple]) -> Iterator[Any]:
    """What a function returns for each of these arguments, in their order.

    Every other is worked on by a worker process, where one was started before; by this one, where that one died.
    """
    for own, other in zip_longest(calls[::2], calls[1::2]):
        wait = call_beside(function_path, *other) if other is not None else None
        yield call_named(function_path, *own)
        if other is not None:
            yield _wait_or_call(wait, function_path, other)


def _wait_or_call(wait: Callable[[], Any] | None, function_path: str, arguments: tuple) -> Any:
    if wait:
        with suppress(WorkerDied):
            return wait()
    return call_named(function_path, *arguments)


def prepare(name: str, *function_paths: str) -> None:
    """Starts a process that calls functions now, or imports modules, and then what `call_prepared` asks of it by name.

    For what takes seconds to load and is called once, at a time when a core has nothing to do. Nothing where no worker
    was started before.
    """
    # Where the system has no place for one more process the call is done here.
    with suppress(OSError, RuntimeError):
        with _pool_lock:
            if _pool is None or name in _prepared:
                return
            pool = _prepared[name] = _make_pool(1)
        for function_path in function_paths:
            pool.submit(_call_only, function_path)


def are_workers_at_hand() -> bool:
    """Whether worker processes were started."""
    return _pool is not None


def call_prepared(name: str, function_path: str, /, *arguments: Any) -> Any:
    """What a function returns when the process calls it that was prepared by this name, and ends then.

    Called in this process where none was prepared, or where that one died.
    """
    with _pool_lock:
        pool = _prepared.pop(name, None)
    if pool is not None:
        try:
            with suppress(WorkerDied):
                return _begin(pool, function_path, *arguments)()
        except BaseException:
            # Whoever interrupts the run does not wait for it.
            _end(pool)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return call_named(function_path, *arguments)


def _end(pool: ProcessPoolExecutor) -> None:
    """Ends a pool's processes, whatever they are at: Python has a call for it from 3.14 on."""
    for process in list((pool._processes or {}).values()):
        process.terminate()


def _begin(pool: ProcessPoolExecutor, function_path: str, *arguments: Any) -> Callable[[], Any]:
    def died() -> WorkerDied:
        _forget_pool(pool)
        return WorkerDied(f"a worker process died during {function_path}")

    def wait() -> Any:
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise died() from error

    for _ in range(TRIES):
        try:
            future = pool.submit(call_named, function_path, *arguments)
        except BrokenProcessPool as error:
            raise died() from error
        except ConnectionError:
            # The process that workers are forked from has just died; once it is gone another is started.
            _forget_pool(pool)
            time.sleep(SECONDS_BETWEEN_TRIES)
            pool = _get_pool()
        else:
            return wait
    raise died()


def call_alone(function_path: str, /, *arguments: Any) -> Any:
    """The same from a process that does nothing else and ends then: WorkerDied means that it died of this."""
    if worker_count() == 0:
        return call_named(function_path, *arguments)
    for _ in range(TRIES):
        with _make_pool(1) as pool:
            try:
                future = pool.submit(call_named, function_path, *arguments)
            except ConnectionError:
                time.sleep(SECONDS_BETWEEN_TRIES)
                continue
            try:
                return future.result()
            except BrokenProcessPool as error:
                raise WorkerDied(f"the worker process died during {function_path}") from error
    raise WorkerDied(f"no worker process could be started for {function_path}")


def start_worker(function_path: str, /, *arguments: Any) -> None:
    """Starts a worker process that calls a function and keeps what it loaded; does not wait for it.

    Called early, it hides the start behind whatever else a run does first.
    """
    if worker_count():
        _get_pool().submit(_call_only, function_path, *arguments)


def _call_only(function_path: str, *arguments: Any) -> None:
    call_named(function_path, *arguments)


def _get_pool() -> ProcessPoolExecutor:
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = _make_pool(worker_count())
            atexit.register(stop_workers)
        return _pool


def _make_pool(size: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(size, mp_context=_choose_context(), initializer=_start_worker)


def _choose_context() -> BaseContext:
    """How workers are started: not forked from this process, which runs threads.

    On Linux they are forked from one that has imported what they need and does nothing else; elsewhere each imports it.
    That one, and so each worker, has the environment of the first call.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    # It finds modules where this process does; nothing of the working folder, which may be one of inputs.
    with _origin_lock, _environment(PYTHONSAFEPATH="1", PYTHONPATH=os.pathsep.join(filter(None, sys.path))):
        ensure_running()
    # Its socket lies in a folder that is removed at the end of this process. Asked for its logger, multiprocessing has
    # that done before whatever was registered so far, which may end the process (see `flows.ending`).
    multiprocessing.get_logger()
    return context


@contextmanager
def _environment(**settings: str) -> Iterator[None]:
    """The environment that processes get which are started in the block."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _forget_pool(pool: ProcessPoolExecutor) -> None:
    """Drops a pool that is broken, unless another call has done so."""
    global _pool
    with _pool_lock:
        if _pool is pool:
            _pool = None
    pool.shutdown(wait=False, cancel_futures=True)


def _start_worker() -> None:
    Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    collect_seldom()
    # Where it was not forked. Registered first, called last: the system takes back models and modules faster than
    # Python takes them apart.
    atexit.register(os._exit, 0)
    use_one_thread()


def _end_with_parent() -> None:
    # A parent that is killed cannot stop its workers; they would wait for work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def stop_workers() -> None:
    """Ends the worker processes; the next call starts new ones."""
    global _pool
    with _pool_lock:
        for pool in _prepared.values():
            _end(pool)
        pools = [*_prepared.values(), *filter(None, [_pool])]
        _pool = None
        _prepared.clear()
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)
