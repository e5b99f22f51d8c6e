"""A page's elements by what their tags and classes say: dropped, or marked as captions and posts of other services."""

import re
from collections import Counter
from functools import cache

from lxml import etree, html
from lxml.html import HtmlElement

from tasks.clean.furniture.rules import find_line_rule
from tasks.clean.lines import CLOSERS, Line
from tasks.clean.pages.blocks import BLOCK_TAGS, flat_text
from tasks.clean.tables import load_table

# An element with more of the page's words than this is no box beside the article, whatever its class says.
MAXIMUM_SHARE_OF_WORDS = 0.3
# A table of which one cell holds this much of the page's words is its layout.
LAYOUT_SHARE_OF_WORDS = 0.4
# Nothing in these is text that a reader of the page is shown.
NOT_SHOWN = (
    "script", "style", "noscript", "template", "iframe", "object", "svg", "button", "select", "textarea",
    "audio", "video", "canvas", "math", "amp-ad", "amp-state", "amp-list", "amp-analytics", "amp-sidebar",
)  # fmt: skip
DISPLAY_NONE = re.compile(r"display\s{0,4}:\s{0,4}none", re.IGNORECASE)
# A service's own limit, with room for the signature; longer is an essay that a page sets in a post's clothes.
MAXIMUM_POST_WORDS = 400
MAXIMUM_CAPTION_WORDS = 150
MINIMUM_PARAGRAPH_WORDS = 8
# Editors shorten and join what they set large, and name who said it: of real pull quotes few repeat less.
MINIMUM_SHARE_REPEATED = 0.4
# "3 / 12" above the caption of a gallery's picture.
PICTURE_NUMBER = re.compile(r"^\d{1,3}\s?/\s?\d{1,3}(?:\s+|$)")
# "Published on", "Updated:"
MAXIMUM_WORDS_BESIDE_TIME = 3
MAXIMUM_HEADING_CHARS = 60
# Of a story's title. One may end in a question mark.
LINK_WORDS = range(3, 26)
SENTENCE_MARKS_OF_PROSE = ".:;,…"
# Of a figure that is no picture.
TEXT_IN_FIGURES = ("table", "blockquote", "ul", "ol", "dl", "pre", "code")
BOX_CATEGORIES = ("related", "share", "subscription", "comment_form", "advertisement")
CONTAINERS = ("div", "article", "section", "main", "body", "blockquote")
WORD = re.compile(r"\w+")
# Signs of mathematics that no news page prints: a few of them serve as marks.
MARK_CHARACTERS = tuple(map(chr, range(0x2980, 0x29D8)))


class Marks:
    """Characters that stand nowhere in a page: they begin what is set apart in it."""

    def __init__(self, raw_html: str) -> None:
        free = (character for character in MARK_CHARACTERS if character not in raw_html)
        self.caption, self.credit, self.post, self.link = (next(free, "") for _ in range(4))
        self.subhead, self.quote = next(free, ""), next(free, "")


@cache
def _actions(attribute: str) -> dict[str, str]:
    elements = load_table("pages/markup.toml")["element"]
    return {value: element["action"] for element in elements for value in element.get(attribute, ())}


def find_action(element: HtmlElement) -> str | None:
    """What the element's tag, class or id says to do with it: drop, post, caption, credit or quote; else None."""
    if action := _actions("tags").get(element.tag):
        return action
    if classes := element.get("class"):
        actions = _actions("classes")
        for name in classes.lower().split():
            if action := actions.get(name):
                return action
    if identifier := element.get("id"):
        return _actions("ids").get(identifier)
    return None


def prepare_tree(tree: HtmlElement, marks: Marks) -> None:
    """Drops from the tree what its markup says is no article, and sets the rest of that in paragraphs of its own.

    These begin with a mark; a caption's credit follows behind a second one. What stands loose between
    paragraphs becomes one. Subheads, and paragraphs that are the titles of other stories, begin with marks, too.
    """
    etree.strip_elements(tree, *NOT_SHOWN, with_tail=False)
    total = count_words(tree)
    for cell in list(tree.iter("td")):
        if count_words(cell) >= LAYOUT_SHARE_OF_WORDS * total:
            _unmake_table(next(cell.iterancestors("table"), None))
    _act_on_elements(tree, total, marks)
    for figure in list(tree.iter("figure")):
        _drop_link_words(figure)
    for heading in list(tree.iter("h2", "h3", "h4", "h5", "h6")):
        _drop_headed_box(heading, total)
    for container in list(tree.iter(*CONTAINERS)):
        _wrap_loose_text(container)
    for node in tree.iter("p", "li", "div", "h2", "h3", "h4"):
        if node.tag in ("h2", "h3", "h4"):
            node.text = marks.subhead + (node.text or "")
        elif _is_link(node):
            node.text = marks.link + (node.text or "")


