"""Yardsticks of the whole pipeline: the language models alone, and the language work as bare function calls.

`python -m flows.bench_bare models|work|linked METHOD WAREHOUSE` reads what a warehouse holds and writes nothing.
"""

import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

import pyarrow.parquet as pq

from schemas import Article, Figure, LocalEntity, Quote
from schemas.attribution import AttributionMethod
from schemas.parquet import arrow_to_frame, arrow_to_rows, rows_to_arrow
from schemas.runs import Document
from schemas.warehouse import Warehouse


@dataclass
class Worked:
    """What the language work makes of the documents one by one, and when each document was fetched, by its id."""

    articles: list[Article] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    entities: list[LocalEntity] = field(default_factory=list)
    fetched: dict[str, datetime] = field(default_factory=dict)


def read_all(warehouse: Path, attribution: AttributionMethod) -> int:
    """How many English articles the model read; nothing is made of what it found."""
    from tasks.annotate.pipeline import load_pipeline

    nlp = load_pipeline(attribution)
    count = 0
    for path in Warehouse(warehouse).table_files("articles"):
        articles = pq.read_table(path, columns=["text", "language"], partitioning=None)
        for text, language in zip(articles["text"].to_pylist(), articles["language"].to_pylist(), strict=True):
            if language == "en":
                nlp(text)
                count += 1
    return count


def work_on_all(warehouse: Path, attribution: AttributionMethod) -> Worked:
    """The documents of the warehouse cleaned, annotated and resolved, row by row in memory."""
    from tasks.annotate.batch import ANNOTATED_LANGUAGE, annotate_article
    from tasks.annotate.pipeline import load_pipeline
    from tasks.clean.batch import clean_documents
    from tasks.clean.recurring.line_files import read_lines_or_none
    from tasks.clean.recurring.recurrence import find_recurring, recurring_in
    from tasks.resolve.clusters import local_entity_row
    from tasks.resolve.entities_in_article import cluster_mentions
    from tasks.resolve.people_in_article import read_caption_titles
    from tasks.resolve.speakers import resolve_speakers

    nlp = load_pipeline(attribution)
    tables = [pq.read_table(path, partitioning=None) for path in Warehouse(warehouse).table_files("documents")]
    documents = [document for table in tables for document in arrow_to_rows(table, Document)]
    printed = [read_lines_or_none(document) for document in documents]
    furniture = find_recurring(lambda: printed)
    recurring = {lines.document_id: frozenset(recurring_in(lines, furniture)) for lines in printed}
    worked = Worked(fetched={document.document_id: document.fetched_at for document in documents})
    for result in clean_documents(documents, recurring):
        article = result.article
        if article is None:
            continue
        worked.articles.append(article)
        if article.language != ANNOTATED_LANGUAGE:
            continue
        mentions, quotes, figures = annotate_article(nlp, article)
        clusters = cluster_mentions(mentions, article.text, article.article_id)
        people = [cluster for cluster in clusters if cluster.label == "PERSON"]
        for caption in result.captions:
            read_caption_titles(people, caption.text or "")
        resolve_speakers(quotes, clusters, article.text)
        worked.quotes += quotes
        worked.figures += figures
        worked.entities += [local_entity_row(cluster, article.article_id) for cluster in clusters]
    return worked


def work_on_and_link_all(warehouse: Path, attribution: AttributionMethod) -> dict[str, int]:
    """The same, and then what crosses articles: stories, copies, entities, groups of quotes and figures; their counts.

    All of it is held in memory, and nothing of an earlier run is taken over. What a copy credits its original with
    outside its text, as in a line that cleaning took off, is not looked at.
    """
    from tasks.link.copies import find_copies
    from tasks.link.figure_groups import group_figures, read_contexts
    from tasks.link.originals import level_artefacts
    from tasks.link.quote_groups import group_quotes
    from tasks.link.stories import count_articles, describe_stories, group_stories, read_leads
    from tasks.link.tables import LINKED_COLUMNS
    from tasks.link.voices import add_voices

    worked = work_on_all(warehouse, attribution)
    articles = arrow_to_frame(rows_to_arrow(worked.articles, Article)).drop(columns=LINKED_COLUMNS)
    grouped = group_stories(articles, count_articles(articles))
    pairs = list(grouped.alike[["first", "second"]].itertuples(index=False, name=None))
    compared = articles[articles["article_id"].isin({article_id for pair in pairs for article_id in pair})]
    copies = find_copies(compared.assign(credits=None, fetched_at=compared["document_id"].map(worked.fetched)), pairs)
    linked = add_voices(articles.merge(grouped.stories, on="article_id").merge(copies, on="article_id", how="left"))
    stories = [asdict(story) for story in describe_stories(linked.merge(read_leads(articles), on="article_id"))]
    entities = _resolve_all(worked, dict(zip(linked["article_id"], linked["story_id"], strict=True)))
    # As in a run, what only one article tells is compared with nothing.
    told = linked[linked["story_id"].duplicated(keep=False)]
    present = set(told["article_id"])
    quotes = arrow_to_frame(rows_to_arrow([row for row in worked.quotes if row.article_id in present], Quote))
    has_quotes = told["article_id"].isin(set(quotes["article_id"]))
    told = told.assign(artefacts=told["text"].where(has_quotes, "").map(level_artefacts))
    figures = arrow_to_frame(rows_to_arrow([row for row in worked.figures if row.article_id in present], Figure))
    utterances, _ = group_quotes(quotes, told)
    _, quantities = group_figures(figures.merge(read_contexts(figures, told), on="figure_id"), told)
    return {
        "stories": len(stories),
        "copies": len(copies),
        "entities": entities,
        "quote_groups": len(utterances),
        "figure_groups": len(quantities),
    }


def _resolve_all(worked: Worked, story_of: dict[str, str]) -> int:
    """How many entities there are; the quotations then name theirs."""
    from tasks.resolve.groups import ArticleContext
    from tasks.resolve.tables import resolve_entities

    contexts = {
        article.article_id: ArticleContext(
            story_id=story_of[article.article_id],
            outlet=article.outlet_name or article.article_id,
            seen_at=article.published_at or worked.fetched[article.document_id],
        )
        for article in worked.articles
    }
    return len(resolve_entities(worked.entities, worked.quotes, contexts).entities)


YARDSTICKS = {"models": read_all, "work": work_on_all, "linked": work_on_and_link_all}

if __name__ == "__main__":
    YARDSTICKS[sys.argv[1]](Path(sys.argv[3]), cast(AttributionMethod, sys.argv[2]))
