from dataclasses import asdict
from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import TABLES, Document, Quarantine, Story
from schemas.parquet import (
    arrow_schema,
    arrow_to_frame,
    arrow_to_rows,
    frame_to_arrow,
    growing_file,
    is_whole,
    read_published,
    read_rows,
    records_to_arrow,
    rows_to_arrow,
    write_rows,
    write_table,
)
from tests.made_up_tables import made_up_rows

STORY = Story(
    story_id="story-0123456789ab", headline="Ferry talks end", article_count=2, outlet_count=2, original_count=2,
    copy_count=0, event_date=date(2026, 3, 4), first_published_at=datetime(2026, 3, 4, 9, tzinfo=UTC),
    event_date_method="text", merged_story_ids=None,
)  # fmt: skip
SCHEMA = pa.schema([pa.field("number", pa.int64())])


@pytest.mark.parametrize("name", sorted(TABLES))
def test_arrow_schema_carries_the_declaration(name):
    schema = arrow_schema(name)
    assert tuple(schema.names) == TABLES[name].column_names
    for column in TABLES[name].columns:
        field = schema.field(column.name)
        assert field.nullable is column.nullable
        assert field.metadata[b"description"].decode() == column.description


def test_write_rows_gives_the_same_rows_back(tmp_path):
    write_rows([STORY], Story, tmp_path)
    assert read_rows(Story, tmp_path) == [STORY]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_arrow_to_rows_makes_what_the_constructor_makes(name):
    samples = {str: "a", int: 1, float: 1.5, bool: True, datetime: datetime(2026, 1, 2, tzinfo=UTC)}
    samples[date] = date(2026, 1, 2)
    columns = TABLES[name].columns
    records = [
        {column.name: None if column.nullable and number else samples[column.type] for column in columns}
        for number in range(2)
    ]
    table = pa.Table.from_pylist(records, arrow_schema(name))
    assert arrow_to_rows(table, TABLES[name].row) == [TABLES[name].row(**record) for record in records]
    # The order of the columns does not matter.
    turned = table.select(table.column_names[::-1])
    assert arrow_to_rows(turned, TABLES[name].row) == arrow_to_rows(table, TABLES[name].row)


def test_arrow_to_rows_refuses_columns_that_are_not_declared():
    with pytest.raises(TypeError, match="fetched_date"):
        arrow_to_rows(pa.table({"fetched_date": ["2026-01-02"]}), Document)


def test_rows_to_arrow_refuses_a_null_where_none_may_be():
    with pytest.raises(ValueError, match=r"stories\.article_count holds no nulls, but row 0 has one"):
        records_to_arrow([{"story_id": "story-0123456789ab", "headline": "x"}], Story.table)


def test_frame_to_arrow_fills_columns_that_are_missing():
    frame = rows_to_arrow([STORY], Story).to_pandas().drop(columns="event_date").assign(other=1)
    table = frame_to_arrow(frame, "stories")
    assert table.schema.equals(arrow_schema("stories"), check_metadata=True)
    assert table["event_date"].to_pylist() == [None]


def test_frame_to_arrow_refuses_nulls_where_none_may_be():
    with pytest.raises(ValueError, match="headline"):
        frame_to_arrow(pd.DataFrame({"story_id": ["story-0123456789ab"]}), "stories")


def test_arrow_to_frame_keeps_integers_with_nulls():
    assert str(arrow_to_frame(pa.table({"n": [1, None]}))["n"].dtype) == "Int64"


def test_growing_file_writes_all_rows_in_chunks(tmp_path):
    with growing_file(tmp_path / "n.parquet", SCHEMA, chunk_rows=2) as append:
        for number in range(5):
            append({"number": number})
    assert pq.read_table(tmp_path / "n.parquet")["number"].to_pylist() == [0, 1, 2, 3, 4]
    assert pq.read_metadata(tmp_path / "n.parquet").num_row_groups == 3


def test_growing_file_leaves_nothing_after_a_failure(tmp_path):
    with pytest.raises(pa.ArrowInvalid), growing_file(tmp_path / "n.parquet", SCHEMA) as append:
        append({"number": "no number"})
    assert list(tmp_path.iterdir()) == []


def test_read_published_reads_what_earlier_versions_called_otherwise_or_did_not_have(tmp_path):
    [row] = made_up_rows()["quarantine"]
    table = rows_to_arrow([row], Quarantine)
    names = ["check" if name == "check_name" else name for name in table.column_names]
    path = write_table(table.rename_columns(names).drop_columns(["row_key"]), tmp_path / "before.parquet")
    assert read_published([path], "quarantine").to_pylist() == [asdict(row)]
    assert read_published([], "quarantine").schema == arrow_schema("quarantine")


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1PAR1", b"PAR1" + b"\0" * 8, b"x" * 50])
def test_is_whole_refuses_what_is_none(raw, tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(raw)
    assert not is_whole(path)


def test_is_whole_takes_what_was_written_to_its_end(tmp_path):
    assert is_whole(write_table(rows_to_arrow([], Quarantine), tmp_path / "a.parquet"))
