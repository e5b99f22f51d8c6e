"""A text taken down on somebody's word: out of the published tables, out of the work, and kept out."""

from dataclasses import dataclass
from pathlib import Path

from flows.reading import ReadingError, Tables, find_documents
from schemas.warehouse import Warehouse
from tasks.publish.lock import writer_lock
from tasks.takedown import add_tombstones, purge_work


@dataclass(frozen=True)
class Takedown:
    """What is to be taken down: documents, and the source that names them all, if one was meant."""

    document_ids: list[str]
    source: str | None


def plan_takedown(tables: Tables, wanted: str) -> Takedown:
    """The documents meant by an article's id, its beginning or an input; else all of an outlet, a host or an address.

    ReadingError where nothing is meant, or where an id's beginning may be several articles.
    """
    of_source = _find_source(tables, wanted)
    if of_source:
        return Takedown(of_source, wanted)
    found = find_documents(tables, wanted)
    if not found:
        raise ReadingError(
            f"no article, input, outlet or address is called {wanted!r}; nothing was taken down. "
            "`onrecord show articles` and `onrecord show documents` list them"
        )
    if len(found) > 1:
        raise ReadingError(f"{wanted!r} may be {len(found)} articles; name one by its whole id")
    return Takedown(found, None)


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


def mark_taken_down(warehouse: Path, takedown: Takedown, reason: str) -> int:
    """How many new marks were left; batches that held the texts are gone. Publishing without them is the next run's."""
    place = Warehouse(warehouse)
    with writer_lock(place):
        marked = add_tombstones(place, document_ids=takedown.document_ids, source=takedown.source, reason=reason)
        purge_work(place, takedown.document_ids)
    return marked
