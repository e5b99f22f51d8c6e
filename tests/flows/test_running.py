"""The run from the outside, without Prefect: which batches are left to do, and whether anything is new."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from flows import running
from flows.progress import RunProgress
from flows.running import OpenRun
from schemas.parquet import arrow_schema
from schemas.warehouse import Warehouse
from tasks.batches import BATCH_STAGES, Batch
from tasks.ingest.batching import SELECTED_SCHEMA, IngestResult
from tasks.publish.unchanged import publish_again
from tasks.workers import call_in_worker, stop_workers
from tests.made_up_tables import publish_made_up, write_staged


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenRun:
    publish_made_up(tmp_path)
    monkeypatch.setattr(running, "import_in_background", lambda *names: None)
    return OpenRun(
        run_id="20990101T000000000000-abcdef",
        warehouse=Warehouse(tmp_path),
        inputs=["inbox"],
        replace=False,
        attribution="tagger",
        progress=RunProgress(Console(quiet=True)),
        started_at=datetime.now(UTC),
    )


@pytest.fixture
def received(run: OpenRun) -> IngestResult:
    """What ingestion leaves of one input."""
    run.folder.mkdir(parents=True)
    tables = {
        "selected": pa.Table.from_pylist(
            [{"document_id": "a", "source_uri": "a.txt", "is_input": True}], SELECTED_SCHEMA
        ),
        "received": pa.table({"source_uri": ["a.txt"]}),
        "ingest_quarantine": arrow_schema("quarantine").empty_table(),
    }
    paths = {name: str(run.folder / f"{name}.parquet") for name in tables}
    for name, table in tables.items():
        pq.write_table(table, paths[name])
    return IngestResult(
        input_count=1,
        duplicate_count=0,
        quarantined_count=0,
        new_document_count=0,
        kept_count=0,
        quarantine_path=paths["ingest_quarantine"],
        selected_path=paths["selected"],
        received_path=paths["received"],
        batches=[],
        ignored={"hidden file": 2},
    )


def make_batch(run: OpenRun, name: str, *, stages: tuple[str, ...] = BATCH_STAGES) -> Batch:
    batch = Batch(name, 1, 1, str(run.warehouse.root))
    for stage in stages:
        batch.folder(stage).mkdir(parents=True)
    return batch


def test_part_batches_leaves_out_those_that_every_stage_has_done(run):
    done, cleaned = make_batch(run, "done"), make_batch(run, "cleaned", stages=("clean",))
    assert run.part_batches([cleaned, done]) == ([done], [cleaned])


def test_part_batches_takes_another_method_for_work_to_do(run):
    batch = make_batch(run, "done")
    run.attribution = "rules"
    assert run.part_batches([batch]) == ([], [batch])


def test_is_published_after_the_same_was_noted(run, received):
    batches = [make_batch(run, "one")]
    assert not run.is_published(received, batches)
    run.note_published(received, batches, 1)
    assert run.is_published(received, batches)
    assert not run.is_published(received, [*batches, make_batch(run, "two")])


def test_summarize_reads_a_snapshot_published_again(run, received):
    number = publish_again(run.warehouse, run.as_before(received, [make_batch(run, "one")]))
    summary = run.summarize(number, received)
    assert (summary.snapshot_number, summary.batches, summary.reused_batches) == (2, 1, 1)
    assert summary.quotes == 5
    assert "no language work was done again" in dict(summary.lines())["batches"]
    assert summary.passed_over == {"hidden file": 2}


def test_as_before_tells_the_options_of_this_run(run, received):
    run.columns, run.allow_private = "names.toml", True
    row = run.as_before(received, [])
    assert json.loads(row["options"]) == {
        "replace": False,
        "attribution": "tagger",
        "columns": "names.toml",
        "allow_private": True,
    }
    assert row["passed_over_count"] == 2
    run.columns = None
    assert run.as_before(received, [])["config_hash"] != row["config_hash"]


def test_receiving_names_what_is_published_where_the_run_replaces_it_too(run):
    files = run.before("documents")
    assert files
    keeping = run.receiving()
    assert (keeping["keep_document_ids_of"], keeping["published"]) == (files, files)
    run.replace = True
    replacing = run.receiving()
    assert (replacing["keep_document_ids_of"], replacing["published"]) == ([], files)


def test_linking_compares_all_anew_when_told(run):
    assert run.linking()["index_folder"] == str(run.warehouse.work)
    assert run.linking(relink=True)["index_folder"] is None


@pytest.mark.usefixtures("one_worker")
def test_draft_report_is_written_by_a_worker(run):
    write_staged(run.folder / "staged")
    call_in_worker("os:getpid")
    assert run.draft_report()() is True
    assert (run.folder / "report.html").is_file()
    assert run.seconds["report"] > 0


def test_draft_report_does_without_a_worker(run):
    stop_workers()
    write_staged(run.folder / "staged")
    assert run.draft_report()() is False
    assert not (run.folder / "report.html").exists()


@pytest.mark.usefixtures("one_worker")
def test_draft_report_that_fails_is_told_and_left_to_its_stage(run):
    run.progress = RunProgress(Console(file=io.StringIO(), width=200))
    call_in_worker("os:getpid")
    # Nothing is staged.
    assert run.draft_report()() is False
    assert "report: its draft failed (FileNotFoundError" in run.progress.console.file.getvalue()
    assert list(run.folder.glob("report*")) == []
