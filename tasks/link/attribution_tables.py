"""The link stage's tables of attributions: staged quotes and figures in, the same with their groups filled in."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import FigureGroup, QuoteGroup, QuoteVariant
from schemas.parquet import arrow_schema, arrow_to_frame, open_writer, rows_to_arrow
from tasks.link.figure_groups import group_figures, read_contexts
from tasks.link.frames import is_among
from tasks.link.known_groups import Groups, digest_rows, join_groups, keep_groups, read_known_groups
from tasks.link.originals import level_artefacts
from tasks.link.quote_groups import group_quotes
from tasks.link.tables import read_rows, read_staged, read_texts, write_staged
from tasks.link.voices import add_voices
from tasks.workers import share

# What groups are made of, beside the texts around figures.
READ_COLUMNS = {
    "articles": ["article_id", "story_id", "outlet_name", "copy_of_article_id"],
    "quotes": ["quote_id", "article_id", "content", "content_segments", "kind", "speaker_id", "speaker_name"],
    "figures": [
        *("figure_id", "article_id", "start_char", "end_char"),
        *("value", "low", "high", "unit", "quantity", "qualifier"),
    ],
}
BATCH_ROWS = 20_000
# Stories are grouped in parts, of which two at a time are in memory with their texts: so many quotations and figures.
ROWS_AT_ONCE = 300_000
# A part of so many takes longer than another process needs to import what groups it.
LEAST_ROWS = 5_000


def link_attribution_tables(staged: Path, known_folder: Path | None = None, *, code: str = "") -> dict[str, int]:
    """Fills quote_group_id and figure_group_id of staged quotes and figures and writes the groups.

    Staged articles must have their stories. In `known_folder` groups are kept from run to run: those of stories whose
    articles, quotations and figures are the same as then, and that this same `code` has grouped, are taken over.
    Counts of both kinds of groups come back.
    """
    articles = add_voices(read_staged(staged, "articles", READ_COLUMNS["articles"]))
    # Only what several articles tell is compared; of the others no text is read.
    told = articles[articles["story_id"].duplicated(keep=False) & articles["story_id"].notna()]
    digests, sizes = measure_stories(staged, told, salt=code)
    known, groups = read_known_groups(known_folder, digests) if known_folder else ([], Groups.empty())
    sizes = sizes.drop(known)
    parts = [(staged, part) for part in part_stories(told, sizes)]
    groups = join_groups([groups, *share("tasks.link.attribution_tables:group_part", parts)])
    # A quotation of several utterances goes by the first, which most articles share.
    fill_groups(staged, "quotes", groups.variants.drop_duplicates("quote_id").set_index("quote_id")["quote_group_id"])
    fill_groups(staged, "figures", groups.members.set_index("figure_id")["figure_group_id"])
    for row_type, frame in (
        (QuoteGroup, groups.quotes),
        (QuoteVariant, groups.variants),
        (FigureGroup, groups.figures),
    ):
        write_staged(frame, staged, row_type.table.name)
    if known_folder:
        keep_groups(known_folder, digests, groups)
    return {"utterances": len(groups.quotes), "quantities": len(groups.figures)}


def measure_stories(staged: Path, told: pd.DataFrame, *, salt: str) -> tuple[pd.Series, pd.Series]:
    """By story_id: a number that changes with anything its groups are made of, and how many quotes and figures it has.

    `told` are its articles, with READ_COLUMNS.
    """
    story_of = told.set_index("article_id")["story_id"]
    parts = [digest_rows(told, told["story_id"], salt=f"{salt} articles")]
    counts = [pd.Series(0, index=pd.unique(told["story_id"]))]
    for name in ("quotes", "figures"):
        for rows in read_attributions(staged, name, told["article_id"]):
            stories = rows["article_id"].map(story_of)
            parts.append(digest_rows(rows, stories, salt=f"{salt} {name}"))
            counts.append(stories.value_counts())
    for texts in read_texts(staged, told["article_id"]):
        own = texts[["article_id", "text"]]
        parts.append(digest_rows(own, own["article_id"].map(story_of), salt=f"{salt} texts"))
    return _add_up(parts), _add_up(counts)


def _add_up(parts: Sequence[pd.Series]) -> pd.Series:
    joined = pd.concat(parts)
    return joined.groupby(joined.index, sort=True).sum()


def part_stories(told: pd.DataFrame, sizes: pd.Series) -> Iterator[pd.DataFrame]:
    """The articles of the stories of `sizes`, in parts of whole stories: halves, if neither small nor large."""
    part_rows = min(ROWS_AT_ONCE // 2, max(math.ceil(sizes.sum() / 2), LEAST_ROWS))
    part_of = (sizes.cumsum() - sizes) // part_rows
    own = told[is_among(told["story_id"], sizes.index)]
    for _, part in own.groupby(own["story_id"].map(part_of), sort=True):
        yield part


def group_part(staged: Path, told: pd.DataFrame) -> Groups:
    """The groups of all stories of these articles."""
    quotes, figures = (
        pd.concat(rows, ignore_index=True)
        if (rows := list(read_attributions(staged, name, told["article_id"])))
        else arrow_to_frame(arrow_schema(name).empty_table()).loc[:, READ_COLUMNS[name]]
        for name in ("quotes", "figures")
    )
    levels = {
        article_id: level_artefacts(text)
        for batch in read_texts(staged, told["article_id"][is_among(told["article_id"], quotes["article_id"])])
        for article_id, text in zip(batch["article_id"], batch["text"], strict=True)
    }
    quote_groups, variants = group_quotes(
        quotes, told.assign(artefacts=told["article_id"].map(levels).fillna(0).astype(int))
    )
    members, figure_groups = group_figures(add_contexts(staged, figures, told), told)
    return Groups(
        quotes=arrow_to_frame(rows_to_arrow(quote_groups, QuoteGroup)),
        variants=arrow_to_frame(rows_to_arrow(variants, QuoteVariant)),
        figures=arrow_to_frame(rows_to_arrow(figure_groups, FigureGroup)),
        members=members,
    )


def read_attributions(staged: Path, table_name: str, article_ids: pd.Series) -> Iterator[pd.DataFrame]:
    """The quotes or figures of these articles, in READ_COLUMNS, some thousand at a time."""
    return read_rows(staged, table_name, article_ids, READ_COLUMNS[table_name], BATCH_ROWS)


def add_contexts(staged: Path, figures: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The figures of these articles with the columns of `read_contexts`; texts are read some thousand at a time."""
    given = articles["article_id"][is_among(articles["article_id"], figures["article_id"])]
    read = [read_contexts(figures, batch) for batch in read_texts(staged, given)]
    none = read_contexts(figures.iloc[:0], articles.iloc[:0].assign(text=""))
    return figures.merge(pd.concat(read or [none], ignore_index=True), on="figure_id")


def fill_groups(staged: Path, table_name: str, group_of: pd.Series) -> None:
    """Writes the group of each quote or figure into its staged table, batch by batch; null where it is in none."""
    schema = arrow_schema(table_name)
    key, column = schema.names[0], {"quotes": "quote_group_id", "figures": "figure_group_id"}[table_name]
    path = staged / f"{table_name}.parquet"
    draft = staged / f".{table_name}.part"
    with open_writer(draft, schema) as writer:
        for batch in pq.ParquetFile(path).iter_batches(BATCH_ROWS):
            table = pa.Table.from_batches([batch]).select(schema.names)
            own = group_of.reindex(table[key].to_pylist())
            filled = pa.array(own.astype(object), pa.string(), from_pandas=True)
            writer.write_table(table.set_column(schema.get_field_index(column), column, filled).cast(schema))
    draft.replace(path)
