import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.clean.lines import split_lines
from tasks.clean.recurring import recurrence
from tasks.clean.recurring.printed_lines import PrintedLines, Shape, read_line, read_printed_lines
from tasks.clean.recurring.recurrence import Tally, find_place, find_recurring, find_recurring_lines, recurring_in
from tests.clean.made_up_documents import make_document

LIMITS = tomllib.loads((Path(recurrence.__file__).parent / "recurrence.toml").read_text("utf-8"))
PLACES = ["Ellery", "Norvik", "Sand Bay", "Osterby", "Lund Hill", "Marrow", "Quill", "Tarn", "Upwell", "Vester"]


def tell(number: int) -> list[str]:
    """Three paragraphs that no other number has."""
    place = f"{PLACES[number % 10]} {'abcdefghij'[number // 10]}"
    return [
        f"The council of {place} agreed on {day} to rebuild the old stone pier and to ask the province for half of the"
        " money that the work will cost before the storms of winter come."
        for day in ("Monday", "Tuesday", "Friday")
    ]


def make_article(number: int, *, above: str = "", between: str = "", below: str = "", **fields) -> PrintedLines:
    first, second, third = tell(number)
    text = "\n".join(filter(None, [above, first, between, second, third, below]))
    return read_printed_lines(make_document(text, **({"declared_outlet": "Harbour News"} | fields)))


def learn(documents: list[PrintedLines]) -> set[int]:
    return set().union(*find_recurring(lambda: documents).values())


def hashes(*texts: str) -> set[int]:
    return {read_line(text)[0] for text in texts}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("above", "Harbour News | Your town"),
        ("below", "Harbour News is read in nine towns"),
        ("between", "Advertisement for members"),
    ],
)
def test_find_recurring_finds_furniture_wherever_it_stands(place, text):
    assert learn([make_article(number, **{place: text}) for number in range(12)]) == hashes(text)


def test_find_recurring_finds_furniture_of_few_documents_at_the_edge_only():
    few = range(LIMITS["edge"]["minimum_documents"])
    line = "Harbour News is read in nine towns"
    assert learn([make_article(number, below=line) for number in few]) == hashes(line)
    assert learn([make_article(number, below=line) for number in few[1:]]) == set()
    assert learn([make_article(number, between=line) for number in few]) == set()


@pytest.mark.parametrize(
    "line",
    [
        "“We have waited nine years for this,” said Ada Cole.",
        "Why it matters:",
        "- Ada Cole, who leads the council",
        "‘A long wait’",
    ],
    ids=["quotation", "label", "item", "single marks"],
)
def test_find_recurring_leaves_content_however_often_it_recurs(line):
    assert learn([make_article(number, between=line, below=line) for number in range(30)]) == set()


def test_find_recurring_asks_more_of_a_sentence_between_paragraphs():
    line = "The ministry did not respond to questions."
    with_line = [make_article(number, between=line) for number in range(12)]
    without = [make_article(number) for number in range(12, 90)]
    assert learn(with_line) == hashes(line)
    assert learn(with_line + without) == set()


def test_find_recurring_counts_copies_of_an_article_once():
    first, second, third = tell(1)
    texts = [f"{first}\n{second}\n{third}\nThe vote was close\nVersion {'abcdefghijkl'[n]}" for n in range(12)]
    assert learn([read_printed_lines(make_document(text, declared_outlet="Harbour News")) for text in texts]) == set()


PLEAS = [
    "Your friendly paper of the seven valleys is paid for by those who read it, so if you can spare a little each month"
    " please think of joining the nine hundred members who keep its presses turning.",
    "No part of this publication may be stored, copied or sent on in any form, by any means and for any purpose, unless"
    " the publisher has agreed to it beforehand in writing, which takes about a week.",
    "Letters to the editor are welcome at the address above, should not be longer than two hundred words, and must give"
    " a name and a street; those that we print may be shortened for reasons of space.",
]


