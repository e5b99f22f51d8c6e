"""Commands that read the published tables: `quotes`, `show`, `describe`, `tables`, `explain`, `export`."""

from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.app import (
    DEFAULT_WAREHOUSE,
    PROBLEM,
    READ,
    USAGE,
    JsonOption,
    WarehouseOption,
    app,
    complete_table,
    fail,
    print_json,
)
from flows.reading import SHOWN_COLUMNS, Tables, check_columns, check_table
from schemas import PUBLISHED_TABLES, TABLES
from tasks.export.formats import ExportFormat

TableArgument = Annotated[
    str, typer.Argument(help="Name of a table; `onrecord tables` lists them.", autocompletion=complete_table)
]


@app.command(
    rich_help_panel=READ,
    epilog="Examples:\n\nonrecord quotes --by 'Hana Quill'\n\nonrecord quotes --by quill --kind direct --story ferry",
)
def quotes(
    by: Annotated[str, typer.Option("--by", help="The speaker's name or part of it; case and accents do not matter.")],
    story: Annotated[str | None, typer.Option("--story", help="A story's id or words of its headline.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="direct, mixed or indirect.")] = None,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    json: JsonOption = False,
) -> None:
    """Print what somebody said, and who printed it."""
    from flows.printing import open_console, print_quotes
    from flows.reading import explain_no_quotes, quotes_by

    if kind and kind not in (kinds := TABLES["quotes"].column("kind").values or ()):
        fail(f"--kind is one of {', '.join(kinds)}, not {kind!r}", USAGE)
    published = Tables.open(warehouse)
    found = quotes_by(published, by, story=story, kind=kind)
    if json:
        print_json([asdict(quote) for quote in found])
    elif found:
        print_quotes(open_console(), found)
    if not found:
        fail(explain_no_quotes(published, by))


@app.command(
    rich_help_panel=READ,
    epilog="Examples:\n\nonrecord show quotes --limit 5\n\nonrecord show figures --columns quantity,value,text",
)
def show(
    table: TableArgument,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many rows.")] = 20,
    columns: Annotated[str, typer.Option("--columns", "-c", help="Columns, parted by commas, or `all`.")] = "",
    json: JsonOption = False,
) -> None:
    """Print the first rows of a table."""
    from flows.printing import open_console, print_rows

    check_table(table)
    every = columns == "all" or (json and not columns)
    names = TABLES[table].column_names if every else columns.split(",") if columns else SHOWN_COLUMNS[table]
    rows = Tables.open(warehouse).rows(table, check_columns(table, [name.strip() for name in names]), limit)
    if json:
        print_json(rows.records())
    else:
        print_rows(open_console(), rows, TABLES[table])


@app.command(rich_help_panel=READ, epilog="Examples:\n\nonrecord describe quotes\n\nonrecord describe figures --json")
def describe(table: TableArgument, json: JsonOption = False) -> None:
    """Tell what the columns of a table mean."""
    from flows.printing import describe_table, open_console, print_description

    described = TABLES[check_table(table)]
    if json:
        print_json(describe_table(described))
    else:
        print_description(open_console(), described)


@app.command(rich_help_panel=READ, epilog="Examples:\n\nonrecord tables\n\nonrecord tables --json")
def tables(warehouse: WarehouseOption = DEFAULT_WAREHOUSE, json: JsonOption = False) -> None:
    """List the tables and how many rows each has."""
    from flows.printing import make_grid, open_console

    published = Tables.open(warehouse)
    counts = [(name, published.count(name), TABLES[name].description) for name in PUBLISHED_TABLES]
    if json:
        print_json({name: count for name, count, _ in counts})
    else:
        open_console().print(make_grid(("table", "rows", "one row is"), counts))


@app.command(
    rich_help_panel=READ,
    epilog="Examples:\n\nonrecord explain 3f29\n\nonrecord explain data/sample/ferry.txt\n\n"
    "onrecord explain page.html --json",
)
def explain(
    article: Annotated[
        str, typer.Argument(metavar="ARTICLE|FILE", help="An article's id, its beginning, an input, or any file.")
    ],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    json: JsonOption = False,
) -> None:
    """Show an article with its marks, what was removed, split off and mended, and why.

    A file that is not in the warehouse is cleaned on the spot. Exits with 1 where the input is refused, by whichever
    stage, or is not there; the reason is printed.
    """
    from flows.explaining import explain_input
    from flows.printing import open_console
    from flows.printing_articles import print_explanation

    explanation = explain_input(warehouse, article)
    if json:
        print_json(explanation.as_record())
    else:
        print_explanation(open_console(), explanation)
    if explanation.view is None:
        raise typer.Exit(PROBLEM)


@app.command(
    rich_help_panel=READ,
    epilog="Examples:\n\nonrecord export xlsx tables.xlsx\n\nonrecord export csv tables --table quotes_readable\n\n"
    "onrecord export duckdb tables.duckdb --replace",
)
def export(
    format: Annotated[ExportFormat, typer.Argument(help="csv, xlsx, jsonl, sqlite, duckdb or delta.")],
    target: Annotated[
        str,
        typer.Argument(
            help="Folder to make for csv, jsonl and delta, which takes s3://bucket/delta, too; else a file."
        ),
    ],
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table", "-t", help="Only this table or view; can be given again.", autocompletion=complete_table
        ),
    ] = None,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an export that is there already.")] = False,
    json: JsonOption = False,
) -> None:
    """Write the tables in another format: CSV, Excel, JSON Lines, SQLite, DuckDB or Delta.

    In CSV and Excel no cell is a formula, whatever an article says. The databases hold the views as well.
    """
    from flows.export import export_tables

    counts = export_tables(warehouse, target, format=format, names=table or (), replace=replace)
    if json:
        print_json(counts)
    else:
        tables = f"{len(counts)} table{'s' if len(counts) != 1 else ''}"
        typer.echo(f"{target}: {sum(counts.values()):,} rows of {tables}")
