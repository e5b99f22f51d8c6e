"""views.sql of a snapshot: a view per table, and the friendly ones of views.sql beside this file."""

from pathlib import Path

from schemas import PUBLISHED_TABLES, TABLES

READABLE_VIEWS = Path(__file__).with_name("views.sql")
HEAD = """\
-- Views over the Parquet files of this folder, for DuckDB.
--
-- The paths are relative to this folder. Either start DuckDB in it:
--     cd data/warehouse/current && duckdb -init views.sql
-- or, from elsewhere, say first where it is, then read this file:
--     SET file_search_path = 'data/warehouse/current';
--
-- Tables stored by day have the folder's day as one more column, fetched_date.
"""


def views_sql() -> str:
    """The whole text of a snapshot's views.sql."""
    tables = "\n".join(_table_view(name) for name in PUBLISHED_TABLES)
    return f"{HEAD}\n{tables}\n{READABLE_VIEWS.read_text('utf-8')}"


def _table_view(name: str) -> str:
    pattern, options = (
        (f"{name}/**/*.parquet", ", hive_partitioning = true")
        if TABLES[name].partitioned
        else (
            f"{name}/*.parquet",
            "",
        )
    )
    return f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{pattern}'{options});"
