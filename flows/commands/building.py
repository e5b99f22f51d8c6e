"""Runs of flows, started from the command line: a server beside them, their summaries on standard output."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.commands.app import USAGE, fail, failing_on, print_json
from flows.local_server import is_server_at_hand, local_server, without_heartbeats
from schemas.attribution import AttributionMethod
from schemas.warehouse import Warehouse
from tasks.importing import collect_seldom, import_in_background, importing
from tasks.workers import start_worker, worker_count

if TYPE_CHECKING:
    from flows.summary import RunSummary


def build(
    warehouse: Path,
    verbose: bool,
    *,
    attribution: AttributionMethod = "tagger",
    json: bool = False,
    told: Mapping[str, Any] | None = None,
    shortcut: "Callable[[], RunSummary | None] | None" = None,
    **options: Any,
) -> None:
    """Runs the flow with these parameters and prints what it did, as JSON with what else is `told`.

    Where the `shortcut` does all there is to do, the flow is not run. Ends with a problem where the run fails.
    """

    def flow() -> list["RunSummary"]:
        from flows.build_tables import build_tables

        return [build_tables(warehouse=str(warehouse), attribution=attribution, **options)]

    [summary] = run_flow(warehouse, verbose, attribution, flow, shortcut=shortcut)
    if json:
        print_json({**asdict(summary), **(told or {})})
    else:
        print_summaries([summary])


def run_flow(
    warehouse: Path,
    verbose: bool,
    attribution: AttributionMethod,
    work: Callable[[], list["RunSummary"]],
    *,
    shortcut: "Callable[[], RunSummary | None] | None" = None,
) -> list["RunSummary"]:
    """The summaries that `work` returns, which is called once a server is there; ends with a problem where it fails.

    A `shortcut` that returns a summary takes its place. It is not tried where a server or a log would tell of the run.
    """
    # A wrong setting is told before anything is begun, and not as the failure of a run.
    worker_count()
    set_logging(verbose)
    collect_seldom()
    # The first run of a warehouse has language work to do for sure.
    brings_work = not Warehouse(warehouse).current.is_symlink()
    try:
        if shortcut and not verbose and not is_server_at_hand():
            if summary := shortcut():
                return [summary]
            # And so has, most likely, one whose inputs did not turn out to be those of before.
            brings_work = True
        with local_server(warehouse / "work" / f"server-{os.getpid()}.log") as server:
            if brings_work:
                start_worker("tasks.annotate.pipeline:load_pipeline", attribution)
            # Imported while the server comes up.
            with importing():
                import flows.build_tables
                import flows.printing  # noqa: F401
                from flows.running import LATER_IMPORTS

            if server is None:
                return work()
            if brings_work:
                # While it answers the first questions, too.
                import_in_background(*LATER_IMPORTS)
            server.wait()
            with without_heartbeats():
                return work()
    except Exception as error:
        if verbose:
            raise
        fail(
            f"the run failed; what was published before stays as it was.\n{type(error).__name__}: {error}\n"
            "Run it again with --verbose to see where."
        )


def print_summaries(summaries: list["RunSummary"]) -> None:
    """Prints what each run did."""
    from flows.printing import open_console, print_summary

    console = open_console()
    for summary in summaries:
        print_summary(console, summary)


def check_inputs(inputs: list[str], columns: Path | None) -> None:
    """Ends with a usage error where an input or the file of column names is not there or cannot be read."""
    from tasks.ingest.fields import Fields, FieldsError
    from tasks.ingest.inputs import find_missing
    from tasks.secrets import check_no_password

    with failing_on(ValueError, code=USAGE):
        check_no_password(inputs)
    for name in find_missing(inputs):
        fail(f"no file or folder is called {name!r}{_suggest_path(name)}", USAGE)
    with failing_on(FieldsError, code=USAGE):
        Fields.with_file(columns)


def check_address(address: str) -> None:
    """Ends with a usage error where what should be an address of an object store is none, or carries a password."""
    from tasks.secrets import check_no_password

    with failing_on(ValueError, code=USAGE):
        check_no_password([address])
    if "://" not in address:
        fail(f"{address!r} is no address of an object store, as s3://bucket/news", USAGE)


def _suggest_path(name: str) -> str:
    """What else may be meant by the name of an input that is not there: its neighbour of a like name, if any."""
    path = Path(name)
    try:
        neighbours = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"; there is no folder {str(path.parent)!r} either"
    if near := get_close_matches(path.name, neighbours, 1):
        return f"; did you mean {str(path.parent / near[0])!r}?"
    return f" in {str(path.parent.absolute())!r}"


def set_logging(verbose: bool) -> None:
    """Tells Prefect what to log; before its first import, which reads it."""
    # What fails is told in our own words at the end; its traceback, once per task and flow, is for those who ask.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO" if verbose else "CRITICAL")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("DO_NOT_TRACK", "1")
