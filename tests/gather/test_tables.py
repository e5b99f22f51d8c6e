from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Article, Document, LocalEntity, Quarantine
from schemas.parquet import read_rows, rows_to_arrow, write_rows, write_table
from tasks.batches import Batch
from tasks.gather.tables import TABLE_STAGES, Selection, gather_batch_tables, merge_refusals
from tasks.quarantine import refuse
from tests.made_up_tables import write_staged

EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 2, tzinfo=UTC)


def make_refusal(uri, *, stage="ingest", at=EARLY):
    return refuse(stage=stage, check="not_empty", observed="0 bytes", expected="text", refused_at=at, source_uri=uri)


def merge(now, before, received):
    tables = [rows_to_arrow(rows, Quarantine) for rows in (now, before)]
    uris = None if received is None else pa.array(received, pa.string())
    return {(row["source_uri"], row["refused_at"]) for row in merge_refusals(*tables, received_uris=uris).to_pylist()}


def test_merge_refusals_keeps_the_time_of_the_first():
    assert merge([make_refusal("a", at=LATE)], [make_refusal("a")], None) == {("a", EARLY)}


def test_merge_refusals_drops_earlier_ones_of_a_replacing_run():
    assert merge([make_refusal("a", at=LATE)], [make_refusal("b")], None) == {("a", LATE)}


def test_merge_refusals_keeps_earlier_ones_until_their_input_comes_again():
    before = [make_refusal("b"), make_refusal("c")]
    assert merge([], before, ["c"]) == {("b", EARLY)}


def test_merge_refusals_drops_that_of_a_file_whose_rows_came_now():
    before = [
        make_refusal("in/a.csv"),
        make_refusal("in/a.csv#L9"),
        make_refusal("in/c#d.zip"),
        make_refusal("in/b.csv"),
    ]
    assert merge([], before, ["in/a.csv#L2", "in/c#d.zip#e.txt"]) == {("in/a.csv#L9", EARLY), ("in/b.csv", EARLY)}


def test_merge_refusals_keeps_that_of_a_file_that_is_refused_once_more():
    assert merge([make_refusal("a.csv", at=LATE)], [make_refusal("a.csv")], ["a.csv", "a.csv#L2"]) == {("a.csv", EARLY)}


def test_merge_refusals_leaves_later_stages_to_judge_again():
    assert merge([], [make_refusal("b", stage="validate")], []) == set()


def make_batch(folder):
    """A batch whose stages hold the made-up tables."""
    made = folder / "made"
    write_staged(made)
    ids = [row.document_id for row in read_rows(Document, made)]
    batch = Batch("0123456789ab", 1, len(ids), str(folder / "warehouse"))
    write_rows(read_rows(Document, made), Document, batch.documents)
    for table, stage in TABLE_STAGES.items():
        if table == "local_entities":
            continue
        batch.folder(stage).mkdir(parents=True, exist_ok=True)
        (batch.folder(stage) / f"{table}.parquet").write_bytes((made / f"{table}.parquet").read_bytes())
    write_rows([], LocalEntity, batch.folder("resolve"))
    write_rows([], Quarantine, batch.folder("clean"))
    write_rows([], Quarantine, batch.folder("annotate"))
    return batch, ids


def gather(batches, ids, folder):
    """Rows by table of these documents, gathered into `folder`/staged."""
    write_table(rows_to_arrow([], Quarantine), folder / "refused.parquet")
    write_table(pa.table({"source_uri": ["inbox/a.txt"]}), folder / "received.parquet")
    return gather_batch_tables(
        batches,
        Selection(pa.array(ids), pa.array(ids)),
        folder / "staged",
        ingest_quarantine=folder / "refused.parquet",
        received_uris=folder / "received.parquet",
    )


def test_gather_batch_tables_takes_rows_of_selected_documents_only(tmp_path):
    batch, ids = make_batch(tmp_path)
    assert gather([batch], ids[:1], tmp_path)["documents"] == 1
    assert {row.article_id for row in read_rows(Article, tmp_path / "staged")} <= set(ids[:1])


@pytest.mark.parametrize(
    ("limits", "groups"),
    [
        pytest.param({}, 1, id="few rows are one group"),
        pytest.param({"ROW_GROUP_BYTES": 1}, 3, id="so many bytes are a group"),
        pytest.param({"ROW_GROUP_BATCHES": 2}, 2, id="so many batches are one, and what is left"),
    ],
)
def test_gather_batch_tables_puts_batches_into_row_groups(tmp_path, monkeypatch, limits, groups):
    for name, limit in limits.items():
        monkeypatch.setattr(f"tasks.gather.tables.{name}", limit)
    batch, ids = make_batch(tmp_path)
    counts = gather([batch] * 3, ids, tmp_path)
    file = pq.ParquetFile(tmp_path / "staged" / "articles.parquet")
    rows = read_rows(Article, batch.folder("clean"))
    assert file.num_row_groups == groups
    assert read_rows(Article, tmp_path / "staged") == rows * 3
    assert counts["articles"] == len(rows) * 3
    assert counts["local_entities"] == pq.read_metadata(tmp_path / "staged" / "local_entities.parquet").num_rows == 0


def test_gather_batch_tables_fills_a_column_that_an_earlier_version_did_not_have(tmp_path):
    batch, ids = make_batch(tmp_path)
    path = batch.documents / "documents.parquet"
    write_table(pq.read_table(path).drop_columns(["declared_author"]), path)
    assert gather([batch], ids, tmp_path)["documents"] == len(ids)
    assert {row.declared_author for row in read_rows(Document, tmp_path / "staged")} == {None}
