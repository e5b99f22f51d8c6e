"""The link stage's tables: staged tables in, the same with stories, copies and groups filled in."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from schemas import FigureGroup, QuoteGroup, Story
from schemas.parquet import arrow_schema, arrow_to_frame, frame_to_arrow, write_rows, write_table
from tasks.link.copies import find_copies
from tasks.link.figure_groups import group_figures
from tasks.link.quote_groups import group_quotes
from tasks.link.stories import describe_stories, group_stories


def read_staged(staged: Path, table_name: str) -> pd.DataFrame:
    """The staged table as a data frame, in its declared columns."""
    return arrow_to_frame(pq.read_table(staged / f"{table_name}.parquet", schema=arrow_schema(table_name)))


def write_staged(frame: pd.DataFrame, staged: Path, table_name: str) -> Path:
    """Writes the frame in place of the staged table; the file's path comes back."""
    return write_table(frame_to_arrow(frame, table_name), staged / f"{table_name}.parquet")


def link_article_tables(staged: Path, previous_articles: Sequence[Path] = ()) -> dict[str, int]:
    """Fills story_id, copy_of_article_id and copy_kind of staged articles and writes stories.

    Story ids of `previous_articles`, files of the articles table, are kept. Counts of articles,
    stories and copies come back. Articles without a row in staged documents have no fetched_at.
    """
    articles = read_staged(staged, "articles").drop(columns=["story_id", "copy_of_article_id", "copy_kind"])
    grouped = group_stories(articles, previous=read_story_ids(previous_articles))
    copies = find_copies(_add_fetched_at(articles, staged), grouped)
    linked = articles.merge(grouped, on="article_id", how="left").merge(copies, on="article_id", how="left")
    stories = describe_stories(linked)
    write_staged(linked, staged, "articles")
    write_rows(stories, Story, staged)
    return {"articles": len(linked), "stories": len(stories), "copies": len(copies)}


def read_story_ids(articles_files: Sequence[Path]) -> dict[str, str]:
    """story_id by article_id, from files of the articles table; articles without a story are left out."""
    story_ids: dict[str, str] = {}
    for path in articles_files:
        columns = pq.read_table(path, columns=["article_id", "story_id"]).to_pydict()
        pairs = zip(columns["article_id"], columns["story_id"], strict=True)
        story_ids.update((article_id, story_id) for article_id, story_id in pairs if story_id is not None)
    return story_ids


def _add_fetched_at(articles: pd.DataFrame, staged: Path) -> pd.DataFrame:
    path = staged / "documents.parquet"
    if not path.is_file():
        return articles
    fetched = pq.read_table(path, columns=["document_id", "fetched_at"]).to_pandas()
    return articles.merge(fetched.drop_duplicates("document_id"), on="document_id", how="left")


def link_attribution_tables(staged: Path) -> dict[str, int]:
    """Fills quote_group_id and figure_group_id of staged quotes and figures and writes the groups.

    Staged articles must have their stories. Counts of both kinds of groups come back.
    """
    articles = read_staged(staged, "articles")
    quotes = read_staged(staged, "quotes").drop(columns="quote_group_id")
    grouped_quotes, quote_groups = group_quotes(quotes, articles)
    figures = read_staged(staged, "figures").drop(columns="figure_group_id")
    grouped_figures, figure_groups = group_figures(figures, articles)
    write_staged(quotes.merge(grouped_quotes, on="quote_id", how="left"), staged, "quotes")
    write_staged(figures.merge(grouped_figures, on="figure_id", how="left"), staged, "figures")
    write_rows(quote_groups, QuoteGroup, staged)
    write_rows(figure_groups, FigureGroup, staged)
    return {"utterances": len(quote_groups), "quantities": len(figure_groups)}
