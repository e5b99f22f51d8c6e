"""The link stage's tables of articles: staged articles in, the same with their stories and originals filled in."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import Copy, RemovedSpan, Story
from schemas.parquet import arrow_schema, arrow_to_frame, frame_to_arrow, open_writer, read_published, write_table
from tasks.link.article_index import ArticleIndex, add_to_index, choose_window, compact_index, join_indexes, read_index
from tasks.link.copies import COLUMNS as COPY_COLUMNS
from tasks.link.copies import find_copies, label_families
from tasks.link.credits import settings as credit_settings
from tasks.link.frames import is_among
from tasks.link.stories import Grouped, count_articles, days_of, describe_stories, group_stories, read_leads
from tasks.link.story_clusters import settings
from tasks.link.voices import add_voices
from tasks.workers import share

# Articles are read without their texts, which are read for those that are counted or compared.
LINKED_COLUMNS = ["story_id", "copy_of_article_id", "copy_kind"]
LARGE_COLUMNS = ["text", "extracted_text", "subtitle", "url"]
# What an index of words, and the stories made with it, depend on.
INDEX_SOURCES = ("vectors.py", "stories.toml", "story_clusters.py", "article_index.py")
BATCH_ROWS = 2_000
COMPARED_AT_ONCE = 20_000
# Articles whose texts are read by two processes: for fewer a call is not worth it, and of more each would hand over
# more than it saves.
LEAST_SHARED = 200
MOST_SHARED = 20_000


def read_staged(staged: Path, table_name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The staged table as a data frame, in its declared columns or in these."""
    schema = arrow_schema(table_name)
    table = pq.read_table(staged / f"{table_name}.parquet", schema=schema, columns=list(columns) if columns else None)
    return arrow_to_frame(table)


def write_staged(frame: pd.DataFrame, staged: Path, table_name: str) -> Path:
    """Writes the frame in place of the staged table; the file's path comes back."""
    return write_table(frame_to_arrow(frame, table_name), staged / f"{table_name}.parquet")


def link_article_tables(
    staged: Path,
    previous_articles: Sequence[Path] = (),
    *,
    previous_stories: Sequence[Path] = (),
    previous_copies: Sequence[Path] = (),
    index_folder: Path | None = None,
) -> dict[str, int]:
    """Fills story_id, copy_of_article_id and copy_kind of staged articles and writes stories and copies.

    The `previous` files are those of the tables published before: their story ids are kept. With `index_folder`, where
    the articles' words are kept from run to run, only articles that are new are compared and join stories or open them;
    without it, or where nothing fitting lies there, all are compared. Counts of articles, stories and copies come back.
    """
    names = [name for name in arrow_schema("articles").names if name not in LINKED_COLUMNS + LARGE_COLUMNS]
    articles = _add_fetched_at(read_staged(staged, "articles", names), staged)
    previous = read_story_ids(previous_articles)
    keeps = index_folder is not None and index_folder.is_dir() and bool(previous)
    is_new = ~is_among(articles["article_id"], previous) if keeps else pd.Series(True, index=articles.index)
    # The index is the largest thing in memory: nothing keeps it beyond the grouping.
    grouped = group_stories(
        articles, prepare_index(staged, articles, is_new, index_folder), previous=previous, keeps_stories=keeps
    )
    copies = link_copies(
        staged, articles, grouped, arrow_to_frame(read_published(previous_copies, "copies")) if keeps else None
    )
    placed = articles.merge(grouped.stories, on="article_id", how="left")
    linked = add_voices(placed.merge(copies, on="article_id", how="left"))
    stories = _describe_changed(
        staged, linked, grouped, is_new, previous, arrow_to_frame(read_published(previous_stories, "stories")), keeps
    )
    fill_articles(staged, linked)
    write_staged(copies, staged, Copy.table.name)
    write_staged(stories, staged, Story.table.name)
    return {"articles": len(linked), "stories": len(stories), "copies": len(copies)}


def name_index_folder(folder: Path) -> Path:
    """The place below `folder` for an index made by this code and these settings; others would not fit it."""
    parts = [Path(__file__).with_name(name).read_bytes() for name in INDEX_SOURCES]
    return folder / f"link-{hashlib.sha256(b''.join(parts)).hexdigest()[:12]}"


