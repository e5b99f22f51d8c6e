import base64
import gzip
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
import zstandard

from schemas import Document
from tasks.ingest.documents import Held, Opened
from tasks.ingest.inputs import Address
from tasks.ingest.readers.reader import Options, Refused, Skipped
from tasks.ingest.web.reading import WebReader, clean_address
from tests.ingest.web.server import bomb, redirect, send, send_when_changed


def page(text):
    return f"<!doctype html><html><body><p>{text}</p></body></html>"


def rss(base, *paths, extra=""):
    items = "".join(f"<item><title>Item {path}</title><link>{base}{path}</link>{extra}</item>" for path in paths)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Tide</title>{items}</channel></rss>"


def packed_four_times(raw):
    for _ in range(4):
        raw = gzip.compress(raw)
    return raw


def read(reader, url, **options):
    """What an address leads to, less that it was a feed."""
    return [item for item in reader.read(Address(url), Options(**options)) if not isinstance(item, Opened)]


@pytest.fixture
def feed(server):
    """Address of a feed of two articles."""
    server.serve("/1", page("The ferry sails."))
    server.serve("/2", page("The harbour opens."))
    server.answers["/feed"] = send_when_changed(rss(server.base, "/1", "/2?utm_source=rss#top"), '"first"')
    return server.base + "/feed"


def test_read_takes_the_whole_articles_that_a_feed_links_to(server, reader, feed):
    first, second = read(reader, feed)
    assert isinstance(first, Document)
    assert "The ferry sails." in first.raw_text
    assert (first.declared_title, first.declared_url) == ("Item /1", server.base + "/1")
    assert second.source_uri == server.base + "/2"


def test_read_fetches_no_article_twice(server, reader, feed):
    documents = read(reader, feed)
    again = read(reader, feed)
    assert again == [Held(document.document_id, document.source_uri) for document in documents]
    assert server.counts()["/1"] == server.counts()["/2"] == 1


def test_read_asks_a_feed_only_for_news(server, client, memory, feed, tmp_path):
    read(WebReader(client, memory), feed)
    later = WebReader(client, memory, is_held=lambda _: True)
    assert [type(item) for item in read(later, feed)] == [Held, Held]
    assert [headers.get("If-None-Match") for path, headers in server.asked if path == "/feed"] == [None, '"first"']
    assert server.counts()["/1"] == 1


def test_read_asks_by_the_time_of_the_last_change_where_a_feed_has_no_other_mark(server, client, memory):
    changed = "Fri, 01 Mar 2024 08:00:00 GMT"
    server.serve("/1", page("The ferry sails."))
    server.answers["/feed"] = send_when_changed(rss(server.base, "/1"), changed, mark="Last-Modified")
    for expected in (Document, Held):
        [item] = read(WebReader(client, memory, is_held=lambda _: True), server.base + "/feed")
        assert isinstance(item, expected)
    times = [headers.get("If-Modified-Since") for path, headers in server.asked if path == "/feed"]
    assert times == [None, changed]


def test_read_tells_of_every_feed_that_was_read(server, client, memory, feed):
    site = f"<sitemapindex><sitemap><loc>{feed}</loc></sitemap></sitemapindex>"
    index = server.serve("/sitemap.xml", site)
    for _ in range(2):
        # The second time the feed has no news.
        items = WebReader(client, memory, is_held=lambda _: True).read(Address(index), Options())
        assert [item.source_uri for item in items if isinstance(item, Opened)] == [index, feed]
    server.serve("/feed", "", status=404)
    [refused] = list(WebReader(client, memory).read(Address(feed), Options()))
    assert (refused.check, refused.source_uri) == ("answered", feed)


def json_feed(base, size):
    """A feed of one article, and as much of nothing as makes it so long."""
    head = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"url": "{base}/1"}}]'
    return (head + " " * (size - len(head) - 1) + "}").encode()


def long_rss(base, size):
    item = f"<item><title>Ferry</title><link>{base}/1</link></item>"
    return ("<rss><channel>" + " " * (size - len(item) - 30) + item + "</channel></rss>").encode()


@pytest.mark.parametrize("make", [json_feed, long_rss])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_read_holds_a_packed_feed_to_its_size_unpacked(server, client, memory, tmp_path, make, pack):
    client.settings = replace(client.settings, maximum_feed_bytes=200_000)
    server.serve("/1", page("The ferry sails."))
    for size, expected in ((200_000, ["Document"]), (200_001, ["Refused"])):
        url = server.serve(f"/{size}", pack(make(server.base, size)), media_type="application/octet-stream")
        items = read(WebReader(client, memory, spool_folder=tmp_path), url)
        assert [type(item).__name__ for item in items] == expected
    assert (items[0].check, items[0].observed) == ("not_oversized", "longer than that, unpacked")


