import re
from pathlib import Path

import pytest
import yaml

from flows.server_setup import POOL, WEBHOOK_SETTING

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
SETTINGS = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def test_compose_opens_ports_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_compose_holds_no_password() -> None:
    values = {
        name: value for service in SERVICES.values() for name, value in (service.get("environment") or {}).items()
    }
    secrets = [name for name in values if re.search(r"PASSWORD|AUTH|WEBHOOK", name)]
    assert len(secrets) >= 4
    assert all(str(values[name]).startswith("${") for name in secrets)


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


@pytest.mark.parametrize("path", re.findall(r"^ +COPY (.+) \S+$", (ROOT / "compose.yaml").read_text(), re.MULTILINE))
def test_compose_copies_what_is_there(path: str) -> None:
    assert all((ROOT / name).exists() for name in path.split())
