import subprocess
import sys

import pytest

from schemas.warehouse import Warehouse, write_json
from tasks.publish.lock import SnapshotLost, WarehouseLocked, writer_lock

HOLD = """
import sys
from pathlib import Path
from schemas.warehouse import Warehouse
from tasks.publish.lock import writer_lock
with writer_lock(Warehouse(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def holder(warehouse):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(warehouse.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_writer_lock_is_free_again_after_the_block(warehouse):
    with writer_lock(warehouse):
        pass
    with writer_lock(warehouse, wait_seconds=0):
        assert warehouse.lock_file.exists()


def test_writer_lock_is_free_again_after_a_failure(warehouse):
    with pytest.raises(RuntimeError), writer_lock(warehouse):
        raise RuntimeError
    with writer_lock(warehouse, wait_seconds=0):
        assert not warehouse.current.exists()


def test_writer_lock_names_the_other_writer(warehouse, holder):
    with (
        pytest.raises(WarehouseLocked, match=rf"written to by process {holder.pid} since 20.*waited 0\.1 s"),
        writer_lock(warehouse, wait_seconds=0.1),
    ):
        pass


def test_writer_lock_waits_for_the_other_writer(warehouse, holder):
    holder.stdin.close()
    with writer_lock(warehouse, wait_seconds=20):
        assert holder.wait(timeout=20) == 0


def test_writer_lock_tells_of_a_wait(warehouse, holder, monkeypatch):
    monkeypatch.setattr("tasks.publish.lock.QUIET_SECONDS", 0.05)
    told = []
    with writer_lock(warehouse, wait_seconds=20, report=lambda line: told.append(line) or holder.stdin.close()):
        [line] = told
    assert line.startswith(f"waiting for process {holder.pid} since 20")


def test_writer_lock_is_silent_where_nobody_writes(warehouse):
    told = []
    with writer_lock(warehouse, report=told.append):
        assert told == []


def test_writer_lock_of_a_killed_process_is_free(warehouse, holder):
    holder.kill()
    holder.wait()
    with writer_lock(warehouse, wait_seconds=5):
        assert warehouse.lock_file.exists()


def leave_snapshot(warehouse, number, *, runs):
    warehouse.snapshot(number).mkdir(parents=True)
    write_json({"tables": {"runs": {"row_count": runs}}}, warehouse.snapshot(number) / "manifest.json")


def test_writer_lock_is_refused_where_current_leads_nowhere(warehouse):
    leave_snapshot(warehouse, 1, runs=1)
    warehouse.current.symlink_to("snapshots/000002")
    with (
        pytest.raises(SnapshotLost, match=r"leads to snapshots/000002.*ln -sfn snapshots/000001"),
        writer_lock(warehouse),
    ):
        pytest.fail("written")
    warehouse.current.unlink()
    warehouse.current.symlink_to("snapshots/000001")
    with writer_lock(warehouse):
        assert warehouse.current.is_dir()


def test_writer_lock_is_refused_where_current_is_gone(warehouse):
    leave_snapshot(warehouse, 3, runs=2)
    with pytest.raises(SnapshotLost, match=r"is gone.*ln -sfn snapshots/000003"), writer_lock(warehouse):
        pytest.fail("written")


def test_writer_lock_is_free_after_a_first_run_that_was_killed_before_it_published(warehouse):
    leave_snapshot(warehouse, 1, runs=1)
    warehouse.snapshot(2).mkdir()
    with writer_lock(warehouse):
        assert not warehouse.current.exists()
