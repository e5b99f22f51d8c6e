"""Batches worked on by a Dask cluster: a real scheduler, two workers as processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from prefect.task_runners import ThreadPoolTaskRunner

from flows.local_server import find_free_port, is_listened_to
from flows.runners import SCHEDULER_SETTING, ClusterNotInstalled, choose_runner, name_for_all
from schemas import PUBLISHED_TABLES
from tests.waiting import wait_for

ROOT = Path(__file__).parents[2]
# On a busy machine a process may not get to answer for long.
PATIENT = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "300s", "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "300s"}
# When a run did its work, and with what: all other tables hold what the articles say.
ABOUT_THE_RUN = {"runs", "quarantine"}
ARTICLE = """Harbour {number} to open in spring

The harbour of Quay {number} will open in spring, the council said on Monday after a long debate in the old hall.

“We have waited {number} years for this,” said Hana Quill, the mayor. Work on the walls cost {number} million crowns.

Fishermen at the pier said that the tide would decide. {name} said the ferry would sail twice a day from then on.
"""
NAMES = ("Ada Brandvold", "Tomas Ricken", "Irena Falk", "Osei Marlow", "Lena Torvik")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More articles than a batch holds."""
    folder = tmp_path_factory.mktemp("inbox")
    for number in range(150):
        text = ARTICLE.format(number=number + 2, name=NAMES[number % len(NAMES)])
        (folder / f"{number}.txt").write_text(text)
    # Their own time is that of documents without another.
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Address of a scheduler and its two workers."""
    port = find_free_port()
    address = f"tcp://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        # Each worker hands its batch to one process, which may die of an article without taking the worker along.
        "ONRECORD_WORKERS": "1",
        "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
        **PATIENT,
    }
    log = (tmp_path / "dask.log").open("wb")
    common = {"cwd": tmp_path, "env": environment, "stdout": log, "stderr": log}
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    worker = ["worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"]
    dask = [sys.executable, "-m", "dask"]
    parts = [subprocess.Popen([*dask, *scheduler], **common)]
    wait_for(lambda: is_listened_to("127.0.0.1", port))
    parts += [subprocess.Popen([*dask, *worker], **common, start_new_session=True) for _ in range(2)]
    try:
        yield address, parts[1:]
    finally:
        for part in reversed(parts):
            part.kill()
            part.wait()
        log.close()


def start_run(inbox: Path, warehouse: Path, server: str, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "flows", "run", str(inbox), "--warehouse", str(warehouse), *options]
    environment = {**os.environ, **PATIENT, "PREFECT_API_URL": server}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finish(run: subprocess.Popen) -> str:
    output = run.communicate()[0]
    assert run.returncode == 0, output
    return output


def read_tables(warehouse: Path) -> dict[str, list[dict]]:
    return {
        name: pq.read_table(warehouse / "current" / name, partitioning=None).to_pylist()
        for name in PUBLISHED_TABLES
        if name not in ABOUT_THE_RUN
    }


def test_choose_runner_is_this_machine_unless_a_scheduler_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SCHEDULER_SETTING, raising=False)
    assert isinstance(choose_runner(), ThreadPoolTaskRunner)
    assert name_for_all("data/warehouse") == "data/warehouse"
    monkeypatch.setenv(SCHEDULER_SETTING, "tcp://127.0.0.1:8786")
    assert type(choose_runner()).__name__ == "DaskTaskRunner"
    assert Path(name_for_all("data/warehouse")).is_absolute()


def test_choose_runner_says_that_dask_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SCHEDULER_SETTING, "tcp://127.0.0.1:8786")
    monkeypatch.setitem(sys.modules, "prefect_dask", None)
    with pytest.raises(ClusterNotInstalled, match="make setup-dask"):
        choose_runner()


@pytest.fixture(scope="module")
def tables_of_this_machine(inbox: Path, server: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict]]:
    warehouse = tmp_path_factory.mktemp("here")
    finish(start_run(inbox, warehouse, server))
    tables = read_tables(warehouse)
    assert len(tables["articles"]) == 150
    return tables


@pytest.mark.slow
@pytest.mark.parametrize("is_killed", [False, True], ids=["all workers live", "a worker is killed"])
def test_cluster_makes_the_tables_of_this_machine(
    is_killed: bool,
    inbox: Path,
    cluster: tuple[str, list[subprocess.Popen]],
    server: str,
    tmp_path: Path,
    tables_of_this_machine: dict[str, list[dict]],
) -> None:
    address, workers = cluster
    run = start_run(inbox, tmp_path, server, "--scheduler", address)
    if is_killed:
        # The first cleaned batch is there: its worker goes on with it, and others wait.
        wait_for(lambda: run.poll() is not None or list(tmp_path.glob("work/clean-*/[!.]*[!s]/articles.parquet")))
        os.killpg(workers[0].pid, signal.SIGKILL)
    finish(run)
    assert [worker.poll() for worker in workers] == [-signal.SIGKILL if is_killed else None, None]
    assert read_tables(tmp_path) == tables_of_this_machine
