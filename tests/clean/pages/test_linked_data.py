import json

import pytest
from lxml.html import fromstring

from tasks.clean.pages.linked_data import LinkedData, parse_json

ARTICLE = {"@type": "NewsArticle", "headline": "Pier to be rebuilt"}


def data_of(*contents: object) -> LinkedData:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(content)}</script>' for content in contents)
    return LinkedData(fromstring(f"<html><head>{scripts}</head><body></body></html>"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('{"a": [1, 2,], }', [{"a": [1, 2]}]),
        ('{"a": "x, } y",}', [{"a": "x, } y"}]),
        ('{/* by the theme */ "a": "http://x.example//y" // end\n}', [{"a": "http://x.example//y"}]),
        ('<!--//<![CDATA[\n{"a": 1}\n//]]>-->', [{"a": 1}]),
        ('/*<![CDATA[*/{"a": 1}/*]]>*/', [{"a": 1}]),
        ("{&quot;a&quot;: &quot;b&quot;}", [{"a": "b"}]),
        ('{"a": "two\nlines"}', [{"a": "two\nlines"}]),
        ('{"a": 1};', [{"a": 1}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ("{broken", []),
        ("", []),
        ("[" * 50_000 + "]" * 50_000, []),
    ],
    ids=[
        "whole", "commas", "comma in a text", "comments", "comment and CDATA", "CDATA in comments", "entities",
        "line in a text", "semicolon", "two values", "broken", "empty", "deep",
    ],
)  # fmt: skip
def test_parse_json_mends_the_usual_breaks(text, expected):
    assert parse_json(text) == expected


@pytest.mark.parametrize(
    "content",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {"@type": "WebPage", "mainEntity": {"@type": ["Thing", "http://schema.org/NewsArticle"], "headline": "Pier"}},
    ],
    ids=["alone", "in a list", "in a graph", "in a page", "several types"],
)
def test_find_article_finds_it_wherever_it_stands(content):
    assert data_of(content).find_article(url=None, titles=[]) is not None


def test_find_article_chooses_that_of_the_pages_address():
    others = [
        ARTICLE | {"headline": "Other", "url": "https://x.example/other"},
        ARTICLE | {"url": "https://x.example/p"},
    ]
    found = data_of(*others).find_article(url="https://x.example/p/", titles=[])
    assert found is not None
    assert found["headline"] == "Pier to be rebuilt"


def test_find_article_chooses_that_of_the_pages_headline():
    found = data_of(ARTICLE | {"headline": "Another story"}, ARTICLE).find_article(
        url=None, titles=["Pier to be rebuilt | Herald"]
    )
    assert found is not None
    assert found["headline"] == "Pier to be rebuilt"


@pytest.mark.parametrize(
    "content",
    [
        [ARTICLE, ARTICLE | {"headline": "Another story"}],
        {"@type": "ItemList", "itemListElement": [{"item": ARTICLE}]},
        {"@type": "NewsMediaOrganization", "name": "Herald"},
    ],
    ids=["front page", "listed story", "no article"],
)
def test_find_article_takes_no_other_story(content):
    assert data_of(content).find_article(url=None, titles=["Weather"]) is None


def test_find_article_takes_a_live_blog_and_none_of_its_updates():
    update = {"@type": "BlogPosting", "headline": "First boat sails"}
    live = {"@type": "LiveBlogPosting", "headline": "The strike", "liveBlogUpdate": [update]}
    found = data_of(live).find_article(url=None, titles=[])
    assert found is not None
    assert found["headline"] == "The strike"


def test_read_node_follows_references():
    graph = [
        {"@type": "Person", "@id": "#jo", "name": "Jo Ford"},
        {"@type": "Organization", "@id": "#herald", "name": "Ellery Herald"},
        ARTICLE | {"author": [{"@id": "#jo"}, {"name": "Ada Lind"}], "publisher": {"@id": "#herald"}},
    ]
    data = data_of({"@graph": graph})
    values = data.read_node(graph[2])
    assert (values["author"], values["outlet_name"]) == ("Jo Ford, Ada Lind", "Ellery Herald")


@pytest.mark.parametrize(
    ("fields", "key", "expected"),
    [
        ({"author": "Jo Ford"}, "author", "Jo Ford"),
        ({"author": {"@type": "Person", "name": ["Jo Ford", "Ada Lind"]}}, "author", "Jo Ford, Ada Lind"),
        ({"author": "https://x.example/jo"}, "author", None),
        ({"author": 7}, "author", None),
        ({"articleSection": ["Island", "Harbour"]}, "section", "Island"),
        ({"isPartOf": {"@type": "Newspaper", "name": "Herald"}}, "outlet_name", "Herald"),
        ({"mainEntityOfPage": {"@id": "https://x.example/p#main"}}, "url", "https://x.example/p"),
        ({"inLanguage": {"@type": "Language", "name": "German", "alternateName": "de"}}, "language", "de"),
        ({"headline": "Rain &amp; wind"}, "title", "Rain & wind"),
    ],
)
def test_read_node_reads_values_of_all_shapes(fields, key, expected):
    assert data_of().read_node({"@type": "NewsArticle", **fields}).get(key) == expected


def test_read_node_survives_references_in_a_circle():
    graph = [{"@id": "#a", "name": {"@id": "#b"}}, {"@id": "#b", "name": {"@id": "#a"}}, {"author": {"@id": "#a"}}]
    assert "author" not in data_of({"@graph": graph}).read_node(graph[2])
