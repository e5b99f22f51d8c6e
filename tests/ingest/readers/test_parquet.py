import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Document
from tasks.ingest import unpacking
from tasks.ingest.readers import parquet
from tests.ingest.readers.reading import read_bytes


def write(columns, **options):
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()


def outcomes(items):
    return [item.raw_text if isinstance(item, Document) else item.check for item in items]


def test_read_parquet_reads_bytes_as_the_text_that_they_are():
    texts = [
        b"It sails.",
        "It sails – at noon, said the café’s owner.".encode("cp1252"),
        b"%PDF-1.7",
        b"\xff\0\xfe",
        None,
    ]
    found = outcomes(read_bytes(write({"text": texts, "title": [b"Ferry"] * 5}), "a.parquet"))
    assert found == ["It sails.", "It sails – at noon, said the café’s owner.", "is_text", found[3], "has_text"]
    assert found[3] in ("is_text", "decodable")


@pytest.mark.parametrize(
    ("columns", "declared"),
    [
        pytest.param(
            {"title": ["Ferry"], "text": ["It sails."], "domain": ["tide.example"], "date": ["2017-06-01 00:00:00"],
             "description": ["d"], "url": ["https://tide.example/f"], "image_url": ["i"]},
            ("Ferry", "tide.example", None, "https://tide.example/f", datetime(2017, 6, 1, tzinfo=UTC)),
            id="cc_news",
        ),
        pytest.param({"article": ["It sails."], "highlights": ["h"], "id": ["1"]}, (None,) * 5, id="cnn_dailymail"),
        pytest.param({"document": ["It sails."], "summary": ["s"], "id": ["1"]}, (None,) * 5, id="xsum"),
        pytest.param(
            {"text": ["It sails."], "timestamp": ["2019-04-25T12:57:54Z"], "url": ["https://tide.example/f"]},
            (None, None, None, "https://tide.example/f", datetime(2019, 4, 25, 12, 57, 54, tzinfo=UTC)),
            id="c4",
        ),
        pytest.param(
            {"plain_text": ["It sails."], "published_date": ["2023-02-01"], "requested_url": ["https://tide.example/f"],
             "sitename": ["Tide"], "author": ["Jo Hale"], "language": ["en"]},
            (None, "Tide", "Jo Hale", "https://tide.example/f", datetime(2023, 2, 1, tzinfo=UTC)),
            id="export of Common Crawl News",
        ),
        pytest.param(
            {"maintext": ["It sails."], "title": ["Ferry"], "authors": [["Jo Hale", "Bo Lind"]],
             "date_publish": [datetime(2023, 2, 1, 9)], "source_domain": ["tide.example"], "url": ["https://tide.example/f"]},
            ("Ferry", "tide.example", "Jo Hale, Bo Lind", "https://tide.example/f",
             datetime(2023, 2, 1, 9, tzinfo=UTC)),
            id="news-please",
        ),
        pytest.param(
            {"Content": ["It sails."], "Title": ["Ferry"], "Date": [date(2023, 2, 1)]},
            ("Ferry", None, None, None, datetime(2023, 2, 1, tzinfo=UTC)),
            id="capitals and a date",
        ),
    ],
)  # fmt: skip
def test_read_parquet_takes_data_sets_as_they_come(columns, declared):
    [item] = read_bytes(write(columns), "a.parquet")
    assert item.raw_text == "It sails."
    assert declared == (
        item.declared_title,
        item.declared_outlet,
        item.declared_author,
        item.declared_url,
        item.declared_published_at,
    )


def test_read_parquet_reads_what_cannot_be_sought_in(tmp_path):
    raw = write({"text": ["It sails."]})
    assert outcomes(read_bytes(raw, one_way=True, spool_folder=tmp_path / "spool")) == ["It sails."]
    assert not list((tmp_path / "spool").iterdir())


def test_read_parquet_refuses_rows_without_text():
    assert outcomes(read_bytes(write({"text": ["It sails.", None, " "]}))) == ["It sails.", "has_text", "has_text"]


@pytest.mark.parametrize(
    ("raw", "check"),
    [
        pytest.param(write({"summary": ["s"]}), "has_text", id="no column of text"),
        pytest.param(write({"text": pa.array([], pa.string())}), "not_empty", id="no rows"),
        pytest.param(write({"text": ["It sails."]})[:-20], "is_parquet", id="cut off"),
        pytest.param(b"PAR1" + b"\xff" * 200 + b"PAR1", "is_parquet", id="garbage"),
    ],
)
def test_read_parquet_refuses_what_is_none(raw, check):
    assert outcomes(read_bytes(raw, "a.parquet")) == [check]


