"""Commands that keep a warehouse: `check` to `serve`, in the order of `onrecord --help`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.app import (
    DEFAULT_WAREHOUSE,
    KEEP,
    PROBLEM,
    USAGE,
    AttributionOption,
    JsonOption,
    SameAttributionOption,
    VerboseOption,
    WarehouseOption,
    app,
    fail,
    failing_on,
    print_json,
    say,
)
from flows.commands.building import build, check_address, check_inputs
from flows.reading import Tables, choose_attribution
from schemas.warehouse import Warehouse


@app.command(
    rich_help_panel=KEEP, epilog="Examples:\n\nonrecord check\n\nonrecord check --warehouse data/warehouse --json"
)
def check(warehouse: WarehouseOption = DEFAULT_WAREHOUSE, json: JsonOption = False) -> None:
    """Compare the published files with their manifest, and the rows with what is declared of them.

    Looked at are files, columns, keys, references, offsets, versions and whether every article can be turned back
    into the text that was received. Exits with 1 and says what is wrong, and what to do.
    """
    from flows.checking import check_snapshot
    from tasks.broken import advise_on_broken

    published = Tables.open(warehouse)
    result = check_snapshot(published)
    if json:
        print_json({"snapshot": str(published.snapshot), **asdict(result)})
        raise typer.Exit(PROBLEM if result.faults else 0)
    for fault in result.faults:
        say(fault)
    if result.faults:
        advice = advise_on_broken(Warehouse(warehouse))
        fail(f"{len(result.faults)} fault{'s' if len(result.faults) != 1 else ''} in {published.snapshot}. {advice}")
    typer.echo(f"{published.snapshot}: {result.files} files and {result.rows:,} rows are as published")


@app.command(rich_help_panel=KEEP, epilog="Example:\n\nonrecord publish s3://newsroom/tables --keep 3")
def publish(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where in an object store: s3://bucket/news.")],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Snapshots to keep there.")] = 2,
    json: JsonOption = False,
) -> None:
    """Publish the current snapshot in an object store.

    What has not changed since the last time is not uploaded again. Readers follow the object current.json there, which
    changes in one step at the end.
    """
    from tasks.publish.lock import SnapshotLost, WarehouseLocked, writer_lock
    from tasks.publish.mirror import MirrorError, mirror_snapshot

    check_address(address)
    Tables.open(warehouse)
    place = Warehouse(warehouse)
    with failing_on(SnapshotLost, WarehouseLocked, MirrorError), writer_lock(place, report=say):
        mirrored = mirror_snapshot(place, address, keep=keep)
    if json:
        print_json(asdict(mirrored))
    else:
        uploaded = f"{mirrored.uploaded_count} files uploaded ({mirrored.uploaded_bytes / 1e6:.1f} MB)"
        typer.echo(f"{mirrored.address}: {uploaded}, {mirrored.copied_count} copied there")


@app.command(
    rich_help_panel=KEEP,
    epilog="Examples:\n\nonrecord quarantine\n\nonrecord quarantine --check not_oversized --json\n\n"
    "onrecord quarantine --retry\n\nonrecord quarantine --check has_text --retry --columns names.toml",
)
def quarantine(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    check_name: Annotated[str | None, typer.Option("--check", help="Only what failed this check.")] = None,
    stage: Annotated[str | None, typer.Option("--stage", help="Only what this stage refused.")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Take these inputs in again, as they were read then.")] = False,
    columns: Annotated[
        Path | None, typer.Option("--columns", help="With --retry: another TOML file that names columns.")
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="With --retry: fetch from this machine and its network as well.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many rows.")] = 50,
    json: JsonOption = False,
    attribution: SameAttributionOption = None,
    verbose: VerboseOption = False,
) -> None:
    """List what was refused and why; with --retry, take it in again after a fix.

    It is read as the run that refused it read it: with the same names of columns, and from this network if that was
    allowed.
    """
    from flows.printing import make_grid, open_console
    from flows.quarantine import SHOWN, plan_retry, read_refusals

    tables = Tables.open(warehouse)
    refusals = read_refusals(tables, check=check_name, stage=stage)
    if retry:
        plan = plan_retry(refusals, tables)
        for name in plan.gone:
            say(f"no longer there: {name}")
        if not refusals.rows:
            fail("nothing was refused by that check or stage; `onrecord quarantine` lists what was")
        names = plan.choose_columns(str(columns) if columns else None)
        check_inputs([], Path(names) if names else None)
        build(
            warehouse,
            verbose,
            attribution=choose_attribution(warehouse, attribution),
            json=json,
            told={"gone": plan.gone},
            inputs=plan.inputs,
            columns=names,
            allow_private=allow_private or plan.allow_private,
        )
    elif json:
        print_json(refusals.rows)
    elif not refusals.rows:
        kept = ", ".join(sorted({row["check_name"] for row in read_refusals(tables).rows}))
        typer.echo(
            f"nothing was refused by that check or stage, but by these checks: {kept}"
            if kept
            else "nothing was refused"
        )
    else:
        console = open_console()
        console.print(make_grid(SHOWN, [[row[name] for name in SHOWN] for row in refusals.rows[:limit]]))
        console.print(make_grid(("stage", "table", "check", "rows"), refusals.counts()))


@app.command(
    rich_help_panel=KEEP,
    epilog="Examples:\n\nonrecord takedown 3f29c0aa51d7e604 --reason 'the author asked'\n\n"
    "onrecord takedown news.example --reason 'letter of 3 May'",
)
def takedown(
    wanted: Annotated[
        str, typer.Argument(metavar="ARTICLE|SOURCE", help="An article's id or input, an outlet, a host or an address.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the mark that stays.")],
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    attribution: SameAttributionOption = None,
    json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Remove a text and all that was made of it, and keep it out, whoever prints it and however it is set.

    A new snapshot without it is published at once. The snapshots before are removed by the next `onrecord maintain`.
    """
    from flows.takedown import mark_taken_down, plan_takedown
    from tasks.publish.lock import SnapshotLost, WarehouseLocked

    tables = Tables.open(warehouse)
    plan = plan_takedown(tables, wanted)
    with failing_on(SnapshotLost, WarehouseLocked):
        mark_taken_down(warehouse, plan, reason, report=say)
    say(f"taken down: {len(plan.document_ids)} documents; `onrecord maintain` removes them from older snapshots")
    if plan.near_copies:
        say(
            f"{len(plan.near_copies)} articles copy it in other words or in parts, and stay; take down each that shall "
            f"go: {', '.join(plan.near_copies)}"
        )
    build(
        warehouse,
        verbose,
        attribution=choose_attribution(warehouse, attribution),
        json=json,
        told={"taken_down": plan.document_ids, "near_copies": plan.near_copies},
        inputs=[],
    )


