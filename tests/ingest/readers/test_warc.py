import gzip
import re
import zlib
from datetime import UTC, datetime

import pytest

from schemas import Document
from tasks.ingest.readers.reader import Refused, Skipped
from tests.ingest.readers.made_up import packed_warc, warc_record
from tests.ingest.readers.reading import NOW, read_bytes

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


def with_line_feeds(raw: bytes, *, everywhere: bool) -> bytes:
    """The record with the lines of its answer's head, or of both its heads, without CR, and its length made right."""
    head, _, content = raw.removesuffix(b"\r\n\r\n").partition(b"\r\n\r\n")
    answer, _, body = content.partition(b"\r\n\r\n")
    content = answer.replace(b"\r\n", b"\n") + b"\n\n" + body
    head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(content), head) + b"\r\n\r\n"
    return (head.replace(b"\r\n", b"\n") if everywhere else head) + content + b"\r\n\r\n"


@pytest.mark.parametrize("everywhere", [False, True], ids=["the answer's head", "both heads"])
@pytest.mark.parametrize("more", [b"", b"Transfer-Encoding: chunked\r\n"], ids=["plain", "chunked"])
def test_read_warc_reads_heads_whose_lines_end_without_cr(everywhere, more):
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE) if more else PAGE
    raw = b"".join(
        with_line_feeds(warc_record(content, status=status, more=more), everywhere=everywhere)
        for content, status in ((body, 200), (body, 404), (body, 200))
    )
    items = read_bytes(raw, "a.warc")
    assert outcomes(items) == [PAGE.decode(), "answer 404", PAGE.decode()]
    assert [item.declared_url for item in items[::2]] == ["https://tide.example/a"] * 2
    # Cut in its body, the last is no page.
    assert outcomes(read_bytes(raw[: raw.rindex(b"</p>")], "a.warc"))[2] == "whole_answer"


def test_read_warc_takes_a_page_that_a_proxy_changed():
    assert outcomes(read_bytes(warc_record(PAGE, status=203), "a.warc")) == [PAGE.decode()]


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
        pytest.param(warc_record(PAGE, status=0).replace(b" 0 OK", b" what"), ["is_http"], id="no status"),
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
            warc_record(b"5\r\n<p>It\r\nzz\r\n sails.", more=b"Transfer-Encoding: chunked\r\n") + warc_record(PAGE),
            ["whole_answer", PAGE.decode()],
            id="in chunks, one without its length",
        ),
        pytest.param(
            warc_record(b"FF\r\n<p>It", more=b"Transfer-Encoding: chunked\r\n"), ["whole_answer"], id="half a chunk"
        ),
        pytest.param(
            warc_record(zlib.compress(PAGE), more=b"Content-Encoding: deflate\r\n")
            + warc_record(zlib.compress(PAGE)[2:-4], more=b"Content-Encoding: deflate\r\n")
            + warc_record(PAGE, more=b"Content-Encoding: deflate\r\n"),
            [PAGE.decode()] * 3,
            id="deflated, with and without a head, and no longer",
        ),
        pytest.param(
            warc_record(zlib.compress(b"x" * 90_000), more=b"Content-Encoding: deflate\r\n"),
            ["not_oversized"],
            id="deflated bomb",
        ),
        pytest.param(
            warc_record(PAGE).replace(b"WARC-Type: response\r\n", b"") + warc_record(PAGE),
            ["is_warc", PAGE.decode()],
            id="without a type",
        ),
        pytest.param(
            warc_record(PAGE).replace(b"Type: response", b"Type: respoonse"), ["is_warc"], id="of a type that is none"
        ),
        pytest.param(
            warc_record(b"It sails.", more=b"Transfer-Encoding: chunked\r\n"), ["It sails."], id="chunks joined before"
        ),
        pytest.param(
            warc_record(b"2024\r\nIt sails.", media_type="text/plain", more=b"Transfer-Encoding: chunked\r\n"),
            ["2024\r\nIt sails."],
            id="text that begins with a year, its chunks joined before",
        ),
        pytest.param(
            warc_record(b"2024\r\nIt", media_type="text/plain", more=b"Transfer-Encoding: chunked\r\n").replace(
                b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date"
            ),
            ["whole_answer"],
            id="half a chunk of text, as the crawler says",
        ),
        pytest.param(warc_record(PAGE, status=2), ["is_http"], id="a status that is none"),
    ],
)
def test_read_warc_refuses_what_is_broken(raw, expected):
    assert outcomes(read_bytes(raw, "a.warc.gz", maximum_bytes=200)) == expected


def pages(count=5):
    return [warc_record(b"<html><body><p>Ferry %d sails.</p></body></html>" % number) for number in range(count)]


def length_of(record, change):
    length = re.search(rb"Content-Length: (\d+)", record)
    return record.replace(length[0], b"Content-Length: %d" % (int(length[1]) + change), 1)


BROKEN = {
    "junk in its place": lambda record: b"junk\r\n" * 50,
    "junk without lines": lambda record: b"junk" * 50,
    "a length that is no number": lambda record: length_of(record, 0).replace(b"Length: 1", b"Length: x", 1),
    "no length": lambda record: re.sub(rb"Content-Length: \d+\r\n", b"", record, count=1),
    "too short a length": lambda record: length_of(record, -20),
    "too long a length": lambda record: length_of(record, 20),
    "a length beyond the next record": lambda record: length_of(record, 400),
    "a length beyond the file": lambda record: length_of(record, 1_000_000),
    "a length beyond all files": lambda record: length_of(record, 10**14),
    "cut off in its head": lambda record: record[:70],
    "cut off in its page": lambda record: record[:-25],
}


