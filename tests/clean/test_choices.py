from datetime import UTC, datetime

import pytest

from tasks.clean.choices import (
    choose_byline,
    choose_language,
    choose_outlet,
    choose_page_clock,
    choose_publication,
    choose_title,
    find_named_title,
)
from tasks.clean.fields.dates import Publication
from tasks.clean.fields.head import Head
from tasks.clean.fields.headline import Headline
from tasks.clean.furniture.captions import FoundCaption
from tasks.clean.pages.facts import Facts
from tasks.clean.reading import Findings
from tests.clean.made_up_documents import BODY, make_document

DAY = datetime(2022, 1, 10, tzinfo=UTC)
FETCHED_AT = datetime(2024, 3, 1, 12, tzinfo=UTC)
DOCUMENT = make_document(BODY, fetched_at=FETCHED_AT)


def publication(facts: Facts, source_text: str = BODY, findings: Findings | None = None) -> Publication | None:
    return choose_publication(DOCUMENT, findings or Findings(), facts, text=BODY, source_text=source_text)


def markup(at: datetime, precision: str = "minute") -> Publication:
    return Publication(at, "markup", precision)


@pytest.mark.parametrize(
    ("declared", "page_title", "printed", "expected"),
    [
        ("One pier", "Two piers", "Three piers", ("One pier", "declared")),
        (None, "Two piers | Herald", "Three piers", ("Two piers", "markup")),
        (" ", None, "Three piers", ("Three piers", "printed")),
    ],
)
def test_choose_title_says_how_it_is_known(declared, page_title, printed, expected):
    document = make_document(BODY, declared_title=declared)
    findings = Findings(head=Head(headline=Headline(printed)))
    facts = Facts(title=page_title, outlet_name="Herald")
    assert choose_title(find_named_title(document, facts), BODY, findings, "Herald")[:2] == expected


@pytest.mark.parametrize(
    ("declared", "author", "language", "printed", "expected"),
    [
        ("Jo Ford", "Ada Lind", None, None, ("Jo Ford", "declared")),
        (None, "By Ada Lind", None, "Jo Ford", ("Ada Lind", "markup")),
        (None, "Von Jan Peters", "de", None, ("Jan Peters", "markup")),
        (None, "Von Peters", "en", None, ("Von Peters", "markup")),
        (None, None, None, "Jo Ford", ("Jo Ford", "printed")),
        (None, None, None, None, (None, None)),
    ],
)
def test_choose_byline_says_how_it_is_known(declared, author, language, printed, expected):
    document = make_document(BODY, declared_author=declared)
    facts = Facts(author=author, language=language)
    assert choose_byline(document, Findings(head=Head(byline=printed)), facts) == expected


def test_choose_byline_takes_the_signature_last():
    assert choose_byline(DOCUMENT, Findings(author="Jo Ford"), Facts()) == ("Jo Ford", "signature")


@pytest.mark.parametrize(
    ("facts", "title_outlet", "expected"),
    [
        (Facts(outlet_name="Herald", url="https://www.herald.example/p"), "Post", ("Herald", "markup")),
        (Facts(url="https://www.herald.example/p"), "Post", ("Post", "title")),
        (Facts(url="https://www.herald.example/p"), None, ("herald.example", "address")),
        (Facts(url="https://10.0.0.1/p"), None, (None, None)),
        (Facts(url="https://[broken/p"), None, (None, None)),
        (Facts(), None, (None, None)),
    ],
)
def test_choose_outlet_says_how_it_is_known(facts, title_outlet, expected):
    assert choose_outlet(DOCUMENT, Findings(), facts, title_outlet) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(published=[markup(DAY)]), markup(DAY)),
        (Facts(published=[markup(datetime(2031, 1, 1, tzinfo=UTC)), markup(DAY)]), markup(DAY)),
        (Facts(seen_time=markup(DAY)), markup(DAY)),
        (Facts(seen_time=markup(datetime(2024, 3, 1, 9, tzinfo=UTC))), None),
        (Facts(published=[markup(FETCHED_AT)]), markup(FETCHED_AT)),
    ],
    ids=["marked", "after the fetch", "any time", "the page's clock", "marked on the day of the fetch"],
)
def test_choose_publication_reads_a_page(facts, expected):
    assert publication(facts) == expected


def test_choose_publication_reads_a_line_that_says_so_when_nothing_else_does():
    source_text = f"{BODY}\n\nFirst published on 10 January 2022, 14:05 GMT\n\nHerald House"
    expected = Publication(datetime(2022, 1, 10, 14, 5, tzinfo=UTC), "text", "minute")
    assert publication(Facts(), source_text) == expected


@pytest.mark.parametrize("line", ["Updated 10 January 2022", "10 January 2022", "Published 2 hours ago"])
def test_choose_publication_is_null_rather_than_a_guess(line):
    assert publication(Facts(), f"{BODY}\n\n{line}") is None


def test_choose_page_clock_takes_a_time_that_equals_the_day_of_the_fetch():
    clock = markup(datetime(2024, 3, 1, 9, tzinfo=UTC))
    assert choose_page_clock(DOCUMENT, Findings(), Facts(seen_time=clock)) == clock
    assert choose_page_clock(DOCUMENT, Findings(), Facts(seen_time=markup(DAY))) is None


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("The pier on May 3, 2022.", datetime(2022, 5, 3, tzinfo=UTC)),
        ("The pier on May 5, 2022.", None),
        ("File picture: the pier on May 3, 2022.", None),
    ],
    ids=["a Tuesday, as in the text", "a Thursday", "from the files"],
)
def test_choose_publication_takes_a_caption_whose_weekday_the_text_names(caption, expected):
    found = publication(Facts(), findings=Findings(captions=[FoundCaption(0, 9, caption, None, "made_up")]))
    assert (found.at if found else None) == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [("May 3", datetime(2022, 5, 10, tzinfo=UTC)), ("May 2", None)],
    ids=["a week apart", "longer"],
)
def test_choose_publication_takes_captions_of_one_week(first, expected):
    captions = [FoundCaption(0, 9, f"The pier on {day}, 2022.", None, "made_up") for day in (first, "May 10")]
    found = publication(Facts(), findings=Findings(captions=captions))
    assert (found.at if found else None) == expected


@pytest.mark.parametrize(("probability", "expected"), [(0.59, "fr"), (0.61, "en")])
def test_choose_language_goes_by_the_text_where_it_is_more_likely_than_not(monkeypatch, probability, expected):
    monkeypatch.setattr("tasks.clean.choices.identify_language", lambda text: ("en", probability))
    assert choose_language("Pier", Facts(language="fr")) == (expected, probability)


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (BODY, "fr", "en"),
        ("Ok", "fr", "fr"),
        (BODY, None, "en"),
    ],
    ids=["sure", "too short", "nothing declared"],
)
def test_choose_language_takes_what_the_page_declares_for_a_hint(text, declared, expected):
    assert choose_language(text, Facts(language=declared))[0] == expected
