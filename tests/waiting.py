"""Waiting for what other processes do."""

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
