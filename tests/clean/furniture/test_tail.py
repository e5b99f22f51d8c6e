import pytest

from tasks.clean.draft import Span
from tasks.clean.furniture.tail import Tail, read_tail
from tasks.clean.lines import split_lines
from tests.clean.made_up_documents import BODY


def tail_of(
    tail_text: str, *, openers: tuple[Span, ...] = (), spans_after: tuple[Span, ...] = (), outlet: str | None = None
) -> Tail:
    text = f"{BODY}\n\n{tail_text}"
    return read_tail(
        split_lines(text),
        openers=list(openers),
        spans_after=list(spans_after),
        known_outlet=outlet,
    )


def after_everything(category: str) -> Span:
    return Span(100_000, 100_006, category, "made_up")


@pytest.mark.parametrize(
    ("tail_text", "categories"),
    [
        ("Source", ["source_link"]),
        ("Source: Ellery Herald", ["source_link"]),
        ("Latest news\nFerry breaks down off Ellery\nWhy the lighthouse went dark", ["related"] * 3),
        (
            "Jo Ford\nJo Ford\nEllery Herald is a website covering the news of the coast.\nLatest news",
            ["related", *["author_box"] * 3],
        ),
        ("Jo Ford\nJo Ford is a reporter for the Ellery Herald who covers the harbour.", ["author_box"] * 2),
        ("Jo Ford is a staff writer at the Ellery Herald.", ["author_box"]),
        ("Jo Ford covers the harbour and the courts.", ["author_box"]),
        ("Jo Ford is The Ellery Herald’s bureau chief in Bern, focusing on the coast.", ["author_box"]),
        ("Jo Ford is the Herald's court reporter, covering crime.", ["author_box"]),
        ("Ellery Herald\nEllery Herald\nEllery Herald has served the coast since 1911.", ["author_box"] * 3),
        ("Tags: pier, storm\nharbour\nEllery", ["furniture"] * 3),
        ("jo.ford@herald.example", ["author_box"]),
        ("[Jo Ford is the Herald's court correspondent. Her address is jo@herald.example.]", ["author_box"]),
        ("Mr. Ford is the author of “Salt and Rope”.", ["author_box"]),
        ("Jo Ford (@jford) is the former editor of the Ellery Herald.", ["author_box"]),
    ],
)
def test_read_tail_takes_furniture(tail_text, categories):
    tail = tail_of(tail_text)
    assert [span.category for span in tail.spans] == categories
    assert len(tail.lines) == 4


@pytest.mark.parametrize(
    "tail_text",
    [
        "Latest news\nThe ferry broke down off Ellery on Monday and nobody was hurt.",
        "The pier will stand.",
        "A line of verse without a stop",
        "Jo Ford\nThe pier was built in 1804 by masons from the mainland.",
        "Latest news\n" + "word " * 26,
        "Latest news\n" + "word " * 45,
        "Jo Ford is the harbour’s chief of staff at sea.",
    ],
    ids=[
        "prose after a list head",
        "short prose",
        "open line",
        "name above prose",
        "open paragraph",
        "long open paragraph",
        "an office",
    ],
)
def test_read_tail_never_swallows_prose(tail_text):
    tail = tail_of(tail_text)
    assert tail.spans == []


@pytest.mark.parametrize(
    ("line", "after", "outlet", "taken"),
    [
        ("island channel", "shortcode", None, True),
        ("Ellery Herald", "source_link", None, True),
        ("Ellery", "source_link", "Ellery", True),
        ("island channel", "whitespace", None, False),
        ("Ellery", "source_link", None, False),
    ],
)
def test_read_tail_takes_the_outlets_name_before_a_trailer(line, after, outlet, taken):
    tail = tail_of(line, spans_after=(after_everything(after),), outlet=outlet)
    assert tail.outlet_name == (line if taken else None)


def test_read_tail_takes_what_a_comment_form_opened():
    opener = Span(len(BODY), len(BODY) + 1, "comment_form", "comment_form")
    tail = tail_of("Name\nWebsite", openers=(opener,))
    assert [span.category for span in tail.spans] == ["comment_form"] * 2


def test_read_tail_takes_the_list_below_a_head_taken_before():
    opener = Span(len(BODY), len(BODY) + 1, "related", "also_read")
    tail = tail_of("Ferry lines: what changes\nWhy the lighthouse went dark", openers=(opener,))
    assert [span.rule_name for span in tail.spans] == ["also_read"] * 2


@pytest.mark.parametrize(
    ("tail_text", "taken"),
    [
        ("Who lost the ferry? Four answers.\nThe ferry that divides the E.U.\nA pier without ships", 3),
        ("The ferry was lost.\nNobody was hurt on board.\nA pier without ships", 0),
        ("Why the lamp went out\nThe crews were brought to the hospital of Kelmouth in the morning.", 0),
    ],
    ids=["headlines", "mostly sentences", "a headline above a paragraph"],
)
def test_read_tail_takes_sentences_among_the_headlines_of_a_list(tail_text, taken):
    opener = Span(len(BODY), len(BODY) + 1, "related", "also_read")
    assert len(tail_of(tail_text, openers=(opener,)).spans) == taken


def test_read_tail_remembers_the_author_of_the_box():
    assert tail_of("Ellery Desk\nEllery Desk\nEllery Herald is a news portal for the coast.").author == "Ellery Desk"


@pytest.mark.parametrize(
    "last",
    [
        "Jo Ford is a reporter at the Herald who was arrested on the pier in May.",
        "Jo Ford covers his ears when the bell rings.",
        "Ada Cole is the author of “Salt and Rope”.",
    ],
    ids=["news of a reporter", "no beat", "named above"],
)
def test_read_tail_keeps_a_last_paragraph_about_a_person(last):
    assert tail_of(last).spans == []


@pytest.mark.parametrize(("name", "taken"), [("Jo Ford", 1), ("The pier", 0), ("Sources say", 0)])
def test_read_tail_takes_the_name_above_the_authors_box(name, taken):
    assert len(tail_of(name, spans_after=(after_everything("author_box"),)).spans) == taken
