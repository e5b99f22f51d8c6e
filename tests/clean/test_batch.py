import pytest

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.columns import TABLES
from schemas.parquet import read_rows, write_rows
from schemas.runs import Document, Quarantine
from tasks.clean import article
from tasks.clean.batch import clean_batch_files, clean_documents
from tests.clean.made_up_documents import BODY, clean_document, make_document


def test_clean_batch_files_writes_six_files(tmp_path):
    documents = [make_document(f"Photo: The pier in May.\n{BODY}\nAlso Read:"), make_document("Menu\nHome")]
    write_rows(documents, Document, tmp_path / "documents")
    assert clean_batch_files(tmp_path / "documents", tmp_path / "clean") == (2, 1)
    names = {path.name for path in (tmp_path / "clean").iterdir()}
    tables = ("articles", "removed_spans", "repairs", "captions", "quarantine", "text_hashes")
    assert names == {f"{name}.parquet" for name in tables}
    rows = {kind: len(read_rows(kind, tmp_path / "clean")) for kind in (Article, Caption, Quarantine)}
    assert rows == {Article: 1, Caption: 1, Quarantine: 1}
    assert {row.category for row in read_rows(RemovedSpan, tmp_path / "clean")} >= {"caption", "related"}
    assert all(row.before != row.after for row in read_rows(Repair, tmp_path / "clean"))


@pytest.mark.parametrize("function", ["find_mendings", "is_hard_wrapped", "apply_edits"])
def test_clean_documents_refuses_a_document_whose_cleaning_fails(monkeypatch, function):
    def run_or_fail(text, *arguments):
        if text == "bad":
            raise RuntimeError("broken\x1b[31m rule")
        return run(text, *arguments)

    run = getattr(article, function)
    monkeypatch.setattr(article, function, run_or_fail)
    first, second = clean_documents([make_document("bad"), make_document(BODY)])
    assert first.refusal is not None
    assert first.refusal.check_name == "cleaning_error"
    assert first.refusal.observed == "RuntimeError: broken\\u001b[31m rule"
    assert second.article is not None


def test_clean_documents_gives_each_of_many_what_it_would_get_alone():
    page = make_document("<p>Menu</p>", media_type="text/html")
    documents = [make_document(f"{'Advertisement' * (n % 2)}\n{BODY}\nAlso Read:\n{n} views") for n in range(40)]
    documents[7:9] = [page, make_document("")]
    found = list(clean_documents(documents))
    alone = [clean_document(document) for document in documents]
    assert [(result.article, result.removed_spans) for result in found] == [
        (result.article, result.removed_spans) for result in alone
    ]
    assert [result.article is None for result in found] == [7 <= n < 9 for n in range(40)]


@pytest.mark.parametrize("size", ["title", "byline", "outlet_name", "section", "url"])
def test_clean_documents_keeps_declared_fields_within_their_limits(size):
    long = "https://x.example/" + "x" * 9000
    document = make_document(BODY, declared_title=long, declared_author=long, declared_outlet=long, declared_url=long)
    (result,) = clean_documents([document])
    assert result.article is not None
    limit = TABLES["articles"].column(size).max_length
    assert limit is not None
    assert len(getattr(result.article, size) or "") <= limit
