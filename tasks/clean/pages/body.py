"""The article's text in a page: of the element that the site itself names so, or as an extractor finds it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from lxml.html import HtmlElement
from trafilatura import extract

from tasks.clean.lines import Line
from tasks.clean.mending.whitespace import LINE_BREAK, PARAGRAPH_BREAK
from tasks.clean.pages.blocks import read_lines
from tasks.clean.pages.markup import Marks
from tasks.clean.tables import load_table

WORD = re.compile(r"\w+")
MAXIMUM_LEAD_CAPTIONS = 2
MAXIMUM_SHARE_OF_LINKS = 0.3
# Where a page keeps menus, teasers and small print, the article's paragraphs are not.
OUTSIDE = ("nav", "aside", "footer", "header", "form")


@dataclass(frozen=True, slots=True)
class SetApart:
    """A caption, an embedded post, a pull quote or a link to another story: characters [start, end) of a body's text.

    `kind` is caption, post, quote or link; `credit_start` is where a caption's credit starts, if it has one.
    """

    start: int
    end: int
    kind: str
    credit_start: int | None = None


@dataclass(slots=True)
class Body:
    """An article's text, paragraphs parted by an empty line, and what the markup sets apart in it.

    `subheads` are the lines that the markup calls so. `is_extracted` tells that an extractor chose the paragraphs;
    else all are there that stand in the article's element.
    """

    text: str
    is_extracted: bool
    set_apart: list[SetApart] = field(default_factory=list)
    subheads: set[str] = field(default_factory=set)


def read_body(tree: HtmlElement, marks: Marks, *, is_page: bool) -> Body | None:
    """The body of a prepared tree; None where nothing is found.

    A piece of markup that is no whole page (a record's field) is all body. Of a page, the element that the site
    names as its article's text is; else the one that holds what trafilatura finds and little more; else that.
    """
    container = find_container(tree) if is_page else tree
    extracted = _extract(tree) if container is None else []
    if container is None:
        paragraphs = _prose(tree)
        is_lost = _lost_share(paragraphs, extracted) > load_table("pages/body.toml")["limits"]["maximum_missed_share"]
        container = find_holder(tree, paragraphs if is_lost else extracted)
    if container is not None:
        lines = _lead_captions(container, marks) + read_lines(container)
        return make_body(lines, marks, is_extracted=False)
    return make_body(extracted, marks, is_extracted=True)


def _lead_captions(container: HtmlElement, marks: Marks) -> list[str]:
    """The captions of pictures above the text, which many themes set outside of its element."""
    around = next(container.iterancestors("article", "main"), None)
    captions: list[str] = []
    for node in around.iter("p", container.tag) if around is not None else ():
        if node is container:
            return captions[-MAXIMUM_LEAD_CAPTIONS:]
        if marks.caption and (node.text or "").startswith(marks.caption):
            captions += read_lines(node)
    return []


def make_body(lines: list[str], marks: Marks, *, is_extracted: bool) -> Body | None:
    """The lines as a body: marks are taken off and what they marked is noted; None where there are no lines."""
    parts: list[str] = []
    set_apart: list[SetApart] = []
    subheads: set[str] = set()
    position = 0
    kinds = {marks.caption: "caption", marks.post: "post", marks.quote: "quote"}
    # A list of links is what some articles are.
    if marks.link and sum(line[:1] == marks.link for line in lines) <= MAXIMUM_SHARE_OF_LINKS * len(lines):
        kinds[marks.link] = "link"
    kinds.pop("", None)
    for line in lines:
        kind = kinds.get(line[:1])
        content, _, credit = line.partition(marks.credit) if marks.credit else (line, "", "")
        is_subhead = marks.subhead != "" and content.startswith(marks.subhead)
        content = content.lstrip(marks.caption + marks.post + marks.quote + marks.link + marks.subhead).strip()
        text = f"{content} {credit}".strip()
        if not text:
            continue
        if kind:
            credit_start = position + len(text) - len(credit) if credit else None
            set_apart.append(SetApart(position, position + len(text), kind, credit_start))
        if is_subhead:
            subheads.add(text)
        parts.append(text)
        position += len(text) + len(PARAGRAPH_BREAK)
    return Body(PARAGRAPH_BREAK.join(parts), is_extracted, set_apart, subheads) if parts else None


def find_container(tree: HtmlElement) -> HtmlElement | None:
    """The element that the site names as its article's text and that holds most of the page's running text."""
    table = load_table("pages/body.toml")
    total = _count_prose(read_lines(tree))
    for group in _named_elements(tree):
        # Several of the same name are the posts of a blog's page, or parts that no single element holds.
        outer = [node for node in group if not any(above in group for above in node.iterancestors())]
        if len(outer) == 1 and _count_prose(read_lines(outer[0])) >= table["limits"]["minimum_share"] * total > 0:
            return outer[0]
    return None


def find_holder(tree: HtmlElement, extracted: list[str]) -> HtmlElement | None:
    """The innermost element that holds the extracted lines, unless it holds much besides; None where none does.

    An extractor leaves out subheads and paragraphs of odd markup; the element that holds the others has them.
    """
    limits = load_table("pages/body.toml")["limits"]
    wanted = set(extracted)
    held: Counter[HtmlElement] = Counter()
    for node in tree.iter("p", "li", "h2", "h3", "h4", "pre"):
        text = " ".join(node.text_content().split())
        if text in wanted:
            held.update(dict.fromkeys(node.iterancestors(), len(text.split())))
    total, words = held[tree], sum(len(line.split()) for line in extracted)
    if not words or total < limits["minimum_share"] * words:
        return None
    holder = tree
    while inner := [child for child in holder if held[child] >= limits["held_share"] * total]:
        holder = inner[0]
    count = sum(len(line.split()) for line in read_lines(holder))
    return holder if count <= (1 + limits["maximum_besides"]) * words else None


def _named_elements(tree: HtmlElement) -> list[list[HtmlElement]]:
    """The elements of each name that the table knows, in its order; names that no element bears are left out."""
    order = _name_order()
    groups: dict[int, list[HtmlElement]] = {}
    for element in tree.iter("div", "article", "section", "main", "td", "span"):
        names = [("class", name) for name in (element.get("class") or "").split()]
        names += [
            ("property", element.get("itemprop") or element.get("property") or ""),
            ("id", element.get("id") or ""),
        ]
        for name in names:
            if name in order:
                groups.setdefault(order[name], []).append(element)
    return [groups[number] for number in sorted(groups)]


@cache
def _name_order() -> dict[tuple[str, str], int]:
    table = load_table("pages/body.toml")
    names = [("property", name) for name in table["properties"]]
    names += [("class", name) for name in table["classes"]] + [("id", name) for name in table["ids"]]
    return {name: number for number, name in enumerate(names)}


def _extract(tree: HtmlElement) -> list[str]:
    """The lines that trafilatura finds; where its fast way loses paragraphs of the article's element, its slow one."""
    lines = _extract_lines(tree, fast=True)
    expected = _article_prose(tree)
    if _lost_share(expected, lines) <= load_table("pages/body.toml")["limits"]["maximum_lost_share"]:
        return lines
    slow = _extract_lines(tree, fast=False)
    return slow if _lost_share(expected, slow) < _lost_share(expected, lines) else lines


def _extract_lines(tree: HtmlElement, *, fast: bool) -> list[str]:
    body = extract(tree, fast=fast, include_comments=False, include_formatting=False, output_format="txt")
    return [line.strip() for line in LINE_BREAK.split(body) if line.strip()] if body else []


def _article_prose(tree: HtmlElement) -> list[str]:
    """The running text in the page's only <article>, or else in <main>."""
    articles = tree.xpath("//article[not(ancestor::article)]")
    roots = articles if len(articles) == 1 else tree.xpath("//main")
    return _prose(roots[0]) if roots else []


def _prose(root: HtmlElement) -> list[str]:
    paragraphs = []
    for node in root.iter("p"):
        text = " ".join(node.text_content().split())
        if Line(0, len(text), text).is_prose and not any(above.tag in OUTSIDE for above in node.iterancestors()):
            paragraphs.append(text)
    return paragraphs


def _lost_share(paragraphs: list[str], lines: list[str]) -> float:
    """The share of the paragraphs' words that the lines do not have."""
    expected, found = Counter(WORD.findall(" ".join(paragraphs))), Counter(WORD.findall(" ".join(lines)))
    return (expected - found).total() / max(1, expected.total())


def _count_prose(lines: list[str]) -> int:
    return sum(line.word_count for line in (Line(0, len(text), text) for text in lines) if line.is_prose)
