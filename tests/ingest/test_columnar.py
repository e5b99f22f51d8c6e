import pytest

from tasks.ingest.columnar import split_columns
from tasks.ingest.fields import STANDARD_FIELDS
from tests.ingest.readers.reading import read_bytes

ROWS = [{"title": "Bridge", "text": "It reopened."}, {"title": "Ferry", "text": "It sails."}]


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        pytest.param({"title": ["Bridge", "Ferry"], "text": ["It reopened.", "It sails."]}, ROWS, id="lists"),
        pytest.param({"title": {"0": "Bridge", "1": "Ferry"}, "text": {"0": "It reopened.", "1": "It sails."}}, ROWS,
                     id="objects"),
        pytest.param({"title": ["Bridge", None], "text": ["It reopened.", "It sails."], "outlet": "Tide"},
                     [ROWS[0] | {"outlet": "Tide"}, {"title": None, "text": "It sails.", "outlet": "Tide"}],
                     id="what is of all"),
        pytest.param({"title": ["Bridge", "Ferry"], "text": ["It reopened.", "It sails."], "tags": [["sea"], []]},
                     [ROWS[0] | {"tags": ["sea"]}, ROWS[1] | {"tags": []}], id="lists in a column"),
        pytest.param({"title": "Bridge", "text": ["It reopened.", "Cars go."]}, [], id="paragraphs"),
        pytest.param({"title": ["Bridge"], "text": ["It reopened.", "Cars go."]}, [], id="one title"),
        pytest.param({"title": ["Bridge"], "text": ["It reopened."]}, [], id="one row"),
        pytest.param({"title": ["Sea", "Quay"], "text": ["It reopened.", "Cars go."], "url": "https://a.example/"}, [],
                     id="one address"),
        pytest.param({"title": {"en": "Bridge"}, "text": {"en": "It reopened.", "de": "Sie ist offen."}}, [],
                     id="other rows"),
    ],
)  # fmt: skip
def test_split_columns_tells_a_table_from_an_article(value, rows):
    assert split_columns(value, STANDARD_FIELDS) == rows


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_each_row_of_a_table_in_columns_is_a_document(name):
    content = (
        '{"title": ["Bridge", "Ferry"], "text": ["It reopened.", "It sails."], "more": [{"title": "C", "text": "D"}]}'
    )
    documents = read_bytes(content, name)
    assert [(one.declared_title, one.raw_text) for one in documents] == [
        ("Bridge", "It reopened."),
        ("Ferry", "It sails."),
        ("C", "D"),
    ]