def test_read_parquet_goes_on_after_a_broken_row_group():
    texts = [f"Ferry {number} sails at noon." for number in range(90)]
    options = {"row_group_size": 30, "compression": "zstd", "use_dictionary": False}
    raw = bytearray(write({"text": texts}, **options))
    start = pq.ParquetFile(io.BytesIO(bytes(raw))).metadata.row_group(1).column(0).data_page_offset
    raw[start + 30 : start + 60] = b"\xff" * 30
    items = read_bytes(bytes(raw), "a.parquet")
    assert outcomes(items) == [*texts[:30], "is_parquet", *texts[60:]]
    assert items[30].observed.startswith("rows 31 to 60: ")


def test_read_parquet_refuses_a_column_that_bursts(monkeypatch):
    monkeypatch.setattr(parquet, "MAXIMUM_COLUMN_BYTES", 1_000_000)
    raw = write({"text": ["x" * 2_000_000]}, compression="zstd", use_dictionary=False)
    assert outcomes(read_bytes(raw, "a.parquet")) == ["not_a_bomb"]


def test_read_parquet_refuses_one_text_that_recurs_beyond_measure(monkeypatch):
    monkeypatch.setattr(unpacking, "FREE_BYTES", 1_000_000)
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), ["x" * 100_000])
    items = read_bytes(write({"text": column}), "a.parquet")
    assert outcomes(items)[-1] == "not_a_bomb"
    assert len(items) < 300


def test_read_parquet_refuses_only_the_row_that_holds_no_letters():
    values = pa.array([b"It sails.", b"\xff\xfe at \xf0", b"It lands."])
    column = pa.Array.from_buffers(pa.string(), 3, values.buffers())
    items = read_bytes(write({"text": column}), "a.parquet")
    assert outcomes(items) == ["It sails.", "is_row", "It lands."]
    assert items[1].source_uri == "a.parquet#R2"


def test_read_parquet_refuses_only_the_row_whose_day_is_beyond_the_calendar():
    days = pa.array([2**62, 0], pa.int64()).cast(pa.timestamp("us"))
    assert outcomes(read_bytes(write({"text": ["It sails.", "It lands."], "date": days}))) == ["is_row", "It lands."]


def test_read_parquet_refuses_a_table_with_two_columns_of_one_name():
    target = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(["It sails."]), pa.array(["It lands."])], names=["text"] * 2), target)
    [refused] = read_bytes(target.getvalue(), "a.parquet")
    assert (refused.check, refused.observed) == ("unique_columns", "2 called text")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param({"text": ["It sails."], "related": [[{"title": "Pier", "text": "It is shut."}]]},
                     [("R1.1", "It sails."), ("R1.2", "It is shut.")], id="articles within a row"),
        pytest.param({"title": ["Ferry"], "sections": [[{"heading": "Noon", "text": "It sails."}]]},
                     [("R1", "Noon\n\nIt sails.")], id="sections"),
        pytest.param({"title": ["Ferry"], "paragraphs": [["It sails.", "It lands."]]},
                     [("R1", "It sails.\n\nIt lands.")], id="paragraphs"),
        pytest.param({"articles": [[{"title": "Pier", "text": "It is shut."}]]}, [("R1.1", "It is shut.")], id="lists"),
        pytest.param({"title": ["Ferry"], "place": [{"x": 1.5}]}, [("", "has_text")], id="objects without a text"),
        pytest.param({"text": ["It sails."], "vector": [[1.5, 2.5]]}, [("R1", "It sails.")], id="numbers"),
    ],
)  # fmt: skip
def test_read_parquet_reads_what_lies_in_a_row(columns, expected):
    items = read_bytes(write(columns), "a.parquet")
    assert list(zip((item.source_uri.partition("#")[2] for item in items), outcomes(items), strict=True)) == expected


def test_read_parquet_names_a_row_by_its_own_columns_whatever_lies_beside_them():
    plain = {"text": ["It sails."], "title": ["Ferry"]}
    [one] = read_bytes(write(plain), "a.parquet")
    [other] = read_bytes(write(plain | {"photos": [[{"text": "The quay."}]]}), "a.parquet")[1:]
    assert other.document_id == one.document_id
