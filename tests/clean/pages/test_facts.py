import pytest
from lxml.html import fromstring

from tasks.clean.pages.facts import Facts, find_address_day, read_facts, read_stamp
from tests.clean.made_up_documents import PROSE


def facts_of(head: str = "", body: str = "", attributes: str = "") -> Facts:
    return read_facts(fromstring(f"<html {attributes}><head>{head}</head><body>{body}</body></html>"))


def published_times(facts: Facts) -> list[str]:
    return [
        f"{item.at:%Y-%m-%d %H:%M}" if item.precision == "minute" else f"{item.at:%Y-%m-%d}" for item in facts.published
    ]


def seen_day(facts: Facts) -> str | None:
    return f"{facts.seen_time.at:%Y-%m-%d}" if facts.seen_time else None


def test_read_facts_reads_open_graph():
    facts = facts_of(
        '<meta property="og:title" content="Pier to be rebuilt"><meta property="og:site_name" content="Ellery Herald">'
        '<meta property="article:author" content="https://x.example/jo"><meta property="og:locale" content="en_GB">'
        '<meta property="og:url" content="https://herald.example/pier">'
    )
    assert (facts.title, facts.author, facts.outlet_name) == ("Pier to be rebuilt", None, "Ellery Herald")
    assert (facts.url, facts.language) == ("https://herald.example/pier", "en")


def test_read_facts_reads_microdata():
    facts = facts_of(
        body='<div itemscope><h1 itemprop="headline">Pier to be rebuilt</h1>'
        '<p itemprop="author" itemscope><span itemprop="name">Jo Ford</span>, harbour reporter</p>'
        '<meta itemprop="articleSection" content="Island"><time itemprop="datePublished" datetime="2022-01-10">x</time>'
        '<div itemprop="publisher"><meta itemprop="name" content="Ellery Herald"></div></div>'
    )
    assert (facts.title, facts.author, facts.outlet_name) == ("Pier to be rebuilt", "Jo Ford", "Ellery Herald")
    assert (facts.section, published_times(facts)) == ("Island", ["2022-01-10"])


def test_read_facts_reads_rdfa():
    facts = facts_of(
        body='<p property="schema:author">Jo Ford</p><time property="datePublished" datetime="2022-01-10">'
    )
    assert (facts.author, published_times(facts)) == ("Jo Ford", ["2022-01-10"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a rel="author">Jo Ford</a><a rel="author">Jo Ford</a>', "Jo Ford"),
        ('<span class="author vcard"><a class="fn">Jo Ford</a></span>', "Jo Ford"),
        ('<a rel="author">Jo Ford</a><a rel="author">Ada Lind</a>', None),
        ('<p class="author">Published on 10 January 2022</p>', None),
    ],
    ids=["relation", "class", "two stories", "no name"],
)
def test_read_facts_takes_an_author_whom_one_element_names(body, expected):
    assert facts_of(body=body).author == expected


@pytest.mark.parametrize(
    ("body", "published", "seen"),
    [
        ('<time class="entry-date published" datetime="2022-01-10">x</time>', ["2022-01-10"], "2022-01-10"),
        ('<abbr class="published" title="2022-01-10T09:00:00Z">9:00</abbr>', ["2022-01-10 09:00"], None),
        ('<span class="post-date">January 10, 2022</span>', ["2022-01-10"], None),
        ('<time datetime="2024-03-01">today</time>', [], "2024-03-01"),
        ('<div class="published">by us all</div>', [], None),
    ],
)
def test_read_facts_tells_a_marked_time_from_any_time(body, published, seen):
    facts = facts_of(body=body)
    assert (published_times(facts), seen_day(facts)) == (published, seen)


def test_read_facts_takes_the_time_in_the_article_before_the_pages_clock():
    body = '<time datetime="2024-03-01">today</time><article><time datetime="2022-01-10">then</time></article>'
    assert seen_day(facts_of(body=body)) == "2022-01-10"


@pytest.mark.parametrize(
    "teaser",
    [
        '<time datetime="2021-05-03">then</time>',
        '<time class="published" datetime="2021-05-03">then</time>',
        '<h2 itemprop="headline">Fares of the ferry to rise</h2><time itemprop="datePublished" datetime="2021-05-03"/>',
    ],
    ids=["time", "class", "microdata"],
)
def test_read_facts_leaves_the_facts_of_a_teaser_beside_the_article(teaser):
    facts = facts_of(body=f"<article><p>Held.</p><aside><article>{teaser}</article></aside></article>")
    assert (facts.title, facts.published, facts.seen_time) == (None, [], None)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<div><time>May 3, 2022 8:47 p.m. ET</time></div><p>{PROSE[0]}</p>", "2022-05-04"),
        (f"<p>Posted <time datetime='2022-05-03'>May 3</time></p><p>{PROSE[0]}</p>", "2022-05-03"),
        (f"<p>{PROSE[0]}</p><blockquote><time datetime='2021-01-01'>then</time></blockquote>", None),
        (f"<aside><time datetime='2021-01-01'>then</time></aside><p>{PROSE[0]}</p>", None),
        (f"<time>Updated May 3, 2022 8:47 p.m. ET</time><p>{PROSE[0]}</p>", None),
        (f"<p>Updated <time datetime='2022-05-04'>May 4</time></p><p>{PROSE[0]}</p>", None),
        (f"<p>{PROSE[0]}</p>", None),
    ],
    ids=["above the text", "in a short line", "in the text", "beside it", "updated", "labelled updated", "none"],
)
def test_read_stamp_takes_the_time_above_the_text(html, expected):
    assert seen_day(read_stamp(fromstring(f"<div>{html}</div>"))) == expected


def test_read_facts_takes_the_title_element_where_headings_are_many():
    facts = facts_of("<title>Pier | Herald</title>", "<h1>One of two stories</h1><h1>Two of two stories</h1>")
    assert facts.title == "Pier | Herald"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/2022/01/11/pier", "2022-01-11"),
        ("https://x.example/news/2022-01-11-pier", "2022-01-11"),
        ("https://x.example/2022/pier-01-11", None),
        ("https://x.example/id/120220111", None),
        (None, None),
    ],
)
def test_find_address_day(url, expected):
    assert find_address_day(url) == expected
