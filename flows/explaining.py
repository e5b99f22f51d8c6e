"""Why an article's text is what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.reading import ReadingError, Tables, find_documents
from schemas import Article, Document, Figure, Quarantine, Quote, RemovedSpan, Repair
from tasks.publish.report_views import ArticleView, name_outlet


@dataclass(frozen=True)
class Explanation:
    """One input: the article made of it, or None, and what was refused of it."""

    document: Document
    view: ArticleView | None
    refusals: Sequence[Quarantine]


def explain_input(tables: Tables, wanted: str) -> Explanation:
    """What became of the input meant by an article id, its beginning, or a file; ReadingError if it is not one."""
    found = find_documents(tables, wanted)
    if not found:
        return _explain_refused(tables, wanted)
    if len(found) > 1:
        listed = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
        raise ReadingError(f"{wanted!r} may be {len(found)} articles; name one of {listed}")
    [document_id] = found
    document = Document(**tables.records("documents", "document_id", document_id)[0])
    refusals = [Quarantine(**row) for row in tables.records("quarantine", "document_id", document_id)]
    articles = [Article(**row) for row in tables.records("articles", "document_id", document_id)]
    return Explanation(document, _view(tables, articles[0], document) if articles else None, refusals)


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
    rows = tables.query('SELECT source_uri, stage, "check", observed, expected FROM quarantine', tables=["quarantine"])
    for uri, stage, check, observed, expected in rows:
        if uri and Path(uri).name == Path(wanted).name:
            raise ReadingError(f"{uri} was refused by {stage}: {check}; seen {observed}, expected {expected}")
    raise ReadingError(f"no article or input is called {wanted!r}; `onrecord show documents` lists them")
