"""What a page declares about its article: in JSON-LD, in meta elements, in microdata and in its own elements."""

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from tasks.clean.fields.dates import UPDATED, Publication, read_timestamp
from tasks.clean.pages.linked_data import ADDRESS, LinkedData

META_KEYS = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "headline", "title"),
    "author": (
        "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl",
        "article:author_name", "cxenseparse:author",
    ),
    "outlet_name": ("og:site_name", "application-name", "publisher", "dc.publisher", "article:publisher", "source"),
    "section": ("article:section", "parsely-section", "section", "og:article:section", "cxenseparse:category"),
    "url": ("og:url", "parsely-link", "twitter:url"),
    "published": (
        "article:published_time", "og:article:published_time", "og:published_time", "article:published",
        "datepublished", "date", "pubdate", "publishdate", "publish-date", "publication_date", "dc.date",
        "dc.date.issued", "dcterms.date", "dcterms.created", "parsely-pub-date", "sailthru.date",
        "article_date_original", "cxenseparse:recs:publishtime", "og:pubdate", "citation_publication_date",
    ),
    "language": ("og:locale", "content-language", "dc.language", "dcterms.language", "language"),
}  # fmt: skip
# Microdata, and RDFa with the same vocabulary.
PROPERTIES = {
    "headline": "title",
    "author": "author",
    "publisher": "outlet_name",
    "articlesection": "section",
    "datepublished": "published",
    "inlanguage": "language",
}
# Teasers of other stories stand here, with headlines and times of their own.
BESIDE = ("aside", "nav")
# A line that names authors is shorter; a longer element holds their lives.
MAXIMUM_AUTHOR_CHARS = 150
# A paragraph with fewer is a line above the text.
MINIMUM_RUNNING_WORDS = 15
# The surest first: rel="author", then classes.
AUTHOR_ORDER = (
    "rel", "author-name", "byline-name", "byline__name", "author__name", "article-author", "fn", "byline", "author",
)  # fmt: skip
AUTHOR_CLASSES = frozenset(AUTHOR_ORDER)
PUBLICATION_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:published|entry-date|post-date|pubdate|publish-date|article-date|date-published|dt-published)(?:$|[\s_-])",
    re.IGNORECASE,
)
# 2022/01/11 in an address is the day under which the site files the article.
ADDRESS_DAY = re.compile(r"/((?:19|20)\d\d)[/-]([01]\d)[/-]([0-3]\d)(?:/|-|$)")
LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)
ENGLISH_NAMES_OF_LANGUAGES = {"english": "en", "german": "de", "french": "fr", "spanish": "es"}


@dataclass(slots=True, kw_only=True)
class Facts:
    """What a page says about its article; null where it says nothing.

    `headings` are its main headings, which differ from the title that it declares now and then. `language` is that
    of ISO 639-1. `body` is the text that JSON-LD carries. `published` are the times that the markup gives for the
    publication, the surest first; `seen_time` one of which it does not say what it is.
    """

    title: str | None = None
    headings: list[str] = field(default_factory=list)
    author: str | None = None
    outlet_name: str | None = None
    section: str | None = None
    url: str | None = None
    language: str | None = None
    body: str | None = None
    published: list[Publication] = field(default_factory=list)
    seen_time: Publication | None = None


def read_facts(tree: HtmlElement) -> Facts:
    """The page's facts: of JSON-LD, else of meta elements, of microdata, of <time>, <link>, <h1> and <title>."""
    meta, elements = _read_meta(tree), _read_elements(tree)
    data = LinkedData(tree)
    titles = [title for title in (meta.get("title"), elements.get("title"), elements.get("title_element")) if title]
    article = data.find_article(url=elements.get("url") or meta.get("url"), titles=titles)
    page = data.find_page()
    sources = [data.read_node(article) if article else {}, meta, _read_properties(tree), elements]
    sources += [data.read_node(page) if page else {}, {"outlet_name": data.find_site_name()}]
    times = [time for time in tree.iter("time") if time.get("datetime") and not _is_beside(time)]
    inside = [time for time in times if next(time.iterancestors("article", "main"), None) is not None]
    url = _first(sources, "url")
    return Facts(
        title=_first(sources, "title"),
        headings=_read_headings(tree),
        author=_first(sources, "author"),
        outlet_name=_first(sources, "outlet_name"),
        section=_first(sources, "section"),
        url=url,
        language=_read_language(_first(sources, "language")),
        body=sources[0].get("body"),
        published=_read_times([source.get("published") for source in sources], find_address_day(url)),
        seen_time=next((read_timestamp(time.get("datetime"), "markup") for time in inside or times), None),
    )


def _read_times(declared: list[str | None], address_day: str | None) -> list[Publication]:
    found = [read_timestamp(value, "markup") for value in declared if value]
    found += [read_timestamp(address_day, "address")] if address_day else []
    return [item for item in found if item]


def _read_language(value: str | None) -> str | None:
    value = (value or "").strip()
    match = LANGUAGE.fullmatch(value)
    return match[1].lower() if match else ENGLISH_NAMES_OF_LANGUAGES.get(value.lower())


