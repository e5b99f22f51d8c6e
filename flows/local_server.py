"""A Prefect server for the length of one command, where none is configured and none is being served.

Prefect starts one by itself, but only when a flow is called, and holds everything up until it answers. Started
here, before anything else is imported, it comes up while the rest of the program loads. Its database is that of
`onrecord serve`, whose pages show its runs.
"""

import base64
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tasks.importing import collect_seldom, importing

HOST = "127.0.0.1"
PROJECT = Path(__file__).parents[1]
# The address of the server that `onrecord serve` runs, in Prefect's folder while it runs.
SERVED_NOTE = "onrecord-served.json"
# What a server without pages has no use for. Kinds of blocks are for the pages, whose server registers them: the
# packages that may hold some, as Dask's, are not loaded to see whether they are those of last time. Nobody follows
# events as they come.
WITHOUT = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "0",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "0",
    "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": "0",
    # No page of the web has a reason to read its answers.
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "",
}
# Below what Linux and others give to outgoing connections, above the ports of well-known programs.
QUIET_PORTS = range(20_000, 32_768)
PORT_TRIES = 50
# A first start creates the database; on two busy cores that alone takes most of a minute.
START_SECONDS = 180.0
STOP_SECONDS = 5.0
SECONDS_BETWEEN_LOOKS = 0.03
SELDOM = timedelta(minutes=1)


class ServerNotStarted(Exception):
    """The server ended or did not answer in time; the message holds the end of what it printed."""


class ServerRefuses(Exception):
    """The server that is being served asks for a password that the environment does not give."""


def prefect_home() -> Path:
    """Folder of Prefect's database and settings: PREFECT_HOME, else the user's own, else the project's."""
    if setting := os.environ.get("PREFECT_HOME"):
        return Path(setting)
    own = Path.home() / ".prefect"
    if (own / "profiles.toml").is_file() or not (PROJECT / "prefect.yaml").is_file():
        return own
    return PROJECT / "data" / "prefect"


def is_server_configured() -> bool:
    """Whether the environment or a Prefect profile names a server to use."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    if not (prefect_home() / "profiles.toml").is_file():
        return False
    # Costs seconds, so only where there is a profile to read.
    from prefect.settings import PREFECT_API_URL

    return bool(PREFECT_API_URL.value())


def is_server_at_hand() -> bool:
    """Whether a server is configured or being served, so that none has to be started."""
    return is_server_configured() or find_served() is not None


@contextmanager
def local_server(log: Path) -> Iterator["LocalServer | None"]:
    """A server that comes up in the background; None where another is configured or being served.

    Call `wait` on it before the first flow. It ends with the block, and with this process however that ends.
    ServerRefuses where a server is being served that does not let us in.
    """
    if is_server_configured():
        yield None
        return
    os.environ["PREFECT_HOME"] = str(prefect_home())
    if address := find_served():
        os.environ["PREFECT_API_URL"] = f"{address}/api"
        try:
            yield None
        finally:
            os.environ.pop("PREFECT_API_URL", None)
        return
    server = LocalServer(log)
    try:
        yield server
    finally:
        server.stop()


class LocalServer:
    """The server's process. Prefect, imported after this is made, uses this server."""

    program: ClassVar = ("-m", "flows.local_server")

    def __init__(self, log: Path) -> None:
        self.port = find_free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, str(self.port)],
                # Its end of this pipe closes when we die, which is how it knows.
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**os.environ, **WITHOUT},
                start_new_session=True,
            )
        os.environ["PREFECT_API_URL"] = f"{self.address}/api"
        share_password(os.environ)

    def wait(self) -> None:
        """Returns once the server answers; ServerNotStarted if it does not."""
        deadline = time.monotonic() + START_SECONDS
        while not is_healthy(self.address):
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text("utf-8", "replace")[-1500:]
                raise ServerNotStarted(f"Prefect's local server did not start; its log, {self.log}, ends:\n{tail}")
            time.sleep(SECONDS_BETWEEN_LOOKS)

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


@contextmanager
def without_heartbeats() -> Iterator[None]:
    """Flows that run in the block give no signs of life while they run: on a server that ends with them nobody waits
    for one, and the end of each flow waits up to a second for the thread that gives them.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


@contextmanager
def noted_as_served(home: Path, address: str) -> Iterator[None]:
    """While the block lasts, `find_served` finds the server at the address."""
    note = home / SERVED_NOTE
    note.write_text(json.dumps({"address": address}), "utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def find_served() -> str | None:
    """Address of the server that `onrecord serve` runs over the same database; None where none answers."""
    try:
        address = json.loads((prefect_home() / SERVED_NOTE).read_text("utf-8"))["address"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # A note of a service that died may name a port that another program has now.
    if not str(address).startswith(f"http://{HOST}:") or not is_healthy(address):
        return None
    share_password(os.environ)
    if not _lets_in(address):
        raise ServerRefuses(
            f"the Prefect server at {address} asks for a password: set PREFECT_API_AUTH_STRING to user:password"
        )
    return str(address)


def share_password(environment: MutableMapping[str, str]) -> None:
    """Has clients give the password that the server asks for, where only the server's setting names it."""
    if password := environment.get("PREFECT_SERVER_API_AUTH_STRING"):
        environment.setdefault("PREFECT_API_AUTH_STRING", password)


def authorize(password: str | None) -> dict[str, str]:
    """Headers that give a server its password, "user:password"; none without one."""
    return {"authorization": "Basic " + base64.b64encode(password.encode()).decode()} if password else {}


def _lets_in(address: str) -> bool:
    headers = authorize(os.environ.get("PREFECT_API_AUTH_STRING"))
    try:
        with urlopen(Request(f"{address}/api/admin/version", headers=headers), timeout=5) as answer:
            return answer.status == 200
    except HTTPError as error:
        if error.code == 401:
            return False
        raise


def find_free_port() -> int:
    """A port of the loopback address that nothing listens on.

    If it can be, none of those that systems give to outgoing connections, one of which may take it before it is used.
    """
    for port in (*random.sample(QUIET_PORTS, PORT_TRIES), 0):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("every port of the loopback address is taken")


def is_listened_to(host: str, port: int) -> bool:
    """Whether a program takes connections at the port."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((host, port)) == 0


def is_healthy(address: str) -> bool:
    """Whether a Prefect server answers at the address."""
    try:
        with urlopen(f"{address}/api/health", timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def serve(port: int) -> None:
    """Runs a server until the process that started this one ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with importing():
        import uvicorn
        from prefect.server.api.server import create_app

        from flows.guarded_server import Answering, guard

    rest_between_requests()
    collect_seldom()

    def make_app() -> Answering:
        return guard(create_app(), HOST, port)

    uvicorn.run(make_app, factory=True, host=HOST, port=port, log_level="error", lifespan="on")


@asynccontextmanager
async def no_worker(*_: object, **__: object) -> AsyncIterator[None]:
    """Stands for the worker that does a server's background work."""
    yield


def rest_between_requests() -> None:
    """Has the server of this process do nothing while it is not asked.

    Its worker looks for background work many times a second; of a server without pages that is one thing only, to look
    for what has not happened for some time. And it asks every five seconds which automations there are. Both took more
    than all that a run asks of it. What an event sets off is still done at once.
    """
    from prefect.server.api import server
    from prefect.server.events import triggers

    vars(server)["background_worker"] = no_worker
    vars(triggers)["consumer"] = partial(triggers.consumer, periodic_granularity=SELDOM)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
