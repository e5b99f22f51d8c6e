import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from flows import serve_ui as serving
from flows.local_server import ServerRefuses, find_free_port, find_served, is_healthy, is_listened_to
from flows.serve_ui import HOST, LAST_PORT, POOL, STOPPING, Service, ServiceError, check_port, run_service, serve_ui
from flows.server_setup import make_watches
from flows.service_parts import NOTE, find_groups, only_service
from schemas.warehouse import PAGES_SETTING
from tests.flows.service_project import (
    KEPT_OUT,
    PASSWORD,
    STAND_IN,
    call_api,
    hearing,
    listened_at,
    make_project,
    pages_kept_out,
    states_of,
    told_of,
    use_every_minute,
)
from tests.waiting import is_gone, wait_for


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with this project's deployments and stand-ins for the flows."""
    return make_project(tmp_path)


def test_check_port_names_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=f"port {port} is taken.*--port"):
            check_port(port)


def test_run_service_has_its_second_port_before_anything_is_started(tmp_path: Path) -> None:
    service = Service(tmp_path, tmp_path / "home", find_free_port())
    with socket.socket() as taken:
        taken.bind((HOST, service.port + 1))
        taken.listen()
        told = f"port {service.port + 1} is taken"
        with pytest.raises(ServiceError, match=told), run_service(service, stop=threading.Event()):
            pass
    assert not service.logs.exists()


def test_service_serves_no_pages_where_the_environment_says_who_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(tmp_path, tmp_path / "home", find_free_port())
    served = []

    def fail_to_start(*_: object) -> None:
        served.append(is_listened_to(HOST, service.port + 1))
        raise ServiceError("no server")

    monkeypatch.setattr(serving, "_start", fail_to_start)
    monkeypatch.delenv(PAGES_SETTING, raising=False)
    for given in (None, "", "http://127.0.0.1:8080 /srv/tables"):
        if given is not None:
            monkeypatch.setenv(PAGES_SETTING, given)
        assert service.environment()[PAGES_SETTING] == (
            f"http://127.0.0.1:{service.port + 1} {tmp_path}/data" if given is None else given
        )
        with pytest.raises(ServiceError, match="no server"), run_service(service, stop=threading.Event()):
            pass
    assert served == [True, False, False]


@pytest.mark.parametrize("port", ["0", "-1", "4200.0", "65535", "next"])
def test_main_takes_ports_that_leave_one_behind_them(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["serve_ui", f"--port={port}"])
    with pytest.raises(SystemExit, match="2"):
        serving.main()
    assert f"is no port from 1 to {LAST_PORT}" in capsys.readouterr().err


def test_service_keeps_what_its_parts_said_the_time_before(tmp_path: Path) -> None:
    service = Service(tmp_path, tmp_path / "home")
    service.logs.mkdir(parents=True)
    for said in ("first", "second", "third"):
        (tmp_path / "speaking.py").write_text(f"print({said!r})")
        part = serving._start(service, "server", ["speaking"])
        assert part.process.wait(30) == 0
    logs = {path.name: path.read_text() for path in service.logs.iterdir()}
    assert logs == {"server.log": "third\n", "server.log.1": "second\n"}


def test_service_stays_on_this_machine_and_in_its_folder(tmp_path: Path) -> None:
    service = Service(tmp_path, tmp_path / "data" / "prefect", 4321)
    environment = service.environment()
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert environment["PREFECT_SERVER_API_PORT"] == "4321"
    assert Path(environment["PREFECT_HOME"]).is_relative_to(tmp_path)


def test_serve_ui_says_why_it_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
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


