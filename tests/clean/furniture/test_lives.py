import pytest

from tasks.clean.furniture.lives import find_lives, is_biography
from tasks.clean.lines import Line, split_lines
from tests.clean.made_up_documents import PROSE


def lives_in(text: str) -> list[tuple[str, list[str]]]:
    lines = split_lines("\n\n".join([*PROSE, text, *PROSE[:1]]))
    return [(life.name, [line.text for line in life.lines]) for life in find_lives(lines)]


@pytest.mark.parametrize(
    ("text", "name", "count"),
    [
        ("Jo Ford is a staff writer at the Ellery Herald.", "Jo Ford", 1),
        ("Jo Ford covers the harbour and the courts of the coast.", "Jo Ford", 1),
        ("Jo M. Ford (@jford) is the former editor of the Ellery Herald.", "Jo M. Ford", 1),
        ("[Jo Ford is the author of “Salt and Rope”.]", "Jo Ford", 1),
        ("Jo Ford\n\nJo is a freelance writer who lives by the sea with two dogs.", "Jo Ford", 2),
        ("Jo Ford\n\nJo Ford has been a reporter of the Herald since 2011.", "Jo Ford", 2),
    ],
    ids=["post", "beat", "handle", "brackets", "first name below the name", "name below the name"],
)
def test_find_lives_finds_an_author_among_the_paragraphs(text, name, count):
    (found,) = lives_in(text)
    assert found == (name, text.split("\n\n")[-count:])


@pytest.mark.parametrize(
    "text",
    [
        "Jo Ford is a reporter at the Herald who was arrested on the pier in May.",
        "Jo Ford is a columnist for the Herald.\n\nThe town has read Ford for years.",
        "Jo Ford is a columnist for the Herald, the mayor said on Monday.",
        "Jo Ford is the mayor of Ellery and has been so for nine years.",
        "Jo is a freelance writer who lives by the sea.",
        "Jo Ford is a staff writer at the Herald. " + "She wrote of the sea. " * 12,
    ],
    ids=["news of a reporter", "named elsewhere", "in a report", "another post", "no name above", "long"],
)
def test_find_lives_leaves_people_of_the_report(text):
    assert lives_in(text) == []


def test_find_lives_leaves_the_lead():
    assert find_lives(split_lines("Jo Ford is a staff writer at the Ellery Herald.\n\n" + "\n\n".join(PROSE))) == []


def test_is_biography_needs_no_other_paragraph_where_the_post_is_printed():
    line, other = (Line(0, len(text), text) for text in ("Jo Ford is a reporter for the Herald.", "Ford wrote it."))
    assert is_biography(line, [other])
