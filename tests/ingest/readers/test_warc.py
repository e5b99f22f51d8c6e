import gzip
from datetime import UTC, datetime

import pytest

from schemas import Document
from tasks.ingest.readers.reader import Skipped
from tests.ingest.readers.made_up import packed_warc, warc_record
from tests.ingest.readers.reading import read_bytes

PAGE = b"<html><body><p>The ferry sails.</p></body></html>"


def outcomes(items):
    return [
        item.raw_text if isinstance(item, Document) else item.reason if isinstance(item, Skipped) else item.check
        for item in items
    ]


@pytest.mark.parametrize("pack", [lambda *records: b"".join(records), packed_warc], ids=["plain", "packed"])
@pytest.mark.parametrize("one_way", [False, True], ids=["file", "pipe"])
def test_read_warc_takes_pages(pack, one_way):
    raw = pack(
        warc_record(b"", kind="warcinfo"),
        warc_record(b"GET /", kind="request"),
        warc_record(PAGE),
        warc_record(PAGE, status=404),
        warc_record(b"GIF89a", media_type="image/gif"),
        warc_record(b"It lands.", media_type="text/plain"),
    )
    items = read_bytes(raw, "a.warc.gz", one_way=one_way)
    assert outcomes(items) == [PAGE.decode(), "answer 404", "no page but image/gif", "It lands."]
    assert [item.source_uri for item in items] == [f"a.warc.gz#R{number}" for number in (1, 2, 3, 4)]


def test_read_warc_says_where_and_when_a_page_was_fetched():
    [item] = read_bytes(warc_record(PAGE, url="https://tide.example/ferry"))
    assert item.declared_url == "https://tide.example/ferry"
    assert item.fetched_at == datetime(2024, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param("<p>Łódź</p>".encode("iso-8859-2"), "text/html; charset=iso-8859-2", id="as the server says"),
        pytest.param('<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2"), "text/html", id="as the page says"),
        pytest.param("<p>Łódź</p>".encode(), "text/html; charset=iso-8859-1", id="UTF-8 whatever is said"),
    ],
)
def test_read_warc_finds_the_encoding(body, media_type):
    [item] = read_bytes(warc_record(body, media_type=media_type))
    assert "Łódź" in item.raw_text


def test_read_warc_unpacks_answers():
    [item] = read_bytes(warc_record(gzip.compress(PAGE), more=b"Content-Encoding: gzip\r\n"))
    assert item.raw_text == PAGE.decode()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(warc_record(PAGE)[:-20], ["whole_answer"], id="cut off in a page"),
        pytest.param(warc_record(PAGE) + warc_record(PAGE)[:30], [PAGE.decode(), "is_warc"], id="cut off in a head"),
        pytest.param(warc_record(PAGE) + b"junk\r\n" * 30, [PAGE.decode(), "is_warc"], id="junk behind"),
        pytest.param(packed_warc(warc_record(PAGE))[:-9], ["whole_archive"], id="cut off packed"),
        pytest.param(warc_record(b"", kind="warcinfo"), ["not_empty"], id="no page"),
        pytest.param(warc_record(b"x" * 300), ["not_oversized"], id="too long"),
        pytest.param(
            warc_record(gzip.compress(b"x" * 90_000_000), more=b"Content-Encoding: gzip\r\n"),
            ["not_oversized"],
            id="bomb",
        ),
        pytest.param(
            warc_record(gzip.compress(PAGE)[:-9], more=b"Content-Encoding: gzip\r\n") + warc_record(PAGE),
            ["whole_archive", PAGE.decode()],
            id="packed wrong",
        ),
        pytest.param(
            warc_record(b"5\r\n<p>It\r\n7;x=y\r\n sails.\r\n0\r\n\r\n", more=b"Transfer-Encoding: chunked\r\n"),
            ["<p>It sails."],
            id="in chunks",
        ),
        pytest.param(
            warc_record(b"It sails.", more=b"Transfer-Encoding: chunked\r\n"), ["It sails."], id="chunks joined before"
        ),
    ],
)
def test_read_warc_refuses_what_is_broken(raw, expected):
    assert outcomes(read_bytes(raw, "a.warc.gz", maximum_bytes=200)) == expected
