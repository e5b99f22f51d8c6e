"""A published snapshot opened as plain Parquet by the readers people use."""

from datetime import UTC, datetime

import duckdb
import pandas as pd
import polars as pl
import pytest

from schemas import PUBLISHED_TABLES, TABLES
from schemas.warehouse import Warehouse
from tasks.publish.snapshot import publish_snapshot
from tests.made_up_tables import DAY, FERRY, MadeUp, made_up_rows, write_staged

POLARS_TYPES = {
    "str": pl.String,
    "int": pl.Int64,
    "float": pl.Float64,
    "bool": pl.Boolean,
    "datetime": pl.Datetime("us", "UTC"),
    "date": pl.Date,
}
DUCKDB_TYPES = {
    "str": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "datetime": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
}


@pytest.fixture(scope="module")
def rows():
    rows = made_up_rows()
    # Two days, so that two folders are read as one table.
    rows["documents"][0].fetched_at = DAY.replace(day=5)
    return rows


@pytest.fixture(scope="module")
def current(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("readers")
    warehouse = Warehouse(folder / "warehouse")
    publish_snapshot(write_staged(folder / "staged", rows), warehouse)
    return warehouse.current


@pytest.fixture(scope="module")
def connection(current):
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET file_search_path = ?", [str(current)])
    connection.execute((current / "views.sql").read_text())
    return connection


def expected(rows, name):
    columns = TABLES[name].column_names
    return sorted((tuple(getattr(row, column) for column in columns) for row in rows[name]), key=repr)


def plain(value):
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    return value.astimezone(UTC) if isinstance(value, datetime) else value


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_pandas_reads_the_same_rows(current, rows, name):
    frame = pd.read_parquet(current / name, dtype_backend="pyarrow")[list(TABLES[name].column_names)]
    found = [tuple(map(plain, record)) for record in frame.itertuples(index=False, name=None)]
    assert sorted(found, key=repr) == expected(rows, name)


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_polars_reads_the_same_rows_and_types(current, rows, name):
    frame = pl.read_parquet(current / name / "**/*.parquet", hive_partitioning=False)
    types = {column.name: POLARS_TYPES[column.type.__name__] for column in TABLES[name].columns}
    assert dict(frame.schema) == types
    assert sorted((tuple(map(plain, row)) for row in frame.rows()), key=repr) == expected(rows, name)


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_duckdb_reads_the_same_rows_and_types(connection, rows, name):
    columns = TABLES[name].columns
    listed = ", ".join(f'"{column.name}"' for column in columns)
    found = connection.execute(f"SELECT {listed} FROM {name}")
    assert [str(entry[1]) for entry in found.description] == [DUCKDB_TYPES[c.type.__name__] for c in columns]
    assert sorted((tuple(map(plain, row)) for row in found.fetchall()), key=repr) == expected(rows, name)


def test_every_reader_sees_the_day_of_a_partitioned_table(current, connection):
    days = ["2026-03-04", "2026-03-05"]
    assert sorted(set(pd.read_parquet(current / "quotes")["fetched_date"].astype(str))) == days
    polars = pl.scan_parquet(current / "quotes", hive_partitioning=True).select("fetched_date").unique().collect()
    assert sorted(map(str, polars["fetched_date"])) == days
    found = connection.execute("SELECT DISTINCT fetched_date FROM quotes ORDER BY 1").fetchall()
    assert [str(day) for (day,) in found] == days


def test_views_join_quotations_with_article_outlet_and_story(connection):
    found = connection.execute(
        "SELECT speaker_name, content, outlet_name, story_headline FROM quotes_readable WHERE kind = 'indirect'"
    ).fetchall()
    assert found == [("Hana Quill", "nobody had asked them", "The Tide", "Ferry talks end without a deal")]


def test_views_show_an_utterance_by_outlet(connection):
    found = connection.execute("SELECT outlet_name FROM utterances_by_outlet ORDER BY 1").fetchall()
    assert found == [("Coast Wire",), ("Harbour Herald",), ("The Tide",)]


def test_views_show_figures_with_their_range(connection):
    found = connection.execute("SELECT value, minimum_value, maximum_value FROM figures_readable ORDER BY 1").fetchall()
    assert found == [(7.0, 7.0, 8.0), (7.5, 7.0, 8.0), (8.0, 7.0, 8.0)]


def test_views_count_quotations_by_person_and_day(connection):
    found = connection.execute(
        "SELECT speaker_name, CAST(day AS VARCHAR), quote_count, outlet_count, direct_count "
        "FROM quotes_per_person_and_day ORDER BY 1"
    ).fetchall()
    assert found == [("Bjørk Olsen", "2026-03-04", 3, 3, 3), ("Hana Quill", "2026-03-04", 1, 1, 0)]


def test_views_count_an_article_without_an_outlet_as_one(tmp_path):
    spoken = {"content": "We sail,", "speaker": "Olsen", "cue": "said", "who": ("person-00000000000a", "Bjørk Olsen")}
    articles = [
        MadeUp(f"{number}.txt", f"“We sail,” Olsen said. {number}", "Ferry", outlet, FERRY, quotes=[spoken])
        for number, outlet in enumerate([None, None, "The Tide", "THE TIDE"])
    ]
    warehouse = Warehouse(tmp_path / "warehouse")
    publish_snapshot(write_staged(tmp_path / "staged", made_up_rows(articles)), warehouse)
    with duckdb.connect() as connection:
        connection.execute("SET file_search_path = ?", [str(warehouse.current)])
        connection.execute((warehouse.current / "views.sql").read_text())
        found = connection.execute("SELECT article_count, outlet_count FROM quotes_per_person_and_day").fetchall()
    assert found == [(4, 3)]


def test_views_put_disagreeing_figures_side_by_side(connection):
    found = connection.execute("SELECT outlet_name, value, unit FROM disagreeing_figures ORDER BY value").fetchall()
    assert found == [("Harbour Herald", 7.0, "hour"), ("The Tide", 7.5, "hour"), ("Coast Wire", 8.0, "hour")]


@pytest.mark.parametrize("outlets", [3, 1], ids=["of three outlets", "of an article and its copies"])
def test_views_put_agreeing_figures_side_by_side(tmp_path, connection, outlets):
    assert connection.execute("SELECT count(*) FROM agreeing_figures").fetchall() == [(0,)]
    rows = made_up_rows()
    for group in rows["figure_groups"]:
        group.disagrees, group.outlet_count = False, outlets
    rows["figures"][0].figure_group_id = None
    warehouse = Warehouse(tmp_path / "warehouse")
    publish_snapshot(write_staged(tmp_path / "staged", rows), warehouse)
    with duckdb.connect() as other:
        other.execute("SET file_search_path = ?", [str(warehouse.current)])
        other.execute((warehouse.current / "views.sql").read_text())
        found = other.execute("SELECT text, outlet_name FROM agreeing_figures ORDER BY value").fetchall()
        assert other.execute("SELECT count(*) FROM disagreeing_figures").fetchall() == [(0,)]
    assert len(found) == (len(rows["figures"]) - 1 if outlets > 1 else 0)
    assert all(text and outlet for text, outlet in found)


def test_views_count_what_two_outlets_have_in_common(connection):
    found = connection.execute("SELECT * FROM outlet_overlap ORDER BY 1, 2").fetchall()
    assert found == [
        ("Coast Wire", "Harbour Herald", 1, 1, 0),
        ("Coast Wire", "The Tide", 1, 1, 0),
        ("Harbour Herald", "The Tide", 1, 1, 0),
    ]
