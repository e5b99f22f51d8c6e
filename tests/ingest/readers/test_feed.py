import json
import time
from datetime import UTC, datetime

import pytest

from schemas import Document
from tests.ingest.readers.reading import read_bytes

CONTENT = "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
RSS = (
    f"<?xml version='1.0'?><rss version='2.0' {CONTENT}><channel><title>Tide</title><item><title>A &amp; B</title>"
    "<link>https://tide.example/1</link><dc:creator>Jo Hale</dc:creator>"
    "<pubDate>Fri, 01 Mar 2024 08:00:00 GMT</pubDate>"
    "<content:encoded><![CDATA[<p>It sails.</p>]]></content:encoded></item></channel></rss>"
)
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>Tide</title><entry><title>A &amp; B</title>"
    "<link rel='self' href='https://tide.example/self'/><link href='https://tide.example/1'/>"
    "<author><name>Jo Hale</name></author><published>2024-03-01T08:00:00Z</published><updated>2025-01-01T00:00:00Z"
    "</updated><content type='html'>&lt;p&gt;It sails.&lt;/p&gt;</content></entry></feed>"
)
JSON_FEED = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "Tide", "items": [{"title": "A & B", "url": '
    '"https://tide.example/1", "authors": [{"name": "Jo Hale"}], "date_published": "2024-03-01T08:00:00Z", '
    '"content_html": "<p>It sails.</p>"}]}'
)


@pytest.mark.parametrize("content", [RSS, ATOM, JSON_FEED], ids=["rss", "atom", "json"])
@pytest.mark.parametrize("name", ["feed.xml", ""])
def test_read_feed_takes_the_articles_that_a_feed_holds(content, name):
    [item] = read_bytes(content, name if content != JSON_FEED else "")
    assert (item.raw_text, item.media_type) == ("<p>It sails.</p>", "text/html")
    assert (item.declared_title, item.declared_author) == ("A & B", "Jo Hale")
    assert (item.declared_outlet, item.declared_url) == ("Tide", "https://tide.example/1")
    assert item.declared_published_at == datetime(2024, 3, 1, 8, tzinfo=UTC)


def test_read_feed_refuses_items_that_only_link():
    [refused] = read_bytes("<rss><channel><item><link>https://tide.example/1</link></item></channel></rss>")
    assert refused.check == "has_text"
    assert "https://tide.example/1" in refused.observed


def test_read_feed_reads_no_more_of_a_json_feed_than_fits_memory(monkeypatch):
    monkeypatch.setattr("tasks.ingest.readers.feed.MAXIMUM_FEED_BYTES", len(JSON_FEED))
    [article] = read_bytes(JSON_FEED)
    assert isinstance(article, Document)
    [refused] = read_bytes(JSON_FEED + " ")
    assert refused.check == "not_oversized"


HOSTILE = {
    "entities that grow": "<!DOCTYPE rss [<!ENTITY a0 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><rss><channel><item><title>&a9;</title><encoded>&a9;x</encoded></item></channel></rss>",
    "a file as an entity": "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    "<rss><channel><item><title>&a;</title><encoded>x&a;x</encoded></item></channel></rss>",
    "an outside DTD": "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'><rss><channel><item><encoded>x</encoded></item>"
    "</channel></rss>",
    "deep": "<rss><channel><item>" + "<a>" * 50_000,
    "a million angles": "<rss><channel><item><title>" + "<" * 1_000_000,
    "a million quotation marks": "<rss><channel><item><title a=" + "\"'" * 500_000,
    "comments": "<rss><channel><item><title>" + "<!--" * 200_000,
    "attributes": "<rss><channel><item " + " ".join(f"a{n}='x'" for n in range(50_000)) + ">",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_read_feed_stays_calm(name):
    for item in read_bytes(HOSTILE[name], "feed.xml"):
        if isinstance(item, Document):
            assert len(item.raw_text) < 100
            assert "root:" not in item.raw_text + (item.declared_title or "")


GOOD = "<item><title>1</title><encoded>&lt;p&gt;It sails.&lt;/p&gt;</encoded></item>"
ARTICLE, NOTHING, CUT = "<p>It sails.</p>", "has_text", "whole_feed"
BROKEN_ITEMS = {
    "a title that is not closed": ("<item><title>2<encoded>x</item>", NOTHING),
    "a quotation of markup that is not closed": ("<item><encoded><![CDATA[<p>x</p></encoded></item>", NOTHING),
    "an attribute that is not closed": ("<item><title a=<b</title></item>", NOTHING),
    "control characters": ("<item><encoded>x \x01 y</encoded></item>", "x  y"),
    "characters named as in HTML": (
        "<item><title>a & b&nbsp;&eacute;</title><encoded>&lt;p&gt;x &lol9; &amp;amp; y</encoded></item>",
        "<p>x &lol9; &amp; y",
    ),
    "an item within an item": ("<item><title>2</title>", NOTHING),
    "nothing": ("<item/>", NOTHING),
    "items printed in a text": (
        "<item><encoded><![CDATA[<p>An <item> and its </item>.</p>]]></encoded></item>",
        "<p>An <item> and its </item>.</p>",
    ),
}


def outcomes(items):
    return [item.raw_text if isinstance(item, Document) else item.check for item in items]


@pytest.mark.parametrize("name", BROKEN_ITEMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_read_feed_reads_on_behind_a_broken_item(name, encoding):
    item, outcome = BROKEN_ITEMS[name]
    raw = f"<rss><channel><title>Tide</title>{GOOD}{item}{GOOD}</channel></rss>".encode(encoding)
    assert outcomes(read_bytes(raw, "a.rss")) == [ARTICLE, outcome, ARTICLE]
    assert outcomes(read_bytes(raw)) == [ARTICLE, outcome, ARTICLE]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        pytest.param("<item><encoded>It half", [ARTICLE, CUT], id="within an item"),
        pytest.param(GOOD, [ARTICLE, ARTICLE, CUT], id="behind an item"),
        pytest.param(f"<!-- {GOOD} {GOOD}</channel></rss>", [ARTICLE, CUT], id="within a comment"),
        pytest.param(f"<!-- {GOOD} -->{GOOD}</channel></rss>", [ARTICLE, ARTICLE], id="with a comment"),
        pytest.param(f"</channel></rss>{GOOD}", [ARTICLE, ARTICLE], id="with an item behind it"),
    ],
)
def test_read_feed_refuses_what_a_feed_lacks_at_its_end(end, expected):
    assert outcomes(read_bytes(f"<rss><channel>{GOOD}{end}", "a.rss")) == expected


def test_read_feed_reads_items_longer_than_what_it_holds(monkeypatch):
    monkeypatch.setattr("tasks.ingest.readers.feed_items.CHUNK_BYTES", 7)
    content = RSS.replace("</channel>", GOOD * 20 + "</channel>")
    assert outcomes(read_bytes(content, "a.rss")) == [ARTICLE] * 21


def test_read_feed_refuses_items_of_a_json_feed_that_are_none():
    content = JSON_FEED.replace('"items": [', '"items": [7, ')
    assert outcomes(read_bytes(content)) == [CUT, ARTICLE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_read_feed_reads_on_behind_a_broken_item_of_a_json_feed(encoding):
    content = JSON_FEED.replace('"items": [', '"items": [{"url": d}, ')
    assert outcomes(read_bytes(content.encode(encoding))) == [CUT, ARTICLE]
    first, second, *_ = read_bytes(JSON_FEED[:-2].encode(encoding))
    assert (first.raw_text, first.declared_outlet, second.check) == (ARTICLE, "Tide", CUT)


@pytest.mark.parametrize(
    ("behind", "expected"), [("{}", ["has_text"]), ("\n", []), (" 7 {", [CUT, CUT])], ids=["feed", "blanks", "neither"]
)
def test_read_feed_tells_of_what_stands_behind_a_json_feed(behind, expected):
    assert outcomes(read_bytes(JSON_FEED + behind)) == [ARTICLE, *expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It sails.\\n\\nIf 1 < 2,\\nit lands.", "<p>It sails.</p><p>If 1 &lt; 2,<br>it lands.</p>"),
        ("<p>It sails.</p>", "<p>It sails.</p>"),
    ],
    ids=["plain", "markup"],
)
def test_read_feed_sets_the_text_of_a_json_feed_in_paragraphs(text, expected):
    content = JSON_FEED.replace('"content_html": "<p>It sails.</p>"', f'"content_text": "{text}"')
    assert outcomes(read_bytes(content)) == [expected]


def test_read_feed_refuses_a_json_feed_of_two_lists():
    [refused] = read_bytes(JSON_FEED.replace('"items"', '"items": [{"content_text": "It lands."}], "items"'))
    assert refused.check == "unique_columns"


@pytest.mark.parametrize("items", ["7", "{}", '"x"', "null"])
def test_read_feed_refuses_a_json_feed_without_a_list(items):
    [refused] = read_bytes(f'{{"version": "https://jsonfeed.org/version/1.1", "items": {items}}}')
    assert refused.check == "is_feed"


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("<![CDATA[", id="quotations"),
        pytest.param("<![CDATA[]]>&x;", id="closed quotations"),
        pytest.param("<item>", id="items"),
        pytest.param("&", id="ampersands"),
    ],
)
def test_read_feed_takes_a_time_that_grows_with_the_text(unit):
    begun = time.process_time()
    quoted = f"<item><![CDATA[</item>{' ' * 100_000}." if unit == "<item>" else "<item>"
    read_bytes(f"<rss><channel>{quoted}{unit * 20_000}<b></item></channel></rss>")
    assert time.process_time() - begun < 3


