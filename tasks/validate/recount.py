"""Counts that rows keep of other rows, brought up to date where some of those were refused."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import PUBLISHED_TABLES, TABLES, Quarantine
from schemas.parquet import arrow_schema, write_table
from tasks.quarantine import refuse

# A copy counts for its original's outlet, an article that names none as one.
OUTLETS = "count(DISTINCT coalesce(lower(voice_outlet), voice_id))"
VOICES = (
    "(SELECT a.*, coalesce(a.copy_of_article_id, a.article_id) AS voice_id, CASE WHEN o.article_id IS NULL THEN "
    "a.outlet_name ELSE o.outlet_name END AS voice_outlet FROM articles a LEFT JOIN articles o ON o.article_id = "
    "a.copy_of_article_id)"
)
COPIES = "count(DISTINCT article_id) FILTER (copy_of_article_id IS NOT NULL)"
# Versions of utterances, those of quotations that are there.
VARIANTS = "(SELECT v.* FROM quote_variants v SEMI JOIN quotes USING (quote_id))"
# What each count is of, by the key of its row. Compared before and after, so that a count made in another way, as of
# names that are no mentions, keeps what it has beyond.
COUNTED = {
    ("entities", "mention_count"): "SELECT entity_id, count(*) FROM entity_mentions GROUP BY 1",
    ("entities", "article_count"): "SELECT entity_id, count(DISTINCT article_id) FROM entity_mentions GROUP BY 1",
    ("entities", "quote_count"): "SELECT speaker_id, count(*) FROM quotes GROUP BY 1",
    ("stories", "article_count"): "SELECT story_id, count(*) FROM articles GROUP BY 1",
    ("stories", "outlet_count"): f"SELECT story_id, {OUTLETS} FROM {VOICES} GROUP BY 1",
    (
        "stories",
        "original_count",
    ): "SELECT story_id, count(*) FROM articles WHERE copy_of_article_id IS NULL GROUP BY 1",
    ("stories", "copy_count"): "SELECT story_id, count(copy_of_article_id) FROM articles GROUP BY 1",
    ("quote_groups", "quote_count"): f"SELECT quote_group_id, count(*) FROM {VARIANTS} GROUP BY 1",
    ("quote_groups", "article_count"): f"SELECT quote_group_id, count(DISTINCT article_id) FROM {VARIANTS} GROUP BY 1",
    ("quote_groups", "outlet_count"): f"SELECT quote_group_id, {OUTLETS} FROM {VARIANTS} JOIN {VOICES} "
    "USING (article_id) GROUP BY 1",
    ("quote_groups", "copy_count"): f"SELECT quote_group_id, {COPIES} FROM {VARIANTS} JOIN articles "
    "USING (article_id) GROUP BY 1",
    ("figure_groups", "figure_count"): "SELECT figure_group_id, count(*) FROM figures GROUP BY 1",
    ("figure_groups", "article_count"): "SELECT figure_group_id, count(DISTINCT article_id) FROM figures GROUP BY 1",
    ("figure_groups", "outlet_count"): f"SELECT figure_group_id, {OUTLETS} FROM figures JOIN {VOICES} "
    "USING (article_id) GROUP BY 1",
    ("figure_groups", "copy_count"): f"SELECT figure_group_id, {COPIES} FROM figures JOIN articles "
    "USING (article_id) GROUP BY 1",
}
SOURCES = ("articles", "entity_mentions", "quotes", "quote_variants", "figures")
# Rows that are none any more below this.
LEAST = {"stories": "article_count", "quote_groups": "quote_count", "figure_groups": "article_count"}


def recount(staged: Path, folder: Path, *, refused_at: datetime) -> list[Quarantine]:
    """The refusals of rows that counted what is gone; the tables in `folder`, made of those in `staged`, are mended.

    A story without an article and a group of one are refused, and references to them become null.
    """
    before, after = _count(staged), _count(folder)
    refusals: list[Quarantine] = []
    for name in dict.fromkeys(table for table, _ in COUNTED):
        changes = {
            column: _differences(before[name, column], after[name, column])
            for table, column in COUNTED
            if table == name
        }
        if any(changes.values()):
            refusals += _mend(folder, name, changes, refused_at)
    return refusals


def _count(folder: Path) -> dict[tuple[str, str], dict[str, int]]:
    connection = duckdb.connect()
    for name in SOURCES:
        connection.read_parquet(str(folder / f"{name}.parquet")).create_view(name)
    counts = {}
    for place, sql in COUNTED.items():
        counts[place] = {key: count for key, count in connection.execute(sql).fetchall() if key is not None}
    connection.close()
    return counts


def _differences(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {key: after.get(key, 0) - count for key, count in before.items() if after.get(key, 0) != count}


def _mend(folder: Path, name: str, changes: Mapping[str, Mapping[str, int]], refused_at: datetime) -> list[Quarantine]:
    path = folder / f"{name}.parquet"
    table = pq.read_table(path, schema=arrow_schema(name))
    [key] = TABLES[name].key
    keys = table[key].to_pylist()
    for column, differences in changes.items():
        # A count that was made in another way may hold less than is gone.
        counts = [
            max(0, count + differences.get(one, 0)) for one, count in zip(keys, table[column].to_pylist(), strict=True)
        ]
        table = _with_column(table, column, pa.array(counts, pa.int64()))
    refusals = []
    if least := LEAST.get(name):
        minimum = int(TABLES[name].column(least).minimum or 0)
        is_left = pc.greater_equal(table[least], minimum)
        for one in table.filter(pc.invert(is_left)).to_pylist():
            refusals.append(
                refuse(
                    stage="validate",
                    check=f"{least}__in_range",
                    observed=f"{least}: {one[least]}, the others were refused",
                    expected=f"{least} at least {minimum}",
                    refused_at=refused_at,
                    table_name=name,
                    row_key=one[key],
                )
            )
        table = table.filter(is_left)
        _forget(folder, name, {row.row_key for row in refusals if row.row_key})
    _replace(table, path)
    return refusals


def _forget(folder: Path, name: str, gone: set[str]) -> None:
    if not gone:
        return
    [key] = TABLES[name].key
    references = [
        (table.name, column.name)
        for table in (TABLES[name] for name in PUBLISHED_TABLES)
        for column in table.columns
        if column.references == f"{name}.{key}"
    ]
    for target, column in references:
        path = folder / f"{target}.parquet"
        table = pq.read_table(path, schema=arrow_schema(target))
        mask = pc.is_in(table[column], value_set=pa.array(sorted(gone)))
        if TABLES[target].column(column).nullable:
            nulled = pc.if_else(mask, pa.scalar(None, pa.string()), table[column])
            _replace(_with_column(table, column, nulled), path)
        else:
            _replace(table.filter(pc.invert(mask)), path)


def _with_column(table: pa.Table, column: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    position = table.schema.get_field_index(column)
    return table.set_column(position, table.schema.field(position), values)


def _replace(table: pa.Table, path: Path) -> None:
    # The file may be a link to the staged one, which stays as it is: a new one takes its place.
    write_table(table, path)
