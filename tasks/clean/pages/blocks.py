"""The lines a reader of a page sees: its text, broken where its block elements break it."""

from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

BLOCK_TAGS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
        "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol",
        "optgroup", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "title",
        "tr", "ul", "amp-img", "amp-video",
    ]
)  # fmt: skip
CELL_TAGS = frozenset(["td", "th"])
CELL_SEPARATOR = " | "


def read_lines(element: HtmlElement) -> list[str]:
    """The element's text, a line for each block, break, list item or row of a table; white space made single spaces."""
    lines: list[str] = []
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            # Only what follows it is text.
            parts.append(node.tail or "")
            continue
        if node.tag in BLOCK_TAGS:
            _end_line(lines, parts)
        elif node.tag in CELL_TAGS and event == "start" and any(part.strip() for part in parts):
            parts.append(CELL_SEPARATOR)
        if event == "start":
            parts.append(node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    _end_line(lines, parts)
    return lines


def _end_line(lines: list[str], parts: list[str]) -> None:
    if parts:
        if line := " ".join("".join(parts).split()):
            lines.append(line)
        parts.clear()


def flat_text(elements: Iterable[HtmlElement]) -> str:
    """The elements' text on one line."""
    return " ".join(line for element in elements for line in read_lines(element))
