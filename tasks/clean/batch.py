"""One batch of documents cleaned, in a worker process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from schemas.articles import Article, Caption, RemovedSpan, Repair
from schemas.parquet import read_rows, write_rows
from schemas.runs import Document, Quarantine
from schemas.warehouse import whole_folder
from tasks.clean.article import (
    CleanResult,
    Prepared,
    Read,
    finish_document,
    prepare_document,
    read_document,
    refuse_document,
)
from tasks.clean.furniture.rules import choose_line_rules
from tasks.clean.recurring.line_files import read_recurring
from tasks.clean.refusal import Refusal
from tasks.clean.same_text import write_hashes

# What is done to many documents in a row, its code and its patterns, stays in the processor's cache.
DOCUMENTS_AT_ONCE = 32
T = TypeVar("T")


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
        prepared = [_call_or_refuse(document, prepare_document, document) for document in group]
        read = _read_documents(prepared, recurring)
        for document, item in zip(group, read, strict=True):
            yield _call_or_refuse(document, finish_document, item) if isinstance(item, Read) else item


def _read_documents(
    prepared: Sequence[Prepared | CleanResult], recurring: Mapping[str, frozenset[int]]
) -> list[Read | CleanResult]:
    """The documents read, in order; those refused before stay as they are."""
    line_rules = iter(
        choose_line_rules([line for item in prepared if isinstance(item, Prepared) for line in item.lines])
    )
    read: list[Read | CleanResult] = []
    for item in prepared:
        if isinstance(item, CleanResult):
            read.append(item)
            continue
        own_rules = list(islice(line_rules, len(item.lines)))
        own_recurring = recurring.get(item.document.document_id, frozenset())
        read.append(_call_or_refuse(item.document, read_document, item, own_rules, own_recurring))
    return read


def _call_or_refuse(document: Document, function: Callable[..., T], *arguments: object) -> T | CleanResult:
    """What the function returns; a refusal of the document where it fails."""
    try:
        return function(*arguments)
    except Exception as error:
        refusal = Refusal(
            "cleaning_error", f"{type(error).__name__}: {error}", "a document that the cleaning rules can read"
        )
        return CleanResult(None, refusal=refuse_document(document, refusal))
