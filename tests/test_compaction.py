"""Batches that real stages made of small runs, put together."""

import json
import logging
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.warehouse import Warehouse
from tasks import compaction
from tasks.annotate.task import annotate_step
from tasks.batches import BATCH_STAGES, Batch
from tasks.bisection import call_in_turn
from tasks.clean import task as clean_task
from tasks.compaction import Compacted, merge_small_batches
from tasks.ingest.batching import gather_documents
from tasks.publish.retention import prune_warehouse
from tasks.resolve.task import resolve_step

RUNS = 5
SPEAKERS = ("Hana Quill", "Anders Olsen", "Mara Lind", "Ivo Brandt", "Signe Holm")
# Below each article of the outlet: furniture, which tells how the documents were counted.
FURNITURE = "Support the Ashby Courier from three crowns a week and read without limits"


def write_input(folder: Path, run: int) -> None:
    """An hour's articles of one outlet, of which the text of the second is refused."""
    name = SPEAKERS[run]
    texts = [
        f"{name} said on Tuesday that pier {run}{number} would close.\n\n“We will mend the pier in {run + 2} weeks,” "
        f"{name} told the council, which had asked for a plan of the works by then.\n\n{FURNITURE}"
        for number in range(3)
    ]
    texts[1] = "Photo"
    records = [
        {"title": f"Pier {run}{number} to close", "text": text, "outlet": "Ashby Courier"}
        for number, text in enumerate(texts)
    ]
    (folder / f"{run}.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_WORKERS", "0")
    monkeypatch.setattr(clean_task, "get_run_logger", lambda: logging.getLogger("test"))


@pytest.fixture
def warehouse(tmp_path: Path, in_this_process: None) -> Warehouse:
    """A warehouse after a run on each hour's articles and those before."""
    (tmp_path / "in").mkdir()
    place = Warehouse(tmp_path / "warehouse")
    for run in range(RUNS):
        write_input(tmp_path / "in", run)
        finish(take_in(place))
    # As upkeep does first: of a batch that was cleaned again, when more lines recurred, one version stays.
    prune_warehouse(place, keep=1)
    return place


def take_in(warehouse: Warehouse) -> list[Batch]:
    """The batches of all that has come so far, with the names of their recurring lines."""
    inputs = [str(warehouse.root.parent / "in")]
    return clean_task.count_recurring_lines.fn(gather_documents(inputs, warehouse, "run").batches)


def finish(batches: list[Batch]) -> None:
    """Does the language work that is to be done."""
    for batch in undone(batches):
        call_in_turn([clean_task.clean_step(batch), annotate_step(batch), resolve_step(batch)])


def undone(batches: list[Batch]) -> list[Batch]:
    return [batch for batch in batches if not all(batch.is_done(stage) for stage in BATCH_STAGES)]


def read_all(batches: list[Batch]) -> dict[str, pa.Table]:
    """All files of all batches, those of one name put together in the order of the batches."""
    folders = [folder for batch in batches for folder in (batch.documents, *map(batch.folder, BATCH_STAGES))]
    names = {(folder.parent.name, path.name) for folder in folders for path in folder.iterdir()}
    return {
        f"{place}/{name}": pa.concat_tables(
            pq.ParquetFile(folder / name).read()
            for folder in folders
            if folder.parent.name == place and (folder / name).is_file()
        )
        for place, name in names
    }


def find_folders(warehouse: Warehouse) -> set[str]:
    """Names of the folders of batches and of what was made of them."""
    places = [path for path in warehouse.work.iterdir() if path.name.startswith(("documents", *BATCH_STAGES))]
    return {path.name for place in places for path in place.iterdir() if path.is_dir()}


def test_merge_small_batches_keeps_every_row_and_leaves_nothing_to_do(warehouse: Warehouse) -> None:
    before = take_in(warehouse)
    assert len(before) == RUNS
    assert all(batch.recurring_name for batch in before)
    rows = read_all(before)
    assert {name.partition("/")[2] for name, table in rows.items() if len(table)} >= {
        *("documents.parquet", "articles.parquet", "quarantine.parquet", "removed_spans.parquet"),
        *("quotes.parquet", "entity_mentions.parquet", "local_entities.parquet", "text_hashes.parquet"),
    }
    compacted = merge_small_batches(warehouse)
    assert (compacted.small_batches, compacted.merged_batches) == (RUNS, 1)
    [merged] = after = take_in(warehouse)
    assert undone(after) == []
    assert merged.document_count == 3 * RUNS
    now = read_all(after)
    assert now.keys() == rows.keys()
    assert [name for name, table in rows.items() if not now[name].equals(table)] == []
    named = f"{merged.batch_id}-{merged.recurring_name}"
    assert find_folders(warehouse) == {merged.batch_id, named, f"{merged.batch_id}.lines"}
    assert merge_small_batches(warehouse) == Compacted()


