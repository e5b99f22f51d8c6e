import pytest

from tasks.clean.draft import Span
from tasks.clean.furniture.dump import find_outside
from tasks.clean.lines import split_lines
from tasks.clean.tables import load_table
from tests.clean.made_up_documents import BODY, PROSE

MENU = ["Home", "World", "Politics", "Business", "Sport", "Weather", "Opinion", "Sign in", "My account", "Jobs"]
FOOT = ["About us", "Contact us", "Terms of use", "Careers", "Help centre", "Site map"]
HEAD = ["Council votes to rebuild pier", "By Jo Ford", "May 3, 2021"]


def kept_of(lines: list[str], *, taken_line: str | None = None) -> list[str]:
    text = "\n".join(lines)
    found = [line for line in split_lines(text) if line.text != taken_line]
    start = text.find(taken_line) if taken_line else -1
    taken = [Span(start, start + 1, "related", "also_read")] if taken_line else []
    gone = {span.start for span in find_outside(found, taken)}
    return [line.text for line in found if line.start not in gone]


def test_find_outside_leaves_the_article_and_its_head():
    assert kept_of([*MENU, *HEAD, *PROSE, *FOOT]) == [*HEAD, *PROSE]


def test_find_outside_ends_the_article_at_a_list_of_links():
    teasers = [
        "Ferry breaks down",
        "The ferry broke down off Ellery on Monday.",
        "4 hours ago",
        "Storm is near",
        "Dark pier",
    ]
    lines = [*MENU, *HEAD, *PROSE, "Related stories", *teasers, *FOOT]
    assert kept_of(lines, taken_line="Related stories") == [*HEAD, *PROSE]


def test_find_outside_never_takes_a_long_paragraph():
    long = "word " * 40 + "end."
    assert long in kept_of([long, *MENU, *MENU, *HEAD, *PROSE, *PROSE, *FOOT])


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        BODY + "\n" + "\n".join(f"{number}. Ada Cole" for number in range(1, 20)),
        BODY + "\n" + "\n".join(["- a cake of rye"] * 20),
        "\n".join([*MENU[:5], *PROSE]),
        "\n".join(f"Part {number}\n{PROSE[0]}" for number in range(20)),
    ],
    ids=["article", "numbered list", "bullets", "few lines", "many subheadings"],
)
def test_find_outside_leaves_articles_alone(text):
    assert find_outside(split_lines(text), []) == []


@pytest.mark.parametrize("head", ["Most read", "You may also like", "More from Politics", "Recent posts:"])
def test_find_outside_ends_the_article_at_the_head_of_a_list(head):
    teasers = ["Ferry breaks down", "The ferry broke down off Ellery on Monday morning, its owner said.", "4 hours ago"]
    assert kept_of([*MENU, *HEAD, *PROSE, head, *teasers * 3, *FOOT]) == [*HEAD, *PROSE]


def test_find_outside_starts_the_article_below_its_byline():
    teasers = ["Ferry breaks down", "The ferry broke down off Ellery on Monday, and two hundred waited at the pier."]
    assert kept_of([*MENU, *teasers * 3, *HEAD, *PROSE, *FOOT]) == [*HEAD, *PROSE]


def test_find_outside_takes_teasers_that_nothing_heads():
    teasers = ["Ferry breaks down", "The ferry broke down off Ellery on Monday, and two hundred waited at the pier."]
    assert kept_of([*MENU, *HEAD, *PROSE, *teasers * 2, *FOOT]) == [*HEAD, *PROSE]


def test_find_outside_needs_a_menu():
    facts = [f"Votes for the pier in ward {number}: 40" for number in range(30)]
    text = "\n".join([*PROSE, *facts])
    assert find_outside(split_lines(text), []) == []


def test_dump_heads_are_in_small_letters_and_sorted():
    table = load_table("furniture/dump.toml")
    for key in ("list_heads", "list_head_openings"):
        assert table[key] == sorted({head.lower() for head in table[key]})


def test_find_outside_counts_the_menu_that_rules_took():
    left = ["Ellery Post", "Coast", "Podcasts", "Jobs", "Obituaries", "Classifieds", "Thursday, 12 November", "Late"]
    text = "\n".join([*MENU, *MENU, *left, *HEAD, *PROSE])
    lines = split_lines(text)
    taken = [Span(line.start, line.end, "furniture", "menu_line") for line in lines[:20]]
    rest = lines[20:]
    gone = {span.start for span in find_outside(rest, taken)}
    assert [line.text for line in rest if line.start not in gone] == [*HEAD, *PROSE]
    assert find_outside(rest, []) == []


@pytest.mark.parametrize(
    "head",
    [
        ["Council votes to rebuild pier", "Ships wait, shops close at noon", "By Jo Ford"],
        ["Council votes to rebuild pier", "Jo Ford", "May 3, 2021"],
        ["Council votes to rebuild pier", "Jo Ford", "Harbour Gazette", "The pier in May. Photo: Ada Cole"],
    ],
    ids=["standfirst", "name", "outlet and caption"],
)
def test_find_outside_leaves_what_stands_between_headline_and_article(head):
    teaser = "Baker wins bread prize for the third time"
    assert kept_of([*MENU, teaser, *head, *PROSE, *FOOT]) == [*head, *PROSE]


def test_find_outside_finds_the_headline_above_the_label_of_a_date():
    head = ["Council votes to rebuild pier", "Published", "3 May 2021", "Image caption, The old pier by night"]
    kept = ["Council votes to rebuild pier", "3 May 2021", "Image caption, The old pier by night", *PROSE]
    assert kept_of([*MENU, "Baker wins bread prize for the third time", *head, *PROSE, *FOOT]) == kept


def test_find_outside_leaves_the_stamp_above_the_headline():
    head = ["Posted on May 3, 2021 by jo", "Council votes to rebuild pier"]
    assert kept_of([*MENU, "Posted by many hands", *head, *PROSE, *FOOT]) == [*head, *PROSE]
