import shutil
from pathlib import Path

from tasks import batches
from tasks.batches import BATCH_STAGES, Batch, batch_id_of, rules_version, stage_fingerprint


def test_batch_id_of_depends_on_the_documents_alone():
    assert batch_id_of(["a", "b"]) == batch_id_of(["a", "b"])
    assert batch_id_of(["a", "b"]) != batch_id_of(["a", "c"])


def test_stage_fingerprint_changes_with_a_rule_and_reaches_the_stages_after(tmp_path, monkeypatch):
    source = Path(batches.__file__).parent
    for name in ("tasks", "schemas"):
        shutil.copytree(source.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(batches, "TASKS_FOLDER", tmp_path / "tasks")

    def fingerprints():
        stage_fingerprint.cache_clear()
        return [stage_fingerprint(stage) for stage in BATCH_STAGES]

    before = fingerprints()
    cues = tmp_path / "tasks" / "annotate" / "cues.toml"
    cues.write_text(cues.read_text("utf-8") + "# changed\n", "utf-8")
    after = fingerprints()
    stage_fingerprint.cache_clear()
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False]


def test_rules_version_is_twelve_hexadecimal_digits():
    assert len(rules_version()) == 12
    assert int(rules_version(), 16) >= 0


def test_batch_is_done_when_its_folder_is_there(tmp_path):
    batch = Batch("0123456789ab", 1, 3, str(tmp_path))
    assert not batch.is_done("clean")
    batch.folder("clean").mkdir(parents=True)
    assert batch.is_done("clean")
    assert batch.reused
    assert not batch.processed().reused
