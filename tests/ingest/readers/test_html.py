import pytest

from tasks.ingest.markup import has_markup, is_page
from tasks.ingest.readers.html import recognize_html


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<!DOCTYPE html><title>x</title>", id="doctype"),
        pytest.param("\n <html lang=en>", id="html"),
        pytest.param('<?xml version="1.0"?>\n<!-- saved -->\n<html>', id="after declaration and comment"),
        pytest.param("<body class=a>", id="body"),
    ],
)
def test_is_page_sees_a_page(text):
    assert is_page(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The ferry <html> sails", id="later"),
        pytest.param("<headline>Ferry</headline>", id="longer word"),
        pytest.param('<?xml version="1.0"?><rss>', id="feed"),
        pytest.param("", id="nothing"),
    ],
)
def test_is_page_sees_no_page(text):
    assert not is_page(text)


@pytest.mark.parametrize(
    ("text", "found"), [("It sails.<br/>So.", True), ("<p>It sails.</p>", True), ("a < b and c > d", False)]
)
def test_has_markup_looks_for_paragraphs_and_links(text, found):
    assert has_markup(text) is found


def test_recognize_html_passes_over_a_byte_order_mark():
    assert recognize_html(b"\xef\xbb\xbf<html>")


@pytest.mark.parametrize("unit", ["<!---->", "<?xml >", " ", "</p ", "<!--", "<br "], ids=repr)
def test_patterns_take_time_in_proportion_to_the_text(unit):
    # With backtracking these run for hours.
    text = unit * (1_000_000 // len(unit))
    assert not is_page(text)
    assert not has_markup(text)
