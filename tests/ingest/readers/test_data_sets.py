"""Data sets and exports of news as they come: their layouts, with texts written for these tests."""

import io
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Document
from tests.ingest.readers.reading import read_bytes

TEXT = "The ferry to Saltby sails again."
DAY = datetime(2024, 3, 1, tzinfo=UTC)
URL = "https://tide.example/ferry"
# A layout: its columns, and (title, outlet, author, url, published) as they should be read.
ROWS = {
    "cc_news": (
        {"title": "Ferry", "text": TEXT, "domain": "tide.example", "date": "2024-03-01 00:00:00",
         "description": "d", "url": URL, "image_url": "https://tide.example/i.jpg"},
        ("Ferry", "tide.example", None, URL, DAY),
    ),
    "ccnews of a crawl": (
        {"requested_url": URL, "plain_text": TEXT, "published_date": "2024-03-01", "title": "Ferry", "tags": ["sea"],
         "categories": [], "author": "Jo Hale", "sitename": "Tide", "image_url": None, "language": "en",
         "language_score": 0.99, "responded_url": URL, "publisher": "Tide", "warc_path": "crawl-data/x.warc.gz",
         "crawl_date": "2024-03-02T00:00:00Z"},
        ("Ferry", "Tide", "Jo Hale", URL, DAY),
    ),
    "ag_news": ({"text": TEXT, "label": 2}, (None,) * 5),
    "cnn_dailymail": ({"article": TEXT, "highlights": "A ferry.", "id": "f001"}, (None,) * 5),
    "xsum": ({"document": TEXT, "summary": "A ferry.", "id": "42"}, (None,) * 5),
    "newsroom": (
        {"text": TEXT, "summary": "A ferry.", "title": "Ferry", "url": URL, "date": "20240301", "density_bin": "low"},
        ("Ferry", None, None, URL, DAY),
    ),
    "c4 realnewslike": ({"text": TEXT, "timestamp": "2024-03-01T00:00:00Z", "url": URL}, (None, None, None, URL, DAY)),
    "all the news 2": (
        {"date": "2024-03-01 00:00:00", "year": 2024, "month": 3.0, "day": 1, "author": "Jo Hale", "title": "Ferry",
         "article": TEXT, "url": URL, "section": "Coast", "publication": "Tide"},
        ("Ferry", "Tide", "Jo Hale", URL, DAY),
    ),
    "signal 1m": (
        {"id": "a", "content": TEXT, "title": "Ferry", "media-type": "News", "source": "Tide",
         "published": "2024-03-01T00:00:00Z"},
        ("Ferry", "Tide", None, None, DAY),
    ),
}  # fmt: skip
# Exports whose fields lie in each other; they come as JSON.
NESTED = {
    "webhose": (
        {"thread": {"site": "tide.example", "title": "Ferry"}, "url": URL, "author": "Jo Hale", "title": "Ferry",
         "published": "2024-03-01T00:00:00.000+00:00", "text": TEXT, "crawled": "2024-03-02T00:00:00.000+00:00",
         "language": "english"},
        ("Ferry", "tide.example", "Jo Hale", URL, DAY),
    ),
    "newscatcher": (
        {"title": "Ferry", "author": "Jo Hale", "published_date": "2024-03-01 00:00:00", "link": URL,
         "clean_url": "tide.example", "excerpt": "e", "content": TEXT, "_score": 3.2},
        ("Ferry", "tide.example", "Jo Hale", URL, DAY),
    ),
    "event registry": (
        {"uri": "8012", "lang": "eng", "dateTime": "2024-03-01T00:00:00Z", "url": URL, "title": "Ferry", "body": TEXT,
         "source": {"uri": "tide.example", "title": "Tide"}, "authors": [{"name": "Jo Hale", "type": "author"}]},
        ("Ferry", "Tide", "Jo Hale", URL, DAY),
    ),
    "media cloud": (
        {"id": "a", "indexed_date": "2024-03-02", "language": "en", "media_name": "tide.example",
         "media_url": "tide.example", "publish_date": "2024-03-01", "title": "Ferry", "url": URL, "text": TEXT},
        ("Ferry", "tide.example", None, URL, DAY),
    ),
    "newspaper": (
        {"url": URL, "title": "Ferry", "text": TEXT, "authors": ["Jo Hale"], "publish_date": "2024-03-01T00:00:00",
         "top_image": "i.jpg", "movies": [], "keywords": ["sea"], "summary": "s", "source_url": "https://tide.example"},
        ("Ferry", None, "Jo Hale", URL, DAY),
    ),
    "news-please": (
        {"authors": ["Jo Hale"], "date_download": "2024-03-02 06:00:00", "date_modify": None,
         "date_publish": "2024-03-01 00:00:00", "description": "d", "filename": "f.json", "image_url": None,
         "language": "en", "localpath": None, "maintext": TEXT, "source_domain": "tide.example", "title": "Ferry",
         "title_page": None, "title_rss": None, "url": URL},
        ("Ferry", "tide.example", "Jo Hale", URL, DAY),
    ),
    "fundus": (
        {"title": "Ferry", "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [TEXT]}]},
         "authors": ["Jo Hale"], "publishing_date": "2024-03-01 00:00:00+00:00", "topics": ["Sea"],
         "free_access": True, "publisher": "Tide", "html": None, "url": URL},
        ("Ferry", "Tide", "Jo Hale", URL, DAY),
    ),
    "newsapi": (
        {"source": {"id": None, "name": "Tide"}, "author": "Jo Hale", "title": "Ferry", "description": "d", "url": URL,
         "urlToImage": None, "publishedAt": "2024-03-01T00:00:00Z", "content": TEXT},
        ("Ferry", "Tide", "Jo Hale", URL, DAY),
    ),
    "guardian": (
        {"id": "sea/ferry", "webTitle": "Ferry", "webUrl": URL, "webPublicationDate": "2024-03-01T00:00:00Z",
         "fields": {"bodyText": TEXT, "byline": "Jo Hale"}},
        ("Ferry", None, "Jo Hale", URL, DAY),
    ),
}  # fmt: skip
ENVELOPES = {
    "array": lambda record: [record],
    "posts": lambda record: {"posts": [record], "totalResults": 1},
    "articles": lambda record: {"status": "ok", "total_hits": 1, "articles": [record]},
    "articles in results": lambda record: {"articles": {"results": [record], "page": 1}},
    "response": lambda record: {"response": {"status": "ok", "results": [record]}},
    "solr": lambda record: {"responseHeader": {}, "response": {"numFound": 1, "docs": [record]}},
}


