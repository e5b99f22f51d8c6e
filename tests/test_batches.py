import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.bench_articles import make_articles
from schemas import Document
from schemas.parquet import write_rows
from tasks import batches
from tasks.annotate.batch import annotate_batch_files
from tasks.batches import BATCH_STAGES, Batch, batch_id_of, rules_version, stage_fingerprint
from tasks.clean.batch import clean_batch_files
from tasks.resolve.batch import resolve_batch_files


def rows_of_batches(documents: list[Document], size: int, folder: Path) -> dict[str, list[dict]]:
    """What the stages make of the documents in batches of that size: rows by stage and table, in a steady order."""
    found: dict[str, list[pa.Table]] = {}
    for first in range(0, len(documents), size):
        source, *places = (folder / str(first) / name for name in ("documents", *BATCH_STAGES))
        write_rows(documents[first : first + size], Document, source)
        cleaned, annotated, resolved = places
        clean_batch_files(source, cleaned)
        annotate_batch_files(cleaned, annotated, "rules")
        resolve_batch_files(cleaned, resolved, cleaned, annotated)
        for path in (path for place in places for path in place.glob("*.parquet")):
            found.setdefault(f"{path.parent.name}/{path.stem}", []).append(pq.read_table(path))
    return {name: sorted(pa.concat_tables(tables).to_pylist(), key=repr) for name, tables in found.items()}


def test_rows_do_not_depend_on_how_documents_are_batched(tmp_path):
    documents = list(make_articles(5, words=90, as_stories=True))
    whole = rows_of_batches(documents, 5, tmp_path / "whole")
    assert rows_of_batches(documents, 2, tmp_path / "parts") == whole
    assert len(whole["clean/articles"]) == 5
    assert all(whole[name] for name in ("clean/removed_spans", "annotate/quotes", "resolve/quotes"))


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
