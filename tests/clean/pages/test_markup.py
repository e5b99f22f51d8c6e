import pytest
from lxml.html import fromstring

from tasks.clean.pages.blocks import read_lines
from tasks.clean.pages.markup import Marks, find_action, prepare_tree
from tasks.clean.tables import load_table
from tests.clean.made_up_documents import PROSE

ELEMENTS = load_table("pages/markup.toml")["element"]
TAKEN = [(entry, html) for entry in ELEMENTS for html in entry["takes"]]
LEFT = [html for entry in ELEMENTS for html in entry["leaves"]]
SENTENCE = PROSE[0].split(". ")[0]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)


def lines_of(html: str) -> list[str]:
    tree = fromstring(f"<html><body>{html}</body></html>")
    marks = Marks(html)
    prepare_tree(tree, marks)
    names = {marks.caption: "CAPTION:", marks.credit: " CREDIT:", marks.post: "POST:", marks.quote: "QUOTE:"}
    return ["".join(names.get(character, character) for character in line) for line in read_lines(tree)]


@pytest.mark.parametrize(("entry", "html"), TAKEN, ids=[entry["name"] for entry, _ in TAKEN])
def test_find_action_takes_its_examples(entry, html):
    assert find_action(fromstring(html)) == entry["action"]


@pytest.mark.parametrize("html", LEFT)
def test_find_action_leaves_its_counterexamples(html):
    assert find_action(fromstring(html)) is None


def test_every_element_says_why():
    assert all(entry["why"] and entry["action"] in ("drop", "post", "caption", "credit", "quote") for entry in ELEMENTS)


@pytest.mark.parametrize(
    "html",
    [
        '<div class="sharedaddy"><p>Share this</p></div>',
        "<script>var pier = 1</script><style>p {}</style><noscript><p>The pier again.</p></noscript>",
        '<p style="display: none">Not shown</p>',
        "<p hidden>Not shown</p>",
        '<time datetime="2022-01-10">10 January</time>',
        "<p>Updated <time>10 January 2022</time></p>",
        '<div class="x"><h3>Related articles</h3><a href="#">Ferry fares to rise</a></div>',
        '<div><header><h3>Related articles</h3></header><a href="#">Ferry fares to rise</a></div>',
        '<figure><a href="#"><img><p>OPEN Map</p></a></figure>',
        f'<p><span class="PullQuote">{SENTENCE}</span></p>',
    ],
    ids=[
        "share", "scripts", "style", "hidden", "time", "time in text", "headed box", "headed box with a header",
        "words of a link in a figure", "pull quote",
    ],
)  # fmt: skip
def test_prepare_tree_drops_what_is_not_the_article(html):
    lines = lines_of(BODY + html)
    assert [line for line in lines if line not in PROSE] in ([], ["Updated"])


def test_prepare_tree_sets_a_quote_apart_that_the_article_repeats():
    html = f'<p class="PullQuote">“{SENTENCE}” <span>Jo Ford, mason</span></p>'
    assert lines_of(html + BODY) == [f"QUOTE:“{SENTENCE}” Jo Ford, mason", *PROSE]


@pytest.mark.parametrize(
    "html",
    [f'<div class="related-posts">{BODY}</div>', f"<div><h3>Related articles</h3><a href='#'>x</a>{BODY}</div>"],
    ids=["class", "heading"],
)
def test_prepare_tree_keeps_the_article_in_a_box_of_an_odd_name(html):
    assert set(PROSE) <= set(lines_of(html))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<figure><img><figcaption>The pier</figcaption></figure>", ["CAPTION:The pier"]),
        (
            '<figure><figcaption>The pier <span class="credit">Jo Ford</span></figcaption></figure>',
            ["CAPTION:The pier CREDIT:Jo Ford"],
        ),
        (
            '<figure><figcaption><i class="sr-only">Picture: </i>2<i>/</i><i class="sr-only">of</i>4 The pier'
            "</figcaption></figure>",
            ["CAPTION:The pier"],
        ),
        ("<figure><figcaption>2 / 4</figcaption></figure>", []),
        ('<p class="pullquote">No one on the council has said this before.</p>', [
            "No one on the council has said this before."
        ]),
        (
            '<p class="pullquote">No one has said this before.</p>' * 2,
            ["No one has said this before.", "No one has said this before."],
        ),
        ('<div><img><p class="image-credit">Jo Ford</p></div>', ["CAPTION: CREDIT:Jo Ford"]),
        ('<p><span class="credit">The role:</span> a mason</p>', ["The role: a mason"]),
        ("<figure><table><tr><td>Car</td><td>40</td></tr></table></figure>", ["Car | 40"]),
        ('<figure><img><ul><li><a href="#">Old pier</a></li></ul></figure>', ["Old pier"]),
        (
            '<blockquote class="twitter-tweet"><p>It is gone</p>Ada (@ada)</blockquote>Loose text',
            ["POST:It is gone Ada (@ada)", "Loose text"],
        ),
        (
            '<figure><blockquote class="twitter-tweet"><p>It is gone</p></blockquote></figure>',
            ["POST:It is gone"],
        ),
        ("<blockquote><p>It is gone.</p></blockquote>", ["It is gone."]),
        (f'<blockquote class="twitter-tweet">{"word " * 500}</blockquote>', ["word " * 499 + "word"]),
    ],
    ids=[
        "caption", "credit in it", "labels for screen readers", "number", "quote said once",
        "quote set twice", "credit", "type", "table",
        "list", "post", "post in a figure", "quotation", "essay",
    ],
)  # fmt: skip
def test_prepare_tree_marks_captions_and_posts(html, expected):
    lines = lines_of(BODY + html)
    assert [line for line in lines if line not in PROSE] == expected


def test_prepare_tree_makes_paragraphs_of_loose_text():
    tree = fromstring("<div>Before <b>it</b><p>Held</p>behind <i>it</i> and <a>on</a><p>Held</p></div>")
    prepare_tree(tree, Marks(""))
    assert [(node.tag, node.text_content()) for node in tree] == [
        ("p", "Before it"), ("p", "Held"), ("p", "behind it and on"), ("p", "Held"),
    ]  # fmt: skip


def test_prepare_tree_unmakes_a_table_that_is_the_pages_layout():
    assert lines_of(f"<table><tr><td><a>Home</a></td><td>{BODY}</td></tr></table>") == ["Home", *PROSE]


def test_marks_are_characters_that_the_page_does_not_hold():
    marks = Marks("a ⦀ b ⦁")
    assert len({marks.caption, marks.credit, marks.post, "⦀", "⦁"}) == 5
