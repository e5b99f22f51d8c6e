import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.clean.article import CleanResult
from tasks.clean.edits import rebuild_source_text
from tests.clean.made_up_documents import BODY, PROSE, clean_document, make_document


def clean(raw_text: str, **fields) -> CleanResult:
    result = clean_document(make_document(raw_text, **fields))
    if result.article:
        source_text = result.article.extracted_text if fields.get("media_type") == "text/html" else raw_text
        assert rebuild_source_text(result.article.text, result.removed_spans, result.repairs) == source_text
    return result


def test_clean_document_leaves_a_clean_article_alone():
    result = clean(BODY)
    assert result.article is not None
    assert (result.article.text, result.removed_spans, result.repairs) == (BODY, [], [])
    assert (result.article.language, result.article.word_count) == ("en", 78)


@pytest.mark.parametrize(
    "raw_text",
    [
        f"[ad_1]\n{BODY}\n[ad_2]\nSource link",
        "[ad_1]\n" + "\n".join(PROSE) + "\nisland channel\n[ad_2]\nSource link",
        f"{BODY}\n\nLeave a reply:\n\nYour email address will not be published.",
        "\n".join(PROSE) + "\nAlso Read:",
        f"{BODY}\n\n\nEllery Desk\nEllery Desk\nEllery Herald is a news website.\nLatest news\nRelated news",
        f"{PROSE[0]}\n\nADVERTISEMENT\n\n" + "\n\n".join(PROSE[1:]),
        f"{BODY}\n\nThe post Pier to be rebuilt appeared first on Ellery Herald.",
        f"{BODY}\n\n(Reporting by Jo Ford; Editing by Ada Lind)",
        f"Cover photo: The pier in May.\n\n{BODY}",
        "".join(f"<p>{paragraph}</p>" for paragraph in PROSE),
        BODY.replace("\n\n", "\r\n\r\n\r\n").replace("old stone", "old\u00a0 stone"),
        BODY.replace("“", "&ldquo;").replace("”", "&#8221;"),
        f"{BODY}\n\nFor more island news,\u00a0follow\u00a0@joford and @alind.",
        f"{BODY}\n\nWe use cookies to improve your experience.\n\nFacebook Twitter WhatsApp",
        f"{BODY}Photograph: Tom Lind",
        f"{BODY}Source Link",
        f"{BODY}The post The Pier appeared first on Ellery Herald.",
    ],
    ids=[
        "shortcodes",
        "outlet",
        "comment",
        "also_read",
        "author_box",
        "advertisement",
        "first_on",
        "sign_off",
        "caption",
        "tags",
        "spaces",
        "entities",
        "hard_spaces",
        "consent",
        "glued credit",
        "glued source link",
        "glued trailer",
    ],
)
def test_clean_document_takes_all_residue_and_nothing_else(raw_text):
    result = clean(raw_text)
    assert result.article is not None
    assert result.article.text == BODY


def test_clean_document_reads_the_head_of_a_scraped_text():
    raw_text = (
        "Thursday, February 2, 2023\n\nCouncil votes to rebuild pier | Island news\n\n\n"
        "Ada Cole, left, and Jo Lind on the pier of Ellery on May 3, 2022.Jo Ford/AFP/Getty Images\n\n"
        f"ELLERY (AP) — {BODY}"
    )
    result = clean(raw_text)
    article = result.article
    assert article is not None
    assert article.text == BODY
    assert (article.title, article.section, article.dateline) == (
        "Council votes to rebuild pier",
        "Island news",
        "ELLERY (AP)",
    )
    assert (article.published_at, article.published_at_method) == (datetime(2022, 5, 3, tzinfo=UTC), "caption")
    assert article.page_clock_at == datetime(2023, 2, 2, tzinfo=UTC)
    assert [(row.text, row.credit) for row in result.captions] == [
        ("Ada Cole, left, and Jo Lind on the pier of Ellery on May 3, 2022.", "Jo Ford/AFP/Getty Images")
    ]
    assert article.title_method == "printed"


def test_clean_document_makes_a_title_of_the_lead_and_keeps_the_lead():
    result = clean(BODY)
    assert result.article is not None
    assert result.article.title_method == "lead"
    assert result.article.title == PROSE[0].rstrip(".")
    assert result.article.text.startswith(PROSE[0])


@pytest.mark.parametrize(
    ("fields", "method", "precision"),
    [
        ({}, None, None),
        ({"declared_published_at": datetime(2022, 1, 10, 14, 5, tzinfo=UTC)}, "declared", "minute"),
        ({"declared_published_at": datetime(2022, 1, 10, tzinfo=UTC)}, "declared", "day"),
        ({"declared_published_at": datetime(1970, 1, 1, tzinfo=UTC)}, None, None),
    ],
)
def test_clean_document_knows_how_it_knows_the_date(fields, method, precision):
    article = clean(BODY, **fields).article
    assert article is not None
    assert (article.published_at_method, article.published_at_precision) == (method, precision)


