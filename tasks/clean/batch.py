"""One batch of documents cleaned, in a worker process."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.parquet import read_rows, write_rows
from schemas.runs import Document, Quarantine
from schemas.warehouse import whole_folder
from tasks.clean.article import CleanResult, clean_document, refuse_document
from tasks.clean.recurring.line_files import read_recurring
from tasks.clean.refusal import Refusal


def clean_batch_files(documents_folder: Path, folder: Path, recurring_path: Path | None = None) -> tuple[int, int]:
    """Documents read and articles written: cleans documents.parquet into the files of `folder`.

    The folder holds articles, removed_spans, repairs, captions and quarantine, or is not there at all.
    `recurring_path` is the file of the lines that recur in the documents' outlets.
    """
    documents = read_rows(Document, documents_folder)
    results = list(clean_documents(documents, read_recurring(recurring_path) if recurring_path else {}))
    articles = [result.article for result in results if result.article]
    with whole_folder(folder) as draft:
        write_rows(articles, Article, draft)
        write_rows([row for result in results for row in result.removed_spans], RemovedSpan, draft)
        write_rows([row for result in results for row in result.repairs], Repair, draft)
        write_rows([row for result in results for row in result.captions], Caption, draft)
        write_rows([result.refusal for result in results if result.refusal], Quarantine, draft)
    return len(documents), len(articles)


def clean_documents(
    documents: Iterable[Document], recurring: Mapping[str, frozenset[int]] = MappingProxyType({})
) -> Iterable[CleanResult]:
    """One result per document, in order; one whose cleaning fails is refused and the rest goes on.

    `recurring` maps document ids to hashes of those of their lines that are furniture of their outlet.
    """
    for document in documents:
        try:
            yield clean_document(document, recurring.get(document.document_id, frozenset()))
        except Exception as error:
            refusal = Refusal(
                "cleaning_error", f"{type(error).__name__}: {error}", "a document that the cleaning rules can read"
            )
            yield CleanResult(None, refusal=refuse_document(document, refusal))
