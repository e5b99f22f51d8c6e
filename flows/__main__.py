"""The command line: `onrecord`, or `python -m flows`."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from flows.local_server import local_server
from flows.reading import SHOWN_COLUMNS, ReadingError, Tables, UnknownName, check_columns, check_table
from schemas import PUBLISHED_TABLES, TABLES
from schemas.attribution import AttributionMethod
from schemas.warehouse import Warehouse
from tasks.workers import start_worker

PROBLEM, USAGE = 1, 2
DEFAULT_WAREHOUSE = Path("data/warehouse")

app = typer.Typer(
    name="onrecord",
    help="Scraped news in; Parquet tables of who said what out.",
    epilog=(
        "Examples:\n\nonrecord run data/sample\n\nonrecord quotes --by 'Hana Quill'\n\n"
        "onrecord show stories --json\n\n"
        "Exit codes: 0 done, 1 a problem was found or the run failed, 2 the command was not understood."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

INPUT_HELP = (
    "Files, folders, patterns, addresses (https://, s3://, ...) or - for standard input: text, HTML, JSON, CSV, "
    "Parquet, WARC, feeds and sitemaps, packed or not."
)
WarehouseOption = Annotated[Path, typer.Option("--warehouse", "-w", help="Folder of the warehouse.")]
AttributionOption = Annotated[
    AttributionMethod,
    typer.Option(help="How it is found who says what: by the trained tagger, or by rules over spaCy's parse."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
TableArgument = Annotated[str, typer.Argument(help="Name of a table; `onrecord tables` lists them.")]


@app.command(epilog="Examples:\n\nonrecord run data/sample\n\nonrecord run inbox more.jsonl --replace")
def run(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help=INPUT_HELP)],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    replace: Annotated[
        bool, typer.Option("--replace", help="Publish these inputs alone, not beside earlier ones.")
    ] = False,
    attribution: AttributionOption = "tagger",
    columns: Annotated[
        Path | None, typer.Option("--columns", help='TOML file that names columns: text = "body_plain".')
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from this machine and its network as well.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """Clean, annotate, link and publish news."""
    _check_inputs(inputs, columns)
    _build(
        warehouse,
        verbose,
        inputs=inputs,
        replace=replace,
        attribution=attribution,
        columns=str(columns) if columns else None,
        allow_private=allow_private,
    )


def _build(warehouse: Path, verbose: bool, *, attribution: AttributionMethod = "tagger", **options: Any) -> None:
    """Runs the flow with these parameters and prints what it did; ends with a problem where it fails."""
    _set_logging(verbose)
    try:
        with local_server(warehouse / "work" / f"server-{os.getpid()}.log") as server:
            if not Warehouse(warehouse).current.is_symlink():
                # The first run of a warehouse has language work to do for sure.
                start_worker("tasks.annotate.pipeline:load_pipeline", attribution)
            from flows.build_tables import build_tables
            from flows.printing import open_console, print_summary

            if server:
                server.wait()
            summary = build_tables(warehouse=str(warehouse), attribution=attribution, **options)
    except Exception as error:
        if verbose:
            raise
        _fail(
            f"the run failed; what was published before stays as it was.\n{type(error).__name__}: {error}\n"
            "Run it again with --verbose to see where."
        )
    print_summary(open_console(), summary)


@app.command(
    epilog="Examples:\n\nonrecord show quotes --limit 5\n\nonrecord show figures --columns quantity,value,text"
)
def show(
    table: TableArgument,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many rows.")] = 20,
    columns: Annotated[str, typer.Option("--columns", "-c", help="Columns, parted by commas, or `all`.")] = "",
    json: JsonOption = False,
) -> None:
    """Print the first rows of a table."""
    from flows.printing import as_json, open_console, print_rows

    check_table(table)
    every = columns == "all" or (json and not columns)
    names = TABLES[table].column_names if every else columns.split(",") if columns else SHOWN_COLUMNS[table]
    rows = Tables.open(warehouse).rows(table, check_columns(table, [name.strip() for name in names]), limit)
    if json:
        typer.echo(as_json(rows.records()))
    else:
        print_rows(open_console(), rows, TABLES[table])


@app.command(epilog="Example:\n\nonrecord describe quotes")
def describe(table: TableArgument) -> None:
    """Tell what the columns of a table mean."""
    from flows.printing import open_console, print_description

    print_description(open_console(), TABLES[check_table(table)])


@app.command(epilog="Example:\n\nonrecord tables")
def tables(warehouse: WarehouseOption = DEFAULT_WAREHOUSE, json: JsonOption = False) -> None:
    """List the tables and how many rows each has."""
    from flows.printing import as_json, make_grid, open_console

    published = Tables.open(warehouse)
    counts = [(name, published.count(name), TABLES[name].description) for name in PUBLISHED_TABLES]
    if json:
        typer.echo(as_json({name: count for name, count, _ in counts}))
    else:
        open_console().print(make_grid(("table", "rows", "one row is"), counts))


@app.command(
    epilog="Examples:\n\nonrecord quotes --by 'Hana Quill'\n\nonrecord quotes --by quill --kind direct --story ferry"
)
def quotes(
    by: Annotated[str, typer.Option("--by", help="The speaker's name or part of it; case and accents do not matter.")],
    story: Annotated[str | None, typer.Option("--story", help="A story's id or words of its headline.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="direct, mixed or indirect.")] = None,
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    json: JsonOption = False,
) -> None:
    """Print what somebody said, and who printed it."""
    from flows.printing import as_json, open_console, print_quotes
    from flows.reading import quotes_by

    if kind and kind not in (kinds := TABLES["quotes"].column("kind").values or ()):
        _fail(f"--kind is one of {', '.join(kinds)}, not {kind!r}", USAGE)
    found = quotes_by(Tables.open(warehouse), by, story=story, kind=kind)
    if json:
        typer.echo(as_json([asdict(quote) for quote in found]))
    elif found:
        print_quotes(open_console(), found)
    if not found:
        _fail(f"no such quotation by {by!r}; `onrecord show entities` lists who is named")


@app.command(
    epilog="Examples:\n\nonrecord explain 3f29\n\nonrecord explain data/sample/ferry.txt\n\n"
    "onrecord explain page.html --json"
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
    from flows.printing import as_json, open_console
    from flows.printing_articles import print_explanation

    explanation = explain_input(warehouse, article)
    if json:
        typer.echo(as_json(explanation.as_record()))
    else:
        print_explanation(open_console(), explanation)
    if explanation.view is None:
        raise typer.Exit(PROBLEM)


@app.command(
    epilog="Examples:\n\nonrecord quarantine\n\nonrecord quarantine --check not_oversized --json\n\n"
    "onrecord quarantine --retry"
)
def quarantine(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    check_name: Annotated[str | None, typer.Option("--check", help="Only what failed this check.")] = None,
    stage: Annotated[str | None, typer.Option("--stage", help="Only what this stage refused.")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Take these inputs in again.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many rows.")] = 50,
    json: JsonOption = False,
    attribution: AttributionOption = "tagger",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """List what was refused and why; with --retry, take it in again after a fix."""
    from flows.printing import as_json, make_grid, open_console
    from flows.quarantine import SHOWN, plan_retry, read_refusals

    refusals = read_refusals(Tables.open(warehouse), check=check_name, stage=stage)
    if retry:
        plan = plan_retry(refusals)
        for name in plan.gone:
            _say(f"no longer there: {name}")
        if not refusals.rows:
            _fail("nothing of the kind was refused; `onrecord quarantine` lists what was")
        _build(warehouse, verbose, attribution=attribution, inputs=plan.inputs)
    elif json:
        typer.echo(as_json(refusals.rows))
    else:
        console = open_console()
        console.print(make_grid(SHOWN, [[row[name] for name in SHOWN] for row in refusals.rows[:limit]]))
        console.print(make_grid(("stage", "table", "check", "rows"), refusals.counts()))


@app.command(
    epilog="Examples:\n\nonrecord takedown 3f29c0aa51d7e604 --reason 'the author asked'\n\n"
    "onrecord takedown news.example --reason 'letter of 3 May'"
)
def takedown(
    wanted: Annotated[
        str, typer.Argument(metavar="ARTICLE|SOURCE", help="An article's id or input, an outlet, a host or an address.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the mark that stays.")],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    attribution: AttributionOption = "tagger",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """Remove a text and all that was made of it, and keep it out.

    A new snapshot without it is published at once. The snapshots before are removed by the next `onrecord maintain`.
    """
    from flows.takedown import mark_taken_down, plan_takedown
    from tasks.publish.lock import WarehouseLocked

    plan = plan_takedown(Tables.open(warehouse), wanted)
    try:
        mark_taken_down(warehouse, plan, reason)
    except WarehouseLocked as error:
        _fail(str(error))
    _say(f"taken down: {len(plan.document_ids)} documents; `onrecord maintain` removes them from older snapshots")
    _build(warehouse, verbose, attribution=attribution, inputs=[])


@app.command(epilog="Example:\n\nonrecord maintain --keep 3")
def maintain(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Snapshots to keep; the current one always stays.")] = 10,
    keep_days: Annotated[
        float | None, typer.Option("--keep-days", min=0, help="Remove those published longer ago as well.")
    ] = None,
) -> None:
    """Remove old snapshots, and work that no run will use again."""
    from tasks.publish.lock import WarehouseLocked, writer_lock
    from tasks.publish.retention import prune_warehouse

    place = Warehouse(warehouse)
    try:
        with writer_lock(place):
            pruned = prune_warehouse(place, keep=keep, keep_days=keep_days)
    except WarehouseLocked as error:
        _fail(str(error))
    typer.echo(f"{len(pruned.snapshots)} snapshots and {len(pruned.work_folders)} work folders removed")


@app.command(epilog="Example:\n\nonrecord check --warehouse data/warehouse")
def check(warehouse: WarehouseOption = DEFAULT_WAREHOUSE) -> None:
    """Compare the published files with their manifest and the declared columns."""
    from flows.checking import check_snapshot

    published = Tables.open(warehouse)
    result = check_snapshot(published)
    for fault in result.faults:
        _say(fault)
    if result.faults:
        _fail(f"{len(result.faults)} fault{'s' if len(result.faults) != 1 else ''} in {published.snapshot}")
    typer.echo(f"{published.snapshot}: {result.files} files and {result.rows:,} rows are as published")


@app.command(epilog="Example:\n\nonrecord serve --port 4201")
def serve(port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")] = 4200) -> None:
    """Start the Prefect server, a worker and the schedule; Ctrl-C stops them."""
    from flows.serve_ui import serve_ui

    raise typer.Exit(serve_ui(port=port))


def _check_inputs(inputs: list[str], columns: Path | None) -> None:
    """Ends with a usage error where an input or the file of column names is not there or cannot be read."""
    from tasks.ingest.fields import Fields, FieldsError
    from tasks.ingest.inputs import find_missing

    for name in find_missing(inputs):
        _fail(f"no file or folder is called {name!r}", USAGE)
    try:
        Fields.with_file(columns)
    except FieldsError as error:
        _fail(str(error), USAGE)


def _set_logging(verbose: bool) -> None:
    # Prefect reads these when it is first imported. What fails is told in our own words at the end;
    # its traceback, once per task and flow, is for those who ask.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO" if verbose else "CRITICAL")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def _say(message: str) -> None:
    from tasks.publish.plain_text import strip_controls

    typer.echo(strip_controls(message), err=True)


def _fail(message: str, code: int = PROBLEM) -> NoReturn:
    _say(f"onrecord: {message}")
    raise typer.Exit(code)


def main() -> None:
    """Runs the command line and exits with its code."""
    try:
        app(prog_name="onrecord")
    except UnknownName as error:
        _say(f"onrecord: {error}")
        sys.exit(USAGE)
    except ReadingError as error:
        _say(f"onrecord: {error}")
        sys.exit(PROBLEM)


if __name__ == "__main__":
    main()
