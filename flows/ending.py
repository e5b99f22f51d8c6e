"""The end of a command's process, which does not take apart what the system takes back anyway."""

import atexit
import logging
import os
import sys
from collections.abc import Callable


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


def run_to_end(main: Callable[[], None]) -> None:
    """Calls `main` and has the process end with its exit code, without a last search for garbage in all modules.

    Threads are waited for and functions registered for the end are called as ever; only those of modules imported
    before are not. What `main` raises, other than an exit with a number, ends the process in Python's own way.
    """
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