def test_merge_small_batches_fills_batches_and_leaves_large_ones(warehouse: Warehouse) -> None:
    compacted = merge_small_batches(warehouse, batch_documents=7)
    # Three documents each: two to a batch, and the fifth is left over.
    assert (compacted.small_batches, compacted.merged_batches) == (4, 2)
    assert sorted(batch.document_count for batch in take_in(warehouse)) == [3, 6, 6]
    assert merge_small_batches(warehouse, batch_documents=7) == Compacted()
    assert merge_small_batches(warehouse, batch_characters=500) == Compacted()


def test_merge_small_batches_leaves_what_is_not_done(warehouse: Warehouse) -> None:
    [first, *others] = take_in(warehouse)
    shutil.rmtree(first.folder("resolve"))
    assert merge_small_batches(warehouse).small_batches == RUNS - 1
    assert [batch.batch_id for batch in undone(take_in(warehouse))] == [first.batch_id]
    assert first.batch_id not in {batch.batch_id for batch in others}


def sort_rows(table: pa.Table) -> pa.Table:
    keys = ("document_id", "article_id", "start_char", "local_id")
    return table.sort_by([(key, "ascending") for key in keys if key in table.column_names])


@pytest.mark.parametrize(
    ("step", "broken_at"),
    [
        *(pytest.param("_join_files", number, id=f"stage {number}") for number in range(3)),
        pytest.param("sync_tree", 4, id="all written"),
        # Five folders are removed of each batch, its documents first.
        *(pytest.param("_remove", number, id=f"{number} removed") for number in (0, 1, 5, 6, 21, 24)),
    ],
)
@pytest.mark.parametrize("sorts", ["first", "last"])
def test_merge_small_batches_that_broke_off_is_tidied_by_the_next_run(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, step: str, broken_at: int, sorts: str
) -> None:
    rows = read_all(take_in(warehouse))
    call, calls = getattr(compaction, step), []

    def break_off(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) > broken_at:
            raise OSError("the power is gone")
        call(*arguments)

    with monkeypatch.context() as breaking:
        breaking.setattr(compaction, "batch_id_of", lambda _: {"first": "0" * 12, "last": "f" * 12}[sorts])
        breaking.setattr(compaction, step, break_off)
        with pytest.raises(OSError, match="power"):
            merge_small_batches(warehouse)
    # A run in between loses nothing, nor takes anything twice, nor has anything to do again.
    between = take_in(warehouse)
    assert undone(between) == []
    assert sum(batch.document_count for batch in between) == 3 * RUNS
    now = read_all(between)
    assert [name for name, table in rows.items() if not sort_rows(now[name]).equals(sort_rows(table))] == []
    merge_small_batches(warehouse)
    [merged] = after = take_in(warehouse)
    assert undone(after) == []
    now = read_all(after)
    assert [name for name, table in rows.items() if not sort_rows(now[name]).equals(sort_rows(table))] == []
    assert {name[:12] for name in find_folders(warehouse)} == {merged.batch_id}


def test_merge_small_batches_leaves_one_that_lacks_a_file(warehouse: Warehouse) -> None:
    [first, *_] = take_in(warehouse)
    (first.folder("annotate") / "quotes.parquet").unlink()
    assert merge_small_batches(warehouse).small_batches == RUNS - 1
    assert first.folder("annotate").is_dir()


def test_merge_small_batches_leaves_what_is_cut_short_to_be_made_again(warehouse: Warehouse) -> None:
    [first, *_] = take_in(warehouse)
    path = first.folder("annotate") / "quotes.parquet"
    path.write_bytes(path.read_bytes()[:-7])
    told: list[str] = []
    assert merge_small_batches(warehouse, report=told.append).small_batches == RUNS - 1
    assert "was not written to its end" in told[0]
    assert [batch.batch_id for batch in undone(take_in(warehouse))] == [first.batch_id]


def test_merge_small_batches_of_no_warehouse_makes_none(tmp_path: Path) -> None:
    assert merge_small_batches(Warehouse(tmp_path / "none")) == Compacted()
    assert not list(tmp_path.iterdir())
