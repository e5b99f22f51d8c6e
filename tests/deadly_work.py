"""Work on documents that ends its process at certain words, as a fault of native code would."""

import os
import resource
import signal
from pathlib import Path

from schemas import Document, Quarantine
from schemas.parquet import read_rows, write_rows
from schemas.warehouse import whole_folder
from tasks.annotate import batch
from tasks.bisection import Work
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


# A word in an article that takes more and more memory of a process that may not have it.
GREEDY = "ravenous"
MORE_BYTES = 300_000_000


def annotate_or_die(source: Path, folder: Path, attribution: str, deadly: str) -> tuple[int, int]:
    """The batch annotated; ends as the kernel ends a process that takes more memory than there is.

    An article that holds GREEDY takes memory until its process may have no more.
    """
    really_annotate = batch.annotate_article

    def annotate(nlp, article):
        if deadly in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if GREEDY in article.text:
            take_memory()
        return really_annotate(nlp, article)

    batch.annotate_article = annotate
    return batch.annotate_batch_files(source, folder, attribution)


def take_memory() -> None:
    """Takes all memory that this process may have: MORE_BYTES more than it has."""
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (has + MORE_BYTES, before[1]))
    taken = []
    try:
        while True:
            taken.append(bytearray(10_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def make_annotation_deadly(deadly: str) -> None:
    """From now on this process has batches annotated by `annotate_or_die`."""
    from tasks.annotate import task

    def make_work(_path, table, arguments, **options):
        return Work("tests.deadly_work:annotate_or_die", table, (*arguments, deadly), **options)

    task.Work = make_work
