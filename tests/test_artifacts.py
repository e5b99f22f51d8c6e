import pytest

from tasks.artifacts import escape_markdown, markdown_table


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "![pixel](https://evil.example/p.png)",
        "https://evil.example",
        "www.evil.example",
        "a | b",
        "`code`",
        "**bold** _it_ ~~no~~",
        "# heading",
        "line\nline",
        "- item",
        "mail@evil.example",
        "\x1b[31mred",
        "\u202egnp.exe",
    ],
)
def test_escape_markdown_leaves_no_markup(text):
    escaped = escape_markdown(text)
    assert not set("<>|`*_[]()!\n\x1b\u202e@") & set(escaped)
    assert "://" not in escaped
    assert "www." not in escaped


def test_escape_markdown_shortens():
    assert escape_markdown("ab" * 400, length=5) == "abab…"


def test_markdown_table_escapes_cells():
    assert markdown_table(("a", "b"), [("x|y", 2)]) == "| a | b |\n| --- | --- |\n| x&#124;y | 2 |"


def test_markdown_table_without_rows_is_empty():
    assert markdown_table(("a",), []) == ""