@app.command(rich_help_panel=KEEP, epilog="Examples:\n\nonrecord rebuild\n\nonrecord rebuild --relink")
def rebuild(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    relink: Annotated[
        bool, typer.Option("--relink", help="Compare all articles with each other again, not only new ones.")
    ] = False,
    attribution: SameAttributionOption = None,
    json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Publish all that the warehouse holds anew, after a change of rules, code or models.

    Only stages that depend on what has changed are done again.
    """
    from flows.rebuilding import plan_rebuild

    Tables.open(warehouse)
    plan = plan_rebuild(Warehouse(warehouse))
    for work in plan:
        say(f"{work.stage}: {work.undone} of {work.batches} batches to do")
    build(
        warehouse,
        verbose,
        attribution=choose_attribution(warehouse, attribution),
        json=json,
        told={"planned": [asdict(work) for work in plan]},
        inputs=[],
        relink=relink,
    )


@app.command(rich_help_panel=KEEP, epilog="Example:\n\nonrecord maintain --keep 3 --json")
def maintain(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    keep: Annotated[int, typer.Option("--keep", min=1, help="Snapshots to keep; the current one always stays.")] = 10,
    keep_days: Annotated[
        float | None, typer.Option("--keep-days", min=0, help="Remove those published longer ago as well.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Remove old snapshots, and work that no run will use again; put small batches together."""
    from tasks.broken import WarehouseFault, naming_faults
    from tasks.compaction import merge_small_batches
    from tasks.link.tables import name_index_folder
    from tasks.publish.lock import SnapshotLost, WarehouseLocked, writer_lock
    from tasks.publish.retention import prune_warehouse

    place = Warehouse(warehouse)
    if not (place.current.is_symlink() or place.work.is_dir()):
        fail(f"no warehouse at {warehouse}: name its folder with --warehouse", USAGE)
    with (
        failing_on(SnapshotLost, WarehouseLocked, WarehouseFault),
        writer_lock(place, report=say),
        naming_faults(place),
    ):
        index_name = name_index_folder(place.work).name
        pruned = prune_warehouse(place, keep=keep, keep_days=keep_days, index_name=index_name)
        if not json:
            typer.echo(f"{len(pruned.snapshots)} snapshots and {len(pruned.work_folders)} work folders removed")
        compacted = merge_small_batches(place, report=say)
    if json:
        print_json(asdict(pruned) | asdict(compacted))
    elif compacted.small_batches:
        typer.echo(f"{compacted.small_batches} small batches put together to {compacted.merged_batches}")


@app.command(rich_help_panel=KEEP, epilog="Examples:\n\nonrecord doctor\n\nonrecord doctor --json")
def doctor(
    warehouse: WarehouseOption = DEFAULT_WAREHOUSE,
    attribution: AttributionOption = "tagger",
    json: JsonOption = False,
) -> None:
    """Tell what of the installation is missing, and what slows it down; exits with 1 where something is missing."""
    from flows.doctor import MISSING, as_records, examine
    from flows.printing import make_grid, open_console

    findings = examine(warehouse, attribution=attribution)
    if json:
        print_json(as_records(findings))
    else:
        rows = [(finding.state, finding.what, finding.detail, finding.advice) for finding in findings]
        open_console().print(make_grid(("state", "what", "found", "what to do"), rows))
    if count := sum(finding.state == MISSING for finding in findings):
        fail(f"{count} of {len(findings)} things looked at are missing")


@app.command(rich_help_panel=KEEP, epilog="Example:\n\nonrecord serve --port 4201")
def serve(
    port: Annotated[
        int, typer.Option("--port", min=1, max=65534, help="Port on 127.0.0.1; the next is taken too.")
    ] = 4200,
) -> None:
    """Start the Prefect server, a worker and the schedule; Ctrl-C stops them."""
    from flows.serve_ui import serve_ui

    raise typer.Exit(serve_ui(port=port))