def prepare_index(staged: Path, articles: pd.DataFrame, is_new: pd.Series, folder: Path | None) -> ArticleIndex:
    """The index of the articles that the new ones are compared with, the new among them."""
    wanted = articles.loc[choose_window(days_of(articles), is_new, settings()["window_days"]), "article_id"]
    known = read_index(folder, wanted.tolist()) if folder else ArticleIndex.empty()
    missing = wanted[~is_among(wanted, known.article_ids)]
    added = join_indexes(list(_share_halves("count_staged", staged, missing)))
    if folder:
        add_to_index(folder, added)
        compact_index(folder, articles["article_id"].tolist())
    return join_indexes([known, added])


def count_staged(staged: Path, article_ids: pd.Series) -> ArticleIndex:
    """The index of these staged articles."""
    texts = read_texts(staged, article_ids, ["title", "language", "published_at"])
    return join_indexes([count_articles(batch) for batch in texts])


def read_staged_leads(staged: Path, article_ids: pd.Series) -> pd.DataFrame:
    """`read_leads` of these staged articles."""
    leads = [read_leads(batch) for batch in read_texts(staged, article_ids)]
    none = read_leads(pd.DataFrame(columns=["article_id", "text"], dtype="str"))
    return pd.concat(leads or [none], ignore_index=True)


def _share_halves(function: str, staged: Path, article_ids: pd.Series) -> Iterator[Any]:
    """What a function of this module makes of these staged articles, in their order; a worker may do one half."""
    half = len(article_ids) // 2 if LEAST_SHARED <= len(article_ids) <= MOST_SHARED else len(article_ids)
    parts = [article_ids.iloc[:half], article_ids.iloc[half:]]
    return share(f"{__name__}:{function}", [(staged, part) for part in parts if len(part)])


def read_texts(staged: Path, article_ids: pd.Series, columns: Sequence[str] = ()) -> Iterator[pd.DataFrame]:
    """article_id, text and `columns` of these articles, some thousand at a time."""
    return read_rows(staged, "articles", article_ids, ["article_id", "text", *columns], BATCH_ROWS)


def read_rows(
    staged: Path, table_name: str, article_ids: pd.Series, columns: Sequence[str], batch_rows: int
) -> Iterator[pd.DataFrame]:
    """Those rows of a staged table that are of these articles, of each `batch_rows` at a time."""
    wanted = pa.array(article_ids.tolist(), pa.string())
    if not len(wanted):
        return
    for batch in pq.ParquetFile(staged / f"{table_name}.parquet").iter_batches(batch_rows, columns=list(columns)):
        kept = batch.filter(pc.is_in(batch["article_id"], value_set=wanted))
        if len(kept):
            yield arrow_to_frame(pa.Table.from_batches([kept]))


def link_copies(staged: Path, articles: pd.DataFrame, grouped: Grouped, previous: pd.DataFrame | None) -> pd.DataFrame:
    """The copies among the articles: those found now, and those of before that nothing found now concerns."""
    alike = grouped.alike[["first", "second"]]
    kept = pd.DataFrame(columns=COPY_COLUMNS)
    if previous is not None:
        present = is_among(previous["article_id"], articles["article_id"])
        kept = previous[present & is_among(previous["copy_of_article_id"], articles["article_id"])]
        compared = set(alike["first"]) | set(alike["second"])
        again = is_among(kept["article_id"], compared) | is_among(kept["copy_of_article_id"], compared)
        pairs = kept.loc[again, ["article_id", "copy_of_article_id"]].set_axis(["first", "second"], axis=1)
        alike = pd.concat([alike, pairs], ignore_index=True)
        kept = kept[~again]
    compared_ids = pd.unique(alike.to_numpy().ravel())
    details = articles[is_among(articles["article_id"], compared_ids)].drop(
        columns=["title", "language"], errors="ignore"
    )
    details = details.assign(credits=read_credit_notes(staged, details["document_id"]))
    found = [kept[COPY_COLUMNS]]
    for pairs in part_pairs(alike):
        named = pd.Series(pd.unique(pairs.to_numpy().ravel()))
        texts = pd.concat(read_texts(staged, named), ignore_index=True)
        found.append(find_copies(details.merge(texts, on="article_id"), pairs.itertuples(index=False, name=None)))
    frames = [frame for frame in found if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else kept[COPY_COLUMNS]


def read_credit_notes(staged: Path, document_ids: pd.Series) -> pd.Series:
    """What cleaning took off each document that may name a source, a line each; null where it took nothing."""
    path = staged / f"{RemovedSpan.table.name}.parquet"
    notes: list[pd.DataFrame] = []
    categories = pa.array(credit_settings()["credits"]["removed"])
    columns = ["document_id", "category", "text"]
    # Hashed once: Arrow would hash a million ids anew for every batch.
    wanted = pd.Index(document_ids.unique())
    for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS, columns=columns) if path.is_file() else ():
        noted = arrow_to_frame(pa.Table.from_batches([batch.filter(pc.is_in(batch["category"], categories))]))
        notes.append(noted[wanted.get_indexer(noted["document_id"]) >= 0])
    found = pd.concat(notes) if notes else pd.DataFrame(columns=columns, dtype="str")
    return document_ids.map(found.groupby("document_id")["text"].agg("\n".join))


