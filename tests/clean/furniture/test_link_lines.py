import pytest

from tasks.clean.draft import Span
from tasks.clean.furniture.link_lines import find_link_lines, find_links_below
from tasks.clean.lines import split_lines
from tests.clean.made_up_documents import BODY, PROSE


def found_in(text: str) -> list[tuple[str, str]]:
    return [(span.rule_name, text[span.start : span.end]) for span in find_link_lines(split_lines(text))]


@pytest.mark.parametrize(
    "line",
    [
        "Pilots at the harbour threaten to strike over new rest rules",
        "Why the winter storms of the north are getting worse each year",
        "'It was mad.' Student survived the flood, and now the fire",
        "After the great flood: Why the old pier of Ellery could fall",
    ],
)
def test_find_link_lines_takes_a_headline_between_paragraphs(line):
    assert found_in(f"{PROSE[0]}\n{line}\n{PROSE[1]}") == [("link_line", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Who pays for it",
        "A Wall or a Hill Is What the Town Must Choose",
        "The first prizes in the contest of cakes went to these:",
        "- the sixth class of the school, for a cake of plums",
        "The pier, which had stood for two hundred years, was to",
        "What the report says: nine piers of ten are not safe",
        'He said of it all that "there is nothing left to be said',
        "MORE THAN FORTY BOATS WERE LOST IN THE STORM OF MAY",
    ],
    ids=["subheading", "title case", "leads on", "list item", "cut", "label", "open quotation", "capitals"],
)
def test_find_link_lines_leaves_what_may_belong_to_the_article(line):
    assert found_in(f"{PROSE[0]}\n{line}\n{PROSE[2]}") == []


def test_find_link_lines_leaves_a_sentence_cut_in_two_lines():
    assert (
        found_in(
            f"{PROSE[0]}\nThe pilots of the harbour had gone on strike on Monday\nbecause of new rules, {PROSE[3]}"
        )
        == []
    )


def test_find_link_lines_takes_a_headline_beside_a_subheading():
    line = "Why the winter storms of the north are getting worse each year"
    assert found_in(f"{PROSE[0]}\n{line}\nLost boats\n{PROSE[1]}") == [("link_line", line)]


@pytest.mark.parametrize(
    ("tail", "count"),
    [
        ("Who lost the ferry off Ellery?\nWhy the lighthouse went dark", 2),
        ("Who lost the ferry off Ellery?", 0),
        ("Ferry lost off ElleryBBC News\nCoast Bee\nPier songs", 3),
        ("Coast Bee\nPier songs", 0),
    ],
    ids=["a question among headlines", "a last question", "outlets glued on", "names"],
)
def test_find_link_lines_knows_a_list_by_its_headlines(tail, count):
    assert len(found_in(f"{BODY}\n{tail}")) == count


def test_find_link_lines_takes_headlines_below_the_last_paragraph():
    tail = ["Ferry breaks down off Ellery", "Why the lighthouse went dark"]
    assert sorted(text for _, text in found_in("\n".join([BODY, *tail]))) == sorted(tail)


@pytest.mark.parametrize(
    "tail",
    [
        "The winners are:\nCole of Ellery\nLind of Bern",
        "Chance of rain: 14%\nSun on Sunday",
        "Price",
        "Ellery 2, Port Venn 1",
        "Ada Cole, harbour pilot, 61",
    ],
    ids=["list", "facts", "one word", "result", "age"],
)
def test_find_link_lines_leaves_lists_below_the_last_paragraph(tail):
    assert found_in(f"{BODY}\n{tail}") == []


@pytest.mark.parametrize(
    "cue", ["The mayor told the council on Monday.", "Mara Lind, the mayor of the town, announced on Monday."]
)
def test_find_link_lines_leaves_a_quotation_that_lost_its_marks(cue):
    line = "The pier needs two ends and today one of them was not there"
    assert found_in(f"{PROSE[0]}\n{line}\n{cue} {PROSE[1]}") == []


@pytest.mark.parametrize(
    ("between", "taken"),
    [
        ("READ ALSO\nWhy the lamp of Ellery went out", True),
        ("READ ALSO\nThe lamp of Ellery", False),
        ("Why the lamp of Ellery went out", False),
        ("READ ALSO\nThe lamp of Ellery went out at noon.", False),
    ],
    ids=["headline", "subheading", "no head above", "sentence"],
)
def test_find_links_below_takes_the_headline_below_the_head_of_a_list(between, taken):
    text = f"{PROSE[0]}\n{between}\n{PROSE[1]}"
    lines = [line for line in split_lines(text) if line.text != "READ ALSO"]
    start = text.find("READ ALSO")
    heads = [Span(start, start + 9, "related", "also_read")] if start >= 0 else []
    assert [text[span.start : span.end] for span in find_links_below(lines, heads)] == between.split("\n")[1:] * taken