def _act_on_elements(tree: HtmlElement, total: int, marks: Marks) -> None:
    """Does with the tree's elements what their tags, classes and ids say: what is dropped goes first."""
    rest: list[tuple[HtmlElement, str]] = []
    for element in list(tree.iter(etree.Element)):
        action = "drop" if _is_hidden(element) or _is_time_stamp(element) else find_action(element)
        if action is None or element.getparent() is None:
            continue
        if action == "drop":
            if count_words(element) <= MAXIMUM_SHARE_OF_WORDS * total:
                _drop(element)
        else:
            rest.append((element, action))
    quotes = [element for element, action in rest if action == "quote"]
    for element in _repeated_quotes(tree, quotes):
        if element.tag in BLOCK_TAGS:
            _set_apart(element, marks.quote + flat_text([element]), most=MAXIMUM_POST_WORDS, mark=marks.quote)
        else:
            _drop(element)
    # A caption is read once its labels for screen readers are gone.
    for element, action in rest:
        if element.getparent() is None:
            continue
        if action == "post":
            _set_apart(element, marks.post + flat_text([element]), most=MAXIMUM_POST_WORDS, mark=marks.post)
        elif action != "quote":
            _take_picture_text(element, action, marks)


def _repeated_quotes(tree: HtmlElement, quotes: list[HtmlElement]) -> list[HtmlElement]:
    """The pull quotes of whose word triples the text outside them has enough; what stands nowhere else stays."""
    if not quotes:
        return []
    marked = set(quotes)
    outer = [quote for quote in quotes if marked.isdisjoint(quote.iterancestors())]
    triples = [_word_triples(quote) for quote in outer]
    held = Counter(_word_triples(tree))
    for own in triples:
        held.subtract(own)
    counts = [sum(held[triple] > 0 for triple in own) for own in triples]
    return [
        quote
        for quote, own, count in zip(outer, triples, counts, strict=True)
        if count >= MINIMUM_SHARE_REPEATED * max(1, len(own))
    ]


def _word_triples(element: HtmlElement) -> list[tuple[str, str, str]]:
    words = WORD.findall(flat_text([element]).lower())
    return list(zip(words, words[1:], words[2:], strict=False))


def _drop_link_words(figure: HtmlElement) -> None:
    """Takes the words of links out of a picture's figure: its caption stands outside by now, they say what it opens."""
    if figure.find(".//img") is None or next(figure.iter(*TEXT_IN_FIGURES), None) is not None:
        return
    for link in list(figure.iter("a")):
        if 0 < count_words(link) < LINK_WORDS.stop:
            _drop(link)


def count_words(element: HtmlElement) -> int:
    """Words in the element's text."""
    return len(WORD.findall(" ".join(element.itertext())))


def _unmake_table(table: HtmlElement | None) -> None:
    """Makes plain containers of a table and its rows and cells; tables inside it stay."""
    if table is None:
        return
    nodes = table.iterdescendants("tbody", "thead", "tr", "td", "th")
    for node in [table, *(node for node in nodes if next(node.iterancestors("table"), None) is table)]:
        node.tag = "div"


def _drop(element: HtmlElement) -> None:
    """Takes the element out; the texts before and behind a block stay apart."""
    if element.tag in BLOCK_TAGS and element.tail and element.tail.strip():
        element.addnext(html.Element("br"))
        following = element.getnext()
        if following is not None:
            following.tail, element.tail = element.tail, None
    element.drop_tree()


def _is_time_stamp(element: HtmlElement) -> bool:
    """Whether the element gives a time apart from running text: inside a sentence it is part of it."""
    if element.tag != "time":
        return False
    paragraph = next(element.iterancestors("p", "blockquote"), None)
    return paragraph is None or count_words(paragraph) - count_words(element) <= MAXIMUM_WORDS_BESIDE_TIME


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and DISPLAY_NONE.search(style) is not None)


