import tomllib

import pytest

from tasks.clean.article import clean_document
from tests.clean.gold import FOLDER, Labelled, Score, count_words, read_labelled, score
from tests.clean.made_up_documents import make_document

DOCUMENTS = read_labelled()
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
