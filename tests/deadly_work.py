"""Work on documents that ends its process at certain words, as a fault of native code would."""

import os
import signal
from pathlib import Path

from schemas import Document, Quarantine
from schemas.parquet import read_rows, write_rows
from schemas.warehouse import whole_folder
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
