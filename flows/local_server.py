"""A Prefect server for the length of one command, where none is configured.

Prefect starts one by itself, but only when a flow is called, and holds everything up until it answers. Started
here, before anything else is imported, it comes up while the rest of the program loads.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HOST = "127.0.0.1"
# A first start creates the database; on two busy cores that alone takes most of a minute.
START_SECONDS = 180.0
STOP_SECONDS = 5.0


class ServerNotStarted(Exception):
    """The server ended or did not answer in time; the message holds the end of what it printed."""


def is_server_configured() -> bool:
    """Whether the environment or a Prefect profile names a server to use."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    if not (home / "profiles.toml").is_file():
        return False
    # Costs seconds, so only where there is a profile to read.
    from prefect.settings import PREFECT_API_URL

    return bool(PREFECT_API_URL.value())


@contextmanager
def local_server(log: Path) -> Iterator["LocalServer | None"]:
    """A server that comes up in the background; None where another is configured.

    Call `wait` on it before the first flow. It ends with the block, and with this process however that ends.
    """
    if is_server_configured():
        yield None
        return
    server = LocalServer(log)
    try:
        yield server
    finally:
        server.stop()


class LocalServer:
    """The server's process. Prefect, imported after this is made, uses this server."""

    def __init__(self, log: Path) -> None:
        self.port = find_free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows.local_server", str(self.port)],
                # Its end of this pipe closes when we die, which is how it knows.
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1"},
                start_new_session=True,
            )
        os.environ["PREFECT_API_URL"] = f"{self.address}/api"

    def wait(self) -> None:
        """Returns once the server answers; ServerNotStarted if it does not."""
        deadline = time.monotonic() + START_SECONDS
        while not is_healthy(self.address):
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text("utf-8", "replace")[-1500:]
                raise ServerNotStarted(f"Prefect's local server did not start; its log, {self.log}, ends:\n{tail}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the server."""
        os.environ.pop("PREFECT_API_URL", None)
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        if not self.log.stat().st_size:
            self.log.unlink()


def find_free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def is_healthy(address: str) -> bool:
    """Whether a Prefect server answers at the address."""
    try:
        with urlopen(f"{address}/api/health", timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def _serve(port: int) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import uvicorn

    uvicorn.run(
        "prefect.server.api.server:create_app", factory=True, host=HOST, port=port, log_level="error", lifespan="on"
    )


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
