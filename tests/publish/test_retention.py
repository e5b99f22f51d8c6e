import os
import time

import pytest

from schemas.warehouse import Warehouse
from tasks.batches import stage_fingerprint
from tasks.publish.retention import prune_warehouse
from tests.made_up_tables import publish_made_up


@pytest.fixture
def warehouse(tmp_path):
    for _ in range(3):
        publish_made_up(tmp_path)
    return Warehouse(tmp_path)


def test_prune_warehouse_keeps_the_newest_snapshots(warehouse):
    pruned = prune_warehouse(warehouse, keep=2)
    assert pruned.snapshots == [1]
    assert warehouse.snapshot_numbers() == [2, 3]
    assert warehouse.current_number() == 3


def test_prune_warehouse_removes_snapshots_by_age_but_never_the_current_one(warehouse):
    day = 86_400
    for number, age in ((1, 9 * day), (2, 3 * day), (3, 9 * day)):
        os.utime(warehouse.snapshot(number) / "manifest.json", (time.time() - age, time.time() - age))
    pruned = prune_warehouse(warehouse, keep=10, keep_days=7)
    assert pruned.snapshots == [1]
    assert warehouse.snapshot_numbers() == [2, 3]
    assert warehouse.current_number() == 3


def test_prune_warehouse_removes_work_of_older_rules_only(warehouse):
    present = warehouse.work / f"clean-{stage_fingerprint('clean')}"
    for folder in (present, warehouse.work / "clean-000000000000", warehouse.work / "documents" / "0123456789ab"):
        folder.mkdir(parents=True)
    pruned = prune_warehouse(warehouse, keep=3)
    assert pruned.work_folders == ["clean-000000000000"]
    assert present.is_dir()
    assert (warehouse.work / "documents" / "0123456789ab").is_dir()


def test_prune_warehouse_keeps_the_newest_work_on_a_batch(warehouse):
    present = warehouse.work / f"clean-{stage_fingerprint('clean')}"
    for age, name in enumerate(("aaaaaaaaaaaa-0123", "aaaaaaaaaaaa", "aaaaaaaaaaaa.lines", "bbbbbbbbbbbb")):
        (present / name).mkdir(parents=True)
        os.utime(present / name, (1_700_000_000 - age, 1_700_000_000 - age))
    assert prune_warehouse(warehouse, keep=3).work_folders == ["aaaaaaaaaaaa"]
    kept = sorted(path.name for path in present.iterdir())
    assert kept == ["aaaaaaaaaaaa-0123", "aaaaaaaaaaaa.lines", "bbbbbbbbbbbb"]


def test_prune_warehouse_removes_what_a_dead_run_left(warehouse):
    (warehouse.run_folder("20240101T000000-abcdef") / "staged").mkdir(parents=True)
    (warehouse.work / "documents" / ".0123.part").mkdir(parents=True)
    assert prune_warehouse(warehouse, keep=3).work_folders == [".0123.part", "20240101T000000-abcdef"]


def test_prune_warehouse_keeps_the_index_of_the_present_code_however_old(warehouse):
    for age, name in enumerate(("link-newer", "link-present", "link-older")):
        (warehouse.work / name).mkdir(parents=True)
        os.utime(warehouse.work / name, (1_700_000_000 - age, 1_700_000_000 - age))
    assert prune_warehouse(warehouse, keep=3).work_folders == []
    assert prune_warehouse(warehouse, keep=3, index_name="link-present").work_folders == ["link-newer", "link-older"]


def test_prune_warehouse_keeps_at_least_one(warehouse):
    with pytest.raises(ValueError, match="at least one"):
        prune_warehouse(warehouse, keep=0)
