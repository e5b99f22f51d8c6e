import json
import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from flows.bench_timed import LANGUAGE, LINKING, MODELS, REST, TIMED, Times, read_times

# Looked for in modules of one kind, though not each of them has all.
OPTIONAL = {name for names in TIMED.values() for name, kind in names.items() if kind == REST}


def burn(seconds: float) -> None:
    """Takes so much processor time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_timing_counts_what_is_called_within_for_itself_alone(tmp_path: Path) -> None:
    times = Times(tmp_path)
    inner = times.timing(REST, burn)

    def work() -> str:
        burn(0.05)
        inner(0.1)
        return "done"

    assert times.timing(LANGUAGE, work)() == "done"
    assert times.seconds[LANGUAGE] == pytest.approx(0.05, abs=0.03)
    assert times.seconds[REST] == pytest.approx(0.1, abs=0.03)


def test_timing_counts_what_a_function_took_that_failed(tmp_path: Path) -> None:
    times = Times(tmp_path)
    failing = times.timing(LINKING, lambda: burn(0.02) or {}["missing"])
    with pytest.raises(KeyError):
        failing()
    with pytest.raises(KeyError):
        times.timing(LANGUAGE, failing)()
    assert times.seconds[LINKING] == pytest.approx(0.04, abs=0.03)


def test_read_times_adds_up_all_processes(tmp_path: Path) -> None:
    for process, seconds in ((1, {MODELS: 1.5}), (2, {MODELS: 2.0, LINKING: 0.5})):
        (tmp_path / f"{process}.json").write_text(json.dumps(seconds))
    assert read_times(tmp_path) == {MODELS: 3.5, LINKING: 0.5}


@pytest.mark.parametrize(("module", "names"), TIMED.items(), ids=[*TIMED])
def test_what_is_timed_is_there(module: str, names: dict[str, str]) -> None:
    there = set(vars(import_module(module)))
    assert set(names) - OPTIONAL <= there
    assert OPTIONAL & set(names) == set() or OPTIONAL & set(names) & there


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_run_times_its_language_work_and_linking_in_all_processes(tmp_path: Path, workers: int) -> None:
    (tmp_path / "times").mkdir()
    command = [sys.executable, "-m", "flows.bench_timed", str(tmp_path / "times"), "run", "data/sample"]
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect"), "ONRECORD_WORKERS": str(workers)}
    environment.pop("PREFECT_API_URL", None)
    subprocess.run(
        [*command, "-w", str(tmp_path / "warehouse"), "--attribution", "rules"],
        env=environment,
        check=True,
        capture_output=True,
    )
    assert len(list((tmp_path / "times").iterdir())) == workers + 1
    times = read_times(tmp_path / "times")
    assert set(times) == {MODELS, LANGUAGE, LINKING, REST}
    assert min(times.values()) > 0
