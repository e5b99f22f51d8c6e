"""Work on documents that ends its process at certain words, as a fault of native code would."""

import os
import signal
from pathlib import Path

from schemas import Document, Quarantine
from schemas.parquet import read_rows, write_rows
from schemas.warehouse import whole_folder
from tasks.annotate import batch
from tasks.workers import WorkerDied


def count_documents(source: Path, folder: Path, deadly: str) -> tuple[int, int]:
    """Documents read and written; dies of one that holds `deadly`."""
    try:
        return count_or_raise(source, folder, deadly)
    except WorkerDied:
        os.kill(os.getpid(), signal.SIGKILL)
        raise


def count_or_raise(source: Path, folder: Path, deadly: str) -> tuple[int, int]:
    """The same, dying by an exception; of an empty word it dies without any document."""
    documents = read_rows(Document, source)
    if not deadly or any(deadly in document.raw_text for document in documents):
        raise WorkerDied
    with whole_folder(folder) as draft:
        write_rows(documents, Document, draft)
        write_rows([], Quarantine, draft)
    return len(documents), len(documents)


def annotate_or_die(source: Path, folder: Path, attribution: str, deadly: str) -> tuple[int, int]:
    """The batch annotated; ends as the kernel ends a process that takes more memory than there is."""
    really_annotate = batch.annotate_article

    def annotate(nlp, article):
        if deadly in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return really_annotate(nlp, article)

    batch.annotate_article = annotate
    return batch.annotate_batch_files(source, folder, attribution)
