import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.clean.edits import Edit, apply_edits
from tasks.clean.mending.whitespace import INVISIBLE, drop_invisible, find_invisible, make_whitespace_regular


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\nTwo.", "One.\n\nTwo."),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
        ("One. \r\n\r\n Two.", "One.\n\nTwo."),
        ("  One\u00a0two\t three \n", "One two three"),
        ("One\u2028Two", "One\n\nTwo"),
        ("One.\n\nTwo three.", "One.\n\nTwo three."),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_make_whitespace_regular_parts_paragraphs(text, expected):
    assert apply_edits(text, make_whitespace_regular(text, [])) == expected


def test_make_whitespace_regular_joins_wrapped_lines():
    text = "One\ntwo\nthree.\n\nFour\nfive."
    assert apply_edits(text, make_whitespace_regular(text, [], join_lines=True)) == "One two three.\n\nFour five."


@pytest.mark.parametrize(
    ("text", "removed", "expected"),
    [
        ("[ad_1]\nOne.", "[ad_1]", "One."),
        ("One.\n\nShare\n\nTwo.", "Share", "One.\n\nTwo."),
        ("One [x] two", "[x]", "One two"),
        ("One.\nSource link", "Source link", "One."),
    ],
)
def test_make_whitespace_regular_closes_the_gap_of_a_removal(text, removed, expected):
    start = text.index(removed)
    edits = [Edit(start, start + len(removed), "", "furniture", "made_up")]
    assert apply_edits(text, make_whitespace_regular(text, edits)) == expected


def test_make_whitespace_regular_leaves_a_regular_text_alone():
    assert make_whitespace_regular("One two.\n\nThree.", []) == []


@given(st.text(alphabet=" \n\r\tab\u00a0\u2009.", max_size=40))
def test_make_whitespace_regular_leaves_nothing_irregular(text):
    regular = apply_edits(text, make_whitespace_regular(text, []))
    paragraphs = regular.split("\n\n") if regular else []
    assert all(" ".join(paragraph.split()) == paragraph != "" for paragraph in paragraphs)
    assert "".join(regular.split()) == "".join(text.split())


@given(st.text(alphabet=" \n\tab.", max_size=30), st.integers(0, 30), st.integers(1, 6))
def test_make_whitespace_regular_keeps_the_rest_of_a_removal(text, start, length):
    removals = [Edit(start, min(len(text), start + length), "", "share", "s")] if start < len(text) else []
    regular = apply_edits(text, make_whitespace_regular(text, removals))
    kept = text[:start] + text[start + length :]
    assert "".join(regular.split()) == "".join(kept.split())
    assert all(" ".join(part.split()) == part != "" for part in regular.split("\n\n")) or regular == ""


def test_find_invisible_finds_every_invisible_character():
    invisible = [character for character in map(chr, range(0x110000)) if INVISIBLE.match(character)]
    assert len(invisible) > 40
    assert [character for character in invisible if len(find_invisible(f"a\n{character}b")) != 1] == []


@pytest.mark.parametrize("text", ["plain\nlines", "a\u200bb\ufeff", "a\tb\u00a0c"])
def test_drop_invisible(text):
    assert drop_invisible(text) == text.replace("\u200b", "").replace("\ufeff", "")


def test_find_invisible_keeps_joiners_that_scripts_need():
    assert [text.encode("unicode_escape") for text in _removed("a\u200bb\u00adc\u200dd\ufeff\x00")] == [
        b"\\u200b",
        b"\\xad",
        b"\\ufeff\\x00",
    ]


def _removed(text: str) -> list[str]:
    return [text[edit.start : edit.end] for edit in find_invisible(text)]