def declared(item):
    assert isinstance(item, Document), item
    assert item.raw_text == TEXT
    return (
        item.declared_title,
        item.declared_outlet,
        item.declared_author,
        item.declared_url,
        item.declared_published_at,
    )


def as_jsonl(record):
    return json.dumps(record).encode() + b"\n", "part-0.jsonl"


def as_parquet(record):
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([record]), target)
    return target.getvalue(), "train-00000-of-00001.parquet"


def as_csv(record):
    cells = [name for name, value in record.items() if not isinstance(value, list)]
    values = ("" if record[name] is None else f'"{record[name]}"' for name in cells)
    return f"{','.join(cells)}\n{','.join(values)}\n".encode(), "export.csv"


@pytest.mark.parametrize("form", [as_jsonl, as_parquet, as_csv])
@pytest.mark.parametrize("name", ROWS)
def test_data_sets_of_rows_are_read_in_every_format(name, form):
    record, expected = ROWS[name]
    [item] = read_bytes(*form(record))
    assert declared(item) == expected


@pytest.mark.parametrize("form", [as_jsonl, as_parquet])
@pytest.mark.parametrize("name", NESTED)
def test_exports_with_nested_fields_are_read(name, form):
    if (name, form) == ("guardian", as_parquet):
        pytest.skip("its texts lie in a nested field, which no table of texts does")
    record, expected = NESTED[name]
    [item] = read_bytes(*form(record))
    assert declared(item) == expected


@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize("name", NESTED)
def test_answers_of_news_services_are_read_as_saved(name, envelope):
    record, expected = NESTED[name]
    [item] = read_bytes(json.dumps(ENVELOPES[envelope](record)), "answer.json")
    assert declared(item) == expected


def test_rows_of_several_articles_give_one_document_each():
    items = read_bytes(*as_parquet({"document": f"{TEXT} ||||| The pier is shut. |||||", "summary": "s"}))
    assert [item.raw_text.strip() for item in items] == [TEXT, "The pier is shut."]
    assert [item.source_uri.rpartition("#")[2] for item in items] == ["R1.1", "R1.2"]
    [alone] = read_bytes(json.dumps({"text": f"{TEXT} "}), "a.json")
    assert items[0].document_id == alone.document_id


def test_lists_of_links_are_refused_with_what_to_do():
    gdelt = {"articles": [{"url": URL, "title": "Ferry", "seendate": "20240301T000000Z", "domain": "tide.example"}]}
    [item] = read_bytes(json.dumps(gdelt), "gdelt.json")
    assert item.check == "has_text"
    assert item.observed == "fields: domain, seendate, title, url"
