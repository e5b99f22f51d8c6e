"""A text taken down on somebody's word: out of the published tables, out of the work, and kept out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from flows.reading import ReadingError, Tables, find_documents
from schemas.warehouse import Warehouse
from tasks.clean.same_text import hash_text
from tasks.ingest.sources import escape_name
from tasks.publish.lock import writer_lock
from tasks.takedown import add_tombstones, purge_work

BATCH_ROWS = 256


@dataclass(frozen=True)
class Takedown:
    """What is to be taken down: documents, and the source that names them all, if one was meant.

    Where one article was meant, `text_hashes` are those of its text as received and as cleaned, and all that have the
    same text are among the documents. `near_copies` are articles that copy them and stay.
    """

    document_ids: list[str]
    source: str | None
    text_hashes: list[str] = field(default_factory=list)
    near_copies: list[str] = field(default_factory=list)


def plan_takedown(tables: Tables, wanted: str) -> Takedown:
    """The documents meant by an article's id, its beginning or an input; else all of an outlet, a host or an address.

    ReadingError where nothing is meant, or where an id's beginning may be several articles.
    """
    of_source = _find_source(tables, wanted)
    if of_source:
        return Takedown(of_source, escape_name(wanted))
    found = find_documents(tables, wanted)
    if not found:
        raise ReadingError(
            f"no article, input, outlet or address is called {wanted!r}; nothing was taken down. "
            "`onrecord show articles` and `onrecord show documents` list them"
        )
    if len(found) > 1:
        raise ReadingError(f"{wanted!r} may be {len(found)} articles; name one by its whole id")
    documents, text_hashes = _find_same_text(tables, found[0])
    return Takedown(documents, None, text_hashes, _find_copies(tables, documents))


def _find_same_text(tables: Tables, document_id: str) -> tuple[list[str], list[str]]:
    """All documents that say the same as this one, it first; and hashes of what it says, as received and as article."""
    wanted = {hash_text(text) for name, text in _read_texts(tables) if name == document_id} - {hash_text("")}
    same = {name for name, text in _read_texts(tables) if hash_text(text) in wanted}
    return [document_id, *sorted(same - {document_id})], sorted(wanted)


def _read_texts(tables: Tables) -> Iterator[tuple[str, str]]:
    """Document ids and texts: all documents as received, then all articles. Memory holds a few at a time."""
    for name, key, text in (("documents", "document_id", "raw_text"), ("articles", "article_id", "text")):
        for path in tables.files(name):
            for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS, columns=[key, text]):
                yield from zip(batch[key].to_pylist(), batch[text].to_pylist(), strict=True)


def _find_copies(tables: Tables, documents: list[str]) -> list[str]:
    """Articles that copy one of these, or are copied by one, and are none of them."""
    rows = tables.query("SELECT article_id, copy_of_article_id FROM copies", tables=["copies"])
    linked = {one for pair in rows if not set(documents).isdisjoint(pair) for one in pair}
    return sorted(linked - set(documents))


def _find_source(tables: Tables, wanted: str) -> list[str]:
    name = wanted.lower()
    rows = tables.query(
        "SELECT d.document_id FROM documents d LEFT JOIN articles a ON a.document_id = d.document_id "
        "WHERE lower(a.outlet_name) = ? OR lower(d.declared_outlet) = ? OR lower(d.declared_url) = ? "
        "OR regexp_extract(lower(coalesce(d.declared_url, a.url, '')), '^https?://([^/:?#]+)', 1) = ? "
        "OR starts_with(lower(d.source_uri), ? || '#') ORDER BY 1",
        [name] * 5,
        tables=["documents", "articles"],
    )
    return [row[0] for row in rows]


def mark_taken_down(
    warehouse: Path, takedown: Takedown, reason: str, *, report: Callable[[str], object] = lambda _: None
) -> int:
    """How many new marks were left; batches that held the texts are gone. Publishing without them is the next run's.

    `report` is told of a wait for another writer.
    """
    place = Warehouse(warehouse)
    with writer_lock(place, report=report):
        marked = add_tombstones(
            place,
            document_ids=takedown.document_ids,
            source=takedown.source,
            reason=reason,
            text_hashes=takedown.text_hashes,
        )
        purge_work(place, takedown.document_ids)
    return marked