def read_stamp(tree: HtmlElement) -> Facts:
    """The facts of a piece of markup that is no whole page: the time above its running text, if not of an update."""
    for element in tree.iter("time", "p", "li"):
        if element.tag == "time":
            text = " ".join(element.text_content().split())
            value = element.get("datetime") or text
            if value and not _is_beside(element) and not UPDATED.search(f"{_text_before(element)} {text}"):
                return Facts(seen_time=read_timestamp(value, "markup"))
        elif len(element.text_content().split()) >= MINIMUM_RUNNING_WORDS:
            break
    return Facts()


def _text_before(element: HtmlElement) -> str:
    """The text right before an inline element: its label."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or ""
    return (parent.text or "") if parent is not None else ""


def _first(sources: list[dict[str, str]], key: str) -> str | None:
    return next((" ".join(source[key].split()) for source in sources if source.get(key, "").strip()), None)


def find_address_day(url: str | None) -> str | None:
    """The day in the address (ISO 8601) under which the site files the article; None where there is none."""
    match = ADDRESS_DAY.search(url or "")
    return "-".join(match.groups()) if match else None


def _read_meta(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        for attribute in ("property", "name", "http-equiv"):
            name = element.get(attribute)
            if name and content and content.strip():
                metas.setdefault(name.strip().lower(), content.strip())
    values = {}
    for key, names in META_KEYS.items():
        found = (metas[name] for name in names if name in metas)
        value = next((item for item in found if (ADDRESS.fullmatch(item) is not None) == (key == "url")), None)
        if value:
            values[key] = value
    return values


def _read_properties(tree: HtmlElement) -> dict[str, str]:
    """Facts from itemprop, and from RDFa's property where it is none of OpenGraph's."""
    values: dict[str, str] = {}
    authors: list[str] = []
    for element in tree.xpath("//*[@itemprop or @property]"):
        names = (element.get("itemprop") or element.get("property") or "").lower().replace("schema:", "").split()
        for key in (PROPERTIES[name] for name in names if name in PROPERTIES):
            value = _property_value(element)
            if not value or (key != "published" and ADDRESS.fullmatch(value)):
                continue
            if key in ("published", "title") and _is_beside(element):
                continue
            if key == "author" and len(value) <= MAXIMUM_AUTHOR_CHARS:
                authors.append(value)
            elif key != "author":
                values.setdefault(key, value)
    if authors:
        values["author"] = ", ".join(dict.fromkeys(authors[:4]))
    return values


def _is_beside(element: HtmlElement) -> bool:
    return next(element.iterancestors(*BESIDE), None) is not None


def _property_value(element: HtmlElement) -> str:
    value = element.get("content") or element.get("datetime")
    if value is None:
        names = element.xpath('.//*[@itemprop="name" or @property="name" or @property="schema:name"]')
        chosen = names[0] if names else element
        value = chosen.get("content") or chosen.text_content()
    return " ".join(value.split())


def _read_elements(tree: HtmlElement) -> dict[str, str]:
    values: dict[str, str] = {
        "language": tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    }
    for address in tree.xpath('//link[@rel="canonical"]/@href')[:1]:
        values["url"] = str(address).strip() if ADDRESS.fullmatch(str(address).strip()) else ""
    values["published"] = _find_publication_time(tree)
    values["author"] = _find_author(tree)
    texts = _read_headings(tree)
    values["title_element"] = " ".join((tree.findtext(".//title") or "").split())
    # A page with several main headings has its headline in the title element.
    values["title"] = texts[0] if len(texts) == 1 and len(texts[0].split()) >= 3 else values["title_element"]
    return {key: value for key, value in values.items() if value}


def _read_headings(tree: HtmlElement) -> list[str]:
    """The main headings of the page's article; where that has none, of the page."""
    headings = tree.xpath("//article//h1") or tree.xpath("//h1")
    return [" ".join(heading.text_content().split()) for heading in headings]


def _find_publication_time(tree: HtmlElement) -> str:
    """The time of an element that says it is that of publication."""
    for element in tree.iter("time"):
        marked = element.get("pubdate") is not None or PUBLICATION_CLASSES.search(element.get("class") or "")
        if marked and "updated" not in (element.get("class") or "").split() and not _is_beside(element):
            return element.get("datetime") or " ".join(element.text_content().split())
    for element in tree.iter("abbr", "span", "p", "div"):
        name = element.get("class")
        if name and len(name) < 80 and PUBLICATION_CLASSES.search(name):
            text = element.get("title") or element.get("datetime") or " ".join(element.text_content().split())
            if any(character.isdigit() for character in text) and len(text) < 80:
                return text
    return ""


def _find_author(tree: HtmlElement) -> str:
    """The author whom an element names by its relation or class, if it is the only one."""
    found: dict[str, set[str]] = {}
    for element in tree.iter("a", "span", "p", "div", "address"):
        names = ["rel"] if element.get("rel") == "author" else (element.get("class") or "").split()
        for name in AUTHOR_CLASSES.intersection(names):
            found.setdefault(name, set()).add(" ".join(element.text_content().split()))
    for name in sorted(found, key=AUTHOR_ORDER.index):
        texts = [text for text in found[name] if 3 <= len(text) <= 60 and not any(map(str.isdigit, text))]
        if len(texts) == 1:
            return texts[0]
    return ""
