"""The report's content, read from staged tables."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.dataset import dataset

from schemas import (
    Article,
    Copy,
    Document,
    Entity,
    EntityTitle,
    Figure,
    FigureGroup,
    Quarantine,
    Quote,
    QuoteGroup,
    QuoteVariant,
    RemovedSpan,
    Repair,
    Row,
    Run,
    Story,
)
from schemas.parquet import arrow_to_rows, read_rows
from tasks.publish.report_views import (
    ArticleView,
    LeftOut,
    PersonView,
    QuantityView,
    QuoteView,
    ReportView,
    StoryView,
    TitleView,
    UtteranceView,
    ValueView,
    WordingView,
    group_by,
    name_outlet,
    unique,
)
from tasks.publish.wording import compare_with_all, compare_wordings, is_part, wording_key

T = TypeVar("T", bound=Row)
# A page of five thousand articles opens in about a second; the tables hold the rest.
MOST_ARTICLES = 5000
MOST_REFUSALS = 1000


def read_report(staged: Path, *, most_articles: int = MOST_ARTICLES) -> ReportView:
    """The page's content, from the Parquet files of a run's staged tables.

    Of more than `most_articles` articles those of the most widely told stories, then of the newest, are shown.
    """
    chosen = choose_stories(staged, most_articles)

    def rows(row_type: type[T], column: str, ids: Iterable[str]) -> list[T]:
        # Of a document that became no article there may be a row too many, which nobody asks for.
        if chosen.left_out == LeftOut():
            return read_rows(row_type, staged)
        return _read_where(row_type, staged, column, ids)

    articles = rows(Article, "article_id", chosen.article_ids)
    of_articles = ("article_id", chosen.article_ids)
    of_documents = ("document_id", [article.document_id for article in articles])
    figures = rows(Figure, *of_articles)
    views = _view_articles(
        articles,
        rows(Document, *of_documents),
        rows(Quote, *of_articles),
        figures,
        rows(RemovedSpan, *of_documents),
        rows(Repair, *of_documents),
        rows(Copy, *of_articles),
    )
    by_id = {view.article.article_id: view for view in views}
    quotes = [QuoteView(quote=quote, article=view) for view in views for quote in view.quotes]
    titles = rows(EntityTitle, *of_articles)
    named = {view.quote.speaker_id for view in quotes} | {title.entity_id for title in titles}
    entities = _read_where(Entity, staged, "entity_id", [entity_id for entity_id in named if entity_id])
    people, unnamed = _view_people(quotes, entities)
    refusals, refusal_count = _read_refusals(staged)
    return ReportView(
        run=max(read_rows(Run, staged), key=lambda run: run.started_at, default=None),
        stories=_view_stories(
            rows(Story, "story_id", chosen.story_ids),
            by_id,
            _view_utterances(rows(QuoteGroup, "story_id", chosen.story_ids), rows(QuoteVariant, *of_articles), quotes),
            _view_quantities(rows(FigureGroup, "story_id", chosen.story_ids), figures, by_id),
            titles,
            entities,
        ),
        people=people,
        unnamed=unnamed,
        articles=views,
        refusals=refusals,
        left_out=replace(chosen.left_out, refusals=refusal_count - len(refusals)),
    )


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What of the tables the page shows."""

    story_ids: list[str]
    article_ids: list[str]
    left_out: LeftOut


def choose_stories(staged: Path, most_articles: int) -> Chosen:
    """Whole stories, the most widely told first, then the newest, up to `most_articles` articles."""
    stories = pq.read_table(
        staged / "stories.parquet", columns=["story_id", "outlet_count", "article_count", "first_published_at"]
    ).to_pylist()
    stories.sort(key=lambda story: story["story_id"])
    stories.sort(key=lambda story: str(story["first_published_at"] or ""), reverse=True)
    stories.sort(key=lambda story: (-story["outlet_count"], -story["article_count"]))
    articles = pq.read_table(staged / "articles.parquet", columns=["article_id", "story_id"]).to_pylist()
    ids_of = group_by((row["article_id"] for row in articles), (row["story_id"] for row in articles))
    article_ids = ids_of.get(None, [])[:most_articles]
    story_ids = []
    for story in stories:
        members = ids_of.get(story["story_id"], [])
        if len(article_ids) + len(members) <= most_articles:
            story_ids.append(story["story_id"])
            article_ids += members
    left_out = LeftOut(stories=len(stories) - len(story_ids), articles=len(articles) - len(article_ids))
    return Chosen(story_ids=story_ids, article_ids=article_ids, left_out=left_out)


