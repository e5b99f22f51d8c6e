"""Why an article's text is what it is."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.reading import ReadingError, Tables, find_documents
from schemas import Article, Caption, Document, Figure, Quarantine, Quote, RemovedSpan, Repair
from schemas.warehouse import Warehouse
from tasks.publish.report_views import ArticleView, name_outlet

# What cleaning splits off an article, in the order it is shown.
SPLIT_FIELDS = (
    "title",
    "subtitle",
    "byline",
    "outlet_name",
    "section",
    "dateline",
    "published_at",
    "page_clock_at",
    "url",
    "language",
)


@dataclass(frozen=True)
class SplitField:
    """One field split off an article, with what is known of how: its method, precision or confidence."""

    name: str
    value: Any
    known: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """One input: the article made of it, or None where it was refused, and what was refused of it.

    `document` is None where ingest refused the input, which then has its refusal only. `is_published` tells that it
    was read from the warehouse; else it was cleaned just now, and nothing is annotated.
    """

    document: Document | None
    view: ArticleView | None
    refusals: Sequence[Quarantine]
    captions: Sequence[Caption] = ()
    is_published: bool = True

    @property
    def document_id(self) -> str | None:
        """The document's id; None where ingest refused the input before it had one."""
        return self.document.document_id if self.document else self.refusals[0].document_id

    @property
    def source_uri(self) -> str | None:
        """Where the input came from."""
        return self.document.source_uri if self.document else self.refusals[0].source_uri

    @property
    def fields(self) -> list[SplitField]:
        """The fields that hold anything."""
        if self.view is None:
            return []
        article = self.view.article
        return [
            SplitField(name, getattr(article, name), _how_known(article, name))
            for name in SPLIT_FIELDS
            if getattr(article, name) is not None
        ]

    def as_record(self) -> dict[str, Any]:
        """All of it for scripts: fields, text, and the rows that rebuild the source text."""
        view = self.view
        return {
            "document_id": self.document_id,
            "source_uri": self.source_uri,
            "is_published": self.is_published,
            "refusals": [asdict(row) for row in self.refusals],
            "fields": {field.name: {"value": field.value, "known": field.known} for field in self.fields},
            "text": view.article.text if view else None,
            "removed_spans": [asdict(row) for row in view.removed] if view else [],
            "repairs": [asdict(row) for row in view.repairs] if view else [],
            "captions": [asdict(row) for row in self.captions],
        }


def _how_known(article: Article, name: str) -> tuple[str, ...]:
    stem = name.removesuffix("_name")
    suffixes = ("method", "precision", "confidence")
    values = (getattr(article, f"{stem}_{suffix}", None) for suffix in suffixes)
    return tuple(f"{value:.2f}" if isinstance(value, float) else str(value) for value in values if value is not None)


def explain_input(warehouse: Path, wanted: str) -> Explanation:
    """What became of the input meant by an article id, its beginning, or a file; ReadingError if it is not one.

    A file that is not in the warehouse, or has changed since, is cleaned on the spot.
    """
    path, _, record = wanted.partition("#")
    is_file = Path(path).is_file()
    if is_file and not Warehouse(warehouse).current.is_dir():
        return _explain_file(path, record)
    if not Warehouse(warehouse).current.is_dir():
        raise ReadingError(
            f"there is no file {path!r}, and no warehouse at {warehouse} that could hold an article of this name; "
            "name a file, or make a warehouse with `onrecord run data/sample`"
        )
    tables = Tables.open(warehouse)
    if is_file and not record and not tables.records("documents", "document_id", _id_of(Path(path))):
        return _explain_file(path, record)
    found = find_documents(tables, wanted)
    if not found:
        return _explain_file(path, record) if is_file else _explain_refused(tables, wanted)
    if len(found) > 1:
        listed = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
        raise ReadingError(f"{wanted!r} may be {len(found)} articles; name one of {listed}")
    [document_id] = found
    document = Document(**tables.records("documents", "document_id", document_id)[0])
    refusals = [Quarantine(**row) for row in tables.records("quarantine", "document_id", document_id)]
    articles = [Article(**row) for row in tables.records("articles", "document_id", document_id)]
    captions = [Caption(**row) for row in tables.records("captions", "article_id", document_id)]
    return Explanation(document, _view(tables, articles[0], document) if articles else None, refusals, captions)


def _id_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _explain_file(path: str, record: str) -> Explanation:
    """The one input in a file, or the record of it that is named, cleaned now."""
    # Cleaning loads slowly, and most commands have no need of it.
    from tasks.clean.batch import clean_documents

    document = _read_one(path, record)
    if isinstance(document, Quarantine):
        return Explanation(None, None, [document], is_published=False)
    [result] = clean_documents([document])
    view = None
    if result.article:
        view = ArticleView(
            article=result.article,
            document=document,
            outlet=name_outlet(result.article, document),
            quotes=[],
            figures=[],
            removed=result.removed_spans,
            repairs=result.repairs,
        )
    refusals = [result.refusal] if result.refusal else []
    return Explanation(document, view, refusals, result.captions, is_published=False)


def _read_one(path: str, record: str) -> Document | Quarantine:
    from tasks.ingest.documents import read_documents
    from tasks.ingest.inputs import Ignored, InputNotFound
    from tasks.ingest.readers.reader import Options

    chosen: Document | None = None
    try:
        for item in read_documents([path], refused_at=datetime.now(UTC), options=Options(reads_apart=True)):
            if isinstance(item, Ignored):
                raise ReadingError(f"{item.source_uri} is no input: {item.reason}")
            is_wanted = not record or (item.source_uri or "").rpartition("#")[2] == record
            if isinstance(item, Quarantine) and is_wanted:
                return item
            if not isinstance(item, Document) or not is_wanted:
                continue
            if record:
                return item
            if chosen:
                raise ReadingError(f"{path} holds several inputs; name one, as in {chosen.source_uri!r}")
            chosen = item
    except InputNotFound as error:
        raise ReadingError(str(error)) from error
    if chosen is None:
        raise ReadingError(f"{path} holds no input" + (f" called {record!r}" if record else ""))
    return chosen


def _view(tables: Tables, article: Article, document: Document) -> ArticleView:
    by_article = {name: tables.records(name, "article_id", article.article_id) for name in ("quotes", "figures")}
    by_document = {
        name: tables.records(name, "document_id", document.document_id) for name in ("removed_spans", "repairs")
    }
    return ArticleView(
        article=article,
        document=document,
        outlet=name_outlet(article, document),
        quotes=[Quote(**row) for row in by_article["quotes"]],
        figures=[Figure(**row) for row in by_article["figures"]],
        removed=[RemovedSpan(**row) for row in by_document["removed_spans"]],
        repairs=[Repair(**row) for row in by_document["repairs"]],
    )


def _explain_refused(tables: Tables, wanted: str) -> Explanation:
    rows = tables.query("SELECT quarantine_id, source_uri FROM quarantine", tables=["quarantine"])
    for quarantine_id, uri in rows:
        if uri and Path(uri).name == Path(wanted).name:
            refusals = [Quarantine(**row) for row in tables.records("quarantine", "quarantine_id", quarantine_id)]
            return Explanation(None, None, refusals)
    raise ReadingError(f"no article or input is called {wanted!r}; `onrecord show documents` lists them")
