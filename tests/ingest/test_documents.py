import hashlib
import io
import json
import os
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Document, Quarantine
from tasks.ingest.documents import Duplicate, read_documents

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PAGE = "<!doctype html><html><body><p>The ferry sails on Friday.</p></body></html>"


def read(*paths, **options):
    return list(read_documents([str(path) for path in paths], refused_at=NOW, **options))


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        pytest.param("a.txt", "The ferry sails.", "text/plain", id="text"),
        pytest.param("a.HTM", PAGE, "text/html", id="suffix in capitals"),
        pytest.param("a.txt", PAGE, "text/html", id="page under a text's name"),
        pytest.param("a", PAGE, "text/html", id="page without a suffix"),
        pytest.param("a.aspx", "\ufeff<!-- saved -->\n" + PAGE, "text/html", id="page under an odd suffix"),
        pytest.param("a", "The ferry sails. “Yes.”", "text/plain", id="text without a suffix"),
        pytest.param("a.jsonl", '{"text": "The ferry sails."}', "text/plain", id="record"),
        pytest.param("a.jsonl", '{"_id": "1", "_source": {"text": "It sails."}}', "text/plain", id="dump"),
        pytest.param("a.data", '{"text": "The ferry sails."}\n{}\n', "text/plain", id="record under an odd suffix"),
        pytest.param("a.jsonl", '{"html": "<p>It sails.</p>", "text": "It sails."}', "text/html", id="page wins"),
        pytest.param("a.jsonl", '{"content": "<p>It sails.</p><p>So."}', "text/html", id="markup in a text field"),
    ],
)
def test_read_documents_knows_the_format(tmp_path, name, content, media_type):
    first = read(write(tmp_path, name, content))[0]
    assert isinstance(first, Document)
    assert first.media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "check"),
    [
        pytest.param("a.txt", "", "not_empty", id="empty"),
        pytest.param("a.bin", "", "not_empty", id="empty under an odd suffix"),
        pytest.param("a.jsonl", "\n\n", "not_empty", id="blank lines only"),
        pytest.param("a.txt", "x" * 101, "not_oversized", id="too large"),
        pytest.param("a.html", b"\x89PNG\r\n\x1a\n\0\0", "is_text", id="picture"),
        pytest.param("a.jsonl", b"PAR1\0\0", "is_parquet", id="binary records"),
        pytest.param("a.csv", "title,summary\nFerry,It sails.\n", "has_text", id="table without an article"),
        pytest.param("a.py", "import ferry\n", "format_known", id="program"),
        pytest.param("a.jsonl", '{"text": ', "is_json", id="broken line"),
        pytest.param("a.jsonl", "[" * 100, "is_json", id="deep line"),
        pytest.param("a.jsonl", '["text"]', "is_json", id="no object"),
        pytest.param("a.jsonl", '{"title": "Ferry"}', "has_text", id="no text"),
        pytest.param("a.jsonl", '{"text": "Half \\ud83d"}', "decodable", id="half a character"),
        pytest.param("a.jsonl", '{"text": "A\\u0000B"}', "is_text", id="nul in a record"),
        pytest.param("a.jsonl", '{"text": "' + "x" * 101 + '"}', "not_oversized", id="line too long"),
    ],
)
def test_read_documents_refuses_with_the_check(tmp_path, name, content, check):
    items = read(write(tmp_path, name, content), maximum_bytes=100)
    assert [type(item) for item in items] == [Quarantine]
    assert (items[0].stage, items[0].check_name, items[0].refused_at) == ("ingest", check, NOW)


def test_read_documents_reads_on_after_a_bad_line(tmp_path):
    lines = ['{"text": "One."}', "{", "", '{"text": "' + "x" * 300 + '"}', '{"text": "Two."}']
    items = read(write(tmp_path, "a.jsonl", "\r\n".join(lines)), maximum_bytes=100)
    assert [item.source_uri.partition("#")[2] for item in items] == ["L1", "L2", "L4", "L5"]
    assert [type(item) for item in items] == [Document, Quarantine, Quarantine, Document]


def test_read_documents_takes_the_articles_of_a_list_on_each_line(tmp_path):
    lines = ['{"articles": [{"text": "One."}, 7, {"text": "Two."}]}', '{"text": "3."}', '{"articles": [{"a": 1}]}']
    items = read(write(tmp_path, "a.jsonl", "\n".join(lines)))
    assert [item.source_uri.partition("#")[2] for item in items] == ["L1.1", "L1.2", "L1.3", "L2", "L3.1"]
    assert [getattr(item, "raw_text", "") or item.check_name for item in items] == [
        "One.",
        "is_json",
        "Two.",
        "3.",
        "has_text",
    ]


