"""One batch of documents cleaned, in a worker process."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.parquet import read_rows, write_rows
from schemas.runs import Document, Quarantine
from schemas.warehouse import whole_folder
from tasks.clean.article import FIRST_STEPS, LAST_STEPS, Cleaning, CleanResult
from tasks.clean.furniture.rules import choose_line_rules
from tasks.clean.recurring.line_files import read_recurring
from tasks.clean.refusal import Refusal
from tasks.clean.same_text import write_hashes

# What is done to many documents in a row, its code and its patterns, stays in the processor's cache.
DOCUMENTS_AT_ONCE = 32


def clean_batch_files(documents_folder: Path, folder: Path, recurring_path: Path | None = None) -> tuple[int, int]:
    """Documents read and articles written: cleans documents.parquet into the files of `folder`.

    The folder holds articles, hashes of all texts, removed_spans, repairs, captions and quarantine, or is not
    there at all.
    `recurring_path` is the file of the lines that recur in the documents' outlets.
    """
    documents = read_rows(Document, documents_folder)
    results = list(clean_documents(documents, read_recurring(recurring_path) if recurring_path else {}))
    articles = [result.article for result in results if result.article]
    with whole_folder(folder) as draft:
        write_rows(articles, Article, draft)
        write_hashes(documents, articles, draft)
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
    remaining = iter(documents)
    while group := list(islice(remaining, DOCUMENTS_AT_ONCE)):
        cleanings = [Cleaning(document, recurring.get(document.document_id, frozenset())) for document in group]
        _take_steps(cleanings, FIRST_STEPS)
        readings = [cleaning.reading for cleaning in cleanings if cleaning.result is None]
        line_rules = iter(choose_line_rules([line for reading in readings for line in reading.lines]))
        for reading in readings:
            reading.line_rules = list(islice(line_rules, len(reading.lines)))
        _take_steps(cleanings, LAST_STEPS)
        yield from (cleaning.result for cleaning in cleanings if cleaning.result)


def _take_steps(cleanings: list[Cleaning], steps: Iterable[Callable[[Cleaning], None]]) -> None:
    """Takes each step for all documents that have no result yet; one whose step fails is refused."""
    for step in steps:
        for cleaning in cleanings:
            if cleaning.result is None:
                try:
                    step(cleaning)
                except Exception as error:
                    seen = f"{type(error).__name__}: {error}"
                    expected = "a document that the cleaning rules can read"
                    cleaning.refuse(Refusal("cleaning_error", seen, expected))
