"""Imports point down: flows use tasks, tasks use schemas; Prefect and Great Expectations stay in their places."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STAGES = sorted(path.parent.name for path in ROOT.glob("tasks/*/task.py"))
SOURCES = [path for folder in ("flows", "tasks", "schemas") for path in sorted((ROOT / folder).rglob("*.py"))]
IDS = [str(path.relative_to(ROOT)) for path in SOURCES]


def imported_modules(path):
    """Modules that a file imports, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            modules.add(node.module)
            modules.update(f"{node.module}.{alias.name}" for alias in node.names)
    return modules


def imports(path, package):
    return sorted(name for name in imported_modules(path) if name == package or name.startswith(f"{package}."))


def test_stages_are_those_of_the_design():
    assert {"ingest", "clean", "annotate", "resolve", "link", "validate", "publish"} <= set(STAGES)


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_imports_point_down(path):
    layer = path.relative_to(ROOT).parts[0]
    above = {"schemas": ("tasks", "flows"), "tasks": ("flows",), "flows": ()}[layer]
    assert [name for package in above for name in imports(path, package)] == []


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_only_tasks_and_flows_import_prefect(path):
    parts = path.relative_to(ROOT).parts
    if parts[0] == "flows" or path.name == "task.py":
        return
    assert imports(path, "prefect") == []


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_only_expectations_import_great_expectations(path):
    if path == ROOT / "tasks/validate/expectations.py":
        return
    assert imports(path, "great_expectations") == []


@pytest.mark.parametrize("path", [path for path in SOURCES if path.relative_to(ROOT).parts[1] in STAGES], ids=str)
def test_stages_do_not_import_each_other(path):
    others = [stage for stage in STAGES if stage != path.relative_to(ROOT).parts[1]]
    assert [name for stage in others for name in imports(path, f"tasks.{stage}")] == []


def test_top_level_folders_are_the_fixed_ones():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {"flows", "tasks", "schemas", "tests"}
