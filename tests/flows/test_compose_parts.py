"""The parts of compose.yaml started without containers: Postgres, Prefect's server, the set-up, a worker, a run."""

import asyncio
import base64
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import asyncpg
import pytest

from flows.build_tables import TABLE_WORK
from flows.local_server import HOST, find_free_port, is_healthy
from tests.flows.service_project import answer_of
from tests.flows.test_compose import ROOT, SERVICES
from tests.waiting import wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("initdb") or not shutil.which("postgres"), reason="no Postgres here"),
]
SETTINGS = {"ONRECORD_AUTH": "editor:loud-secret", "ONRECORD_DATABASE_PASSWORD": "quiet-secret"}
# What the containers find in their image.
IMAGE = re.findall(r"^ +COPY (\S+) \1$", (ROOT / "compose.yaml").read_text(), re.MULTILINE)


def fill_in(value: str) -> str:
    """A value of compose.yaml with its settings, as Docker fills them in."""
    return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", lambda found: _setting(*found.groups()), value)


def _setting(name: str, kind: str | None, otherwise: str | None) -> str:
    if kind == "-":
        return SETTINGS.get(name) or otherwise or ""
    return SETTINGS[name]


def owner_of_database() -> str | None:
    """Whom Postgres runs as: it refuses to run as root."""
    if os.getuid():
        return None
    names = {one.pw_name for one in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def running(command: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen]:
    """A process until the block ends; one that does not stop when told is killed, as by a container engine."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **options)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                # Seldom, Prefect's worker waits in vain for a run that ended as it was told to stop.
                process.kill()
                process.wait(30)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[int]:
    """Port of a Postgres with the user, the password and the database that compose.yaml gives to its own."""
    owner = owner_of_database()
    # The folders of a test are closed to other users.
    with tempfile.TemporaryDirectory(prefix="onrecord-postgres-") as name:
        folder = Path(name)
        given = {key: fill_in(value) for key, value in SERVICES["database"]["environment"].items()}
        password = folder / "password"
        password.write_text(given["POSTGRES_PASSWORD"])
        for path in (folder, password):
            shutil.chown(path, owner or os.getuid())
        data, port = folder / "data", find_free_port()
        make = ["initdb", "-D", str(data), "-U", given["POSTGRES_USER"], "--auth=scram-sha-256", f"--pwfile={password}"]
        subprocess.run(make, user=owner, check=True, capture_output=True, cwd=folder)
        serve = ["postgres", "-D", str(data), "-p", str(port), "-c", f"listen_addresses={HOST}"]
        serve += ["-c", f"unix_socket_directories={folder}"]
        with running(serve, tmp_path / "postgres.log", user=owner, cwd=folder):
            wait_for(lambda: ask_database(port, "template1", "SELECT 1"), 60)
            ask_database(port, "template1", f'CREATE DATABASE "{given["POSTGRES_DB"]}"')
            yield port


def ask_database(port: int, database: str, query: str) -> list | None:
    """Rows of a query; None where the database is not up yet."""

    async def ask() -> list:
        connection = await asyncpg.connect(
            host=HOST,
            port=port,
            user="prefect",
            password=SETTINGS["ONRECORD_DATABASE_PASSWORD"],
            database=database,
        )
        try:
            return await connection.fetch(query)
        finally:
            await connection.close()

    try:
        return asyncio.run(ask())
    except (OSError, asyncpg.CannotConnectNowError):
        return None


@pytest.fixture
def environment_of(tmp_path: Path, project: Path, database: int) -> Callable[..., dict[str, str]]:
    """The environment of a part, its neighbours on loopback ports of this test instead of hosts of their own."""

    def make(part: str, server_port: int) -> dict[str, str]:
        declared = SERVICES[part]["environment"]
        own = {name: fill_in(str(value)) for name, value in declared.items() if value is not None}
        if part == "server":
            own |= {"PREFECT_SERVER_DATABASE_HOST": HOST, "PREFECT_SERVER_DATABASE_PORT": str(database)}
        else:
            own |= {"PREFECT_API_URL": f"http://{HOST}:{server_port}/api", "PWD": str(project)}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ONRECORD_"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**kept, **own, "PATH": path, "PREFECT_HOME": str(tmp_path / f"prefect-{part}"), "HOME": str(tmp_path)}

    return make


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of the containers: what the image is given, and the sample as the worker's input."""
    folder = tmp_path / "onrecord"
    (folder / "data").mkdir(parents=True)
    files = [
        name
        for line in re.findall(r"^ +COPY (.+) \./$", (ROOT / "compose.yaml").read_text(), re.M)
        for name in line.split()
    ]
    for name in (*IMAGE, *files, "data/sample"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_parts_of_compose_run_a_deployment_with_postgres(
    tmp_path: Path, project: Path, database: int, environment_of: Callable[..., dict[str, str]]
) -> None:
    port = find_free_port()
    address = f"http://{HOST}:{port}"

    def call(path: str, body: dict) -> Any:
        password = base64.b64encode(SETTINGS["ONRECORD_AUTH"].encode()).decode()
        headers = {"content-type": "application/json", "authorization": f"Basic {password}"}
        request = Request(f"{address}/api{path}", json.dumps(body).encode(), headers)
        return wait_for(lambda: answer_of(request), 120)[0]

    def start(part: str, *more: str) -> Any:
        command = [HOST if word == "0.0.0.0" else word for word in SERVICES[part]["command"]]
        return running([*command, *more], tmp_path / f"{part}.log", env=environment_of(part, port), cwd=project)

    with start("server", "--port", str(port)):
        wait_for(lambda: is_healthy(address), 300)
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(f"{address}/api/flow_runs/filter", b"{}"), timeout=30)
        with start("deploy") as deploy:
            assert deploy.wait(300) == 0, (tmp_path / "deploy.log").read_text()
        [hourly] = call("/deployments/filter", {"deployments": {"name": {"any_": ["hourly"]}}})
        with start("worker") as worker:
            # The rules need no model of their own: what is tried here is how the parts meet.
            run = call(f"/deployments/{hourly['id']}/create_flow_run", {"parameters": {"attribution": "rules"}})
            wait_for(lambda: state_of(call, run["id"]) not in {"SCHEDULED", "PENDING", "RUNNING"})
            artifacts = call("/artifacts/latest/filter", {})
            # Prefect's worker, told to stop while a run's process ends, waits for it in vain.
            wait_for(lambda: not has_children(worker.pid), 120)
    state = ask_database(database, "prefect", f"SELECT state_type::text FROM flow_run WHERE id = '{run['id']}'")
    assert [tuple(row) for row in state or ()] == [("COMPLETED",)], (tmp_path / "worker.log").read_text()
    told = {one["key"]: one for one in artifacts}
    assert {"summary", "validation", "throughput", "report", "tables"} <= told.keys()
    assert told["language-work"]["data"] == 100
    assert told["table-work"]["data"] == 100
    assert told["table-work"]["description"].endswith(f" {len(TABLE_WORK)} of {len(TABLE_WORK)} stages")
    assert refused.value.code == 401
    assert list((project / "data" / "ui" / "warehouse" / "current" / "quotes").rglob("*.parquet"))
    logs = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert not [secret for secret in ("loud-secret", "quiet-secret") if secret in logs]


def has_children(process_id: int) -> bool:
    told = subprocess.run(["ps", "-A", "-o", "ppid="], capture_output=True, text=True, check=True)
    return str(process_id) in told.stdout.split()


def state_of(call: Callable[[str, dict], Any], run_id: str) -> str:
    [run] = call("/flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
    return run["state_type"]
