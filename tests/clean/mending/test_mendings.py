import time

import pytest

from tasks.clean.edits import apply_edits
from tasks.clean.mending.mendings import find_mendings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It&#8217;s &amp; on", "It’s & on"),
        ("twice &amp;#8217; escaped", "twice ’ escaped"),
        ("donâ€™t", "don’t"),
        ("â€œYes,â€\x9d she said", "“Yes,” she said"),
        ("a cafÃ© for Â£5", "a café for £5"),
        ("the right. .", "the right."),
        ("the pier. . Then", "the pier. Then"),
        ("the pier,, then", "the pier, then"),
        ("the pier , then", "the pier, then"),
        ("negotiations., and then", "negotiations, and then"),
        ("zero\u200bwidth", "zerowidth"),
        ("a <b>bold</b> word", "a bold word"),
        ("before<script>var a = '<p>';</script>after", "beforeafter"),
    ],
)
def test_find_mendings_mends(text, expected):
    assert apply_edits(text, find_mendings(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wait . . . he said",
        "Ellery Corp., the owner",
        "at 9 a.m., he left",
        "R&D; AT&T; fish & chips",
        "if a < b and c > d",
        "<Ada> whispered",
        "Âge and SÃO are words",
        "“Ã” is a letter",
        "the end...",
    ],
)
def test_find_mendings_leaves_alone(text):
    assert find_mendings(text) == []


def test_find_mendings_turns_a_block_tag_into_an_empty_line():
    assert apply_edits("<p>One</p><p>Two</p>", find_mendings("<p>One</p><p>Two</p>")).split() == ["One", "Two"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>" * 4000,
        "<!--" * 8000,
        "<p " * 8000,
        "&" * 20000,
        ". " * 20000,
        "â€" * 9000,
        "Ã " * 9000,
        "AbcDef GhiJkl " * 4000,
        'a"b ' * 9000,
        "a”b " * 9000,
        "a b " * 9000,
        "b- \n" * 9000,
        "<<a " * 9000,
        ",,a " * 9000,
    ],
)
def test_find_mendings_ends_on_hostile_text(text):
    assert len(apply_edits(text, find_mendings(text))) <= 2 * len(text)


@pytest.mark.parametrize("unit", ["aA", "a.A", "a,b", "a- "])
def test_find_mendings_reads_a_long_run_in_no_time(unit):
    text = "Hello. " + unit * 10_000
    started = time.process_time()
    find_mendings(text)
    assert time.process_time() - started < 1
