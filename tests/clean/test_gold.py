import tomllib

import pytest

from tasks.clean.article import CleanResult
from tests.clean.gold import FOLDER, Labelled, Score, count_words, read_labelled, score
from tests.clean.gold_pages import LabelledPage, facts_of, read_pages
from tests.clean.made_up_documents import clean_document, make_document

DOCUMENTS = read_labelled()
PAGES = read_pages()
ARTICLE_PAGES = [page for page in PAGES if page.refused is None]
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))


def clean(document: Labelled) -> str:
    article = clean_document(make_document(document.raw_text)).article
    return article.text if article else ""


def test_cleaning_stays_above_its_floors():
    result = score(DOCUMENTS, [clean(document) for document in DOCUMENTS])
    assert result.f1 >= FLOORS["f1"]
    assert result.surviving_share <= FLOORS["surviving_share"]
    assert result.lost_per_thousand <= FLOORS["lost_per_thousand"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_cleaning_takes_no_body_text(document):
    lost = document.body - count_words(clean(document))
    assert lost.total() <= FLOORS["lost_in_one_document"]


def test_read_labelled_finds_forty_documents_with_residue_and_body():
    assert len(DOCUMENTS) >= 40
    assert all(document.body for document in DOCUMENTS)
    assert sum(document.residue.total() for document in DOCUMENTS) > 500


def test_score_counts_what_survives_and_what_is_lost():
    document = Labelled("made_up", "a b x y", count_words("a b"), count_words("x y"))
    result = score([document], ["a x"])
    assert result == Score(right=1, residue=2, surviving=1, lost=1)
    assert (result.f1, result.surviving_share, result.lost_per_thousand) == (0.5, 0.5, 500)


def clean_page(page: LabelledPage) -> CleanResult:
    return clean_document(make_document(page.raw_html, media_type="text/html"))


def text_of(result: CleanResult) -> str:
    return result.article.text if result.article else ""


def test_cleaning_of_pages_stays_above_its_floors():
    result = score(
        [page.as_labelled() for page in ARTICLE_PAGES], [text_of(clean_page(page)) for page in ARTICLE_PAGES]
    )
    assert result.f1 >= FLOORS["pages"]["f1"]
    assert result.surviving <= FLOORS["pages"]["surviving"]
    assert result.lost <= FLOORS["pages"]["lost"]


@pytest.mark.parametrize("page", ARTICLE_PAGES, ids=lambda page: page.name)
def test_cleaning_of_a_page_reads_its_facts_paragraphs_and_captions(page):
    result = clean_page(page)
    assert result.article is not None
    assert facts_of(result.article) == page.facts
    assert [
        paragraph for paragraph in result.article.text.split("\n\n") if paragraph in page.paragraphs
    ] == page.paragraphs
    assert [caption.text for caption in result.captions] == page.captions


@pytest.mark.parametrize("page", [page for page in PAGES if page.refused], ids=lambda page: page.name)
def test_cleaning_refuses_a_page_that_shows_something_else(page):
    refusal = clean_page(page).refusal
    assert refusal is not None
    assert refusal.observed.startswith(page.refused)


def test_read_pages_finds_pages_in_twenty_shapes():
    assert len(ARTICLE_PAGES) >= 20
    assert all(page.facts["title"] and len(page.paragraphs) >= 3 for page in ARTICLE_PAGES)
