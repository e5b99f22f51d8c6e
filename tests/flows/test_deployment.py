"""What prefect.yaml declares."""

from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest
import yaml
from prefect import Flow
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import ValidationError, validate

from flows.backfill import backfill
from flows.build_tables import build_tables
from flows.serve_ui import POOL

ROOT = Path(__file__).parents[2]


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
    for place in ("inbox", "s3://bucket/in:box@home", "sftp://ada@host.example/in", "https://paper.example/@ada"):
        validate({"inputs": [place], **days}, schema, raise_on_error=True)
    for secret in ("sftp://ada:s3cret@host.example/in", "https://t0ken@paper.example/feed"):
        with pytest.raises(ValidationError, match="inputs"):
            validate({"inputs": ["inbox", secret], **days}, schema, raise_on_error=True)
