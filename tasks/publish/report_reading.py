"""The report's content, read from staged tables."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from schemas import (
    Article,
    Document,
    Entity,
    EntityTitle,
    Figure,
    FigureGroup,
    Quarantine,
    Quote,
    QuoteGroup,
    RemovedSpan,
    Repair,
    Row,
    Run,
    Story,
)
from schemas.parquet import read_rows
from tasks.publish.report_views import (
    ArticleView,
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
)
from tasks.publish.wording import compare_wordings, wording_key

T = TypeVar("T", bound=Row)


def read_report(staged: Path) -> ReportView:
    """The page's content, from the Parquet files of a run's staged tables."""

    def rows(row_type: type[T]) -> list[T]:
        return read_rows(row_type, staged)

    figures = rows(Figure)
    articles = _view_articles(rows(Article), rows(Document), rows(Quote), figures, rows(RemovedSpan), rows(Repair))
    by_id = {view.article.article_id: view for view in articles}
    quotes = [QuoteView(quote=quote, article=view) for view in articles for quote in view.quotes]
    entities = rows(Entity)
    people, unnamed = _view_people(quotes, entities)
    return ReportView(
        run=max(rows(Run), key=lambda run: run.started_at, default=None),
        stories=_view_stories(
            rows(Story),
            by_id,
            _view_utterances(rows(QuoteGroup), quotes),
            _view_quantities(rows(FigureGroup), figures, by_id),
            rows(EntityTitle),
            entities,
        ),
        people=people,
        unnamed=unnamed,
        articles=articles,
        refusals=sorted(rows(Quarantine), key=lambda row: (row.stage, row.check_name, row.source_uri or "")),
    )


def _view_articles(
    articles: Sequence[Article],
    documents: Sequence[Document],
    quotes: Sequence[Quote],
    figures: Sequence[Figure],
    removed: Sequence[RemovedSpan],
    repairs: Sequence[Repair],
) -> list[ArticleView]:
    document_of = {document.document_id: document for document in documents}
    quotes_of = group_by(quotes, (quote.article_id for quote in quotes))
    figures_of = group_by(figures, (figure.article_id for figure in figures))
    removed_of = group_by(removed, (span.document_id for span in removed))
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
        )
        for article in articles
    ]
    return sorted(views, key=_reading_order)


def _reading_order(view: ArticleView) -> tuple:
    published = view.article.published_at
    return (published is None, published or view.document.fetched_at, view.outlet, view.article.article_id)


def _view_utterances(
    groups: Sequence[QuoteGroup], quotes: Sequence[QuoteView]
) -> dict[str | None, list[UtteranceView]]:
    quotes_of = group_by(quotes, (view.quote.quote_group_id for view in quotes))
    utterances = []
    for group in groups:
        members = quotes_of.get(group.quote_group_id, [])
        canonical = wording_key(group.canonical_text)
        by_wording = group_by(members, (wording_key(view.quote.content) for view in members))
        wordings = [
            WordingView(
                quotes=views,
                runs=compare_wordings(views[0].quote.content, group.canonical_text),
                is_canonical=key == canonical,
            )
            for key, views in by_wording.items()
        ]
        wordings.sort(key=lambda wording: (not wording.is_canonical, -len(wording.quotes)))
        utterances.append(UtteranceView(group=group, wordings=wordings))
    utterances.sort(key=lambda view: (-view.group.outlet_count, -view.group.variant_count, view.group.quote_group_id))
    return group_by(utterances, (view.group.story_id for view in utterances))


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


def _view_titles(
    titles: Sequence[EntityTitle], articles: Sequence[ArticleView], names: dict[str, str]
) -> dict[str, list[TitleView]]:
    of_article = {view.article.article_id: view for view in articles}
    inside = [row for row in titles if row.article_id in of_article]
    conflicting = {row.entity_id for row in inside if row.conflicts}
    result = {}
    for entity_id, rows in group_by(inside, (row.entity_id for row in inside)).items():
        by_title = group_by(rows, (row.normalized_title for row in rows))
        if entity_id in conflicting and len(by_title) > 1:
            result[names.get(entity_id, entity_id)] = [
                TitleView(title=same[0].title, articles=[of_article[row.article_id] for row in same])
                for same in by_title.values()
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
    titles_of = group_by(
        titles, (articles[row.article_id].article.story_id if row.article_id in articles else None for row in titles)
    )
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
                titles=_view_titles(titles_of.get(story.story_id, []), members, names),
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
