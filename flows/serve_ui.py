"""The Prefect server with its pages, a worker, the deployments and automations, on this machine only."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.cut_off import DIED, STOPPED, end_cut_off_runs
from flows.guarded_server import own_origins
from flows.local_server import HOST, PROJECT, START_SECONDS, is_healthy, noted_as_served, prefect_home, share_password
from flows.serve_pages import serve_pages
from flows.service_parts import (
    LOG_TAIL_CHARACTERS,
    Part,
    ServedAlready,
    end_left_behind,
    note_parts,
    only_service,
)
from schemas.warehouse import PAGES_SETTING
from tasks.publish.plain_text import flatten_text

POOL = "onrecord"
SECONDS_BETWEEN_LOOKS = 2.0
# The published pages take the port behind the server's.
LAST_PORT = 65_534
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServiceError(Exception):
    """A part of the service did not start, or ended; the message says which and why."""


@dataclass(frozen=True)
class Service:
    """A local installation: the project's folder, the folder of Prefect's database and settings, and the port."""

    root: Path
    home: Path
    port: int = 4200

    @property
    def pages(self) -> str:
        """Address where published snapshots are served: the port after the server's."""
        return f"http://{HOST}:{self.port + 1}"

    @property
    def serves_pages(self) -> bool:
        """Whether it serves them: not where the environment says where they are, or, empty, that nobody serves them."""
        return PAGES_SETTING not in os.environ

    @property
    def logs(self) -> Path:
        """Folder of what the parts print."""
        return self.home / "service-logs"

    @property
    def address(self) -> str:
        """Address of the pages."""
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Environment of every part."""
        environment = {
            # A page of the web that the user visits is not to read what Prefect's pages may. Whoever sets it, decides.
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": own_origins(HOST, self.port),
            **os.environ,
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": f"{self.address}/api",
            # The pages ask the port named here, whatever the command line says.
            "PREFECT_SERVER_API_HOST": HOST,
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PYTHONUNBUFFERED": "1",
            # The pull step of prefect.yaml reads it.
            "PWD": str(self.root),
        }
        if self.serves_pages:
            environment[PAGES_SETTING] = f"{self.pages} {self.root / 'data'}"
        share_password(environment)
        return environment


def serve_ui(*, port: int = 4200, root: Path | None = None) -> int:
    """Runs the service until Ctrl-C, SIGTERM or its terminal's end; 0 when it was stopped, 1 when a part failed."""
    stop = threading.Event()
    for name in STOPPING:
        # Whoever starts it with `nohup` wants it to outlive the terminal.
        if name is not signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, lambda *_: stop.set())
    service = Service((root or PROJECT).resolve(), prefect_home().resolve(), port)
    try:
        with run_service(service, stop=stop) as parts:
            _tell(f"Prefect is at {service.address}; its parts log to {service.logs}. Ctrl-C stops it.")
            while not stop.wait(SECONDS_BETWEEN_LOOKS):
                _check_alive(parts)
                _look(service, parts)
            _tell("Stopping …")
    except (ServiceError, ServedAlready) as error:
        if not stop.is_set():
            print(f"onrecord: {error}", file=sys.stderr)
            return 1
    return 0


@contextmanager
def run_service(service: Service, *, stop: threading.Event) -> Iterator[list[Part]]:
    """Starts server, deployments and worker; stops them in the reverse order when the block ends.

    Ends first what a service that was killed has left running. ServedAlready where another service has the folder.
    """
    with only_service(service.home), _hold_pages(service), _run_parts(service, stop) as parts:
        yield parts


@contextmanager
def _hold_pages(service: Service) -> Iterator[None]:
    if not service.serves_pages:
        yield
        return
    # From the start, so that no other program takes the port while the server comes up.
    check_port(service.port + 1)
    with serve_pages(service.root / "data", service.port + 1):
        yield


