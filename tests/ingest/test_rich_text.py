import pytest

from tasks.ingest.fields import STANDARD_FIELDS
from tasks.ingest.rich_text import join_runs
from tasks.ingest.sections import read_text

PARAGRAPHS = "Mayor Calder spoke.\n\nCars go."


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            {"type": "doc", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "Mayor "},
                                                  {"type": "text", "marks": [{"type": "bold"}], "text": "Calder"},
                                                  {"type": "text", "text": " spoke."}]},
                {"type": "paragraph", "content": [{"type": "text", "text": "Cars go."}]}]},
            id="ProseMirror"),
        pytest.param(
            {"nodeType": "document", "data": {}, "content": [
                {"nodeType": "paragraph", "data": {}, "content": [
                    {"nodeType": "text", "value": "Mayor ", "marks": [], "data": {}},
                    {"nodeType": "hyperlink", "data": {"uri": "https://a.example/"}, "content": [
                        {"nodeType": "text", "value": "Calder", "marks": [], "data": {}}]},
                    {"nodeType": "text", "value": " spoke.", "marks": [], "data": {}}]},
                {"nodeType": "paragraph", "data": {}, "content": [
                    {"nodeType": "text", "value": "Cars go.", "marks": [], "data": {}}]}]},
            id="Contentful"),
        pytest.param(
            {"root": {"type": "root", "children": [
                {"type": "paragraph", "children": [{"type": "text", "text": "Mayor "},
                                                   {"type": "link", "url": "https://a.example/",
                                                    "children": [{"type": "text", "text": "Calder"}]},
                                                   {"type": "text", "text": " spoke."}]},
                {"type": "paragraph", "children": [{"type": "text", "text": "Cars go."}]}]}},
            id="Lexical"),
        pytest.param(
            [{"_type": "block", "style": "normal", "markDefs": [], "children": [
                {"_type": "span", "text": "Mayor ", "marks": []}, {"_type": "span", "text": "Calder", "marks": ["b"]},
                {"_type": "span", "text": " spoke.", "marks": []}]},
             {"_type": "block", "children": [{"_type": "span", "text": "Cars go.", "marks": []}]}],
            id="Sanity"),
        pytest.param(
            [{"type": "paragraph", "children": [{"text": "Mayor "}, {"text": "Calder", "bold": True},
                                                {"text": " spoke."}]},
             {"type": "paragraph", "children": [{"text": "Cars go."}]}],
            id="Slate"),
        pytest.param([{"type": "text", "text": "Mayor Calder spoke."}, {"type": "text", "text": "Cars go."}],
                     id="paragraphs of a kind called text"),
        pytest.param({"type": "doc", "content": [{"type": "text", "text": "Mayor Calder spoke."},
                                                 {"type": "text", "text": "Cars go."}]}, id="texts of a document"),
        pytest.param({"type": "list", "items": [{"type": "text", "content": "Mayor Calder spoke."},
                                                {"type": "text", "content": "Cars go."}]}, id="Arc"),
    ],
)  # fmt: skip
def test_read_text_joins_the_runs_of_a_paragraph(content):
    assert read_text({"title": "Bridge", "content": content}, STANDARD_FIELDS) == PARAGRAPHS


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        pytest.param([{"text": "a"}, {"type": "hardBreak"}, {"text": "b"}], "a\nb", id="a line's end"),
        pytest.param([{"text": "a"}, {"type": "image", "src": "b"}], None, id="a picture among them"),
        pytest.param([{"text": "a"}, "b"], None, id="a text among them"),
        pytest.param([], None, id="none"),
        pytest.param([{"text": "a", "of": [{"title": "b", "text": "c"}]}], None, id="an article in one"),
        pytest.param([{"type": "link", "url": "b"}], None, id="a link without text"),
    ],
)
def test_join_runs_leaves_what_is_anything_else(runs, line):
    assert join_runs({"type": "paragraph"}, "children", runs) == line
