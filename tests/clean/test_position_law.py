"""A paragraph of 40 words or more is never swallowed by position alone, whatever stands around it."""

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.clean.draft import Span
from tasks.clean.fields.head import read_head
from tasks.clean.furniture.dump import find_outside
from tasks.clean.furniture.link_lines import find_link_lines
from tasks.clean.furniture.tail import read_tail
from tasks.clean.lines import Line, split_lines
from tasks.clean.recurring.printed_lines import read_line
from tasks.clean.recurring.recurrence import find_recurring_lines
from tests.clean.made_up_documents import BODY, clean_document, make_document

SAFE_WORDS = 40
WORDS = [
    "harbour", "stone", "pier", "winter", "boat", "council", "grey", "slow", "tide", "gull", "rope", "salt", "wide",
    "shore", "quay", "lamp", "net", "keel", "mast", "wind", "morning", "people", "town", "street", "old", "new", "long",
    "short", "carried", "built", "moved", "stood", "along", "under", "before", "after", "between", "many",
]  # fmt: skip
FURNITURE = [
    "Home", "World", "Sport", "Weather", "My account", "Related stories", "Most read", "Read more", "Share this:",
    "By Ada Cole", "Ada Cole", "May 3, 2021", "Council votes to rebuild pier", "Harbour News", "Tags: pier, storm",
    "Leave a Reply", "Source link", "About the author", "Advertisement", "Photo: The pier in May.", "Comments",
    "4 hours ago", "The council met on Monday.", "Also Read:", "Related", "Recommended", "Next article",
]  # fmt: skip

MENU = ["Home", "World", "Sport", "Weather", "Opinion", "Letters", "Jobs", "My account"]


ENDS = ".?…— "


@st.composite
def long_paragraphs(draw) -> str:
    # Drawn by a seed: which neutral words they are does not matter, and lists of them are slow to draw.
    words = Random(draw(st.integers(0, 10_000))).choices(WORDS, k=draw(st.integers(SAFE_WORDS, 70)))
    return " ".join(words).capitalize() + draw(st.sampled_from([*ENDS[:3], "", " —"]))


PAGES = st.lists(
    st.one_of(long_paragraphs(), st.lists(st.sampled_from(FURNITURE), min_size=1, max_size=14)), min_size=1, max_size=8
)


def join_page(parts: list[str | list[str]]) -> str:
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part))


def long_lines(lines: list[Line]) -> set[int]:
    return {line.start for line in lines if len(line.text.split()) >= SAFE_WORDS}


@given(PAGES)
@example([" ".join(["pier"] * SAFE_WORDS)])
@example([["Council votes to rebuild pier"], " ".join((WORDS * 2)[:50]), *[" ".join(WORDS * 2) + "."] * 3])
@example([FURNITURE, " ".join(WORDS + WORDS), FURNITURE])
@example([" ".join(WORDS[:20] * 2), MENU * 3, *[" ".join(WORDS * 2)] * 3, MENU * 3])
@settings(max_examples=60, deadline=None)
def test_no_reader_of_position_takes_a_long_paragraph(parts):
    text = join_page(parts)
    lines = split_lines(text)
    openers = [Span(line.start, line.start + 1, "related", "also_read") for line in lines if line.text == "Also Read:"]
    head = read_head(lines, declared_title=None, known_outlet=None)
    tail = read_tail(
        lines,
        openers=openers,
        spans_after=openers,
        known_outlet="Harbour News",
    )
    recurring = frozenset(found[0] for line in lines if (found := read_line(line.text)) is not None)
    spans = [
        *head.spans,
        *tail.spans,
        *find_outside(lines, openers),
        *find_link_lines(lines),
        *find_recurring_lines(lines, recurring),
    ]
    assert not long_lines(lines) & {span.start for span in spans}


@pytest.mark.parametrize("count", [SAFE_WORDS, SAFE_WORDS + 1, 50, 60])
@pytest.mark.parametrize("below", ["", "By Ada Cole\n"], ids=["prose below", "byline below"])
def test_read_head_leaves_a_long_line_without_a_stop_below_the_title(count, below):
    long_line = " ".join((WORDS * 2)[:count]).capitalize()
    lines = split_lines(f"Council votes to rebuild pier\n{long_line}\n{below}{BODY}")
    head = read_head(lines, declared_title=None, known_outlet=None)
    assert head.lines_used == 1
    assert head.subtitle is None


def test_read_head_takes_a_standfirst_just_short_of_a_long_paragraph():
    standfirst = " ".join((WORDS * 2)[: SAFE_WORDS - 1]).capitalize()
    head = read_head(
        split_lines(f"Council votes to rebuild pier\n{standfirst}\n{BODY}"), declared_title=None, known_outlet=None
    )
    assert head.subtitle == standfirst


@given(PAGES)
@example([" ".join(["pier", *WORDS * 2]) + ".", " ".join(["pier", *WORDS * 2, "stood", *WORDS]) + "."])
@example([" ".join(WORDS * 2) + ".", " ".join(WORDS * 2)])
@settings(max_examples=25, deadline=None)
def test_clean_document_keeps_long_paragraphs(parts):
    article = clean_document(make_document(join_page(parts))).article
    if article is None:
        return
    # One that is printed twice is told once, whatever mark each ends with.
    kept = {paragraph.rstrip(ENDS) for paragraph in article.text.split("\n\n")}
    assert {part.rstrip(ENDS) for part in parts if isinstance(part, str)} <= kept
