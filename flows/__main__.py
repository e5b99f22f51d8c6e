"""The command line: `onrecord`, or `python -m flows`."""

import sys

# In the order in which `onrecord --help` lists their commands.
from flows.commands import taking_in  # noqa: F401  # isort: skip
from flows.commands import reading_out  # noqa: F401  # isort: skip
from flows.commands import keeping  # noqa: F401  # isort: skip
from flows.commands.app import PROBLEM, USAGE, app, say
from flows.ending import run_to_end
from flows.reading import ReadingError, UnknownName
from tasks.workers import WorkersError


def main() -> None:
    """Runs the command line and exits with its code."""
    try:
        app(prog_name="onrecord")
    except (UnknownName, WorkersError) as error:
        say(f"onrecord: {error}")
        sys.exit(USAGE)
    except ReadingError as error:
        say(f"onrecord: {error}")
        sys.exit(PROBLEM)


def start() -> None:
    """The command as a process of its own."""
    run_to_end(main)


if __name__ == "__main__":
    start()
