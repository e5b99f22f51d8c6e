import pytest
from lxml.html import fromstring

from tasks.clean.pages.body import find_container, find_holder, make_body, read_body
from tasks.clean.pages.markup import Marks
from tests.clean.made_up_documents import PROSE

BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
MARKS = Marks("")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<div><div class="menu">Home</div><div class="x entry-content y">{BODY}</div></div>', "x entry-content y"),
        (f'<div><div itemprop="articleBody" class="b">{BODY}</div></div>', "b"),
        (f'<div><div id="story-body" class="b">{BODY}</div></div>', "b"),
        (f'<div><div class="entry-content a"><div class="entry-content">{BODY}</div></div></div>', "entry-content a"),
        (f'<div><div class="entry-content">Teaser of one sentence, no more than that.</div>{BODY}</div>', None),
        (f'<div><div class="entry-content">{BODY}</div><div class="entry-content">{BODY}</div></div>', None),
        (f"<div><div>{BODY}</div></div>", None),
    ],
    ids=["class", "property", "id", "nested", "teaser", "several posts", "no name"],
)
def test_find_container_finds_the_named_element_with_most_of_the_text(html, expected):
    found = find_container(fromstring(html))
    assert (None if found is None else found.get("class")) == expected


def test_find_holder_finds_the_element_around_the_extracted_lines():
    tree = fromstring(f'<div><p>Home</p><div class="a"><h3>Subhead</h3>{BODY}</div></div>')
    found = find_holder(tree, list(PROSE))
    assert found is not None
    assert found.get("class") == "a"


@pytest.mark.parametrize(
    ("html", "extracted"),
    [
        (f"<div>{BODY}<p>{' '.join(PROSE)}</p></div>", list(PROSE)),
        (f"<div>{BODY}</div>", ["Another text that stands nowhere in the page."]),
        (f"<div>{BODY}</div>", []),
    ],
    ids=["much besides", "not found", "nothing extracted"],
)
def test_find_holder_finds_none(html, extracted):
    assert find_holder(fromstring(html), extracted) is None


def test_read_body_takes_all_of_a_fragment():
    body = read_body(fromstring(f"<div><p>Home</p>{BODY}</div>"), MARKS, is_page=False)
    assert body is not None
    assert body.text.split("\n\n") == ["Home", *PROSE]
    assert not body.is_extracted


def test_read_body_takes_the_caption_above_the_named_element():
    html = f'<article><p>{MARKS.caption}The pier</p><div class="entry-content">{BODY}</div></article>'
    body = read_body(fromstring(f"<html><body>{html}</body></html>"), MARKS, is_page=True)
    assert body is not None
    assert [body.text[item.start : item.end] for item in body.set_apart] == ["The pier"]


def test_make_body_notes_what_is_marked():
    lines = ["One", f"{MARKS.caption}The pier {MARKS.credit}Jo Ford", f"{MARKS.post}Gone", MARKS.caption, "Two"]
    body = make_body(lines, MARKS, is_extracted=True)
    assert body is not None
    assert body.text == "One\n\nThe pier Jo Ford\n\nGone\n\nTwo"
    assert [(item.kind, body.text[item.start : item.end]) for item in body.set_apart] == [
        ("caption", "The pier Jo Ford"),
        ("post", "Gone"),
    ]
    credit_start = body.set_apart[0].credit_start
    assert credit_start is not None
    assert body.text[credit_start:].startswith("Jo Ford")


def test_make_body_makes_none_of_nothing():
    assert make_body([], MARKS, is_extracted=True) is None