@pytest.mark.parametrize("copies", [1, 4])
@pytest.mark.parametrize("pleas", range(4))
def test_find_recurring_does_not_take_documents_with_the_same_pleas_for_copies(pleas, copies):
    line = "Harbour News is read in nine towns"
    below = "\n".join([*PLEAS[:pleas], line])
    documents = [make_article(n // copies, below=below, above=f"Copy {n}") for n in range(12 * copies)]
    assert hashes(line) <= learn(documents)


def test_find_recurring_never_takes_the_pleas_themselves():
    documents = [make_article(number, below="\n".join(PLEAS)) for number in range(20)]
    assert learn(documents) == set()


@pytest.mark.parametrize("pleas", [0, 3])
@pytest.mark.parametrize("own", [0, 1])
def test_find_recurring_counts_an_article_and_its_versions_once(pleas, own):
    texts = [["The vote was close", *tell(1), *tell(2), *tell(10 + n)[:own], *PLEAS[:pleas]] for n in range(12)]
    documents = [read_printed_lines(make_document("\n".join(t), declared_outlet="Harbour News")) for t in texts]
    assert learn(documents) == set()


def test_find_recurring_compares_enough_documents_to_see_past_a_few_copies():
    line = "Advertisement for members"
    ids = [{"document_id": f"{number:016x}"} for number in range(30)]
    copies = [make_article(0, between=line, **fields) for fields in ids[:6]]
    others = [make_article(number, between=line, **fields) for number, fields in enumerate(ids[6:], start=1)]
    assert learn(copies + others) == hashes(line)


def test_find_recurring_keeps_outlets_apart():
    line = "Harbour News is read in nine towns"
    documents = [make_article(number, below=line, declared_outlet=f"Outlet {number % 5}") for number in range(15)]
    assert learn(documents) == set()


def test_find_recurring_asks_more_of_a_source_that_may_hold_several_outlets():
    line = "Harbour News is read in nine towns"
    least = LIMITS["undeclared"]["minimum_documents"]
    documents = [make_article(number, below=line, declared_outlet=None) for number in range(least)]
    assert learn(documents) == hashes(line)
    assert learn(documents[1:]) == set()


@given(st.lists(st.integers(0, 11), min_size=1, max_size=12), st.integers(1, 9), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_find_recurring_counts_documents_not_repeats_and_in_any_order(with_line, repeats, random):
    line = "Harbour News is read in nine towns"
    once = [make_article(number, below=line if number in with_line else "") for number in range(12)]
    block = "\n".join([line] * repeats)
    repeated = [make_article(number, below=block if number in with_line else "") for number in range(12)]
    random.shuffle(repeated)
    is_learned = len(set(with_line)) >= LIMITS["edge"]["minimum_documents"]
    assert learn(once) == learn(repeated) == (hashes(line) if is_learned else set())


def test_find_recurring_samples_the_same_documents_in_any_order():
    line = "Harbour News is read in nine towns"
    documents = [make_article(number, below=line) for number in range(60)]
    for order in (documents, documents[::-1]):
        _, rough = recurrence._count_roughly(order)
        (tally,) = recurrence._tally(order, rough).values()
        assert [item.document_id for item in sorted(tally.sample)] == sorted(item.document_id for item in documents)[
            : len(tally.sample)
        ]
        assert tally.documents == 60


@pytest.mark.parametrize(
    ("shape", "at_edge", "in_block", "place"),
    [
        (Shape.NONE, 9, 0, "edge"),
        (Shape.SENTENCE, 9, 0, "block"),
        (Shape.MASKED, 9, 0, "block"),
        (Shape.NONE, 2, 9, "block"),
        (Shape.MASKED, 2, 9, "inside"),
        (Shape.NONE, 2, 2, "inside"),
        (Shape.SENTENCE, 2, 2, "sentence"),
    ],
)
def test_find_place_puts_what_may_be_a_fact_to_a_harder_test(shape, at_edge, in_block, place):
    assert find_place(Tally(shape, True, documents=10, at_edge=at_edge, in_block=in_block)) == place


def test_find_recurring_lines_leaves_bylines_and_dates_in_the_head():
    text = "By Ada Cole\nMay 3, 2021\nHarbour News | Your town\nThe pier is to be rebuilt."
    known = frozenset(hashes("By Ada Cole", "May 3, 2021", "Harbour News | Your town"))
    found = find_recurring_lines(split_lines(text), known)
    assert [text[span.start : span.end] for span in found] == ["Harbour News | Your town"]


def test_recurring_in_names_the_documents_own_lines_only():
    printed = make_article(1, below="Harbour News is read in nine towns")
    known = {"outlet:harbour news": frozenset(hashes("Harbour News is read in nine towns", "Another line"))}
    assert recurring_in(printed, known) == [read_line("Harbour News is read in nine towns")[0]]


def test_limits_rise_from_the_edge_to_the_middle():
    places = [LIMITS[name] for name in ("edge", "block", "inside", "sentence")]
    for key in ("minimum_documents", "minimum_share"):
        assert sorted(place[key] for place in places) == [place[key] for place in places]


def test_find_recurring_lines_leaves_what_a_tail_rule_knows_to_it():
    assert find_recurring_lines(split_lines("The pier is to be rebuilt.\nSource"), frozenset(hashes("Source"))) == []
