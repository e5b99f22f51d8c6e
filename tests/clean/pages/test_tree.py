import time

import pytest

from tasks.clean.pages.page import read_page
from tasks.clean.pages.tree import is_cut_short, read_tree
from tests.clean.made_up_documents import BODY, PROSE, clean_document, make_document

PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
HEAD = "<head><title>Pier to be rebuilt</title></head>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<div>" * 5000, "</div>" * 5000),
        ("<article>" + "<b>" * 3000, "</article>"),
        ("<DIV class='x'><Span>" * 300, ""),
        ("<table><tr><td>" * 100, "</td></tr></table>" * 100),
    ],
    ids=["containers", "never closed", "both, in capitals", "tables"],
)
def test_read_tree_reads_deep_markup_without_its_levels(before, after):
    page = f"<!doctype html><html>{HEAD}<body>{before}{PARAGRAPHS}{after}</body></html>"
    article = clean_document(make_document(page, media_type="text/html")).article
    assert article is not None
    assert article.text == BODY
    assert article.title == "Pier to be rebuilt"


@pytest.mark.parametrize(("levels", "expected"), [(200, False), (260, True)])
def test_is_cut_short_tells_where_the_parser_gave_up(levels, expected):
    tree = read_tree("<html><body>" + "<q>" * levels + "The pier" + "</q>" * levels + "</body></html>")
    assert tree is not None
    assert is_cut_short(tree) is expected


def test_a_page_of_more_elements_than_are_read_is_refused(monkeypatch):
    page = f"<!doctype html><html>{HEAD}<body>{PARAGRAPHS}{{}}</body></html>"
    count = len(list(read_tree(page.format("")).iter()))
    monkeypatch.setattr("tasks.clean.pages.tree.MAXIMUM_ELEMENTS", count + 10)
    assert clean_document(make_document(page.format("<hr>" * 10), media_type="text/html")).article is not None
    refusal = clean_document(make_document(page.format("<hr>" * 11), media_type="text/html")).refusal
    assert refusal.check_name == "html_has_article"
    assert refusal.observed == f"{count + 11} elements, of which {count + 10} are read at most"


@pytest.mark.parametrize("piece", [f"<p>{PROSE[0]}</p>", f"<div>{PROSE[0]}", f"{PROSE[0]}<br>"])
def test_read_page_takes_a_piece_of_one_element(piece):
    assert read_page(piece).text == PROSE[0]


@pytest.mark.parametrize("text", ["", "The pier, 1 > 0."])
def test_read_tree_finds_none_in_what_is_no_markup(text):
    assert read_tree(text) is None


@pytest.mark.parametrize("drawing", ["<svg>{}</svg>", "<select>{}</select>"], ids=["map", "list to choose from"])
def test_a_page_is_not_refused_for_what_is_drawn_in_it(drawing):
    inner = ("<path d='M0 0'/>" if "svg" in drawing else "<option>Ward") * 100_100
    page = f"<!doctype html><html>{HEAD}<body>{PARAGRAPHS}{drawing.format(inner)}</body></html>"
    article = clean_document(make_document(page, media_type="text/html")).article
    assert article is not None
    assert article.text == BODY


def test_read_page_takes_no_time_for_a_page_of_elements_alone():
    began = time.process_time()
    assert "600003 elements" in read_page("<html><body><p>It sails.</p>" + "<hr>" * 600_000).notice
    # To choose its paragraphs would take half a minute.
    assert time.process_time() - began < 10


def test_read_tree_keeps_the_elements_of_a_page_of_usual_depth():
    tree = read_tree(f"<html><body>{'<div>' * 60}{PARAGRAPHS}{'</div>' * 60}</body></html>")
    assert tree is not None
    assert len(list(tree.iter("div"))) == 60


def test_clean_document_says_that_markup_is_nested_too_deeply():
    page = f"<html>{HEAD}<body>{'<q>' * 400}{PARAGRAPHS}</body></html>"
    refusal = clean_document(make_document(page, media_type="text/html")).refusal
    assert refusal is not None
    assert refusal.observed == "markup nested more than 250 levels deep"


@pytest.mark.parametrize("opening", ["<div ", "<div <b ", "<b"], ids=["container", "both", "style"])
def test_read_tree_reads_unclosed_tags_in_linear_time(opening):
    page = "<html><body>" + "<div>" * 300 + opening * 50_000
    assert read_tree(page) is not None
