"""The end of a command's process, which does not take apart what the system takes back anyway."""

import atexit
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path


class _Ending:
    """Ends the process once its `code` is known and all else that was registered for the end is done."""

    def __init__(self) -> None:
        self.code: int | None = None

    def end(self) -> None:
        if self.code is None:
            return
        logging.shutdown()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            # Nobody reads any more: Python has its own code for that.
            return
        os._exit(self.code)


def _open_missing_streams() -> None:
    """Has what a process lacks of its standard streams lead nowhere: the next files would be opened in their places."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115
            # What is printed by processes that we start would go to other files as well.
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def run_to_end(main: Callable[[], None]) -> None:
    """Calls `main` and has the process end with its exit code, without a last search for garbage in all modules.

    Threads are waited for and functions registered for the end are called as ever; only those of modules imported
    before are not. What `main` raises, other than an exit with a number, ends the process in Python's own way.
    """
    _open_missing_streams()
    ending = _Ending()
    # The first that is registered is called last.
    atexit.register(ending.end)
    try:
        main()
    except SystemExit as stopped:
        if stopped.code is None or isinstance(stopped.code, int):
            ending.code = stopped.code or 0
        raise
    ending.code = 0