def _read_where(row_type: type[T], staged: Path, column: str, ids: Iterable[str]) -> list[T]:
    """Rows whose `column` is one of `ids`; no other row is kept in memory."""
    path = staged / f"{row_type.table.name}.parquet"
    wanted = pc.field(column).isin(pa.array(sorted(ids), pa.string()))
    table = dataset(path).to_table(filter=wanted, columns=list(row_type.table.column_names))
    return arrow_to_rows(table, row_type)


def _read_refusals(staged: Path) -> tuple[list[Quarantine], int]:
    """The first refusals by stage, check and source, and how many there are."""
    table = pq.read_table(staged / "quarantine.parquet")
    order = [(name, "ascending") for name in ("stage", "check_name", "source_uri", "quarantine_id")]
    return arrow_to_rows(table.sort_by(order).slice(0, MOST_REFUSALS), Quarantine), len(table)


def _view_articles(
    articles: Sequence[Article],
    documents: Sequence[Document],
    quotes: Sequence[Quote],
    figures: Sequence[Figure],
    removed: Sequence[RemovedSpan],
    repairs: Sequence[Repair],
    copies: Sequence[Copy],
) -> list[ArticleView]:
    document_of = {document.document_id: document for document in documents}
    quotes_of = group_by(quotes, (quote.article_id for quote in quotes))
    figures_of = group_by(figures, (figure.article_id for figure in figures))
    removed_of = group_by(removed, (span.document_id for span in removed))
    copy_of = {copy.article_id: copy for copy in copies}
    repairs_of = group_by(repairs, (repair.document_id for repair in repairs))
    views = [
        ArticleView(
            article=article,
            document=document_of[article.document_id],
            outlet=name_outlet(article, document_of[article.document_id]),
            quotes=sorted(quotes_of.get(article.article_id, []), key=lambda quote: quote.start_char),
            figures=figures_of.get(article.article_id, []),
            removed=removed_of.get(article.document_id, []),
            repairs=repairs_of.get(article.document_id, []),
            copy=copy_of.get(article.article_id),
        )
        for article in articles
    ]
    return sorted(views, key=_reading_order)


def _reading_order(view: ArticleView) -> tuple:
    published = view.article.published_at
    return (published is None, published or view.document.fetched_at, view.outlet, view.article.article_id)


def _view_utterances(
    groups: Sequence[QuoteGroup], variants: Sequence[QuoteVariant], quotes: Sequence[QuoteView]
) -> dict[str | None, list[UtteranceView]]:
    quotes_of = group_by(quotes, (view.quote.quote_group_id for view in quotes))
    variants_of = group_by(variants, (variant.quote_group_id for variant in variants))
    views = {view.quote.quote_id: view for view in quotes}
    utterances = []
    for group in groups:
        # A quotation that tells several utterances names only the first of them itself.
        shared = {variant.quote_id: variant.shared_text for variant in variants_of.get(group.quote_group_id, [])}
        members = [views[quote_id] for quote_id in shared if quote_id in views]
        wordings = _view_wordings(group, members or quotes_of.get(group.quote_group_id, []), shared)
        utterances.append(UtteranceView(group=group, wordings=wordings))
    utterances.sort(key=lambda view: (-view.group.outlet_count, -view.group.variant_count, view.group.quote_group_id))
    return group_by(utterances, (view.group.story_id for view in utterances))


def _view_wordings(group: QuoteGroup, members: Sequence[QuoteView], shared: dict[str, str]) -> list[WordingView]:
    """The wordings of an utterance, the canonical one first, then those that most print."""
    texts = [shared.get(view.quote.quote_id, view.quote.content) for view in members]
    by_wording = group_by(zip(members, texts, strict=True), map(wording_key, texts))
    canonical = wording_key(group.canonical_text)
    others = [same[0][1] for key, same in by_wording.items() if key != canonical]
    wordings = []
    for key, same in by_wording.items():
        text = same[0][1]
        is_canonical = key == canonical
        before, _, after = same[0][0].quote.content.partition(text)
        wordings.append(
            WordingView(
                quotes=[view for view, _ in same],
                runs=compare_with_all(text, others) if is_canonical else compare_wordings(text, group.canonical_text),
                is_canonical=is_canonical,
                before=before if text in same[0][0].quote.content else "",
                after=after,
                is_cut=any(is_part(key, other) for other in by_wording if other != key),
            )
        )
    return sorted(wordings, key=lambda wording: (not wording.is_canonical, wording.is_cut, -len(wording.quotes)))