def test_read_holds_a_packed_feed_to_its_size_as_it_comes(server, client, memory, tmp_path):
    noise = base64.b64encode(Random(1).randbytes(300_000))
    body = gzip.compress(b"<rss><channel><title>" + noise + b"</title></channel></rss>")
    client.settings = replace(client.settings, maximum_feed_bytes=150_000)
    url = server.serve("/feed.xml.gz", body, media_type="application/gzip")
    [refused] = read(WebReader(client, memory, spool_folder=tmp_path), url)
    assert (refused.check, refused.expected) == ("not_oversized", "at most 150000 bytes")


def test_read_refuses_a_feed_that_bursts(server, reader):
    server.answers["/feed"] = bomb(200_000_000)
    [refused] = read(reader, server.base + "/feed")
    assert refused.check in ("not_a_bomb", "not_oversized")


def test_read_fetches_again_what_is_no_longer_held(server, client, memory, feed):
    read(WebReader(client, memory), feed)
    lost = WebReader(client, memory, is_held=lambda _: False)
    assert [type(item) for item in read(lost, feed)] == [Document, Document]
    assert server.counts()["/1"] == 2


def test_read_keeps_no_marks_of_a_feed_whose_reading_was_cut_short(server, client, memory, feed):
    reading = WebReader(client, memory).read(Address(feed), Options())
    assert [type(next(reading)) for _ in range(2)] == [Opened, Document]
    reading.close()
    assert memory.feed(feed) is None


def test_read_obeys_robots_txt(server, reader, feed):
    server.serve("/robots.txt", "User-agent: onrecord\nDisallow: /2\nCrawl-delay: 7\n", media_type="text/plain")
    first, second = read(reader, feed)
    assert isinstance(first, Document)
    assert (second.check, server.counts()["/2"]) == ("robots_allow", 0)
    assert server.counts()["/robots.txt"] == 1
    assert reader.client.delays == {"127.0.0.1": 7.0}


@pytest.mark.parametrize(
    ("body", "status"),
    [("", 500), (b"\x1f\x8bjunk", 200), (b"PK\x03\x04junk", 200), (packed_four_times(b"User-agent: *"), 200)],
    ids=["error", "broken_gzip", "broken_zip", "nested"],
)
def test_read_stays_away_where_robots_txt_cannot_be_read(server, reader, feed, body, status):
    server.serve("/robots.txt", body, status=status)
    [refused] = read(reader, feed)
    assert refused.check == "robots_allow"
    assert server.counts()["/feed"] == 0


def test_read_says_in_every_run_that_a_feed_has_more_items_than_are_read(server, client, memory, feed, monkeypatch):
    monkeypatch.setattr("tasks.ingest.web.reading.MAXIMUM_ITEMS", 1)
    # The second time the feed has no news.
    for kind in (Document, Held):
        article, refused = read(WebReader(client, memory, is_held=lambda _: True), feed)
        assert isinstance(article, kind)
        assert (refused.check, refused.observed) == ("whole_feed", "more than 1 items: no more are read")
    assert [headers.get("If-None-Match") for path, headers in server.asked if path == "/feed"] == [None, '"first"']


def test_read_takes_the_feeds_own_text_where_the_article_cannot_be_had(server, reader):
    extra = "<encoded xmlns='http://purl.org/rss/1.0/modules/content/'>&lt;p&gt;Whole text.&lt;/p&gt;</encoded>"
    url = server.serve("/feed", rss(server.base, "/gone", extra=extra), media_type="application/xml")
    [document] = read(reader, url)
    assert (document.raw_text, document.declared_title) == ("<p>Whole text.</p>", "Item /gone")


def test_read_remembers_what_is_gone_for_good(server, reader):
    server.serve("/busy", "", status=503)
    url = server.serve("/feed", rss(server.base, "/gone", "/busy"), media_type="application/xml")
    for _ in range(2):
        assert [item.check for item in read(reader, url)] == ["answered", "answered"]
    assert server.counts()["/gone"] == 1
    assert server.counts()["/busy"] == 4


def test_read_takes_an_article_named_by_itself_though_it_was_refused_before(server, reader):
    feed = server.serve("/feed", rss(server.base, "/a"), media_type="application/xml")
    assert isinstance(read(reader, feed)[0], Refused)
    server.serve("/a", page("Back again."))
    assert isinstance(read(reader, server.base + "/a")[0], Document)
    assert isinstance(read(reader, feed)[0], Held)


def test_read_leaves_the_rest_of_a_long_feed_to_the_next_run(server, client, memory, feed):
    client.settings = replace(client.settings, maximum_pages=1)
    assert [type(item) for item in read(WebReader(client, memory, is_held=lambda _: True), feed)] == [Document, Skipped]
    assert [type(item) for item in read(WebReader(client, memory, is_held=lambda _: True), feed)] == [Held, Document]