def part_pairs(pairs: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The pairs in parts that have no article in common, so that one part's texts at a time are in memory."""
    if not len(pairs):
        return
    families = label_families(list(pairs.itertuples(index=False, name=None)))
    labels = pairs["first"].map(families).to_numpy()
    part_of = np.cumsum(np.bincount(list(families.values()))) // COMPARED_AT_ONCE
    for _, part in pairs.groupby(part_of[labels], sort=True):
        yield part


def _describe_changed(
    staged: Path,
    linked: pd.DataFrame,
    grouped: Grouped,
    is_new: pd.Series,
    previous: dict[str, str],
    before: pd.DataFrame,
    keeps: bool,
) -> pd.DataFrame:
    """One row per story; those whose articles have not changed are taken over from `before`."""
    old_traces = dict(zip(before["story_id"], before["merged_story_ids"], strict=True))
    traces = trace_merged(grouped.merged, {name: trace for name, trace in old_traces.items() if isinstance(trace, str)})
    changed = set(linked.loc[is_new.to_numpy(), "story_id"]) | set(grouped.merged.values())
    present = set(linked["article_id"])
    changed |= {story for article, story in previous.items() if article not in present}
    compared = set(grouped.alike["first"]) | set(grouped.alike["second"])
    changed |= set(linked.loc[is_among(linked["article_id"], compared), "story_id"])
    unchanged = before[~is_among(before["story_id"], changed) & is_among(before["story_id"], linked["story_id"])]
    unchanged = unchanged if keeps else unchanged.iloc[:0]
    told = linked[~is_among(linked["story_id"], unchanged["story_id"])]
    leads = list(_share_halves("read_staged_leads", staged, told["article_id"]))
    every = pd.concat(leads or [read_staged_leads(staged, told["article_id"])], ignore_index=True)
    described = describe_stories(told.merge(every, on="article_id"), traces)
    rows = pd.DataFrame([asdict(story) for story in described], columns=arrow_schema("stories").names)
    frames = [frame for frame in (unchanged, rows) if len(frame)]
    return pd.concat(frames, ignore_index=True).sort_values("story_id") if frames else rows


def trace_merged(merged: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """By story the ids of earlier runs that it took in, joined by a space: those of `before` and of `merged`."""
    traces = {story: set(trace.split()) for story, trace in before.items()}
    for gone, story in sorted(merged.items()):
        traces.setdefault(story, set()).update({gone}, traces.get(gone, set()))
    return {story: " ".join(sorted(trace)) for story, trace in traces.items() if trace}


def fill_articles(staged: Path, linked: pd.DataFrame) -> None:
    """Writes the linked columns into staged articles, batch by batch."""
    schema = arrow_schema("articles")
    values = linked.set_index("article_id")[LINKED_COLUMNS].astype(object)
    values = values.where(values.notna(), None)
    path = staged / "articles.parquet"
    draft = staged / ".articles.part"
    with open_writer(draft, schema) as writer:
        for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS):
            table = pa.Table.from_batches([batch]).select(schema.names)
            own = values.loc[table["article_id"].to_pylist()]
            for name in LINKED_COLUMNS:
                column = pa.array(own[name].tolist(), pa.string())
                table = table.set_column(schema.get_field_index(name), name, column)
            writer.write_table(table.cast(schema))
    draft.replace(path)


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
