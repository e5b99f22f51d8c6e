"""Commands that take news in: `run`, `backfill`."""

import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.app import (
    DEFAULT_WAREHOUSE,
    TAKE_IN,
    USAGE,
    AttributionOption,
    JsonOption,
    SameAttributionOption,
    VerboseOption,
    WarehouseOption,
    app,
    failing_on,
    print_json,
    say,
)
from flows.commands.building import build, check_address, check_inputs, print_summaries, run_flow, set_logging
from flows.reading import choose_attribution
from schemas.warehouse import Warehouse

if TYPE_CHECKING:
    from flows.summary import RunSummary

INPUT_HELP = (
    "Files, folders, patterns, addresses (https://, s3://, ...) or - for standard input: text, HTML, JSON, CSV, "
    "Parquet, WARC, feeds and sitemaps, packed or not."
)


@app.command(
    rich_help_panel=TAKE_IN,
    epilog="Examples:\n\nonrecord run data/sample\n\nonrecord run inbox more.jsonl --replace\n\n"
    "onrecord run https://paper.example/feed.xml --json",
)
def run(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help=INPUT_HELP)],
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
    publish_to: Annotated[
        str | None,
        typer.Option("--publish-to", metavar="ADDRESS", help="Publish in an object store as well: s3://bucket/news."),
    ] = None,
    json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Clean, annotate, link and publish news.

    Progress goes to standard error, the summary to standard output.
    """
    if scheduler:
        # Read where the flow is declared, as a deployment's run reads it.
        os.environ["ONRECORD_SCHEDULER"] = scheduler
    from tasks.ingest.sources import escape_name

    # Prefect hands on what can be written in UTF-8.
    inputs = [escape_name(name) for name in inputs]
    check_inputs(inputs, columns)
    if publish_to:
        check_address(publish_to)

    options: dict[str, Any] = {
        "replace": replace,
        "attribution": attribution,
        "columns": str(columns) if columns else None,
        "allow_private": allow_private,
    }

    def shortcut() -> "RunSummary | None":
        # What the first run of a warehouse needs is imported while its server comes up.
        if not Warehouse(warehouse).current.is_symlink():
            return None
        from flows.nothing_new import publish_if_nothing_is_new

        return publish_if_nothing_is_new(inputs, warehouse, **options)

    shortcut_if_any = None if publish_to else shortcut
    build(warehouse, verbose, shortcut=shortcut_if_any, json=json, inputs=inputs, publish_to=publish_to, **options)


@app.command(
    rich_help_panel=TAKE_IN,
    epilog="Examples:\n\nonrecord backfill 2026-01-01 2026-01-31 'archive/%Y/%m/%d/*.jsonl'\n\n"
    "onrecord backfill 2026-01-01 2026-03-31 'archive/%Y-%m-%d.warc.gz' --step 7",
)
def backfill(
    first: Annotated[datetime, typer.Argument(metavar="FROM", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Argument(metavar="TO", formats=["%Y-%m-%d"], help="Last day.")],
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="Inputs that name their day: %Y year, %m month, %d day.")
    ],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    step: Annotated[
        int | None, typer.Option("--step", min=1, help="Days published together; all, if not given.")
    ] = None,
    attribution: SameAttributionOption = None,
    columns: Annotated[Path | None, typer.Option("--columns", help="TOML file that names columns.")] = None,
    json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Take in an archive of days, from one day to another.

    Days without an input are told of and passed over. What was taken in before is not processed again.
    """
    set_logging(verbose)
    check_inputs([], columns)
    from flows.backfill import BackfillError, describe_empty, plan_backfill
    from flows.backfill import backfill as take_in_days

    with failing_on(BackfillError, code=USAGE):
        plan = plan_backfill(first.date(), last.date(), inputs, step_days=step)
    for part in plan:
        say(f"{part.first} to {part.last}: {len(part.inputs)} inputs, {describe_empty(part)}")
    method = choose_attribution(warehouse, attribution)
    names = str(columns) if columns else None
    summaries = run_flow(
        warehouse,
        verbose,
        method,
        lambda: take_in_days(first.date(), last.date(), inputs, str(warehouse), step, method, names),
    )
    if json:
        print_json([asdict(summary) for summary in summaries])
    else:
        print_summaries(summaries)
