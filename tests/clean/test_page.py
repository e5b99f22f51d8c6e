import json
from datetime import UTC, datetime

import pytest

from tasks.clean.page import read_page
from tests.clean.made_up_documents import PROSE

BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)


def make_page(head: str = "", body: str = BODY) -> str:
    navigation = "<nav><a href='/'>Home</a></nav>"
    return f"<!DOCTYPE html><html><head>{head}</head><body>{navigation}<article>{body}</article></body></html>"


def json_ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def test_read_page_reads_json_ld_before_meta():
    head = json_ld(
        headline="Pier to be rebuilt",
        author=[{"@type": "Person", "name": "Jo Ford"}, {"name": "Ada Lind"}],
        publisher={"name": "Ellery Herald"},
        datePublished="2022-01-10T12:00:00+01:00",
        articleSection="Island",
        mainEntityOfPage={"@id": "https://herald.example/pier"},
    )
    page = read_page(make_page(head + '<meta property="og:title" content="Other title">'))
    assert (page.title, page.author, page.outlet_name) == ("Pier to be rebuilt", "Jo Ford, Ada Lind", "Ellery Herald")
    assert (page.section, page.url) == ("Island", "https://herald.example/pier")
    assert page.published is not None
    assert (page.published.at, page.published.precision) == (datetime(2022, 1, 10, 11, tzinfo=UTC), "minute")


def test_read_page_reads_open_graph():
    head = (
        '<meta property="og:title" content="Pier to be rebuilt"><meta property="og:site_name" content="Ellery Herald">'
        '<meta property="article:published_time" content="2022-01-10"><meta property="article:author" content="https://x.example/jo">'
        '<meta property="og:url" content="https://herald.example/pier">'
    )
    page = read_page(make_page(head))
    assert (page.title, page.author, page.outlet_name) == ("Pier to be rebuilt", None, "Ellery Herald")
    assert page.url == "https://herald.example/pier"
    assert page.published is not None
    assert page.published.precision == "day"


def test_read_page_reads_elements_last():
    body = '<h1>Pier to be rebuilt at last</h1><time datetime="2022-01-10T08:00:00Z">10 Jan</time>' + BODY
    page = read_page(
        make_page('<title>Pier | Herald</title><link rel="canonical" href="https://herald.example/p">', body)
    )
    assert (page.title, page.url) == ("Pier to be rebuilt at last", "https://herald.example/p")
    assert page.published is not None


def test_read_page_parts_paragraphs_by_an_empty_line():
    page = read_page(make_page())
    assert page.text == "\n\n".join(PROSE)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html></html>",
        make_page(json_ld(headline=["odd", {"x": 1}], author=7)),
        make_page('<script type="application/ld+json">{broken</script>'),
    ],
    ids=["nothing", "empty page", "odd values", "broken JSON"],
)
def test_read_page_survives(html):
    assert read_page(html).published is None


def test_read_page_survives_deep_json():
    head = '<script type="application/ld+json">' + "[" * 50_000 + "]" * 50_000 + "</script>"
    assert read_page(make_page(head)).text is not None


def test_read_page_reads_a_page_with_an_encoding_declaration():
    assert read_page('<?xml version="1.0" encoding="utf-8"?>' + make_page()).text is not None
