import shutil
from pathlib import Path

import pytest

from flows.rebuilding import plan_rebuild
from schemas.warehouse import Warehouse
from tasks import batches
from tasks.batches import BATCH_STAGES, Batch, stage_fingerprint
from tasks.link import tables as link_tables


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the stages, whose files are what fingerprints are taken of."""
    for name in ("tasks", "schemas"):
        skipped = shutil.ignore_patterns("__pycache__", "*.onnx")
        shutil.copytree(Path(batches.__file__).parents[1] / name, tmp_path / name, ignore=skipped)
    (tmp_path / "tasks/annotate/tagger/tagger.onnx").write_bytes(b"a model")
    monkeypatch.setattr(batches, "TASKS_FOLDER", tmp_path / "tasks")
    monkeypatch.setattr(link_tables, "__file__", str(tmp_path / "tasks/link/tables.py"))
    stage_fingerprint.cache_clear()
    yield tmp_path
    stage_fingerprint.cache_clear()


def do_all(warehouse: Warehouse, *batch_ids: str) -> None:
    """Leaves the folders that a run leaves, empty."""
    for batch_id in batch_ids:
        batch = Batch(batch_id, 1, 1, str(warehouse.root)).with_recurring("abc" if batch_id == "two" else "")
        for folder in (batch.documents, batch.lines_folder, *(batch.folder(stage) for stage in BATCH_STAGES)):
            folder.mkdir(parents=True, exist_ok=True)


@pytest.mark.parametrize(
    ("changed", "undone"),
    [
        pytest.param(None, [0, 0, 0], id="nothing"),
        pytest.param("tasks/link/stories.toml", [0, 0, 0], id="a-threshold-of-linking"),
        pytest.param("tasks/clean/fields/language.py", [2, 2, 2], id="cleaning"),
        pytest.param("tasks/annotate/tagger/tagger.onnx", [0, 2, 2], id="the-model"),
        pytest.param("tasks/annotate/cues.toml", [0, 2, 2], id="a-cue"),
        pytest.param("tasks/resolve/speakers.py", [0, 0, 2], id="resolution"),
    ],
)
def test_plan_rebuild_redoes_what_depends_on_the_change(project: Path, tmp_path: Path, changed, undone):
    warehouse = Warehouse(tmp_path / "warehouse")
    do_all(warehouse, "one", "two")
    index = link_tables.name_index_folder(warehouse.work)
    if changed:
        with (project / changed).open("ab") as file:
            file.write(b"\n# changed\n")
    stage_fingerprint.cache_clear()
    plan = plan_rebuild(warehouse)
    assert [work.undone for work in plan] == undone
    assert {work.batches for work in plan} == {2}
    # Linking reads the index of words only where its own settings are those it was made with.
    assert (link_tables.name_index_folder(warehouse.work) != index) == (changed == "tasks/link/stories.toml")


def test_plan_rebuild_of_an_empty_warehouse_has_nothing_to_do(tmp_path: Path):
    assert [(work.batches, work.undone) for work in plan_rebuild(Warehouse(tmp_path))] == [(0, 0)] * 3
