"""Waiting for what other processes do."""

import subprocess
import threading
import time
from collections.abc import Callable


def wait_for(what: Callable[[], object], seconds: float = 600) -> object:
    """The first true value of `what`; the test fails when none comes in time."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while not (value := what()):
        assert time.monotonic() < deadline, "waited too long"
        pause.wait(0.2)
    return value


def is_gone(process_id: int) -> bool:
    """Whether a process has ended; one that nobody has asked for its end yet counts as well."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True)
    return told.stdout.strip()[:1] in ("", "Z")
