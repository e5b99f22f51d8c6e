import pyarrow as pa
import pytest

from schemas import TABLES, Article, Document, Quarantine, RemovedSpan
from schemas.parquet import read_rows, write_rows
from tasks.validate.promises import add_helper_columns, find_accounted, find_resolving
from tasks.validate.staged import Staged
from tests.made_up_tables import MADE_UP, write_staged


def test_find_resolving_lets_nulls_pass():
    assert find_resolving(pa.chunked_array([["a", None, "b"]]), pa.chunked_array([["a"]])) == [True, True, False]


def test_find_resolving_takes_an_empty_table():
    values, known = pa.chunked_array([["a"]]), pa.chunked_array([[]], pa.string())
    assert find_resolving(values, known) == [False]


def test_add_helper_columns_are_all_true_for_sound_tables(tmp_path):
    staged = Staged(write_staged(tmp_path))
    for name in ("quotes", "removed_spans", "entity_mentions", "documents", "runs"):
        frame = add_helper_columns(staged.frame(name), TABLES[name], staged)
        helpers = frame[[column for column in frame if "__" in column]]
        assert helpers.to_numpy().all(), name
        assert len(helpers.columns)


def test_add_helper_columns_read_the_source_text_of_a_page(tmp_path):
    staged = Staged(write_staged(tmp_path))
    documents, articles = read_rows(Document, tmp_path), read_rows(Article, tmp_path)
    documents[0].media_type = "text/html"
    articles[0].extracted_text = "Menu\n\nThe ferry sails."
    span = RemovedSpan(
        document_id=documents[0].document_id,
        start_char=0,
        end_char=6,
        category="furniture",
        rule_name="menu",
        text="Menu\n\n",
    )
    write_rows(documents, Document, tmp_path)
    write_rows(articles, Article, tmp_path)
    write_rows([span], RemovedSpan, tmp_path)
    frame = add_helper_columns(staged.frame("removed_spans"), TABLES["removed_spans"], staged)
    assert frame["text__stands_in_text"].tolist() == [True]


@pytest.mark.parametrize(
    ("stage", "table_name", "accounted"),
    [
        pytest.param("clean", None, False, id="input"),
        pytest.param("validate", "articles", False, id="article"),
        pytest.param("validate", "quotes", True, id="row"),
        pytest.param("ingest", None, True, id="same bytes under another name"),
    ],
)
def test_find_accounted_takes_no_document_twice(tmp_path, stage, table_name, accounted):
    staged = Staged(write_staged(tmp_path))
    refusal = read_rows(Quarantine, tmp_path)[0]
    refusal.document_id, refusal.stage, refusal.table_name = MADE_UP[0].article_id, stage, table_name
    write_rows([refusal], Quarantine, tmp_path)
    assert find_accounted(staged)[0] is accounted


def test_find_accounted_misses_a_lost_document(tmp_path):
    staged = Staged(write_staged(tmp_path))
    write_rows(read_rows(Article, tmp_path)[1:], Article, tmp_path)
    assert find_accounted(staged).count(False) == 1
