import pytest

from tasks.clean.furniture.galleries import find_galleries
from tasks.clean.lines import split_lines
from tests.clean.made_up_documents import PROSE

TITLE = "The pier of Ellery over the years"


def found_in(text: str) -> list[tuple[str, str]]:
    spans = sorted(find_galleries(split_lines(text)), key=lambda span: span.start)
    return [(span.rule_name, text[span.start : span.end]) for span in spans]


def test_find_galleries_takes_a_title_that_recurs_and_what_stands_between():
    text = f"{PROSE[0]}\n{TITLE}\nBoats leave in May.\n{TITLE}\nThe pier in snow.\n{TITLE}\n{PROSE[1]}"
    assert found_in(text) == [
        ("gallery_title", TITLE),
        ("gallery_description", "Boats leave in May."),
        ("gallery_title", TITLE),
        ("gallery_description", "The pier in snow."),
        ("gallery_title", TITLE),
    ]


def test_find_galleries_never_takes_a_long_paragraph_between_two_titles():
    long = "word " * 40 + "end."
    names = [name for name, _ in found_in(f"{TITLE}\n{long}\n{TITLE}\n{long}\n{TITLE}")]
    assert names == ["gallery_title"] * 3


def test_find_galleries_takes_a_list_of_films_and_its_second_copy():
    text = f"Pier fire from above | 1:01\nA boat filmed it.\nPier songs | 0:44\n{PROSE[0]}\nPier fire from above"
    assert [name for name, _ in found_in(text)] == [
        "film_title",
        "gallery_description",
        "film_title",
        "film_title",
    ]


def test_find_galleries_takes_the_second_copy_of_a_question_and_of_a_description():
    films = "Who set the old pier of Ellery on fire? | 1:01\nA boat filmed it.\nPier songs | 0:44"
    text = f"{films}\nWho set the old pier of Ellery on fire?\n{PROSE[0]}\nA boat filmed it."
    assert sorted(name for name, _ in found_in(text)) == ["film_title"] * 3 + ["gallery_description"] * 2


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n{PROSE[0]}\n{TITLE}\n{PROSE[1]}",
        "\n".join(["Where it was seen: everywhere"] * 4),
        "The race ended at 10:15\nThe vote was close | 12 to 9",
        "\n".join(["He laughed at the pier."] * 3),
    ],
    ids=["twice only", "labels", "a time", "sentences"],
)
def test_find_galleries_leaves_what_is_no_gallery(text):
    assert found_in(text) == []
