"""A page's markup as a tree, where it is nested too deeply for the parser, too."""

import re

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import load_html

# The parser gives up at 256 levels, and what stands behind is lost; pages that people read have some sixty at most.
MAXIMUM_LEVELS = 250
# Choosing an article's paragraphs takes 50 to 120 microseconds for each element, so that a page of these takes five to
# twelve seconds, and longer ones more for each; pages that people read have some thousands.
MAXIMUM_ELEMENTS = 100_000
# Maps, formulas and lists to choose from are of thousands of elements, none of which is of an article's text.
DRAWN = ("svg", "math", "select")
# Elements whose nesting says nothing about what is a paragraph: containers break a line, the others only style it.
CONTAINERS = "div|section|center|table|tbody|tr|td|ul|ol|li|dl|dd|blockquote|fieldset|form|article|main"
STYLES = "span|font|b|strong|i|em|u|s|small|big|tt|a|sup|sub|ins|del|mark|abbr|label|code"
CONTAINER_TAG = re.compile(rf"</?(?:{CONTAINERS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
STYLE_TAG = re.compile(rf"</?(?:{STYLES})(?=[\s/>])[^<>]*>", re.IGNORECASE)


def read_tree(raw_html: str) -> HtmlElement | None:
    """The page's tree; None where there is no markup.

    Markup nested too deeply is read without its containers and styles; `is_cut_short` tells where that is not enough.
    """
    tree = load_html(raw_html)
    if tree is None and "<" in raw_html:
        # The library takes a piece of one element for no markup.
        tree = load_html(f"<html><body>{raw_html}</body></html>")
    if tree is None or not is_cut_short(tree):
        return tree
    return load_html(STYLE_TAG.sub("", CONTAINER_TAG.sub("<br>", raw_html)))


def find_overgrowth(tree: HtmlElement) -> str | None:
    """How many elements a page has, in words, where they are more than are read; else None.

    What is DRAWN does not count: it is taken out of a page of so many.
    """
    count = int(tree.xpath("count(//*)"))
    if count > MAXIMUM_ELEMENTS:
        etree.strip_elements(tree, *DRAWN, with_tail=False)
        count = int(tree.xpath("count(//*)"))
    return f"{count} elements, of which {MAXIMUM_ELEMENTS} are read at most" if count > MAXIMUM_ELEMENTS else None


def is_cut_short(tree: HtmlElement) -> bool:
    """Whether the parser gave up inside the tree's last element because that lies too deep."""
    levels, node = 0, tree
    while len(node) and levels < MAXIMUM_LEVELS:
        node = node[-1]
        levels += 1
    return levels >= MAXIMUM_LEVELS