@pytest.mark.parametrize("one_way", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize("fault", BROKEN)
def test_read_warc_goes_on_behind_a_broken_record(fault, one_way):
    first, second, *rest = pages()
    items = read_bytes(first + BROKEN[fault](second) + b"".join(rest), "a.warc", one_way=one_way)
    assert [type(item) for item in items] == [Document, Refused, Document, Document, Document]
    assert items[1].check in ("is_warc", "not_oversized")
    assert [item.source_uri for item in items] == [f"a.warc#R{number}" for number in range(1, 6)]


@pytest.mark.parametrize("one_way", [False, True], ids=["file", "pipe"])
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda raw: raw[:40] + b"\xff" * 20 + raw[60:], id="overwritten"),
        pytest.param(lambda raw: raw[:-8] + b"\0" * 8, id="wrong sum"),
        pytest.param(lambda raw: raw[:-30], id="cut off"),
        pytest.param(lambda raw: b"junk" * 40, id="junk in its place"),
    ],
)
def test_read_warc_goes_on_behind_a_damaged_part_of_the_archive(damage, one_way):
    first, second, *rest = map(gzip.compress, pages())
    items = read_bytes(first + damage(second) + b"".join(rest), "a.warc.gz", one_way=one_way)
    assert outcomes(items)[1] == "whole_archive"
    assert [type(item) for item in items] == [Document, Refused, Document, Document, Document]


@pytest.mark.parametrize("whole", [warc_record(PAGE), warc_record(PAGE, kind="conversion")], ids=["answer", "text"])
def test_read_warc_tells_of_a_last_record_wherever_it_is_cut(whole):
    length = len(whole.removesuffix(b"\r\n\r\n"))
    for end in range(1, length + 1):
        items = read_bytes(warc_record(b"<p>It lands.</p>") + whole[:end], "a.warc")
        assert [type(item) for item in items] == [Document, Refused if end < length else Document], whole[:end]


def test_read_warc_passes_over_a_cut_answer_that_is_no_page():
    redirect, picture = warc_record(PAGE, status=301), warc_record(PAGE, media_type="image/png")
    for record, reason in ((redirect, "answer 301"), (picture, "no page but image/png")):
        assert outcomes(read_bytes(warc_record(PAGE) + record[:-9])) == [PAGE.decode(), reason]


def test_read_warc_takes_a_page_that_prints_a_record():
    page = b"<html><body><pre>" + warc_record(b"It sails.") + b"</pre></body></html>"
    assert outcomes(read_bytes(warc_record(page) + pages()[0], "a.warc"))[0] == page.decode()


def test_read_warc_skips_a_long_record_unread():
    long = warc_record(b"x" * 3_000_000)
    items = read_bytes(pages()[0] + long + pages()[1], "a.warc", maximum_bytes=1000)
    assert [getattr(item, "check", "") for item in items] == ["", "not_oversized", ""]


def test_read_warc_finds_the_records_within_a_long_record_whose_length_is_wrong():
    long = warc_record(b"Of archives: WARC/1.0\r\nWARC-Type: response\r\n").replace(
        b"Content-Length: ", b"Content-Length: 9999"
    )
    items = read_bytes(pages()[0] + long + pages()[1], "a.warc", maximum_bytes=1000)
    assert [getattr(item, "check", "") for item in items] == ["", "not_oversized", ""]


@pytest.mark.parametrize("change", [bytes.lower, bytes.title, bytes.upper])
@pytest.mark.parametrize("name", [b"WARC-Type", b"WARC-Target-URI", b"WARC-Date", b"Content-Length", b"Content-Type"])
def test_read_warc_takes_names_of_fields_in_any_letters(name, change):
    head, end, body = warc_record(PAGE, url="https://tide.example/ferry").partition(b"\r\n\r\n")
    assert name in head
    items = read_bytes(head.replace(name, change(name)) + end + body + warc_record(PAGE))
    assert outcomes(items) == [PAGE.decode(), PAGE.decode()]
    assert items[0].declared_url == "https://tide.example/ferry"
    assert items[0].fetched_at == datetime(2024, 3, 1, 8, tzinfo=UTC)


def test_read_warc_refuses_a_page_that_the_library_does_not_read(monkeypatch):
    monkeypatch.setattr("tasks.ingest.readers.warc.ArchiveIterator", lambda *_, **__: iter(()))
    [refused] = read_bytes(warc_record(b"", kind="warcinfo") + warc_record(PAGE))
    assert (refused.source_uri, refused.check) == ("in#R1", "is_warc")


@pytest.mark.parametrize(
    "date",
    [
        b"0001-01-01T00:00:00+14:00",
        b"9999-12-31T23:59:59-14:00",
        b"yesterday",
        b"0000-00-00T00:00:00Z",
        b"",
        b"\xff" * 9,
    ],
)
def test_read_warc_goes_on_behind_a_date_that_is_none(date):
    broken, count = re.subn(rb"(?<=WARC-Date: )[^\r]+", date, warc_record(b"<p>Two.</p>"))
    assert count == 1
    items = read_bytes(warc_record(PAGE) + broken + warc_record(PAGE), "a.warc")
    assert outcomes(items) == [PAGE.decode(), "<p>Two.</p>", PAGE.decode()]
    assert [item.fetched_at for item in items] == [datetime(2024, 3, 1, 8, tzinfo=UTC), NOW, items[0].fetched_at]