def test_read_documents_takes_lists_as_lines(tmp_path):
    lines = ['[{"text": "One."}, 7, {"text": "Two."}]', "[]", '{"text": "3."}', '[{"articles": [{"text": "4."}]}]']
    items = read(write(tmp_path, "a.jsonl", "\n".join(lines)))
    assert [
        (item.source_uri.partition("#")[2], getattr(item, "raw_text", "") or item.check_name) for item in items
    ] == [
        ("L1.1", "One."),
        ("L1.2", "is_json"),
        ("L1.3", "Two."),
        ("L2", "not_empty"),
        ("L3", "3."),
        ("L4.1", "4."),
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.data"])
def test_read_documents_refuses_a_line_with_many_nuls_alone(tmp_path, name):
    lines = ['{"text": "The ferry sails on Friday."}', '{"text": "It\0 lands."}', '{"text": "It lands on Sunday."}']
    items = read(write(tmp_path, name, "\n".join(lines)))
    assert [getattr(item, "check_name", "") for item in items] == ["", "is_text", ""]


SAILS = "It sails at noon, and the harbour office pays for it. " * 4
AS_PARQUET = pa.table({"text": [SAILS + "So\0."], "title": ["A\0B"]})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.txt", SAILS + "So\0.", id="text"),
        pytest.param("a.jsonl", json.dumps({"text": SAILS + "So\0.", "title": "A\0B"}), id="escape in a line"),
        pytest.param("a.jsonl", '{"text": "' + SAILS + 'So\0.", "title": "A\0B"}', id="in a line"),
        pytest.param("a.json", json.dumps([{"text": SAILS + "So\0.", "title": "A\0B"}]), id="escape in a list"),
        pytest.param("a.csv", f'title,text\nA\0B,"{SAILS}So\0."\n', id="cell"),
        pytest.param("a.parquet", None, id="Parquet"),
    ],
)
def test_read_documents_leaves_a_nul_out(tmp_path, name, content):
    path = tmp_path / name
    if content is None:
        pq.write_table(AS_PARQUET, path)
    else:
        path.write_text(content)
    [item] = read(path)
    assert item.raw_text == SAILS + "So."
    assert item.declared_title in (None, "AB")
    assert (item.declared_title is None) == (name == "a.txt")


def make_parquet(names: Sequence[str], *columns: pa.Array) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(list(columns), names=names), sink)
    return sink.getvalue()


def make_broken_zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "The ferry sails. " * 50)
    packed = bytearray(sink.getvalue())
    packed[60:80] = bytes(20)
    return bytes(packed)


FAR_DATES = pa.array([1 << 62], pa.timestamp("us"))
FAULTY = [
    pytest.param("a.csv", "title,text\nA,It sails.\n".encode("utf-16") + b"\x41", "has_text", id="half a letter"),
    pytest.param(
        "a.parquet",
        make_parquet(["text", "published_at"], pa.array(["It sails."]), FAR_DATES),
        "is_row",
        id="far date",
    ),
    pytest.param(
        "a.parquet",
        make_parquet(["text", "text"], pa.array(["It sails."]), pa.array(["It lands."])),
        "unique_columns",
        id="two columns of one name",
    ),
    pytest.param("a.zip", make_broken_zip(), "whole_archive", id="damaged LZMA"),
]


@pytest.mark.parametrize(("name", "content", "check"), FAULTY)
def test_read_documents_reads_on_after_a_file_whose_reader_fails(tmp_path, name, content, check):
    good = write(tmp_path, "good.txt", "The ferry sails.")
    found = read(write(tmp_path, name, content), good)
    assert check in [item.check_name for item in found if isinstance(item, Quarantine)]
    assert isinstance(found[-1], Document)
    assert found[-1].raw_text == "The ferry sails."


def test_read_documents_takes_the_fields_of_a_record(tmp_path):
    record = {
        "headline": "Ferry",
        "body": "It sails.",
        "site": "Tide",
        "byline": "Jo Hale",
        "link": "https://tide.example",
    }
    record |= {"date": "2024-03-01T08:00:00+02:00", "crawled_at": "2024-03-02"}
    item = read(write(tmp_path, "a.jsonl", json.dumps(record)))[0]
    assert (item.declared_title, item.declared_outlet, item.declared_author) == ("Ferry", "Tide", "Jo Hale")
    assert item.declared_url == "https://tide.example"
    assert item.declared_published_at == datetime(2024, 3, 1, 6, tzinfo=UTC)
    assert item.fetched_at == datetime(2024, 3, 2, tzinfo=UTC)


def test_read_documents_takes_the_file_time_where_nothing_else_is_known(tmp_path):
    path = write(tmp_path, "a.txt", "It sails.")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert read(path)[0].fetched_at == datetime.fromtimestamp(1_700_000_000, UTC)


def test_read_documents_names_a_document_by_its_bytes(tmp_path):
    one, other = write(tmp_path, "a.txt", "It sails."), write(tmp_path, "b.txt", "It sails.")
    first, second = read(one, other)
    assert first.document_id == hashlib.sha256(b"It sails.").hexdigest()[:16]
    assert second == Duplicate(first.document_id, str(other))


def test_read_documents_refuses_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    assert [item.check_name for item in read(tmp_path)] == ["is_file", "is_file"]


def test_read_documents_gives_every_refusal_its_own_id(tmp_path):
    write(tmp_path, "a.txt", "")
    write(tmp_path, "b.txt", "")
    assert len({item.quarantine_id for item in read(tmp_path)}) == 2


def test_read_documents_shows_no_control_characters(tmp_path):
    item = read(write(tmp_path, "a.jsonl", '{"\\u001b[31mred": 1}'))[0]
    assert item.observed == "fields: \\u001b[31mred"
