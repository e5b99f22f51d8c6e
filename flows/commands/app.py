"""The application that commands are added to, the options that they share, and how they end with a problem."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from schemas import PUBLISHED_TABLES
from schemas.attribution import AttributionMethod

PROBLEM, USAGE = 1, 2
DEFAULT_WAREHOUSE = Path("data/warehouse")
# Headings of `onrecord --help`, in its order.
TAKE_IN, READ, KEEP = "Take news in", "Read what came out", "Keep a warehouse"

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

WarehouseOption = Annotated[Path, typer.Option("--warehouse", "-w", help="Folder of the warehouse.")]
AttributionOption = Annotated[
    AttributionMethod,
    typer.Option(help="How it is found who says what: by the trained tagger, or by rules over spaCy's parse."),
]
SameAttributionOption = Annotated[
    AttributionMethod | None,
    typer.Option(help="How it is found who says what, tagger or rules; as in the last run where it is not named."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's own log as well.")]


def complete_table(incomplete: str) -> list[str]:
    """Names of tables that begin so, for the shell."""
    return [name for name in PUBLISHED_TABLES if name.startswith(incomplete)]


def print_json(value: Any) -> None:
    """Prints a value to standard output as JSON for scripts."""
    from flows.printing import as_json

    typer.echo(as_json(value))


def say(message: str) -> None:
    """Prints a message to standard error, without characters that steer a terminal."""
    from tasks.publish.plain_text import strip_controls

    typer.echo(strip_controls(message), err=True)


def fail(message: str, code: int = PROBLEM) -> NoReturn:
    """Ends the command with a message and an exit code."""
    say(f"onrecord: {message}")
    raise typer.Exit(code)


@contextmanager
def failing_on(*errors: type[Exception], code: int = PROBLEM) -> Iterator[None]:
    """A block in which one of these errors ends the command with its message."""
    try:
        yield
    except errors as error:
        fail(str(error), code)
