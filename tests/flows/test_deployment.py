import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import yaml

from flows.serve_ui import DEPLOYMENT, HOST, POOL, Service, ServiceError, check_port, is_healthy, run_service, serve_ui

ROOT = Path(__file__).parents[2]
DONE = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
# Stands in for the flow: same name and parameters, and it imports from the project's folder.
STAND_IN = """
import os
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from tasks.stand_in import GREETING


@flow(name="build tables")
def build_tables(
    inputs: list[str], warehouse: str = "data/warehouse", replace: bool = False, attribution: str = "tagger"
) -> None:
    create_markdown_artifact(f"{GREETING} {inputs} in {os.getcwd()}", key="run-summary")
"""


def call_api(service: Service, path: str, body: dict | None = None) -> list | dict:
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{service.address}/api{path}", data, {"content-type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def wait_for(what: Callable[[], object], seconds: float = 240) -> object:
    """The first true value of `what`; the test fails when none comes in time."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while not (value := what()):
        assert time.monotonic() < deadline, "waited too long"
        pause.wait(1)
    return value


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with this project's deployments and a stand-in for the flow."""
    for name in ("prefect.yaml", "prefect.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name, text in (("flows/build_tables.py", STAND_IN), ("tasks/stand_in.py", 'GREETING = "It ran on"\n')):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
        (tmp_path / name).with_name("__init__.py").touch()
    return tmp_path


def read_deployment() -> dict:
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text())
    [deployment] = declared["deployments"]
    return deployment


def test_deployment_is_the_one_that_is_served() -> None:
    deployment = read_deployment()
    assert deployment["name"] == DEPLOYMENT
    assert deployment["work_pool"]["name"] == POOL
    assert deployment["description"]
    assert deployment["tags"]


def test_deployment_has_one_run_at_a_time_on_a_schedule_with_a_zone() -> None:
    deployment = read_deployment()
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    assert deployment["enforce_parameter_schema"] is True
    assert all(schedule["cron"] and schedule["timezone"] for schedule in deployment["schedules"])


def test_check_port_names_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=f"port {port} is taken.*--port"):
            check_port(port)


def test_service_stays_on_this_machine_and_in_its_folder(tmp_path: Path) -> None:
    service = Service(tmp_path, 4321)
    environment = service.environment()
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert environment["PREFECT_SERVER_API_PORT"] == "4321"
    assert Path(environment["PREFECT_HOME"]).is_relative_to(tmp_path)


def test_serve_ui_says_why_it_does_not_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handlers = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        with socket.socket() as taken:
            taken.bind((HOST, 0))
            taken.listen()
            assert serve_ui(port=taken.getsockname()[1], root=tmp_path) == 1
    finally:
        for name, handler in handlers.items():
            signal.signal(name, handler)
    assert "is taken" in capsys.readouterr().err


@pytest.mark.slow
def test_run_service_runs_the_deployment_when_its_time_comes(project: Path) -> None:
    service = Service(project, free_port())
    with run_service(service, cron="* * * * *", stop=threading.Event()):
        newest = {"sort": "EXPECTED_START_TIME_ASC", "limit": 1, "flow_runs": {"state": {"type": {"any_": list(DONE)}}}}
        [run] = wait_for(lambda: call_api(service, "/flow_runs/filter", newest))  # type: ignore[misc]
        [artifact] = call_api(service, "/artifacts/filter", {})
        [deployment] = call_api(service, "/deployments/filter", {})
    assert run["state_type"] == "COMPLETED"
    assert run["auto_scheduled"]
    assert artifact["flow_run_id"] == run["id"]
    assert artifact["data"] == f"It ran on ['data/sample'] in {project.resolve()}"
    assert deployment["enforce_parameter_schema"]
    assert not is_healthy(service.address)


@pytest.mark.slow
def test_main_stops_every_part_and_the_running_flow(project: Path) -> None:
    flow = project / "flows" / "build_tables.py"
    waiting = '    Path("pid").write_text(str(os.getpid()))\n    __import__("threading").Event().wait(600)\n'
    flow.write_text(STAND_IN + waiting)
    service = Service(project, free_port())
    command = [sys.executable, "-m", "flows.serve_ui", "--port", str(service.port), "--cron", "* * * * *"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(project), str(ROOT)])}
    (project / "flows" / "serve_ui.py").write_bytes((ROOT / "flows" / "serve_ui.py").read_bytes())
    served = subprocess.Popen(command, cwd=project, env=environment)
    try:
        wait_for((project / "pid").exists)
        pid = int(str(wait_for((project / "pid").read_text)))
        served.send_signal(signal.SIGINT)
        assert served.wait(60) == 0
    finally:
        served.kill()
    assert not is_healthy(service.address)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