def _take_picture_text(element: HtmlElement, action: str, marks: Marks) -> None:
    if action == "credit":
        if not _is_credit(element):
            return
        text = marks.caption + marks.credit + flat_text([element])
    else:
        credits = [
            node for node in element.iter(etree.Element) if node is not element and find_action(node) == "credit"
        ]
        credit = flat_text(credits)
        for node in credits:
            if node.getparent() is not None:
                node.drop_tree()
        body = PICTURE_NUMBER.sub("", flat_text([element]))
        text = marks.caption + body + (marks.credit + credit if credit else "")
    _set_apart(element, text, most=MAXIMUM_CAPTION_WORDS, mark=marks.caption)


def _drop_headed_box(heading: HtmlElement, total: int) -> None:
    """Drops the box that the heading opens, if its words are those above links to other stories, or above a pitch."""
    text = " ".join(heading.text_content().split())
    if not 0 < len(text) <= MAXIMUM_HEADING_CHARS:
        return
    rule = find_line_rule(Line(0, len(text), text), "whole_line")
    box = heading.getparent()
    while box is not None and box.tag in ("header", "hgroup") and len(box) == 1:
        heading, box = box, box.getparent()
    if rule is None or rule.category not in BOX_CATEGORIES or box is None or box.getparent() is None:
        return
    opens_box = not (box.text or "").strip() and next(iter(box)) is heading
    has_links = next(box.iter("a"), None) is not None
    if opens_box and has_links and count_words(box) <= MAXIMUM_SHARE_OF_WORDS * total:
        box.drop_tree()


def _is_credit(element: HtmlElement) -> bool:
    """Whether the element stands in a figure, or apart from running text: a class of that name also sets type."""
    if element.tag in BLOCK_TAGS or next(element.iterancestors("figure", "figcaption"), None) is not None:
        return True
    parent = element.getparent()
    return parent is not None and parent.tag in BLOCK_TAGS and count_words(parent) == count_words(element)


def _set_apart(element: HtmlElement, text: str, *, most: int, mark: str) -> None:
    """Puts the text, marked, into a paragraph in the element's place: outside a figure, which extractors drop whole."""
    words = len(WORD.findall(text))
    if not mark or words > most:
        return
    place = element
    figure = next(element.iterancestors("figure"), None)
    paragraph = html.Element("p")
    paragraph.text = text
    if figure is not None and figure.getparent() is not None:
        place = figure
    if place is element and element.tag in ("td", "li"):
        element.clear()
        element.append(paragraph)
        return
    if words:
        place.addnext(paragraph)
        # The text behind the element stays behind it.
        paragraph.tail, place.tail = place.tail, None
    element.drop_tree()


def _is_link(paragraph: HtmlElement) -> bool:
    """Whether the paragraph is nothing but a link, in words that are no sentence: the title of another story."""
    links = list(paragraph.iter("a"))
    if len(links) != 1 or any(_is_block(child) for child in paragraph):
        return False
    text, linked = flat_text([paragraph]), flat_text(links)
    words = len(text.split())
    return text == linked and words in LINK_WORDS and text.rstrip(CLOSERS)[-1:] not in SENTENCE_MARKS_OF_PROSE


def _wrap_loose_text(container: HtmlElement) -> None:
    """Makes paragraphs of the text and inline elements between the container's block elements, or of all of it."""
    children = list(container)
    if not any(_is_block(child) for child in children):
        if container.tag == "div" and count_words(container) >= MINIMUM_PARAGRAPH_WORDS:
            container.tag = "p"
        return
    run: HtmlElement | None = None
    if container.text and WORD.search(container.text):
        run = html.Element("p")
        run.text, container.text = container.text, None
        container.insert(0, run)
    for child in children:
        if child.tag != "br" and _is_block(child):
            run = None
            if child.tail and WORD.search(child.tail):
                run = html.Element("p")
                run.text, child.tail = child.tail, None
                child.addnext(run)
        elif run is not None:
            run.append(child)
        elif count_words(child) or (child.tail and WORD.search(child.tail)):
            run = html.Element("p")
            child.addprevious(run)
            run.append(child)


def _is_block(element: HtmlElement) -> bool:
    if element.tag in ("span", "a", "font", "ins", "center"):
        return any(node.tag in BLOCK_TAGS for node in element.iterdescendants(etree.Element) if node.tag != "br")
    return element.tag in BLOCK_TAGS and element.tag != "br"