def test_read_follows_sitemaps_to_their_pages(server, reader):
    server.serve("/1", page("The ferry sails."))
    news = (
        "<news:news xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><news:publication><news:name>Tide"
        "</news:name></news:publication><news:publication_date>2024-03-01T08:00:00Z</news:publication_date>"
        "<news:title>Ferry</news:title></news:news>"
    )
    namespace = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    server.serve("/pages.xml", f"<urlset {namespace}><url><loc>{server.base}/1</loc>{news}</url></urlset>")
    server.serve(
        "/sitemap.xml",
        f"<sitemapindex {namespace}><sitemap><loc>{server.base}/pages.xml</loc></sitemap></sitemapindex>",
    )
    [document] = read(reader, server.base + "/sitemap.xml")
    assert (document.declared_title, document.declared_published_at) == ("Ferry", datetime(2024, 3, 1, 8, tzinfo=UTC))


def test_read_asks_once_for_sitemaps_that_list_themselves_and_each_other(server, reader):
    listed = "".join(f"<sitemap><loc>{server.base}/{name}.xml</loc></sitemap>" for name in ("a", "b") * 6)
    for name in ("a", "b"):
        server.serve(f"/{name}.xml", f"<sitemapindex>{listed}</sitemapindex>")
    found = read(reader, f"{server.base}/a.xml")
    assert {(type(item), item.reason) for item in found} == {(Skipped, "a sitemap that was read before")}
    assert server.counts()["/a.xml"] == server.counts()["/b.xml"] == 1


def test_read_goes_no_deeper_than_sitemaps_may(server, reader):
    for name in range(5):
        loc = f"<loc>{server.base}/{name + 1}.xml</loc>"
        server.serve(f"/{name}.xml", f"<sitemapindex><sitemap>{loc}</sitemap></sitemapindex>")
    [refused] = read(reader, f"{server.base}/0.xml")
    assert refused.check == "not_nested"


def test_read_takes_json_feeds(server, reader):
    server.serve("/1", page("The ferry sails."))
    body = (
        f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"url": "{server.base}/1", "title": "Ferry"}}]}}'
    )
    [document] = read(reader, server.serve("/feed.json", body, media_type="application/feed+json"))
    assert document.declared_title == "Ferry"


def test_read_takes_files_of_records_by_their_address(server, reader):
    url = server.serve("/a.jsonl", '{"text": "The ferry sails."}\n{"text": "It lands."}\n', media_type="text/plain")
    assert [item.source_uri for item in read(reader, url)] == [f"{url}#L1", f"{url}#L2"]


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        pytest.param("café".encode("latin-1"), "utf-8", "café", id="latin 1 called utf-8"),
        pytest.param("café".encode(), "iso-8859-1", "café", id="utf-8 called latin 1"),
        pytest.param("Łódź".encode("iso-8859-2"), "iso-8859-2", "Łódź", id="as it says"),
        pytest.param("café au lait".encode(), "no/such/../charset", "café au lait", id="no charset"),
    ],
)
def test_read_finds_the_encoding_whatever_the_server_says(server, reader, body, charset, text):
    url = server.serve("/a", b"<html><p>" + body + b"</p>", media_type=f"text/html; charset={charset}")
    [document] = read(reader, url)
    assert text in document.raw_text


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        pytest.param(bomb(200_000_000), "not_oversized", id="bursting page"),
        pytest.param(lambda handler: send(handler, b"%PDF-1.7 ...", media_type="application/pdf"), "is_page", id="pdf"),
        pytest.param(lambda handler: send(handler, b"PAR1....", media_type="x/y"), "is_page", id="table"),
        pytest.param(lambda handler: send(handler, b""), "not_empty", id="nothing"),
        pytest.param(redirect("file:///etc/hosts"), "address_allowed", id="file"),
    ],
)
def test_read_refuses_what_is_no_article(server, reader, answer, check):
    server.answers["/a"] = answer
    url = server.serve("/feed", rss(server.base, "/a"), media_type="application/xml")
    assert [item.check for item in read(reader, url)] == [check]


@pytest.mark.parametrize(
    "link", ["file:///etc/hosts", "javascript:alert(1)", "http://[", "\u202ex", "data:text/html,x"]
)
def test_read_refuses_links_that_are_no_addresses(server, reader, link):
    body = f"<rss><channel><item><link>{link}</link></item></channel></rss>"
    [refused] = read(reader, server.serve("/feed", body))
    assert refused.check in ("address_allowed", "answered")


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://a.example/x?utm_source=rss&id=1#top", "https://a.example/x?id=1"),
        ("https://a.example/x?id=1&b=%20", "https://a.example/x?id=1&b=%20"),
        ("http://[", "http://["),
    ],
)
def test_clean_address_drops_what_does_not_name_the_page(url, cleaned):
    assert clean_address(url) == cleaned


def test_read_tells_of_items_that_a_feed_lacks(server, reader):
    page = server.serve("/a", "<html><body><p>The ferry sails on Friday.</p></body></html>")
    item = f"<item><title>2<link>{page}</link></item>"
    url = server.serve("/feed", f"<rss><channel>{item}<item><link>{page}", media_type="application/rss+xml")
    found = [item for item in read(reader, url) if not isinstance(item, Opened)]
    assert [item.check for item in found] == ["has_text", "whole_feed"]
