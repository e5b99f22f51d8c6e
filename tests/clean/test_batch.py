import pytest

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.columns import TABLES
from schemas.parquet import read_rows, write_rows
from schemas.runs import Document, Quarantine
from tasks.clean import batch
from tasks.clean.batch import clean_batch_files, clean_documents
from tests.clean.made_up_documents import BODY, make_document


def test_clean_batch_files_writes_five_files(tmp_path):
    documents = [make_document(f"Photo: The pier in May.\n{BODY}\nAlso Read:"), make_document("Menu\nHome")]
    write_rows(documents, Document, tmp_path / "documents")
    assert clean_batch_files(tmp_path / "documents", tmp_path / "clean") == (2, 1)
    names = {path.name for path in (tmp_path / "clean").iterdir()}
    assert names == {f"{name}.parquet" for name in ("articles", "removed_spans", "repairs", "captions", "quarantine")}
    rows = {kind: len(read_rows(kind, tmp_path / "clean")) for kind in (Article, Caption, Quarantine)}
    assert rows == {Article: 1, Caption: 1, Quarantine: 1}
    assert {row.category for row in read_rows(RemovedSpan, tmp_path / "clean")} >= {"caption", "related"}
    assert all(row.before != row.after for row in read_rows(Repair, tmp_path / "clean"))


def test_clean_documents_refuses_a_document_whose_cleaning_fails(monkeypatch):
    def clean_or_fail(document, recurring):
        if document.raw_text == "bad":
            raise RuntimeError("broken\x1b[31m rule")
        return clean_document(document, recurring)

    clean_document = batch.clean_document
    monkeypatch.setattr(batch, "clean_document", clean_or_fail)
    first, second = clean_documents([make_document("bad"), make_document(BODY)])
    assert first.refusal is not None
    assert first.refusal.check_name == "cleaning_error"
    assert first.refusal.observed == "RuntimeError: broken\\u001b[31m rule"
    assert second.article is not None


@pytest.mark.parametrize("size", ["title", "byline", "outlet_name", "section", "url"])
def test_clean_documents_keeps_declared_fields_within_their_limits(size):
    long = "https://x.example/" + "x" * 9000
    document = make_document(BODY, declared_title=long, declared_author=long, declared_outlet=long, declared_url=long)
    (result,) = clean_documents([document])
    assert result.article is not None
    limit = TABLES["articles"].column(size).max_length
    assert limit is not None
    assert len(getattr(result.article, size) or "") <= limit
