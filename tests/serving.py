"""A Prefect server of its own for tests that run flows against one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows import local_server

# Beside other work on a busy machine the first start, which makes the database, takes minutes.
PATIENCE_SECONDS = 900.0


class WatchingServer(local_server.LocalServer):
    """A server that also sees what does not happen for some time, as the one of the schedules does."""

    program = (
        "-c",
        "import sys; from flows import local_server; local_server.rest_between_requests = lambda: None; "
        "local_server.serve(int(sys.argv[1]))  # flows.local_server",
    )


@contextmanager
def server_in(folder: Path) -> Iterator[dict[str, str]]:
    """Variables with which a process uses a server whose database, empty at first, lies in the folder."""
    before = {name: os.environ.get(name) for name in ("PREFECT_API_URL", "PREFECT_HOME")}
    os.environ["PREFECT_HOME"] = str(folder)
    local_server.START_SECONDS = PATIENCE_SECONDS
    server = WatchingServer(folder / "server.log")
    try:
        server.wait()
        yield {"PREFECT_HOME": str(folder), "PREFECT_API_URL": f"{server.address}/api", "DO_NOT_TRACK": "1"}
    finally:
        server.stop()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
