"""Runs forked from a process that has everything imported: a run that is to be killed need not take long to start.

    python -m tests.faults.forking

For every line of JSON on its standard input it starts a run, and tells on its standard output of each process that it
started and of each that ended.
"""

import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from typing import Any


def import_everything() -> None:
    """What a run imports and loads; no thread is started, so that forks are safe."""
    import flows.build_tables
    import tasks.link.tables  # noqa: F401
    from tasks.annotate.pipeline import load_pipeline
    from tasks.validate.expectations import import_library

    import_library()
    load_pipeline("rules")
    assert flows.build_tables.build_tables is not None


def start_run(order: dict[str, Any]) -> int:
    """The process of a run, the leader of its own group."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(order["log"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o644)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(order["environment"])
        if "file_size" in order:
            import resource

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"],) * 2)
        if "area" in order:
            from tests.faults.watching import move_into, note_writes

            move_into(Path(order["area"]))
            note_writes(Path(order["notes"]))
        if "deadly" in order:
            from tests.deadly_work import make_annotation_deadly

            make_annotation_deadly(order["deadly"])
        from flows.build_tables import build_tables

        options = {"attribution": "rules", **order["options"]}
        build_tables(inputs=order["inputs"], warehouse=order["warehouse"], **options)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Starts runs until standard input ends."""
    import_everything()
    ended, bell = os.pipe()
    os.set_blocking(bell, False)
    signal.set_wakeup_fd(bell)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    tell({"ready": os.getpid()})
    while True:
        ready = select.select([sys.stdin, ended], [], [])[0]
        if ended in ready:
            os.read(ended, 1 << 10)
            while (found := reap()) is not None:
                tell(found)
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return
            tell({"started": start_run(json.loads(line))})


def reap() -> dict[str, Any] | None:
    """A process that ended, its exit code and what it used; None where all others still run."""
    try:
        process, status, used = os.wait4(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    if not process:
        return None
    return {
        "ended": process,
        "code": os.waitstatus_to_exitcode(status),
        "peak_megabytes": used.ru_maxrss / 1024,
        "processor_seconds": used.ru_utime + used.ru_stime,
    }


def tell(message: dict[str, Any]) -> None:
    """Prints one line."""
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
