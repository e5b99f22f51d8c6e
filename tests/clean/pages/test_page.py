import json
from datetime import UTC, datetime

import pytest

from tasks.clean.fields.dates import Publication
from tasks.clean.pages.page import read_page
from tests.clean.made_up_documents import PROSE, clean_document, make_document

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
    assert (page.facts.title, page.facts.author, page.facts.outlet_name) == (
        "Pier to be rebuilt",
        "Jo Ford, Ada Lind",
        "Ellery Herald",
    )
    assert (page.facts.section, page.facts.url) == ("Island", "https://herald.example/pier")
    assert page.facts.published == [Publication(datetime(2022, 1, 10, 11, tzinfo=UTC), "markup", "minute")]


def test_read_page_reads_open_graph():
    head = (
        '<meta property="og:title" content="Pier to be rebuilt"><meta property="og:site_name" content="Ellery Herald">'
        '<meta property="article:published_time" content="2022-01-10"><meta property="article:author" content="https://x.example/jo">'
        '<meta property="og:url" content="https://herald.example/pier">'
    )
    page = read_page(make_page(head))
    assert (page.facts.title, page.facts.author, page.facts.outlet_name) == (
        "Pier to be rebuilt",
        None,
        "Ellery Herald",
    )
    assert page.facts.url == "https://herald.example/pier"
    assert [item.precision for item in page.facts.published] == ["day"]


def test_read_page_reads_elements_last():
    body = '<h1>Pier to be rebuilt at last</h1><time datetime="2022-01-10T08:00:00Z">10 Jan</time>' + BODY
    page = read_page(
        make_page('<title>Pier | Herald</title><link rel="canonical" href="https://herald.example/p">', body)
    )
    assert (page.facts.title, page.facts.url) == ("Pier to be rebuilt at last", "https://herald.example/p")
    assert page.facts.seen_time == Publication(datetime(2022, 1, 10, 8, tzinfo=UTC), "markup", "minute")


def test_read_page_takes_the_day_of_the_address_after_what_the_markup_says():
    head = '<meta property="og:url" content="https://x.example/2022/01/11/p"><meta name="date" content="2022-01-10">'
    methods = [(item.method, item.at.day) for item in read_page(make_page(head)).facts.published]
    assert methods == [("markup", 10), ("address", 11)]


@pytest.mark.parametrize(
    ("head", "attributes", "expected"),
    [
        ('<meta property="og:locale" content="de_DE">', 'lang="en"', "de"),
        ("", 'lang="fr-CA"', "fr"),
        ('<meta name="language" content="German">', "", "de"),
        ('<meta name="language" content="all of them">', "", None),
    ],
)
def test_read_page_reads_the_declared_language(head, attributes, expected):
    assert read_page(make_page(head).replace("<html>", f"<html {attributes}>")).facts.language == expected


def test_read_page_takes_a_piece_of_markup_whole():
    page = read_page(f"[ad_1]<div>{BODY}</div><a href='#'>Source</a>")
    assert page.text == "\n\n".join(["[ad_1]", *PROSE, "Source"])
    assert not page.is_extracted


@pytest.mark.parametrize(
    "extra",
    ["<nav></nav>", "<nav><a href='#'>Home</a></nav>", "<svg><title>Pier</title></svg>"],
    ids=["empty menu", "menu", "drawing"],
)
def test_read_page_takes_a_piece_of_markup_with_a_pages_tag_whole(extra):
    page = read_page(f"[ad_1]<div>{BODY}</div>{extra}<p>[ad_2]</p>")
    assert page.text == "\n\n".join(["[ad_1]", *PROSE, "[ad_2]"])


@pytest.mark.parametrize("opening", ["<!DOCTYPE html>", "<title>Pier</title>"], ids=["document type", "title"])
def test_read_page_reads_the_facts_of_a_page_without_its_outer_tags(opening):
    html = f"{opening}<meta property='og:site_name' content='Coast Herald'><p>{PROSE[0]}</p>"
    assert read_page(html).facts.outlet_name == "Coast Herald"


def test_read_page_takes_the_declared_body_where_a_paywall_cut_it():
    head = json_ld(headline="Pier", articleBody="\n".join(PROSE))
    assert read_page(make_page(head, f"<p>{PROSE[0]}</p>")).text == "\n\n".join(PROSE)


def test_read_page_names_what_stands_in_an_articles_place():
    html = "<html><body><div id='root'></div><noscript>Please enable JavaScript.</noscript></body></html>"
    assert read_page(html).notice == "robot check: enable javascript"


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
    assert read_page(html).facts.published == []


def test_read_page_survives_deep_json():
    head = '<script type="application/ld+json">' + "[" * 50_000 + "]" * 50_000 + "</script>"
    assert read_page(make_page(head)).text is not None


def test_read_page_reads_a_page_with_an_encoding_declaration():
    assert read_page('<?xml version="1.0" encoding="utf-8"?>' + make_page()).text is not None


@pytest.mark.parametrize(
    "head",
    [json_ld(headline="Old stone & pier"), '<meta property="og:title" content="A pier for Port Ellery">'],
    ids=["JSON-LD", "meta"],
)
@pytest.mark.parametrize("date_line", ["", "<p>03/04/2024</p>"], ids=["no date", "a date that may be two days"])
def test_clean_document_splits_off_a_main_heading_that_differs_from_the_title(head, date_line):
    page = make_page(head, f"<h1>Council votes to rebuild pier</h1>{date_line}{BODY}")
    result = clean_document(make_document(page, media_type="text/html"))
    assert result.article is not None
    assert result.article.text == "\n\n".join(PROSE)
    assert result.article.title != "Council votes to rebuild pier"
    assert result.article.published_at is None
    assert {span.category for span in result.removed_spans} - {"whitespace"} == (
        {"title", "date"} if date_line else {"title"}
    )


def test_read_page_reads_the_main_headings_of_the_article():
    assert read_page(make_page("", f"<h1>The pier</h1>{BODY}<h1>More</h1>")).facts.headings == ["The pier", "More"]


def test_clean_document_notes_the_pull_quote_that_a_page_sets_apart():
    sentence = PROSE[0].split(". ")[0]
    page = make_page(
        "", f"{BODY}<figure class='wp-block-pullquote'><blockquote><p>{sentence}</p></blockquote></figure>"
    )
    result = clean_document(make_document(page, media_type="text/html"))
    assert result.article is not None
    assert result.article.text == "\n\n".join(PROSE)
    assert [(span.category, span.text) for span in result.removed_spans if span.category != "whitespace"] == [
        ("pull_quote", sentence)
    ]
