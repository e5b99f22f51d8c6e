from dataclasses import replace

import pytest

from schemas import Article, Quarantine, Quote
from schemas.parquet import read_rows, write_rows
from tasks.annotate.batch import MAXIMUM_CHARACTERS, MAXIMUM_WORD_CHARACTERS, annotate_batch_files
from tests.clean.made_up_documents import clean_document, make_document

TEXT = (
    "The council of Ashby met on Monday to talk about the pier that fell into the sea last week. "
    "“Nobody was hurt,” the mayor said. It will be rebuilt by next year, at a cost of 3 million pounds."
)


@pytest.mark.parametrize(
    ("more", "observed"),
    [
        ("“" * (MAXIMUM_WORD_CHARACTERS + 1), f"a word of {MAXIMUM_WORD_CHARACTERS + 1} characters"),
        ("sea " * (MAXIMUM_CHARACTERS // 4), f"{len(TEXT) + 1 + MAXIMUM_CHARACTERS} characters"),
    ],
    ids=["long_word", "long_text"],
)
def test_annotate_batch_files_refuses_what_would_take_a_worker_s_time_and_annotates_the_rest(tmp_path, more, observed):
    article = clean_document(make_document(TEXT)).article
    other = replace(article, article_id="f" * 16, document_id="f" * 16, text=f"{TEXT} {more}")
    (tmp_path / "clean").mkdir()
    write_rows([article, other], Article, tmp_path / "clean")
    articles, quotes = annotate_batch_files(tmp_path / "clean", tmp_path / "annotated", "tagger")
    assert (articles, quotes) == (1, len(read_rows(Quote, tmp_path / "annotated")))
    assert {quote.article_id for quote in read_rows(Quote, tmp_path / "annotated")} == {article.article_id}
    [refusal] = read_rows(Quarantine, tmp_path / "annotated")
    assert (refusal.document_id, refusal.check_name, refusal.observed) == ("f" * 16, "text_fits", observed)
