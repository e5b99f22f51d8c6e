"""Pages in HTML: what their markup declares, and their article's text."""

import re
from dataclasses import dataclass, field

from lxml import etree

from tasks.clean.pages.blocks import read_lines
from tasks.clean.pages.body import Body, SetApart, make_body, read_body
from tasks.clean.pages.facts import Facts, read_facts, read_stamp
from tasks.clean.pages.markup import Marks, prepare_tree
from tasks.clean.pages.tree import MAXIMUM_LEVELS, find_overgrowth, is_cut_short, read_tree
from tasks.clean.refusal import name_notice

# A page has one of these, or a title in its head; a record's field of markup neither, if now and then a <nav>.
WHOLE_PAGE = re.compile(r"<(?:!doctype html|html|head|body|main)[\s>]", re.IGNORECASE)
# A body of fewer words than this share of what JSON-LD carries was cut by a paywall or a script.
MINIMUM_SHARE_OF_DECLARED_BODY = 0.5


@dataclass(slots=True, kw_only=True)
class Page:
    """What a page holds: the facts that it declares, and its article's text, None where there is none.

    `text` parts paragraphs by an empty line; `is_extracted` tells that an extractor chose them, so that what is
    left at head and tail is rarely furniture. `set_apart` are captions, embedded posts and links to other stories
    in `text`, `subheads` its lines of that kind. `notice` names what the page shows in place of an article, or why
    it is not read.
    """

    facts: Facts = field(default_factory=Facts)
    text: str | None = None
    is_extracted: bool = True
    set_apart: list[SetApart] = field(default_factory=list)
    subheads: set[str] = field(default_factory=set)
    notice: str | None = None


def read_page(raw_html: str) -> Page:
    """What the page holds; a piece of markup that is no whole page is taken whole."""
    tree = read_tree(raw_html)
    if tree is None:
        return Page()
    if overgrowth := find_overgrowth(tree):
        return Page(notice=overgrowth)
    is_page = WHOLE_PAGE.search(raw_html) is not None or tree.find("head/title") is not None
    facts = read_facts(tree) if is_page else read_stamp(tree)
    page = Page(facts=facts)
    marks = Marks(raw_html)
    prepare_tree(tree, marks)
    body = read_body(tree, marks, is_page=is_page)
    if facts.body and (body is None or _is_cut(body, facts.body)):
        body = make_body(facts.body.splitlines(), marks, is_extracted=True)
    if body is None:
        page.notice = _read_notice(raw_html)
    else:
        page.text, page.is_extracted = body.text, body.is_extracted
        page.set_apart, page.subheads = body.set_apart, body.subheads
    return page


def _read_notice(raw_html: str) -> str | None:
    """What a page without an article says instead, to those without scripts, too; or why it cannot be read."""
    tree = read_tree(raw_html)
    if tree is None:
        return None
    if is_cut_short(tree):
        return f"markup nested more than {MAXIMUM_LEVELS} levels deep"
    etree.strip_elements(tree, "script", "style", "template", with_tail=False)
    return name_notice(" ".join(read_lines(tree)))


def _is_cut(body: Body, declared: str) -> bool:
    return len(body.text.split()) < MINIMUM_SHARE_OF_DECLARED_BODY * len(declared.split())