def _view_quantities(
    groups: Sequence[FigureGroup], figures: Sequence[Figure], articles: dict[str, ArticleView]
) -> dict[str, list[QuantityView]]:
    figures_of = group_by(figures, (figure.figure_group_id for figure in figures))
    quantities = []
    for group in groups:
        members = sorted(
            figures_of.get(group.figure_group_id, []), key=lambda figure: (figure.unit, figure.low, figure.high)
        )
        by_value = group_by(members, ((figure.low, figure.high, figure.unit) for figure in members))
        values = [
            ValueView(low=low, high=high, unit=unit, figures=[(figure, articles[figure.article_id]) for figure in same])
            for (low, high, unit), same in by_value.items()
        ]
        if values:
            quantities.append(QuantityView(group=group, values=values))
    quantities.sort(key=lambda view: (not view.group.disagrees, -view.group.outlet_count, view.group.quantity))
    return group_by(quantities, (view.group.story_id for view in quantities))


def _view_titles(titles: Sequence[EntityTitle], articles: Sequence[ArticleView]) -> dict[str, list[TitleView]]:
    """Titles in conflict by entity: the usual one, and each that cannot be the same office."""
    of_article = {view.article.article_id: view for view in articles}
    # A title conflicts from both sides; only the side that is not the person's usual one is worth showing.
    odd = [row for row in titles if row.conflicts and not row.is_usual]
    result = {}
    for entity_id in unique(row.entity_id for row in odd):
        own = [row for row in titles if row.entity_id == entity_id]
        usual = [row for row in own if row.is_usual]
        wordings = group_by(
            [row for row in own if row.conflicts and not row.is_usual],
            (row.normalized_title for row in own if row.conflicts and not row.is_usual),
        )
        groups = [*([usual] if usual else []), *wordings.values()]
        result[entity_id] = [
            TitleView(
                title=Counter(row.title for row in rows).most_common(1)[0][0],
                articles=[of_article[article_id] for article_id in unique(row.article_id for row in rows)],
                is_usual=rows[0].is_usual,
            )
            for rows in groups
        ]
    return result


def _view_stories(
    stories: Sequence[Story],
    articles: dict[str, ArticleView],
    utterances: dict[str | None, list[UtteranceView]],
    quantities: dict[str, list[QuantityView]],
    titles: Sequence[EntityTitle],
    entities: Sequence[Entity],
) -> list[StoryView]:
    articles_of = group_by(articles.values(), (view.article.story_id for view in articles.values()))
    titles_of = group_by(titles, (articles[row.article_id].article.story_id for row in titles))
    names = {entity.entity_id: entity.name for entity in entities}
    views = []
    for story in stories:
        members = articles_of.get(story.story_id, [])
        spoken = Counter(quote.speaker_name for view in members for quote in view.quotes if quote.speaker_name)
        views.append(
            StoryView(
                story=story,
                articles=members,
                utterances=utterances.get(story.story_id, []),
                quantities=quantities.get(story.story_id, []),
                titles={
                    names[entity_id]: views
                    for entity_id, views in _view_titles(titles_of.get(story.story_id, []), members).items()
                },
                speakers=spoken.most_common(),
            )
        )
    # Most widely told first, then newest, then by name so that equal inputs give equal pages.
    views.sort(key=lambda view: (view.story.headline, view.story.story_id))
    views.sort(key=lambda view: str(view.story.first_published_at or ""), reverse=True)
    return sorted(views, key=lambda view: (-view.story.outlet_count, -view.story.article_count))


def _view_people(quotes: Sequence[QuoteView], entities: Sequence[Entity]) -> tuple[list[PersonView], list[PersonView]]:
    entity_of = {entity.entity_id: entity for entity in entities}
    named = [view for view in quotes if view.quote.speaker_name]
    keys = [(view.quote.speaker_id or view.quote.speaker_name) for view in named]
    people = [
        PersonView(name=views[0].quote.speaker_name or "", entity=entity_of.get(key or ""), quotes=views)
        for key, views in group_by(named, keys).items()
    ]
    others = [view for view in quotes if not view.quote.speaker_name]
    unnamed = [
        PersonView(name=key or "", entity=None, quotes=views)
        for key, views in group_by(others, (view.quote.speaker_text for view in others)).items()
    ]
    for views in (people, unnamed):
        views.sort(key=lambda view: (-len(view.quotes), view.name))
    return people, unnamed
