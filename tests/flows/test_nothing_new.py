import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from flows.nothing_new import publish_if_nothing_is_new
from flows.running import open_run
from schemas.parquet import write_table
from schemas.warehouse import Warehouse
from tasks.batches import BATCH_STAGES, Batch, counted_lines
from tasks.clean.recurring.chosen import write_choice
from tasks.ingest.batching import gather_documents
from tests.made_up_tables import publish_made_up

ARTICLE = "The ferry left on time.\n\nThe mayor of Port Ellery said that it would come back on Friday.\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "ferry.txt").write_text(ARTICLE)
    return folder


@pytest.fixture
def warehouse(tmp_path: Path, inbox: Path) -> Path:
    """A warehouse as a run on the inbox leaves it."""
    root = tmp_path / "warehouse"
    publish_made_up(root)
    with open_run([str(inbox)], str(root), replace=False, attribution="rules") as run:
        received = gather_documents(run.inputs, run.warehouse, run.run_id, keep_document_ids_of=run.kept("documents"))
        counted = list(finish(received.batches))
        run.note_published(received, run.find_done(counted), 1)
    return root


def finish(batches: list[Batch]) -> Iterator[Batch]:
    """The batches, as if their lines had been counted and their stages been done."""
    folders = [batch.lines_folder for batch in batches]
    for batch in batches:
        ready = batch.attributed_by("rules")
        for folder in (batch.lines_folder, *map(ready.folder, BATCH_STAGES)):
            write_table(pa.table({"made_up": [1]}), folder / "made_up.parquet")
        yield batch
    counted = counted_lines(Warehouse(Path(batches[0].warehouse)))
    write_choice(counted, folders, [""] * len(folders))


def publish(warehouse: Path, *inputs: Path | str, **options: object):
    chosen = {"replace": False, "attribution": "rules", "columns": None} | options
    return publish_if_nothing_is_new([str(name) for name in inputs], warehouse, **chosen)


def test_publish_if_nothing_is_new_publishes_the_same_tables_again(warehouse: Path, inbox: Path) -> None:
    summary = publish(warehouse, inbox)
    assert (summary.snapshot_number, summary.inputs) == (2, 5)
    assert summary.batches == summary.reused_batches == 2
    assert (warehouse / "current").resolve().name == "000002"
    assert publish(warehouse, inbox).snapshot_number == 3


def test_publish_if_nothing_is_new_leaves_a_new_document_to_the_run(warehouse: Path, inbox: Path) -> None:
    before = sorted((warehouse / "work" / "documents").iterdir())
    (inbox / "tram.txt").write_text(ARTICLE.replace("ferry", "tram"))
    assert publish(warehouse, inbox) is None
    # What is new is new still when the run comes to it.
    assert sorted((warehouse / "work" / "documents").iterdir()) == before
    assert not list((warehouse / "work" / "runs").iterdir())
    (inbox / "tram.txt").unlink()
    assert publish(warehouse, inbox).snapshot_number == 2


def test_publish_if_nothing_is_new_leaves_work_to_the_run(warehouse: Path, inbox: Path) -> None:
    assert publish(warehouse, inbox, attribution="tagger") is None
    assert publish(warehouse, inbox, replace=True) is None
    (warehouse / "aliases.toml").write_text("")
    assert publish(warehouse, inbox, attribution="rules") is not None
    (warehouse / "aliases.toml").write_text('[[same]]\nnames = ["A", "B"]\n')
    assert publish(warehouse, inbox) is None


def test_publish_if_nothing_is_new_reads_nothing_that_can_be_read_once_only(
    warehouse: Path, inbox: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for once in ("-", "https://127.0.0.1:9/feed.xml", "s3://bucket/inbox", pipe):
        assert publish(warehouse, inbox, once) is None
    assert publish(tmp_path / "elsewhere", inbox) is None
    assert not (tmp_path / "elsewhere").exists()


def test_publish_if_nothing_is_new_loads_no_prefect(warehouse: Path, inbox: Path) -> None:
    code = (
        "import sys; from pathlib import Path\nfrom flows.nothing_new import publish_if_nothing_is_new as publish\n"
        "inbox, warehouse = sys.argv[1:]\n"
        "done = publish([inbox], Path(warehouse), replace=False, attribution='rules', columns=None)\n"
        "print(done.snapshot_number, {'prefect', 'spacy', 'scipy', 'duckdb'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(inbox), str(warehouse)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "2 set()"
