"""A warehouse made by the command line, and a Prefect server that tests share."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest

from tests.flows.service_project import answer_of
from tests.made_up_tables import publish_made_up
from tests.serving import server_in
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
# Five real articles about one event that developers keep beside the project.
SEEDS = ROOT.parent / "shared" / "seeds"

Api = Callable[..., Any]


@dataclass(frozen=True)
class CommandRun:
    """A finished `onrecord` command and the warehouse it worked on."""

    warehouse: Path
    output: str
    exit_code: int


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory) -> Path:
    """Folder of Prefect's own files, empty at first as on a new machine."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture(scope="session")
def onrecord(prefect_home) -> Callable[..., CommandRun]:
    """Runs the command line from the project's folder in a process of its own."""

    def run(*arguments: str, warehouse: Path, server: str | None = None) -> CommandRun:
        environment = {**os.environ, "PREFECT_HOME": str(prefect_home), "DO_NOT_TRACK": "1"}
        environment.pop("PREFECT_API_URL", None)
        if server:
            environment["PREFECT_API_URL"] = server
        done = subprocess.run(
            [sys.executable, "-m", "flows", *arguments, "--warehouse", str(warehouse)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return CommandRun(warehouse, done.stdout + done.stderr, done.returncode)

    return run


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Folder of made-up published tables, which tests only read."""
    root = tmp_path_factory.mktemp("warehouse")
    publish_made_up(root)
    return str(root)


@pytest.fixture(scope="session")
def sample_run(onrecord, tmp_path_factory) -> CommandRun:
    """The first run on data/sample, with no Prefect server configured."""
    return onrecord("run", "data/sample", warehouse=tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """Address of the API of a Prefect server with an empty database of its own."""
    with server_in(tmp_path_factory.mktemp("server")) as environment:
        yield environment["PREFECT_API_URL"]


@pytest.fixture
def api(server: str) -> Api:
    """Asks the server: a path and a body, or a path alone."""

    def ask(path: str, body: dict | None = None, *, method: str = "POST") -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{server}{path}", data, {"content-type": "application/json"}, method=method)
        return wait_for(lambda: answer_of(request), 120)[0]

    return ask


@pytest.fixture(scope="session")
def rerun(onrecord, sample_run, server) -> CommandRun:
    """The same command once more, now against a server."""
    assert sample_run.exit_code == 0, sample_run.output
    return onrecord("run", "data/sample", warehouse=sample_run.warehouse, server=server)


@pytest.fixture(scope="session")
def third_run(onrecord, rerun, server) -> CommandRun:
    """And once more, published elsewhere as well: nothing is new for the second time."""
    assert rerun.exit_code == 0, rerun.output
    elsewhere = f"file://{rerun.warehouse / 'elsewhere'}"
    return onrecord("run", "data/sample", "--publish-to", elsewhere, warehouse=rerun.warehouse, server=server)


@pytest.fixture(scope="session")
def seeds_run(onrecord, server, tmp_path_factory) -> CommandRun:
    """A run on five real articles kept beside the project; skipped where they are not at hand."""
    if not SEEDS.is_dir():
        pytest.skip(f"no articles in {SEEDS}")
    return onrecord("run", str(SEEDS), warehouse=tmp_path_factory.mktemp("seeds"), server=server)
