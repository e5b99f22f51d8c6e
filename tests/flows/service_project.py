"""A stand-in for the project that a service serves, and what tests ask of that service."""

import asyncio
import base64
import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import yaml
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from flows.local_server import HOST
from flows.serve_ui import Service
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
HOOK = "/hook"
PASSWORD = "editor:loud-secret"
# Stand in for the flows: same names and parameters, and they import from the project's folder.
STAND_IN = """
import os
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.events import emit_event

from tasks.stand_in import GREETING


@flow(name="build-tables")
def build_tables(
    inputs: list[str],
    warehouse: str = "data/warehouse",
    attribution: str = "tagger",
    relink: bool = False,
    alert_share: float = 0.2,
) -> None:
    create_markdown_artifact(f"{GREETING} {inputs} in {os.getcwd()}", key="run-summary")
    content = {"input_count": 4, "quarantined_count": 3, "snapshot_number": 7}
    emit_event("onrecord.quarantine.high", resource={"prefect.resource.id": "onrecord.warehouse"}, payload=content)
"""
FAILING = """
from prefect import flow

from flows.telling import tell_failure


@flow(name="maintain", flow_run_name='maintain "it"', on_failure=[tell_failure])
def maintain(warehouse: str = "data/warehouse", keep: int = 10) -> None:
    raise OSError("the disk is full")
"""


def call_api(service: Service, path: str, body: dict | None = None, *, method: str | None = None) -> list | dict:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    if password := service.environment().get("PREFECT_API_AUTH_STRING"):
        headers["authorization"] = "Basic " + base64.b64encode(password.encode()).decode()
    request = Request(f"{service.address}/api{path}", data, headers, method=method)
    # A busy SQLite makes the server answer 503; Prefect's own client asks again, too.
    return wait_for(lambda: answer_of(request), 120)[0]


def answer_of(request: Request) -> tuple | None:
    """What the server says, alone in a tuple; None where it is too busy."""
    try:
        with urlopen(request, timeout=30) as answer:
            return (json.loads(answer.read() or "null"),)
    except HTTPError as error:
        if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None


def pages_kept_out(address: str) -> dict[str, int]:
    """What the server answers where a page of the web has a browser ask it for something."""
    foreign = {"origin": "http://page.example"}
    plain = {"content-type": "text/plain"}
    given = json.dumps({"name": "a flow of theirs"})
    return {
        # Without asking whether it may, a browser sends what has no type, as a blob, or is plain text.
        "no type": status_of(address, "/api/flows/", given, foreign),
        "plain text": status_of(address, "/api/flows/", given, {**foreign, **plain}),
        "hidden page": status_of(address, "/api/flows/", given, {"origin": "null"}),
        "other port": status_of(address, "/api/flows/", given, {"origin": f"http://{HOST}:1"}),
        "reading": status_of(address, "/api/admin/settings", None, foreign),
        "other name": status_of(address, "/api/admin/settings", None, {"host": "page.example"}),
        "events": asyncio.run(status_of_socket(f"ws{address.removeprefix('http')}/api/events/in", foreign["origin"])),
    }


def status_of(address: str, path: str, body: str | None, headers: dict[str, str]) -> int:
    """The status of the answer to a request that has these headers and no others."""
    # urllib's requests would name a type.
    asked = HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        asked.request("GET" if body is None else "POST", path, body, headers)
        return asked.getresponse().status
    finally:
        asked.close()


async def status_of_socket(address: str, origin: str) -> int:
    try:
        async with connect(address, additional_headers={"origin": origin}):
            return HTTPStatus.SWITCHING_PROTOCOLS
    except InvalidStatus as error:
        return error.response.status_code


KEPT_OUT = {
    **dict.fromkeys(("no type", "plain text", "hidden page", "other port", "reading", "events"), HTTPStatus.FORBIDDEN),
    "other name": HTTPStatus.MISDIRECTED_REQUEST,
}


def listened_at(port: int) -> set[str] | None:
    """Addresses at which connections to the port are taken; None where the system does not tell."""
    tables = [path for name in ("tcp", "tcp6") if (path := Path("/proc/net", name)).exists()]
    rows = [line.split() for path in tables for line in path.read_text().splitlines()[1:]]
    # 0A: listening.
    places = [row[1].split(":") for row in rows if row[3] == "0A"]
    found = {address for address, number in places if int(number, 16) == port}
    return {_as_dotted(address) for address in found} if tables else None


def _as_dotted(address: str) -> str:
    if len(address) != 8:
        return f"IPv6 {address}"
    return socket.inet_ntoa(int(address, 16).to_bytes(4, sys.byteorder))


def states_of(runs: list[dict]) -> set[tuple[bool, str]]:
    """Whether runs began by their schedules, and how they stand."""
    return {(run["auto_scheduled"], run["state_type"]) for run in runs}


def told_of(heard: list[str]) -> set[str]:
    """What automations have told of, by the names of those automations."""
    return {json.loads(body)["text"].split(": ")[1] for body in heard}


@contextmanager
def hearing() -> Iterator[tuple[str, list[str]]]:
    """Address of a loopback server, and the bodies of what was posted to that address in full."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length)
            # Who asked for another address had this port's last owner in mind; who hung up sends less than it told.
            if self.path == HOOK and len(body) == length:
                heard.append(body.decode())
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    # Each caller is heard at once: an automation does not call again when it has waited too long.
    with ThreadingHTTPServer((HOST, 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}{HOOK}", heard
        server.shutdown()


def make_project(tmp_path: Path) -> Path:
    """A folder with this project's deployments and stand-ins for the flows."""
    for name in ("flows", "tasks", "tasks/publish", "schemas"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    modules = (
        "serve_ui",
        "serve_pages",
        "guarded_server",
        "local_server",
        "server_setup",
        "telling",
        "cut_off",
        "service_parts",
    )
    copied = (
        "prefect.yaml",
        "prefect.toml",
        "schemas/warehouse.py",
        "tasks/importing.py",
        "tasks/publish/plain_text.py",
    )
    for name in (*copied, *(f"flows/{module}.py" for module in modules)):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "flows" / "build_tables.py").write_text(STAND_IN)
    (tmp_path / "flows" / "maintain.py").write_text(FAILING)
    (tmp_path / "tasks" / "stand_in.py").write_text('GREETING = "It ran on"\n')
    return tmp_path


def use_every_minute(project: Path, *names: str) -> None:
    """Has deployments run each minute, and once more at once after a failure."""
    declared = yaml.safe_load((project / "prefect.yaml").read_text())
    for deployment in declared["deployments"]:
        environment = deployment["work_pool"]["job_variables"]["env"]
        environment |= {"PREFECT_FLOWS_DEFAULT_RETRIES": "1", "PREFECT_FLOWS_DEFAULT_RETRY_DELAY_SECONDS": "1"}
        if deployment["name"] in names:
            deployment["schedules"][0]["cron"] = "* * * * *"
    (project / "prefect.yaml").write_text(yaml.safe_dump(declared))
