import base64
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from inspect import signature
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from prefect import Flow
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import ValidationError, validate

from flows import serve_ui as service_module
from flows.backfill import backfill
from flows.build_tables import build_tables
from flows.local_server import ServerRefuses, find_served, is_healthy, noted_as_served
from flows.serve_ui import (
    HOST,
    POOL,
    STOPPING,
    Part,
    Service,
    ServiceError,
    check_port,
    find_groups,
    run_service,
    serve_ui,
)
from flows.server_setup import make_watches, read_quiet
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


def states_of(runs: list[dict]) -> set[tuple[bool, str]]:
    """Whether runs began by their schedules, and how they stand."""
    return {(run["auto_scheduled"], run["state_type"]) for run in runs}


def told_of(heard: list[str]) -> set[str]:
    """What automations have told of, by the names of those automations."""
    return {json.loads(body)["text"].split(": ")[1] for body in heard}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with this project's deployments and stand-ins for the flows."""
    for name in ("flows", "tasks", "tasks/publish", "schemas"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    modules = ("serve_ui", "serve_pages", "local_server", "server_setup", "telling", "cut_off")
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
    """Has deployments run each minute, and not again after a failure."""
    declared = yaml.safe_load((project / "prefect.yaml").read_text())
    for deployment in declared["deployments"]:
        deployment["work_pool"] = {"name": POOL, "job_variables": {"env": {"PREFECT_FLOWS_DEFAULT_RETRIES": "0"}}}
        if deployment["name"] in names:
            deployment["schedules"][0]["cron"] = "* * * * *"
    (project / "prefect.yaml").write_text(yaml.safe_dump(declared))


def read_deployments() -> list[dict]:
    return yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]


def test_deployments_are_those_of_a_newsroom() -> None:
    assert [deployment["name"] for deployment in read_deployments()] == ["hourly", "nightly", "weekly"]


@pytest.mark.parametrize("deployment", read_deployments(), ids=lambda deployment: deployment["name"])
def test_deployment_has_one_run_at_a_time_on_a_schedule_with_a_zone(deployment: dict) -> None:
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    assert deployment["enforce_parameter_schema"] is True
    assert all(schedule["cron"] and schedule["timezone"] for schedule in deployment["schedules"])
    assert deployment["description"]
    assert "onrecord" in deployment["tags"]
    assert deployment["work_pool"]["name"] == POOL
    assert int(deployment["work_pool"]["job_variables"]["env"]["PREFECT_FLOWS_DEFAULT_RETRIES"]) > 0


@pytest.mark.parametrize("deployment", read_deployments(), ids=lambda deployment: deployment["name"])
def test_deployment_sets_parameters_that_its_flow_has(deployment: dict) -> None:
    path, _, name = deployment["entrypoint"].partition(":")
    flow = getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)
    assert set(deployment["parameters"]) <= set(signature(flow.fn).parameters)
    flow.validate_parameters(deployment["parameters"])


@pytest.mark.parametrize("flow", [build_tables, backfill], ids=lambda flow: flow.name)
def test_schema_of_parameters_refuses_a_password_before_a_run_is_written_down(flow: Flow) -> None:
    schema = parameter_schema(flow).model_dump_for_openapi()
    days = {"first": "2026-01-01", "last": "2026-01-02"} if flow is backfill else {}
    for place in ("inbox", "s3://bucket/in:box@home", "https://ada@paper.example/feed"):
        validate({"inputs": [place], **days}, schema, raise_on_error=True)
    with pytest.raises(ValidationError, match="inputs"):
        validate({"inputs": ["inbox", "sftp://ada:s3cret@host.example/in"], **days}, schema, raise_on_error=True)


@pytest.mark.parametrize(("given", "hours"), [(None, 24), ("", 24), ("1.5", 1.5), ("48", 48)])
def test_read_quiet_takes_hours(given: str | None, hours: float) -> None:
    assert read_quiet(given).total_seconds() == hours * 3600


@pytest.mark.parametrize("given", ["abc", "nan", "inf", "-3", "0.001", "1e300"])
def test_read_quiet_says_what_is_wanted(given: str) -> None:
    with pytest.raises(SystemExit, match=f"ONRECORD_QUIET_HOURS is '{given}': give hours"):
        read_quiet(given)