@pytest.mark.parametrize("ignored", [False, True])
def test_serve_ui_outlives_its_terminal_where_it_was_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ignored: bool
) -> None:
    """`nohup` has the signal of a closed terminal ignored, and so it stays."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    handlers = {name: signal.getsignal(name) for name in STOPPING}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
        with only_service(tmp_path / "home"):
            assert serve_ui(port=find_free_port(), root=tmp_path) == 1
        assert (signal.getsignal(signal.SIGHUP) is signal.SIG_IGN) is ignored
    finally:
        for name, handler in handlers.items():
            signal.signal(name, handler)


def test_service_gives_its_own_password_to_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", PASSWORD)
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    assert Service(tmp_path, tmp_path).environment()["PREFECT_API_AUTH_STRING"] == PASSWORD


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
    service = Service(project, project / "data" / "prefect", find_free_port())
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
            runs = call_api(service, "/flow_runs/filter", {})
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
    # Tried again before it was told of.
    assert {run["run_count"] for run in runs if run["state_type"] == "FAILED"} == {2}
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
    shown = json.dumps([runs, list(artifacts.values()), automations])
    for secret in (PASSWORD, webhook):
        assert secret not in logs
        assert secret not in shown
    assert not is_healthy(service.address)


def read_note(home: Path) -> str:
    """Which processes serve the folder, as written down."""
    return (home / NOTE).read_text("utf-8") if (home / NOTE).exists() else ""


def heed_hangups() -> None:
    """Undo that a test run under `nohup` ignores them, as would all that it starts."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "leaves_parts", "state"),
    [
        pytest.param(signal.SIGINT, False, "CANCELLED", id="stopped"),
        # As when the power fails: nobody is left to tidy up.
        pytest.param(signal.SIGKILL, False, "CRASHED", id="all-killed"),
        pytest.param(signal.SIGKILL, True, "CRASHED", id="parts-left"),
    ],
)
def test_runs_go_on_after_one_was_cut_off(
    project: Path, ending: signal.Signals, leaves_parts: bool, state: str
) -> None:
    """The service ends while a run is at work; at its next start that run has ended, and another begins."""
    flow = project / "flows" / "build_tables.py"
    waiting = '    Path(f"pid-{os.getpid()}").touch()\n    __import__("threading").Event().wait(600)\n'
    flow.write_text(STAND_IN + waiting)
    home = project / "data" / "prefect"
    service = Service(project, home, find_free_port())
    environment = {**os.environ, "PYTHONPATH": str(project), "PREFECT_HOME": str(home)}
    command = [sys.executable, "-m", "flows.serve_ui", "--port", str(service.port)]
    named_hourly = {"deployments": {"name": {"any_": ["hourly"]}}}
    runs: list[str] = []
    for end in (ending, signal.SIGHUP):
        served = subprocess.Popen(command, cwd=project, env=environment, preexec_fn=heed_hangups)
        try:
            # Not the server that the one before has left.
            wait_for(lambda served=served: f'"service": {served.pid}' in read_note(home), 60)
            wait_for(lambda: is_healthy(service.address), 300)
            [hourly] = wait_for(lambda: call_api(service, "/deployments/filter", named_hourly), 120)
            runs.append(call_api(service, f"/deployments/{hourly['id']}/create_flow_run", {})["id"])
            wait_for(lambda: len(list(project.glob("pid-*"))) == len(runs), 120)
            if len(runs) > 1:
                first = call_api(service, f"/flow_runs/{runs[0]}")
            groups = find_groups(served.pid)
            served.send_signal(end)
            assert served.wait(60) == (-end if end == signal.SIGKILL else 0)
            if end == signal.SIGKILL and not leaves_parts:
                for group in groups:
                    os.killpg(group, signal.SIGKILL)
                wait_for(lambda: not is_healthy(service.address), 30)
        finally:
            served.kill()
    assert first["state_type"] == state
    assert "at work" in first["state"]["message"]
    for left in project.glob("pid-*"):
        wait_for(lambda left=left: is_gone(int(left.name.removeprefix("pid-"))), 30)


def read_as_page(service: Service, origin: str) -> bool:
    """Whether a browser that shows a page of this origin lets it read what the server answers."""
    with urlopen(Request(f"{service.address}/api/admin/version", headers={"origin": origin}), timeout=30) as answer:
        return answer.headers["access-control-allow-origin"] == origin


@pytest.mark.slow
def test_main_stops_every_part_and_the_running_flow(project: Path) -> None:
    flow = project / "flows" / "build_tables.py"
    waiting = '    Path("pid").write_text(str(os.getpid()))\n    __import__("threading").Event().wait(600)\n'
    flow.write_text(STAND_IN + waiting)
    use_every_minute(project, "hourly")
    home = project / "data" / "prefect"
    service = Service(project, home, find_free_port())
    command = [sys.executable, "-m", "flows.serve_ui", "--port", str(service.port)]
    environment = {**os.environ, "PYTHONPATH": str(project), "PREFECT_HOME": str(home)}
    served = subprocess.Popen(command, cwd=project, env=environment)
    try:
        wait_for((project / "pid").exists)
        pid = int(str(wait_for((project / "pid").read_text)))
        listening = [listened_at(port) for port in (service.port, service.port + 1)]
        kept_out = pages_kept_out(service.address)
        from_pages = [read_as_page(service, f"http://{name}:{service.port}") for name in (HOST, "localhost")]
        served.send_signal(signal.SIGINT)
        assert served.wait(60) == 0
    finally:
        served.kill()
    assert listening in ([{HOST}, {HOST}], [None, None])
    assert kept_out == KEPT_OUT
    assert all(from_pages)
    assert not is_healthy(service.address)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
