import errno
import json
import os
import socket
import sqlite3
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.__main__ import app
from flows.doctor import (
    BYTES_OF_RUN,
    BYTES_PER_WORKER,
    MISSING,
    SLOW,
    SMALLEST_FREE_BYTES,
    SOUND,
    find_disk,
    find_dot_product,
    find_folder,
    find_memory,
    find_packages,
    find_port,
    find_prefect_home,
    find_python,
    find_tagger,
    read_memory,
    read_processor_flags,
)
from flows.local_server import HOST

BYTES_WITH_TWO_WORKERS = 2 * BYTES_PER_WORKER + BYTES_OF_RUN


@pytest.mark.parametrize(("running", "state"), [((3, 11), SOUND), ((3, 12), MISSING), ((3, 9), MISSING)])
def test_find_python_wants_the_one_of_the_lock(running, state):
    assert find_python(running).state == state


def test_find_packages_names_those_missing_and_those_too_old():
    def installed(name: str) -> str:
        if name == "absent":
            raise PackageNotFoundError(name)
        return "1.5"

    requirements = ["present==1.5", "absent>=1", "old>=2,<3", "elsewhere; sys_platform == 'plan9'"]
    first, *others = find_packages(requirements, installed)
    assert (first.state, first.detail) == (SLOW, "1 of 3 as wanted")
    assert [(one.what, one.state) for one in others] == [("package absent", MISSING), ("package old", MISSING)]


def test_find_tagger_tells_a_missing_file_and_a_broken_one(tmp_path: Path):
    file = tmp_path / "tagger.onnx"
    assert find_tagger(file).state == MISSING
    file.write_bytes(b"no model")
    found = find_tagger(file)
    assert found.state == MISSING
    assert "does not load" in found.detail


@pytest.mark.parametrize(
    ("flags", "state"),
    [(["sse", "avx512_vnni"], SOUND), (["amx_int8"], SOUND), (["avx2", "avx512f"], SLOW), ([], SLOW)],
)
def test_find_dot_product_tells_the_instructions(flags, state):
    assert find_dot_product(flags).state == state


def test_read_processor_flags_reads_the_first_processor(tmp_path: Path):
    (tmp_path / "cpuinfo").write_text("processor : 0\nflags\t\t: sse avx2\n\nprocessor : 1\nflags : none\n")
    assert read_processor_flags(tmp_path / "cpuinfo") == {"sse", "avx2"}
    assert read_processor_flags(tmp_path / "absent") == set()


def test_read_memory_gives_bytes(tmp_path: Path):
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    4 kB\n")
    assert read_memory(tmp_path / "meminfo") == 4096
    assert read_memory(tmp_path / "absent") is None


@pytest.mark.parametrize(
    ("available", "state"), [(BYTES_WITH_TWO_WORKERS, SOUND), (BYTES_WITH_TWO_WORKERS - 1, SLOW), (None, SOUND)]
)
def test_find_memory_counts_the_processes(available, state):
    assert find_memory(available, 2).state == state


@pytest.mark.parametrize(("free", "state"), [(SMALLEST_FREE_BYTES, SOUND), (SMALLEST_FREE_BYTES - 1, SLOW)])
def test_find_disk_wants_room(tmp_path: Path, free, state):
    assert find_disk(tmp_path / "not" / "yet", lambda place: free).state == state


def test_find_folder_tries_links_and_leaves_nothing(tmp_path: Path):
    assert find_folder(tmp_path / "warehouse").state == SOUND
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("broken", "state"), [("symlink_to", MISSING), ("mkdir", MISSING)])
def test_find_folder_tells_what_the_file_system_refuses(tmp_path: Path, monkeypatch, broken, state):
    def refuse(*_arguments, **_options):
        raise OSError(1, "not permitted")

    monkeypatch.setattr(Path, broken, refuse)
    found = find_folder(tmp_path)
    assert found.state == state
    assert found.advice


def test_find_folder_notes_a_file_system_without_hard_links(tmp_path: Path, monkeypatch):
    def refuse(*_arguments):
        raise OSError(1, "not permitted")

    monkeypatch.setattr("flows.doctor.os.link", refuse)
    assert find_folder(tmp_path).state == SLOW


def test_find_prefect_home_reads_the_database(tmp_path: Path):
    assert "made by the first run" in find_prefect_home(tmp_path).detail
    (tmp_path / "prefect.db").write_text("no database, but long enough to be looked at")
    assert find_prefect_home(tmp_path).state == MISSING
    (tmp_path / "prefect.db").unlink()
    with sqlite3.connect(tmp_path / "prefect.db") as connection:
        connection.execute("CREATE TABLE flow_run (id)")
    assert "0 runs recorded" in find_prefect_home(tmp_path).detail


def test_find_prefect_home_writes_to_tell_whether_it_may(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile._os.mkdir", _refuse)
    assert "cannot be written to: Read-only file system" in find_prefect_home(tmp_path / "prefect").detail


@pytest.mark.parametrize("find", [find_folder, find_prefect_home])
@pytest.mark.parametrize("below", ["", "/below"])
def test_what_is_no_folder_takes_nothing(tmp_path: Path, find, below):
    (tmp_path / "file").touch()
    (tmp_path / "astray").symlink_to("nowhere")
    for name in ("file", "astray"):
        found = find(tmp_path / f"{name}{below}")
        assert (found.state, found.detail) == (MISSING, f"{tmp_path / name} is no folder")


def _refuse(*arguments, **options):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def test_find_port_tells_who_listens():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert find_port(port, None).state == SLOW
        assert find_port(port, f"http://{HOST}:{port}").state == SOUND
    assert find_port(port, None).state == SOUND


def test_doctor_prints_findings_and_exits_with_a_problem_where_one_is_missing(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["doctor", "-w", str(tmp_path / "warehouse")])
    assert done.exit_code == 0, done.output
    assert "tagger" in done.stdout
    monkeypatch.setattr("flows.doctor.TAGGER", tmp_path / "gone.onnx")
    done = CliRunner().invoke(app, ["doctor", "-w", str(tmp_path / "warehouse"), "--json"])
    assert done.exit_code == 1
    assert {row["what"] for row in json.loads(done.stdout) if row["state"] == MISSING} == {"tagger"}
