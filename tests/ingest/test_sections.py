import tomllib

import pytest

from tasks.ingest.encoding import Unreadable
from tasks.ingest.fields import STANDARD_FIELDS, fold_field_name
from tasks.ingest.sections import DEEPEST_PART, NESTING_FILE, Nested, find_nested, is_article, read_text

URL = "https://harbourpost.example/bridge"


@pytest.mark.parametrize(
    ("record", "text"),
    [
        pytest.param({"url": URL, "sections": [{"heading": "Open", "text": "It reopened."}, {"text": "Cars go."}]},
                     "Open\n\nIt reopened.\n\nCars go.", id="sections with headings"),
        pytest.param({"title": "Bridge", "paragraphs": ["It reopened.", "Cars go."]}, "It reopened.\n\nCars go.",
                     id="paragraphs"),
        pytest.param({"title": "Bridge", "content": {"rendered": "<p>It reopened.</p>"}}, "<p>It reopened.</p>",
                     id="WordPress"),
        pytest.param({"title": "Bridge", "blocks": [{"type": "paragraph", "data": {"text": "It reopened."}}]},
                     "It reopened.", id="Editor.js"),
        pytest.param({"title": "Bridge", "content": [["It reopened."], [["Cars go."]]]}, "It reopened.\n\nCars go.",
                     id="lists of lists"),
        pytest.param({"title": "Bridge", "text": "It reopened.", "sections": [{"text": "It reopened."}]},
                     "It reopened.", id="told in the text"),
        pytest.param({"text": "It reopened at noon.", "sections": [{"text": "It reopened at noon."},
                                                                   {"text": "Cars go."}]},
                     "It reopened at noon.\n\nCars go.", id="more than the text"),
        pytest.param({"text": "It reopened at noon. Cars go.", "body": [{"text": "It reopened at noon."},
                                                                        {"text": "Quay"}]},
                     "It reopened at noon. Cars go.", id="the text in another form"),
        pytest.param({"text": "It reopened at noon. “Go,” she said & left.", "blocks": [
            {"html": "<p>It <b>reopened</b> at noon.</p><p>&#8220;Go,&#8221; she said &amp; left.</p>"}]},
                     "It reopened at noon. “Go,” she said & left.", id="the text with markup"),
        pytest.param({"text": "It reopened.\n\nWe drove.", "blocks": [{"html": "<p>It reopened.</p><p>Cars go.</p>"}]},
                     "It reopened.\n\nWe drove.\n\n<p>Cars go.</p>", id="more than the text with markup"),
        pytest.param({"title": "Bridge", "content": {"html": "<p>It reopened.</p>", "text": "It reopened."}},
                     "<p>It reopened.</p>", id="a part in two forms"),
        pytest.param({"title": "Quay", "sections": [{"text": "It reopened."}], "paragraphs": ["It reopened.", "Cars."]},
                     "It reopened.\n\nCars.", id="parts under two names"),
        pytest.param({"text": "It reopened at noon, s…", "paragraphs": ["It reopened at noon, say all.", "Cars."]},
                     "It reopened at noon, say all.\n\nCars.", id="its parts in full"),
        pytest.param({"text": "It reopened at noon, said the mayor of Kelm.", "body": [
            {"text": "It reopened at noon, said the mayor of Kelm."}, {"text": "No ferry sails."}]},
                     "It reopened at noon, said the mayor of Kelm.\n\nNo ferry sails.", id="a text that lacks the end"),
        pytest.param({"title": "Bridge", "paragraphs": ["Never again.", "It reopened.", "Never again."]},
                     "Never again.\n\nIt reopened.\n\nNever again.", id="a refrain"),
        pytest.param({"title": "Bridge", "text": '[{"type": "p", "text": "It reopened."}, {"text": "Cars go."}]'},
                     "It reopened.\n\nCars go.", id="parts as JSON"),
        pytest.param({"title": "Bridge", "text": '["It reopened.", "Cars go."]'}, "It reopened.\n\nCars go.",
                     id="paragraphs as JSON"),
        pytest.param({"title": "Bridge", "text": "[Kelm, Friday] It reopened. [Ends]"},
                     "[Kelm, Friday] It reopened. [Ends]", id="brackets"),
        pytest.param({"text": '[{"text": "a"}, {"title": "b", "text": "c", "url": "d"}]'},
                     '[{"text": "a"}, {"title": "b", "text": "c", "url": "d"}]', id="an article in JSON"),
        pytest.param({"title": "Bridge", "text": "[1]"}, "[1]", id="JSON without texts"),
        pytest.param({"title": "Bridge", "text": "It reopened.", "sections": ["World", "Sea"]}, "It reopened.",
                     id="names of sections"),
        pytest.param({"title": "Bridge", "sections": [{"title": "Sea", "id": 3}]}, None, id="sections without text"),
        pytest.param({"sections": [{"text": "It reopened."}]}, None, id="of nothing that has a title"),
    ],
)  # fmt: skip
def test_read_text_joins_parts(record, text):
    assert read_text(record, STANDARD_FIELDS) == text
    assert is_article(record, STANDARD_FIELDS) == (text is not None)


def test_read_text_refuses_parts_that_lie_too_deep():
    part = {"text": "It reopened."}
    for _ in range(DEEPEST_PART + 2):
        part = {"of": part}
    with pytest.raises(Unreadable, match="parts_bounded"):
        read_text({"title": "Bridge", "content": part}, STANDARD_FIELDS)


def test_find_nested_gives_what_is_not_of_the_text():
    alone = {"title": "Ferry", "text": "It sails.", "url": URL}
    listed = {"title": "Pier", "text": "It is shut."}
    sections = [{"text": "It reopened."}, alone, {"text": "Cars go.", "articles": [listed]}]
    record = {"title": "Bridge", "sections": sections, "related": [listed], "fields": {"bodyText": "x", "of": [alone]}}
    assert list(find_nested(record, STANDARD_FIELDS)) == [
        Nested("sections", alone),
        Nested("articles", listed),
        Nested("related", [listed]),
        Nested("of", [alone]),
    ]
    assert read_text(record, STANDARD_FIELDS) == "x\n\nIt reopened.\n\nCars go."


def test_nesting_says_why_and_folds_its_names():
    rules = tomllib.loads(NESTING_FILE.read_text("utf-8"))
    assert all(rule["why"] and rule["names"] for rule in rules.values())
    names = [name for rule in rules.values() for name in rule["names"]]
    assert names == [fold_field_name(name) for name in names]
    assert len(names) == len(set(names))
