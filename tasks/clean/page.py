"""Pages in HTML: what their markup declares, and the body that an extractor finds."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement
from trafilatura import extract, load_html

from tasks.clean.dates import Publication, read_timestamp
from tasks.clean.whitespace import LINE_BREAK, PARAGRAPH_BREAK

ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "Report",
        "SocialMediaPosting",
        "TechArticle",
    ]
)
MAXIMUM_DEPTH = 6
META_KEYS = {
    "title": ("og:title", "twitter:title", "dc.title", "parsely-title", "headline", "title"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"),
    "outlet_name": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "section": ("article:section", "parsely-section", "section", "og:article:section"),
    "url": ("og:url", "parsely-link", "twitter:url"),
    "published": (
        "article:published_time", "og:article:published_time", "og:published_time", "article:published",
        "datepublished", "date", "pubdate", "publishdate", "publish-date", "publication_date", "dc.date",
        "dc.date.issued", "dcterms.date", "dcterms.created", "parsely-pub-date", "sailthru.date",
        "article_date_original", "cxenseparse:recs:publishtime",
    ),
    "language": ("og:locale", "content-language", "dc.language", "language"),
}  # fmt: skip
ADDRESS = re.compile(r"https?://[^\s<>\"']+")


@dataclass(slots=True, kw_only=True)
class Page:
    """What a page says about its article; null where it says nothing. `text` parts paragraphs by an empty line."""

    title: str | None = None
    author: str | None = None
    outlet_name: str | None = None
    section: str | None = None
    url: str | None = None
    published: Publication | None = None
    text: str | None = None


def read_page(raw_html: str) -> Page:
    """The page's declared facts and its body; `text` is None where the extractor finds no body.

    JSON-LD comes first, then OpenGraph and other meta elements, then <time>, <link> and <title>.
    """
    tree = load_html(raw_html)
    if tree is None:
        return Page()
    declared = [*_read_json_ld(tree), _read_meta(tree), _read_elements(tree)]
    page = Page(
        title=_first(declared, "title"),
        author=_first(declared, "author"),
        outlet_name=_first(declared, "outlet_name"),
        section=_first(declared, "section"),
        url=_first(declared, "url"),
    )
    for values in declared:
        if (value := values.get("published")) and (publication := read_timestamp(value, "markup")):
            page.published = publication
            break
    body = extract(tree, fast=True, include_comments=False, include_formatting=False, output_format="txt")
    if body:
        page.text = PARAGRAPH_BREAK.join(line.strip() for line in LINE_BREAK.split(body) if line.strip()) or None
    return page


def _first(declared: list[dict[str, str]], key: str) -> str | None:
    return next((" ".join(values[key].split()) for values in declared if values.get(key, "").strip()), None)


def _read_json_ld(tree: HtmlElement) -> Iterator[dict[str, str]]:
    for element in tree.xpath('//script[@type="application/ld+json"]'):
        try:
            content = json.loads(element.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _walk_nodes(content, 0):
            types = node.get("@type")
            if not ARTICLE_TYPES.isdisjoint(types if isinstance(types, list) else [str(types)]):
                yield _read_node(node)


def _walk_nodes(content: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAXIMUM_DEPTH:
        return
    if isinstance(content, list):
        for item in content:
            yield from _walk_nodes(item, depth + 1)
    elif isinstance(content, dict):
        yield content
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            if isinstance(content.get(key), list | dict):
                yield from _walk_nodes(content[key], depth + 1)


def _read_node(node: dict[str, Any]) -> dict[str, str]:
    values = {
        "title": _name_of(node.get("headline") or node.get("name")),
        "author": _name_of(node.get("author") or node.get("creator")),
        "outlet_name": _name_of(node.get("publisher")),
        "section": _name_of(node.get("articleSection")),
        "url": _address_of(node.get("url")) or _address_of(node.get("mainEntityOfPage")),
        "published": _name_of(node.get("datePublished")),
    }
    return {key: value for key, value in values.items() if value}


def _name_of(value: Any) -> str:
    if isinstance(value, str):
        # An author's address on the site is no name.
        return "" if ADDRESS.fullmatch(value.strip()) else value.strip()
    if isinstance(value, dict):
        return _name_of(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, map(_name_of, value[:6]))))
    return ""


def _address_of(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) and ADDRESS.fullmatch(value.strip()) else ""


def _read_meta(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if name and content and content.strip():
            metas.setdefault(name.strip().lower(), content.strip())
    values = {}
    for field, keys in META_KEYS.items():
        found = (metas[key] for key in keys if key in metas)
        value = next((item for item in found if (ADDRESS.fullmatch(item) is not None) == (field == "url")), None)
        if value:
            values[field] = value
    return values


def _read_elements(tree: HtmlElement) -> dict[str, str]:
    values: dict[str, str] = {}
    for element in tree.xpath('//link[@rel="canonical"]/@href')[:1]:
        values["url"] = _address_of(str(element))
    times = tree.xpath('//time[@itemprop="datePublished"]/@datetime | //time[@pubdate]/@datetime')
    times = times or tree.xpath("//article//time/@datetime") or tree.xpath("//time/@datetime")
    if times:
        values["published"] = str(times[0])
    headings = tree.xpath("//article//h1") or tree.xpath("//h1")
    texts = [" ".join(heading.text_content().split()) for heading in headings]
    title = tree.findtext(".//title") or ""
    # A page with several main headings has its headline in the title element.
    values["title"] = texts[0] if len(texts) == 1 and len(texts[0].split()) >= 3 else title.strip()
    return {key: value for key, value in values.items() if value}