@contextmanager
def _run_parts(service: Service, stop: threading.Event) -> Iterator[list[Part]]:
    for ended in end_left_behind(service.home):
        _tell(f"Ended what an earlier service had left running: {ended}")
    note_parts(service.home, [])
    check_port(service.port)
    service.logs.mkdir(parents=True, exist_ok=True)
    parts: list[Part] = []
    try:
        _tell("Starting the server …")
        parts.append(_start(service, "server", ["flows.guarded_server", HOST, str(service.port)]))
        note_parts(service.home, parts)
        _wait_until(lambda: is_healthy(service.address), parts, stop)
        _tell("Deploying …")
        _run(service, ["flows.server_setup"])
        _run(service, ["prefect", "--no-prompt", "deploy", "--all"])
        # Runs of a service that was killed: its worker is gone, ours is not there yet.
        _end_runs(service, DIED)
        parts.append(_start(service, "worker", ["prefect", "worker", "start", "--pool", POOL, "--type", "process"]))
        note_parts(service.home, parts)
        with noted_as_served(service.home, service.address):
            yield parts
    finally:
        for part in reversed(parts):
            part.stop()
            if part.name == "worker":
                _end_runs(service, STOPPED if stop.is_set() else DIED)


def check_port(port: int) -> None:
    """ServiceError if another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ServiceError(f"port {port} is taken: stop what listens there, or name another with --port") from error


def _start(service: Service, name: str, arguments: Sequence[str]) -> Part:
    log = service.logs / f"{name}.log"
    # What the one before said last may tell why it ended.
    with suppress(FileNotFoundError):
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=service.root,
            env=service.environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            # Out of the terminal's group, so that Ctrl-C reaches us alone and the order of stopping is ours.
            start_new_session=True,
        )
    return Part(name, process, log)


def _run(service: Service, arguments: Sequence[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=service.root,
        env=service.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    if done.returncode:
        output = (done.stdout + done.stderr)[-LOG_TAIL_CHARACTERS:]
        raise ServiceError(f"`python -m {' '.join(arguments)}` failed:\n{output}")


def _end_runs(service: Service, state: Sequence[str]) -> None:
    password = service.environment().get("PREFECT_API_AUTH_STRING")
    # A server that is busy, or has ended itself: the next start ends them.
    with suppress(OSError):
        for name in end_cut_off_runs(service.address, POOL, state, password=password):
            _tell(f"{state[1]}, since it was cut off: run {flatten_text(name)!r}")


def _wait_until(is_ready: Callable[[], bool], parts: Sequence[Part], stop: threading.Event) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        _check_alive(parts)
        if stop.wait(0.5):
            raise ServiceError("stopped while starting")
        if time.monotonic() > deadline:
            raise ServiceError(f"the server did not answer within {START_SECONDS:.0f} s:\n{parts[0].tail()}")


def _check_alive(parts: Sequence[Part]) -> None:
    for part in parts:
        if part.process.poll() is not None:
            raise ServiceError(f"the {part.name} ended by itself (see {part.log}):\n{part.tail()}")


def _look(service: Service, parts: Sequence[Part]) -> None:
    changed = [part.look() for part in parts]
    if any(changed):
        note_parts(service.home, parts)


def _tell(message: str) -> None:
    # A terminal that was closed takes no more words, and that is no reason to stop stopping.
    with suppress(OSError):
        print(message, flush=True)


def _as_port(word: str) -> int:
    if word.isdecimal() and 1 <= int(word) <= LAST_PORT:
        return int(word)
    raise ArgumentTypeError(f"{word!r} is no port from 1 to {LAST_PORT}; the next is taken too")


def main() -> None:
    """Runs the service with the options of the command line."""
    parser = ArgumentParser("python -m flows.serve_ui", description="Prefect server, worker and schedules on loopback.")
    parser.add_argument("--port", type=_as_port, default=4200, help="port on 127.0.0.1 (default: 4200)")
    options = parser.parse_args()
    sys.exit(serve_ui(port=options.port))


if __name__ == "__main__":
    main()
