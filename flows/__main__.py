"""The command line: `onrecord`, or `python -m flows`."""

import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from flows.local_server import local_server
from flows.reading import (
    SHOWN_COLUMNS,
    ReadingError,
    Tables,
    UnknownName,
    check_columns,
    check_table,
    last_attribution,
)
from schemas import PUBLISHED_TABLES, TABLES
from schemas.attribution import AttributionMethod
from schemas.warehouse import Warehouse
from tasks.export.formats import ExportFormat
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
SameAttributionOption = Annotated[
    AttributionMethod | None, typer.Option(help="The same; as in the last run where it is not named.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def _complete_table(incomplete: str) -> list[str]:
    """Names of tables that begin so, for the shell."""
    return [name for name in PUBLISHED_TABLES if name.startswith(incomplete)]


TableArgument = Annotated[
    str, typer.Argument(help="Name of a table; `onrecord tables` lists them.", autocompletion=_complete_table)
]


@app.command(
    epilog="Examples:\n\nonrecord run data/sample\n\nonrecord run inbox more.jsonl --replace\n\n"
    "onrecord run https://paper.example/feed.xml --json"
)
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
    scheduler: Annotated[
        str | None, typer.Option(envvar="ONRECORD_SCHEDULER", help="Address of a Dask scheduler whose workers do it.")
    ] = None,
    json: JsonOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """Clean, annotate, link and publish news.

    Progress goes to standard error, the summary to standard output.
    """
    if scheduler:
        # Read where the flow is declared, as a deployment's run reads it.
        os.environ["ONRECORD_SCHEDULER"] = scheduler
    _check_inputs(inputs, columns)
    _build(
        warehouse,
        verbose,
        inputs=inputs,
        replace=replace,
        attribution=attribution,
        columns=str(columns) if columns else None,
        allow_private=allow_private,
        json=json,
    )


def _build(
    warehouse: Path, verbose: bool, *, attribution: AttributionMethod = "tagger", json: bool = False, **options: Any
) -> None:
    """Runs the flow with these parameters and prints what it did; ends with a problem where it fails."""

    def work() -> list[Any]:
        from flows.build_tables import build_tables

        return [build_tables(warehouse=str(warehouse), attribution=attribution, **options)]

    _run_flow(warehouse, verbose, attribution, work, json=json)


def _run_flow(
    warehouse: Path,
    verbose: bool,
    attribution: AttributionMethod,
    work: Callable[[], list[Any]],
    *,
    json: bool = False,
) -> None:
    """Prints the summaries that `work` returns, once a server is there; ends with a problem where it fails."""
    _set_logging(verbose)
    try:
        with local_server(warehouse / "work" / f"server-{os.getpid()}.log") as server:
            if not Warehouse(warehouse).current.is_symlink():
                # The first run of a warehouse has language work to do for sure.
                start_worker("tasks.annotate.pipeline:load_pipeline", attribution)
            # Imported while the server comes up.
            import flows.build_tables  # noqa: F401
            from flows.printing import as_json, open_console, print_summary

            if server:
                server.wait()
            summaries = work()
    except Exception as error:
        if verbose:
            raise
        _fail(
            f"the run failed; what was published before stays as it was.\n{type(error).__name__}: {error}\n"
            "Run it again with --verbose to see where."
        )
    console = open_console()
    for summary in summaries:
        if json:
            typer.echo(as_json(asdict(summary)))
        else:
            print_summary(console, summary)


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


@app.command(epilog="Examples:\n\nonrecord describe quotes\n\nonrecord describe figures --json")
def describe(table: TableArgument, json: JsonOption = False) -> None:
    """Tell what the columns of a table mean."""
    from flows.printing import as_json, describe_table, open_console, print_description

    described = TABLES[check_table(table)]
    if json:
        typer.echo(as_json(describe_table(described)))
    else:
        print_description(open_console(), described)


@app.command(epilog="Examples:\n\nonrecord tables\n\nonrecord tables --json")
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
    attribution: SameAttributionOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """List what was refused and why; with --retry, take it in again after a fix."""
    from flows.printing import as_json, make_grid, open_console
    from flows.quarantine import SHOWN, plan_retry, read_refusals

    tables = Tables.open(warehouse)
    refusals = read_refusals(tables, check=check_name, stage=stage)
    if retry:
        plan = plan_retry(refusals)
        for name in plan.gone:
            _say(f"no longer there: {name}")
        if not refusals.rows:
            _fail("nothing of the kind was refused; `onrecord quarantine` lists what was")
        _build(warehouse, verbose, attribution=attribution or last_attribution(tables), inputs=plan.inputs)
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
    attribution: SameAttributionOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """Remove a text and all that was made of it, and keep it out.

    A new snapshot without it is published at once. The snapshots before are removed by the next `onrecord maintain`.
    """
    from flows.takedown import mark_taken_down, plan_takedown
    from tasks.publish.lock import WarehouseLocked

    tables = Tables.open(warehouse)
    plan = plan_takedown(tables, wanted)
    try:
        mark_taken_down(warehouse, plan, reason)
    except WarehouseLocked as error:
        _fail(str(error))
    _say(f"taken down: {len(plan.document_ids)} documents; `onrecord maintain` removes them from older snapshots")
    _build(warehouse, verbose, attribution=attribution or last_attribution(tables), inputs=[])


@app.command(epilog="Example:\n\nonrecord maintain --keep 3")
def maintain(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Snapshots to keep; the current one always stays.")] = 10,
    keep_days: Annotated[
        float | None, typer.Option("--keep-days", min=0, help="Remove those published longer ago as well.")
    ] = None,
) -> None:
    """Remove old snapshots, and work that no run will use again."""
    from tasks.link.tables import name_index_folder
    from tasks.publish.lock import WarehouseLocked, writer_lock
    from tasks.publish.retention import prune_warehouse

    place = Warehouse(warehouse)
    try:
        with writer_lock(place):
            index_name = name_index_folder(place.work).name
            pruned = prune_warehouse(place, keep=keep, keep_days=keep_days, index_name=index_name)
    except WarehouseLocked as error:
        _fail(str(error))
    typer.echo(f"{len(pruned.snapshots)} snapshots and {len(pruned.work_folders)} work folders removed")


@app.command(
    epilog="Examples:\n\nonrecord backfill 2026-01-01 2026-01-31 'archive/%Y/%m/%d/*.jsonl'\n\n"
    "onrecord backfill 2026-01-01 2026-03-31 'archive/%Y-%m-%d.warc.gz' --step 7"
)
def backfill(
    first: Annotated[datetime, typer.Argument(metavar="FROM", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Argument(metavar="TO", formats=["%Y-%m-%d"], help="Last day.")],
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Inputs that name their day: %Y year, %m month, %d day.")
    ],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    step: Annotated[
        int | None, typer.Option("--step", min=1, help="Days published together; all, if not given.")
    ] = None,
    attribution: AttributionOption = "tagger",
    columns: Annotated[Path | None, typer.Option("--columns", help="TOML file that names columns.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """Take in an archive of days, from one day to another.

    Days without an input are told of and passed over. What was taken in before is not processed again.
    """
    _set_logging(verbose)
    _check_inputs([], columns)

    def work() -> list[Any]:
        from flows.backfill import backfill, describe_empty, plan_backfill

        for part in plan_backfill(first.date(), last.date(), inputs, step_days=step):
            _say(f"{part.first} to {part.last}: {len(part.inputs)} inputs, {describe_empty(part)}")
        found = str(columns) if columns else None
        return backfill(first.date(), last.date(), inputs, str(warehouse), step, attribution, found)

    _run_flow(warehouse, verbose, attribution, work)


@app.command(epilog="Examples:\n\nonrecord rebuild\n\nonrecord rebuild --relink")
def rebuild(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    relink: Annotated[
        bool, typer.Option("--relink", help="Compare all articles with each other again, not only new ones.")
    ] = False,
    attribution: SameAttributionOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")] = False,
) -> None:
    """Publish all that the warehouse holds anew, after a change of rules, code or models.

    Only stages that depend on what has changed are done again.
    """
    from flows.rebuilding import plan_rebuild

    tables = Tables.open(warehouse)
    for work in plan_rebuild(Warehouse(warehouse)):
        _say(f"{work.stage}: {work.undone} of {work.batches} batches to do")
    _build(warehouse, verbose, attribution=attribution or last_attribution(tables), inputs=[], relink=relink)


@app.command(epilog="Examples:\n\nonrecord doctor\n\nonrecord doctor --json")
def doctor(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    attribution: AttributionOption = "tagger",
    json: JsonOption = False,
) -> None:
    """Tell what of the installation is missing, and what slows it down; exits with 1 where something is missing."""
    from flows.doctor import MISSING, as_records, examine
    from flows.printing import as_json, make_grid, open_console

    findings = examine(warehouse, attribution=attribution)
    if json:
        typer.echo(as_json(as_records(findings)))
    else:
        rows = [(finding.state, finding.what, finding.detail, finding.advice) for finding in findings]
        open_console().print(make_grid(("state", "what", "found", "what to do"), rows))
    if count := sum(finding.state == MISSING for finding in findings):
        _fail(f"{count} of {len(findings)} things looked at are missing")


@app.command(
    epilog="Examples:\n\nonrecord export xlsx tables.xlsx\n\nonrecord export csv tables --table quotes_readable\n\n"
    "onrecord export duckdb tables.duckdb --replace"
)
def export(
    format: Annotated[ExportFormat, typer.Argument(help="csv, xlsx, jsonl, sqlite, duckdb or delta.")],
    target: Annotated[Path, typer.Argument(help="Folder to make for csv, jsonl and delta; else a file.")],
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table", "-t", help="Only this table or view; can be given again.", autocompletion=_complete_table
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
    from flows.printing import as_json

    counts = export_tables(warehouse, target, format=format, names=table or (), replace=replace)
    if json:
        typer.echo(as_json(counts))
    else:
        tables = f"{len(counts)} table{'s' if len(counts) != 1 else ''}"
        typer.echo(f"{target}: {sum(counts.values()):,} rows of {tables}")


@app.command(epilog="Examples:\n\nonrecord check\n\nonrecord check --warehouse data/warehouse --json")
def check(warehouse: WarehouseOption = DEFAULT_WAREHOUSE, json: JsonOption = False) -> None:
    """Compare the published files with their manifest, and the rows with what is declared of them.

    Looked at are files, columns, keys, references, offsets, versions and whether every article can be turned back
    into the text that was received. Exits with 1 and says what is wrong.
    """
    from flows.checking import check_snapshot

    published = Tables.open(warehouse)
    result = check_snapshot(published)
    if json:
        from flows.printing import as_json

        typer.echo(as_json({"snapshot": str(published.snapshot), **asdict(result)}))
        raise typer.Exit(PROBLEM if result.faults else 0)
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
    from tasks.secrets import check_no_password

    try:
        check_no_password(inputs)
    except ValueError as error:
        _fail(str(error), USAGE)
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
