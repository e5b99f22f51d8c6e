import pytest
from lxml.html import fromstring

from tasks.clean.pages.blocks import read_lines


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div><p>One <b>two</b>.</p><p>Three</p></div>", ["One two.", "Three"]),
        ("<div>One<br>two<br/><br/>three</div>", ["One", "two", "three"]),
        ("<div>Loose <a href='#'>text</a><p>Held</p>behind</div>", ["Loose text", "Held", "behind"]),
        ("<ul><li>One</li><li>Two</li></ul>", ["One", "Two"]),
        ("<table><tr><td>Car</td><td>40 crowns</td></tr><tr><td>Van</td></tr></table>", ["Car | 40 crowns", "Van"]),
        ("<div>A<!-- note -->B</div>", ["AB"]),
        ("<p> many \n\t spaces&nbsp;here </p>", ["many spaces here"]),
        ("<div></div>", []),
    ],
    ids=["paragraphs", "breaks", "loose text", "list", "table", "comment", "spaces", "nothing"],
)
def test_read_lines_breaks_where_blocks_do(html, expected):
    assert read_lines(fromstring(html)) == expected


def test_read_lines_leaves_out_what_follows_the_element():
    tree = fromstring("<div><p>Inside</p>outside</div>")
    assert read_lines(tree[0]) == ["Inside"]