@pytest.mark.parametrize(
    ("captions", "expected"),
    [
        (("May 3, 2022", "May 5, 2022"), datetime(2022, 5, 5, tzinfo=UTC)),
        (("May 3, 2012", "May 5, 2022"), None),
    ],
    ids=["same week", "years apart"],
)
def test_clean_document_guesses_no_date_from_pictures_that_disagree(captions, expected):
    lines = "\n\n".join(f"Photo: The pier on {day}." for day in captions)
    article = clean(f"{BODY}\n\n{lines}").article
    assert article is not None
    assert article.published_at == expected


def test_clean_document_prefers_what_the_container_declares():
    article = clean(
        f"Council votes to rebuild pier - Ellery Herald\n\nBy Jo Ford\n\n{BODY}",
        declared_title="Council votes to rebuild pier",
        declared_author="Josephine Ford",
        declared_outlet="Ellery Herald",
        declared_url="https://herald.example/pier",
    ).article
    assert article is not None
    assert article.text == BODY
    assert (article.title, article.byline) == ("Council votes to rebuild pier", "Josephine Ford")
    assert (article.outlet_name, article.url) == ("Ellery Herald", "https://herald.example/pier")


def test_clean_document_reads_a_page():
    facts = {"@type": "NewsArticle", "headline": "Pier to be rebuilt", "datePublished": "2022-01-10T12:00:00Z"}
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in (*PROSE, "(Reporting by Jo Ford; Editing by Ada Lind)"))
    raw_html = (
        f'<html><head><script type="application/ld+json">{json.dumps(facts)}</script>'
        f"<title>Pier | Herald</title></head><body><article>{paragraphs}</article></body></html>"
    )
    article = clean(raw_html, media_type="text/html").article
    assert article is not None
    assert article.text == BODY
    assert (article.title, article.published_at_method) == ("Pier to be rebuilt", "markup")


def test_clean_document_refuses_a_page_without_a_body():
    refusal = clean("<html><body></body></html>", media_type="text/html").refusal
    assert refusal is not None
    assert refusal.check_name == "html_has_article"


@pytest.mark.parametrize("raw_text", ["\n", "Home\nNews\nSport", "[ad_1]\n[ad_2]\nSource link"])
def test_clean_document_refuses_what_is_no_article(raw_text):
    result = clean(raw_text)
    assert result.article is None
    assert result.refusal is not None
    assert (result.refusal.stage, result.refusal.check_name) == ("clean", "is_article")


def test_clean_document_joins_hard_wrapped_lines():
    wrapped = "\n\n".join("\n".join(words_of(paragraph)) for paragraph in PROSE)
    article = clean(wrapped).article
    assert article is not None
    assert article.text == BODY


def words_of(paragraph: str) -> list[str]:
    words = paragraph.split()
    return [" ".join(words[index : index + 8]) for index in range(0, len(words), 8)]


RESIDUE = st.sampled_from(
    [
        "[ad_1]",
        "Source link",
        "Share this:",
        "<p>",
        "</p>",
        "<br/>",
        "&nbsp;",
        "&#8217;",
        "â€™",
        "\u200b",
        "\u00a0",
        " ",
        "\r\n",
        "\n\n\n",
        "Leave a reply:",
        "Also Read:",
        "Latest news",
        "Photo: Jo Ford/AFP",
        ". .",
        "Jo Ford/Getty Images",
        "May 3, 2022",
        *PROSE,
    ]
)


@example(["&nbsp;", PROSE[2]])
@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(RESIDUE, st.sampled_from(["\n", "\n\n", " "]), st.text(max_size=8)), max_size=30))
def test_clean_document_rebuilds_damaged_texts(parts):
    raw_text = BODY + "\n" + "".join(parts)
    article = clean(raw_text).article
    assert article is not None
    paragraphs = article.text.split("\n\n")
    assert all(paragraph.strip() == paragraph != "" and "\n" not in paragraph for paragraph in paragraphs)


@pytest.mark.parametrize("order", [1, -1], ids=["with its credit first", "with its credit last"])
def test_clean_document_gives_a_caption_that_is_printed_twice_once(order):
    captions = ["The pier at dawn on Tuesday. (Photo by Jo Ford/AP)", "The pier at dawn on Tuesday."][::order]
    text = "\n\n".join([PROSE[0], captions[0], PROSE[1], captions[1], *PROSE[2:]])
    result = clean_document(make_document(text))
    assert result.article is not None
    assert result.article.text == "\n\n".join(PROSE)
    assert [(row.text, row.credit) for row in result.captions] == [("The pier at dawn on Tuesday.", "Jo Ford/AP")]
