"""Disks that are full, and files that a power cut left broken: a clear word, the published tables untouched."""

import re
import shutil
import subprocess

import pytest
from typer.testing import CliRunner

from flows.__main__ import app
from schemas.warehouse import Warehouse
from tests.disks import fill, small_disk
from tests.faults.probing import look_at_tables
from tests.faults.runs import compare_states, read_state

pytestmark = pytest.mark.slow


def test_run_on_a_full_disk_says_so_and_leaves_what_is_published(place, published, undisturbed, runs, tmp_path):
    with small_disk(tmp_path / "disk", 64 << 10):
        warehouse = shutil.copytree(published, tmp_path / "disk" / "warehouse", symlinks=True)
        before = read_state(warehouse)
        filler = fill(tmp_path / "disk")
        run = runs.start(warehouse, place / "late", log=tmp_path / "full.log")
        assert run.wait() == 1
        assert "WarehouseFault: the disk is full" in run.output
        assert read_state(warehouse) == before
        assert look_at_tables(warehouse / "current") == []
        filler.unlink()
        again = runs.start(warehouse, place / "late", log=tmp_path / "again.log")
        assert again.wait() == 0, again.output
        assert compare_states(read_state(warehouse), undisturbed[0]) == []


def test_run_that_may_write_no_more_says_so_and_leaves_what_is_published(place, published, runs, tmp_path):
    warehouse = shutil.copytree(published, tmp_path / "warehouse", symlinks=True)
    before = read_state(warehouse)
    run = runs.start(warehouse, place / "late", log=tmp_path / "full.log", file_size=10_000)
    assert run.wait() == 1
    assert "WarehouseFault: the disk is full" in run.output
    assert read_state(warehouse) == before


def cut_short(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty_blocks(path):
    path.write_bytes(b"\0" * path.stat().st_size)


@pytest.mark.parametrize("damage", [cut_short, empty_blocks])
def test_run_after_a_power_cut_equals_an_undisturbed_one(damage, place, published, undisturbed, runs, tmp_path):
    warehouse = Warehouse(shutil.copytree(published, tmp_path / "warehouse", symlinks=True))
    run = runs.start(warehouse.root, place / "late", log=tmp_path / "killed.log")
    run.wait(undisturbed[1] * 0.7)
    run.kill()
    # What lies in a published snapshot was flushed to the disk; anything else may be half there.
    files = [path for path in sorted(warehouse.work.rglob("*")) if path.is_file()]
    assert {path.suffix for path in files} >= {".parquet", ".sqlite"}
    for path in files[::2]:
        damage(path)
    again = runs.start(warehouse.root, place / "late", log=tmp_path / "again.log")
    assert again.wait() == 0, again.output
    assert compare_states(read_state(warehouse.root), undisturbed[0]) == []


def test_what_is_said_of_a_broken_part_mends_the_tables(place, undisturbed, runs, tmp_path):
    warehouse = Warehouse(shutil.copytree(place / "calm", tmp_path / "warehouse", symlinks=True))
    assert warehouse.current_number() == 2
    path = warehouse.table_files("articles")[0]
    cut_short(path)
    run = runs.start(warehouse.root, place / "late", log=tmp_path / "run.log")
    assert run.wait() == 1
    assert f"WarehouseFault: 1 published files are broken (first: {path}" in run.output
    assert warehouse.current_number() == 2
    checked = CliRunner().invoke(app, ["check", "-w", str(warehouse.root)])
    assert checked.exit_code == 1
    assert f"{path.relative_to(warehouse.current)}: its bytes are not those published" in checked.stderr
    command = re.search(r"`(ln [^`]+)`", checked.stderr)[1]
    assert command in run.output
    subprocess.run(command, shell=True, check=True)
    assert CliRunner().invoke(app, ["check", "-w", str(warehouse.root)]).exit_code == 0
    again = runs.start(warehouse.root, place / "late", log=tmp_path / "again.log")
    assert again.wait() == 0, again.output
    assert compare_states(read_state(warehouse.root), undisturbed[0]) == []
