from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import TABLES, Story
from schemas.parquet import (
    arrow_schema,
    arrow_to_frame,
    frame_to_arrow,
    growing_file,
    read_rows,
    records_to_arrow,
    rows_to_arrow,
    write_rows,
)

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
