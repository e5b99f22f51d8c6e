import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from prefect.settings import PREFECT_HOME, temporary_settings

from flows.runners import SCHEDULER_SETTING
from flows.server_setup import POOL, WEBHOOK_SETTING
from schemas.warehouse import PAGES_SETTING

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
SETTINGS = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
# Left out unless they are set: an empty one would be taken for a value.
OPTIONS = re.findall(r"^#(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def test_compose_opens_ports_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_compose_holds_no_password() -> None:
    values = {
        name: value for service in SERVICES.values() for name, value in (service.get("environment") or {}).items()
    }
    secrets = [name for name in values if re.search(r"PASSWORD|AUTH|WEBHOOK|AWS_.*KEY", name)]
    assert len(secrets) >= 6
    assert all(values[name] is None or values[name].startswith("${") for name in secrets)


def test_compose_guards_the_api_and_gives_clients_the_same_password() -> None:
    assert SERVICES["server"]["environment"]["PREFECT_SERVER_API_AUTH_STRING"] == "${ONRECORD_AUTH}"
    for name in ("deploy", "worker"):
        assert SERVICES[name]["environment"]["PREFECT_API_AUTH_STRING"].startswith("${ONRECORD_AUTH")
    assert WEBHOOK_SETTING in SERVICES["deploy"]["environment"]


def test_compose_runs_the_pool_of_the_deployments() -> None:
    command = SERVICES["worker"]["command"]
    assert command[command.index("--pool") + 1] == POOL


def test_compose_tells_the_worker_the_folder_that_the_pull_step_reads() -> None:
    [step] = yaml.safe_load((ROOT / "prefect.yaml").read_text())["pull"]
    assert step["prefect.deployments.steps.set_working_directory"] == {"directory": "{{ $PWD }}"}
    worker = SERVICES["worker"]
    assert f"WORKDIR {worker['environment']['PWD']}\n" in worker["build"]["dockerfile_inline"]


def test_env_example_names_every_setting() -> None:
    used = set(re.findall(r"\$\{(ONRECORD_\w+)", (ROOT / "compose.yaml").read_text()))
    assert used == set(SETTINGS)
    assert {name for name, value in SERVICES["worker"]["environment"].items() if value is None} == set(OPTIONS)


def test_compose_installs_what_the_worker_may_be_told_to_use() -> None:
    assert {SCHEDULER_SETTING, PAGES_SETTING, "AWS_ENDPOINT_URL"} <= set(OPTIONS)
    dockerfile = SERVICES["worker"]["build"]["dockerfile_inline"]
    [targets] = re.findall(r"RUN make (.+?) &&", dockerfile)
    for target in set(targets.split()) - {"setup"}:
        assert f"requirements-{target.removeprefix('setup-')}.lock" in dockerfile
    assert targets.split() == ["setup", "setup-s3", "setup-dask"]


def test_compose_keeps_leases_where_the_server_finds_them_again() -> None:
    server = SERVICES["server"]
    module = import_module(server["environment"]["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"])
    # The image has the folder for its user: one that only the volume makes is root's.
    home = "/home/onrecord/.prefect"
    assert f"RUN mkdir {home}\n" in server["build"]["dockerfile_inline"].partition("USER onrecord")[2]
    assert f"server:{home}" in server["volumes"]
    with temporary_settings({PREFECT_HOME: home}):
        assert module.ConcurrencyLeaseStorage().storage_path.is_relative_to(home)


def test_compose_lets_only_its_own_pages_read_answers() -> None:
    server = SERVICES["server"]["environment"]
    origins = server["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"].split(",")
    assert origins == [server["PREFECT_UI_URL"], "http://localhost:4200"]


@pytest.mark.parametrize("path", re.findall(r"^ +COPY (.+) \S+$", (ROOT / "compose.yaml").read_text(), re.MULTILINE))
def test_compose_copies_what_is_there(path: str) -> None:
    assert all((ROOT / name).exists() for name in path.split())
