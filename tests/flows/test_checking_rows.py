import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.checking import check_snapshot
from flows.checking_rows import check_rows
from flows.reading import Tables
from schemas.parquet import arrow_schema
from tests.made_up_tables import MADE_UP, publish_made_up


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return publish_made_up(tmp_path)


def change(snapshot: Path, table: str, **values: object) -> None:
    """Writes these values into the first row, in the order of its file, of a table."""
    path = next(path for path in sorted((snapshot / table).rglob("*.parquet")) if pq.read_metadata(path).num_rows)
    rows = pq.read_table(path, partitioning=None).to_pylist()
    rows[0].update(values)
    write(path, table, rows)


def write(path: Path, table: str, rows: list[dict]) -> None:
    # Without the rule against nulls, which a file that was tampered with does not keep.
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(table)])
    pq.write_table(pa.Table.from_pylist(rows, schema), path)


def repeat_first_row(snapshot: Path, table: str) -> None:
    path = next(path for path in sorted((snapshot / table).rglob("*.parquet")) if pq.read_metadata(path).num_rows)
    rows = pq.read_table(path, partitioning=None).to_pylist()
    write(path, table, [*rows, rows[0]])


def faults_of(snapshot: Path) -> list[str]:
    manifest = json.loads((snapshot / "manifest.json").read_text())
    return check_rows(Tables(snapshot), manifest)


def test_check_snapshot_finds_nothing_in_what_was_published(snapshot):
    assert check_snapshot(Tables(snapshot)).faults == []


@pytest.mark.parametrize(
    ("table", "values", "fault"),
    [
        pytest.param("quotes", {"article_id": None}, "quotes: 1 row where article_id is null", id="null"),
        pytest.param(
            "quotes",
            {"speaker_id": "person-ffffffffffff"},
            "speaker_id does not stand in entities.entity_id",
            id="reference",
        ),
        pytest.param("quotes", {"content": "Nobody said this."}, "where content does not stand", id="segments"),
        pytest.param("quotes", {"content_segments": "0:99999"}, "where content does not stand", id="far-offset"),
        pytest.param(
            "quotes", {"end_char": 9999}, "segments do not follow each other from start_char", id="past-the-end"
        ),
        pytest.param("figures", {"end_char": 9999}, "where text does not stand", id="figure-past-the-end"),
        pytest.param("entity_mentions", {"end_char": 9999}, "where text does not stand", id="mention-past-the-end"),
        pytest.param("figures", {"start_char": 0, "end_char": 3}, "where text does not stand", id="offsets"),
        pytest.param("quotes", {"start_char": 9, "end_char": 3}, "where end_char is before start_char", id="reversed"),
        pytest.param("removed_spans", {"text": "other"}, "cannot be turned back into the source text", id="rebuild"),
        pytest.param(
            "runs", {"quarantined_count": 77}, "inputs are not articles + duplicates + refused", id="conservation"
        ),
        pytest.param("runs", {"snapshot_number": 9}, "snapshot_number of the newest run is 9", id="number"),
        pytest.param("runs", {"rules_version": "other"}, "rules_version of the newest run is other", id="version"),
    ],
)
def test_check_rows_names_what_is_wrong_and_where(snapshot, table, values, fault):
    change(snapshot, table, **values)
    faults = faults_of(snapshot)
    assert any(fault in line for line in faults), faults


def test_check_rows_finds_a_key_that_names_two_rows(snapshot):
    repeat_first_row(snapshot, "stories")
    [fault] = [line for line in faults_of(snapshot) if line.startswith("stories")]
    assert "1 key of several rows (first: story-" in fault


def test_check_rows_finds_a_document_that_is_nothing(snapshot):
    path = next(iter(sorted((snapshot / "articles").rglob("*.parquet"))))
    rows = [
        row for row in pq.read_table(path, partitioning=None).to_pylist() if row["article_id"] != MADE_UP[0].article_id
    ]
    write(path, "articles", rows)
    assert any(f"first: {MADE_UP[0].article_id}, which is neither" in line for line in faults_of(snapshot))


def test_check_rows_finds_a_manifest_of_another_snapshot(snapshot):
    moved = snapshot.with_name("000007")
    snapshot.rename(moved)
    assert faults_of(moved) == ["manifest.json: it is of snapshot 1, but lies in 000007"]


def test_check_rows_goes_on_where_a_file_cannot_be_read(snapshot):
    (snapshot / "stories" / "part-0.parquet").write_bytes(b"PAR1 nothing PAR1")
    change(snapshot, "runs", quarantined_count=77)
    faults = faults_of(snapshot)
    assert any("cannot be read" in line for line in faults)
    assert any("inputs are not articles + duplicates + refused" in line for line in faults)


@pytest.mark.parametrize(
    "written", ["[]", "null", '{"tables": [], "other_files": [3]}', '{"tables": {"quotes": 1}', "{"]
)
def test_check_snapshot_names_a_manifest_that_is_none(snapshot, written):
    (snapshot / "manifest.json").write_text(written)
    result = check_snapshot(Tables(snapshot))
    assert [fault for fault in result.faults if "is not a manifest" in fault], result.faults