def test_read_feed_leaves_quotations_as_they_are_where_it_mends():
    encoded = "<encoded>a &eacute; b & c <![CDATA[&eacute; & d]]> &ouml;<br></encoded>"
    [item] = read_bytes(f"<rss><channel><item>{encoded}</item></channel></rss>")
    assert "a é b & c &eacute; & d ö" in item.raw_text


FERRY = {
    "id": "1",
    "url": "https://tide.example/1",
    "title": "Café",
    "content_text": "The café at the quay stays open.",
}


def test_read_feed_reads_a_json_feed_in_another_encoding():
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Zoë", "items": [FERRY, {"url": "x"}]}
    first, second = read_bytes(json.dumps(feed, ensure_ascii=False).encode("cp1252"), "a.json")
    assert first.raw_text == "<p>The café at the quay stays open.</p>"
    assert first.declared_title == "Café"
    assert second.check == "has_text"


def test_read_feed_refuses_an_item_whose_bytes_cannot_be_told():
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"content_text": "café"}, FERRY]}
    raw = json.dumps(feed, ensure_ascii=False).encode().replace("é".encode(), b"\xe9", 1)
    first, second = read_bytes(raw, "a.json")
    assert first.check == "decodable"
    assert second.raw_text == "<p>The café at the quay stays open.</p>"


@pytest.mark.parametrize("is_cut", [False, True], ids=["whole", "cut"])
def test_read_feed_tells_of_texts_beside_its_items(is_cut):
    feed = {"version": "https://jsonfeed.org/version/1.1", "articles": [FERRY], "items": [FERRY], "x": {"y": [FERRY]}}
    items = read_bytes(json.dumps(feed)[: -1 if is_cut else None], "a.json")
    kinds = [getattr(item, "check", None) for item in items]
    assert sorted(kinds, key=str) == [None, "whole_feed", "whole_feed"]
    refused = {item.observed for item in items if hasattr(item, "observed")}
    assert refused == {"an article beside the items: 'Café'"}


def test_read_feed_tells_of_articles_within_an_item():
    inner = {"title": "Inner", "text": "It sails."}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [FERRY | {"related": [inner]}]}
    first, second = read_bytes(json.dumps(feed), "a.json")
    assert isinstance(first, Document)
    assert (second.check, second.observed) == ("whole_feed", "an article within an item: 'Inner'")
