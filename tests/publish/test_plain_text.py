import pytest

from tasks.publish.plain_text import flatten_text, shorten_text, strip_controls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\x1b[2Jb", "a[2Jb", id="escape-sequence"),
        pytest.param("a\x9b1mb", "a1mb", id="one-byte-escape"),
        pytest.param("a\r\nb", "a\n\nb", id="carriage-return"),
        pytest.param("a\u2028b", "a\nb", id="line-separator"),
        pytest.param("a\u202eb\u2066c", "abc", id="reordering"),
        pytest.param("a\tb\nc", "a\tb\nc", id="tab-and-newline-stay"),
        pytest.param("“naïve” – 5 €", "“naïve” – 5 €", id="plain"),
    ],
)
def test_strip_controls_leaves_text_that_steers_nothing(text: str, expected: str) -> None:
    assert strip_controls(text) == expected


def test_flatten_text_makes_one_line() -> None:
    assert flatten_text(" one\n\n two\u2028three\x07 ") == "one two three"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("short", 10, "short", id="fits"),
        pytest.param("one two three", 10, "one two…", id="at-a-word"),
        pytest.param("abcdefghijkl", 6, "abcde…", id="inside-a-long-word"),
        pytest.param("one two, three", 10, "one two…", id="no-comma-before-the-ellipsis"),
    ],
)
def test_shorten_text_cuts_at_a_word(text: str, limit: int, expected: str) -> None:
    assert shorten_text(text, limit) == expected
