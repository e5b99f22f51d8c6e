"""One file that is a database: SQLite or DuckDB, with the tables and the friendly views."""

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from schemas import PUBLISHED_TABLES, TABLES
from tasks.export.cells import plain_value
from tasks.export.sources import Snapshot, naming_faults

SQLITE_TYPES = {pa.int64(): "INTEGER", pa.float64(): "REAL", pa.bool_(): "INTEGER"}
CAST_TO_DAY = re.compile(r"CAST\((\w+\.\w+) AS DATE\)")


def write_sqlite(snapshot: Snapshot, names: Sequence[str], path: Path) -> dict[str, int]:
    """Writes a SQLite database; how many rows each table has comes back.

    Times and days are ISO 8601 text in UTC, truth values 0 and 1. A view is there where all its tables are; one
    that is asked for by name is a table.
    """
    counts = {}
    with naming_faults(sqlite3.OperationalError), sqlite3.connect(path) as connection:
        for name in names:
            columns = [f'"{field.name}" {SQLITE_TYPES.get(field.type, "TEXT")}' for field in snapshot.schema(name)]
            if name in TABLES:
                columns.append(f"PRIMARY KEY ({', '.join(TABLES[name].key)})")
            connection.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
            marks = ", ".join("?" * len(snapshot.schema(name)))
            counts[name] = 0
            for batch in snapshot.batches(name):
                rows = zip(*(map(plain_value, column.to_pylist()) for column in batch.columns), strict=True)
                connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
                counts[name] += batch.num_rows
        for statement in _views_over(snapshot, names):
            connection.execute(CAST_TO_DAY.sub(r"date(\1)", statement.replace("CREATE OR REPLACE", "CREATE")))
    connection.close()
    return counts


def write_duckdb(snapshot: Snapshot, names: Sequence[str], path: Path) -> dict[str, int]:
    """Writes a DuckDB database, columns commented; how many rows each table has comes back."""
    import duckdb

    counts = {}
    with naming_faults(duckdb.IOException, duckdb.FatalException), duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name in names:
            rows = pa.RecordBatchReader.from_batches(snapshot.schema(name), snapshot.batches(name))
            connection.register("rows_to_export", rows)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM rows_to_export')
            connection.unregister("rows_to_export")
            counts[name] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]
            if name in TABLES:
                _comment(connection, name)
        for statement in _views_over(snapshot, names):
            connection.execute(statement)
    return counts


def _comment(connection, name: str) -> None:
    connection.execute(f'COMMENT ON TABLE "{name}" IS {_quote(TABLES[name].description)}')
    for column in TABLES[name].columns:
        connection.execute(f'COMMENT ON COLUMN "{name}"."{column.name}" IS {_quote(column.description)}')


def _quote(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _views_over(snapshot: Snapshot, names: Sequence[str]) -> list[str]:
    """Statements of the views whose tables are all among `names`."""
    present = set(names)
    statements = []
    for view, statement in snapshot.views.items():
        needed = set(re.findall(r"\b(?:FROM|JOIN) (\w+)", statement)) & {*PUBLISHED_TABLES, *snapshot.views}
        if needed <= present and view not in present:
            present.add(view)
            statements.append(statement)
    return statements