def test_check_port_names_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=f"port {port} is taken.*--port"):
            check_port(port)


def test_service_stays_on_this_machine_and_in_its_folder(tmp_path: Path) -> None:
    service = Service(tmp_path, tmp_path / "data" / "prefect", 4321)
    environment = service.environment()
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert environment["PREFECT_SERVER_API_PORT"] == "4321"
    assert Path(environment["PREFECT_HOME"]).is_relative_to(tmp_path)


def test_serve_ui_says_why_it_does_not_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handlers = {name: signal.getsignal(name) for name in STOPPING}
    try:
        with socket.socket() as taken:
            taken.bind((HOST, 0))
            taken.listen()
            assert serve_ui(port=taken.getsockname()[1], root=tmp_path) == 1
    finally:
        for name, handler in handlers.items():
            signal.signal(name, handler)
    assert "is taken" in capsys.readouterr().err


def test_service_gives_its_own_password_to_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", PASSWORD)
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    assert Service(tmp_path, tmp_path).environment()["PREFECT_API_AUTH_STRING"] == PASSWORD


def test_find_served_forgets_a_service_that_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    with noted_as_served(tmp_path, f"http://{HOST}:{free_port()}"):
        assert find_served() is None
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_run_service_runs_deployments_and_tells_of_trouble(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One service for all that takes a real one: schedule, enforced parameters, automations, password."""
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", PASSWORD)
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(project / "data" / "prefect"))
    # Times of a day and of minutes, in seconds.
    monkeypatch.setenv("ONRECORD_QUIET_HOURS", "0.005")
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS", "1")
    use_every_minute(project, "hourly", "nightly")
    service = Service(project, project / "data" / "prefect", free_port())
    with hearing() as (webhook, heard):
        monkeypatch.setenv("ONRECORD_WEBHOOK", webhook)
        with run_service(service, stop=threading.Event()):
            deployments = {one["name"]: one for one in call_api(service, "/deployments/filter", {})}
            # Both began by their schedules. On a busy machine a run is cancelled that comes while the last is at work.
            ended = {(True, "COMPLETED"), (True, "FAILED")}
            wait_for(lambda: ended <= states_of(call_api(service, "/flow_runs/filter", {})))
            # Whatever is due now waits for ever.
            call_api(service, f"/work_pools/{POOL}", {"is_paused": True}, method="PATCH")
            call_api(service, f"/deployments/{deployments['weekly']['id']}/create_flow_run", {})
            wait_for(lambda: told_of(heard) >= {"a run failed", "a run is late", "much is refused", "nothing new"})
            artifacts = {one["key"]: one for one in call_api(service, "/artifacts/filter", {})}
            automations = call_api(service, "/automations/filter", {})
            with pytest.raises(HTTPError) as refused:
                urlopen(Request(f"{service.address}/api/flow_runs/filter", b"{}"), timeout=30)
            monkeypatch.setenv("PREFECT_API_AUTH_STRING", PASSWORD)
            assert find_served() == service.address
            monkeypatch.setenv("PREFECT_API_AUTH_STRING", "editor:wrong")
            with pytest.raises(ServerRefuses, match="PREFECT_API_AUTH_STRING"):
                find_served()
            monkeypatch.setenv("PREFECT_API_AUTH_STRING", PASSWORD)
            wrong = {"parameters": {"inputs": "no list"}}
            with pytest.raises(HTTPError) as invalid:
                call_api(service, f"/deployments/{deployments['hourly']['id']}/create_flow_run", wrong)
    assert artifacts["run-summary"]["data"] == f"It ran on ['data/sample'] in {project.resolve()}"
    assert all(one["enforce_parameter_schema"] for one in deployments.values())
    assert {one["name"] for one in automations} == {watch.name for watch in make_watches()}
    assert refused.value.code == 401
    assert invalid.value.code in (409, 422)
    texts = sorted(json.loads(body)["text"] for body in heard)
    assert any('onrecord: a run failed: run "maintain "it"" of maintain is Failed' in text for text in texts), texts
    assert any("onrecord: much is refused: 3 of 4 inputs were refused; snapshot 7" in text for text in texts)
    assert any("onrecord: a run is late" in text and "of build-tables is Late" in text for text in texts), texts
    assert "onrecord: nothing new: no new document for 0.005 hours" in texts
    logs = "".join(path.read_text() for path in service.logs.iterdir()) + "".join(capfd.readouterr())
    assert PASSWORD not in logs
    assert webhook not in logs
    assert not is_healthy(service.address)


# A worker that does not listen, with a run in a session of its own: how Prefect starts one.
DEAF = """
import signal, subprocess, sys, threading
signal.signal(signal.SIGINT, signal.SIG_IGN)
run = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait(600)"], start_new_session=True)
print(run.pid, flush=True)
threading.Event().wait(600)
"""


def test_stop_ends_a_worker_that_does_not_listen_and_the_run_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "STOP_SECONDS", 0.5)
    worker = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert worker.stdout
    run = int(worker.stdout.readline())
    assert find_groups(worker.pid) == {run}
    Part("worker", worker, tmp_path / "worker.log").stop()
    worker.stdout.close()
    assert worker.returncode == -signal.SIGKILL
    # Whoever adopted it reads its end sooner or later; until then it is there, and does nothing.
    wait_for(lambda: is_gone(run), 30)


def is_gone(process_id: int) -> bool:
    """Whether a process has ended; one that nobody has asked for its end yet counts as well."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True)
    return told.stdout.strip()[:1] in ("", "Z")


@pytest.mark.slow
@pytest.mark.parametrize(("ending", "state"), [(signal.SIGINT, "CANCELLED"), (signal.SIGKILL, "CRASHED")])
def test_runs_go_on_after_one_was_cut_off(project: Path, ending: signal.Signals, state: str) -> None:
    """The service ends while a run is at work; at its next start that run has ended, and another begins."""
    flow = project / "flows" / "build_tables.py"
    waiting = '    Path(f"pid-{os.getpid()}").touch()\n    __import__("threading").Event().wait(600)\n'
    flow.write_text(STAND_IN + waiting)
    home = project / "data" / "prefect"
    service = Service(project, home, free_port())
    environment = {**os.environ, "PYTHONPATH": str(project), "PREFECT_HOME": str(home)}
    command = [sys.executable, "-m", "flows.serve_ui", "--port", str(service.port)]
    named_hourly = {"deployments": {"name": {"any_": ["hourly"]}}}
    runs: list[str] = []
    for end in (ending, signal.SIGHUP):
        served = subprocess.Popen(command, cwd=project, env=environment)
        try:
            wait_for(lambda: is_healthy(service.address), 300)
            [hourly] = wait_for(lambda: call_api(service, "/deployments/filter", named_hourly), 120)
            runs.append(call_api(service, f"/deployments/{hourly['id']}/create_flow_run", {})["id"])
            wait_for(lambda: len(list(project.glob("pid-*"))) == len(runs), 120)
            if len(runs) > 1:
                first = call_api(service, f"/flow_runs/{runs[0]}")
            groups = find_groups(served.pid)
            served.send_signal(end)
            assert served.wait(60) == (-end if end == signal.SIGKILL else 0)
            if end == signal.SIGKILL:
                # As when the power fails: nobody is left to tidy up.
                for group in groups:
                    os.killpg(group, signal.SIGKILL)
                wait_for(lambda: not is_healthy(service.address), 30)
        finally:
            served.kill()
    assert first["state_type"] == state
    assert "at work" in first["state"]["message"]
    for left in project.glob("pid-*"):
        wait_for(lambda left=left: is_gone(int(left.name.removeprefix("pid-"))), 30)


@pytest.mark.slow
def test_main_stops_every_part_and_the_running_flow(project: Path) -> None:
    flow = project / "flows" / "build_tables.py"
    waiting = '    Path("pid").write_text(str(os.getpid()))\n    __import__("threading").Event().wait(600)\n'
    flow.write_text(STAND_IN + waiting)
    use_every_minute(project, "hourly")
    home = project / "data" / "prefect"
    service = Service(project, home, free_port())
    command = [sys.executable, "-m", "flows.serve_ui", "--port", str(service.port)]
    environment = {**os.environ, "PYTHONPATH": str(project), "PREFECT_HOME": str(home)}
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
