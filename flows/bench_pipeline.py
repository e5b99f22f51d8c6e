"""What the whole pipeline costs: `python -m flows.bench_pipeline`, also called by `make bench`.

Processor time of all processes of a run, Prefect's server among them; how much of it is language work and linking, as
the run itself has timed it (see `flows.bench_timed`); and beside it that of the bare language models.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Annotated

import typer

from flows.bench import GENERATED, read_input
from flows.bench_articles import make_articles, write_inputs
from flows.bench_costs import Cost, print_costs
from flows.bench_processes import KINDS, OWN, watch_processes
from flows.bench_timed import LANGUAGE, LINKING, MODELS, read_times
from flows.printing import open_console
from schemas.attribution import AttributionMethod
from schemas.runs import Document

ROOT = Path(__file__).parents[1]
PARTS = (OWN, *KINDS)
FIRST, START = "first run", "start-up: one article"
BARE = "bare models"
# Of a run's processor time the rest is told that is none of these.
SHARES = ((MODELS,), (MODELS, LANGUAGE), (MODELS, LANGUAGE, LINKING))

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@dataclass(frozen=True, kw_only=True)
class RunCost(Cost):
    """What one run took: processor time of all its processes, and of which."""

    columns = (*Cost.columns, "own, server, workers")

    # Processor seconds of the run's own process, its server and its workers; see `watch_processes`.
    parts: dict[str, float] = field(default_factory=dict)
    # Of them all what the run has timed, by kind; see `flows.bench_timed`.
    timed: dict[str, float] = field(default_factory=dict)

    def seconds_of(self, kinds: Sequence[str]) -> float:
        """Processor seconds that the run has timed of these kinds."""
        return sum(self.timed.get(kind, 0.0) for kind in kinds)

    def cells(self) -> tuple[str, ...]:
        """What is printed under `columns`."""
        return (*super().cells(), ", ".join(f"{self.parts.get(kind, 0):.1f}" for kind in PARTS))


@app.command(
    epilog="Examples:\n\npython -m flows.bench_pipeline\n\npython -m flows.bench_pipeline --input inbox -n 1000 --json"
)
def bench_pipeline(
    source: Annotated[
        str, typer.Option("--input", "-i", metavar="PATH", help=f"Folder or file of news; '{GENERATED}' are made up.")
    ] = GENERATED,
    documents: Annotated[int, typer.Option("--documents", "-n", min=1, help="How many documents, at most.")] = 100,
    attribution: Annotated[AttributionMethod, typer.Option(help="How it is found who says what.")] = "tagger",
    rounds: Annotated[int, typer.Option(min=1, help="How often all is measured, by turns.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Measure whole runs: the first, one with nothing new, and one of a single article, which is the start-up.

    The processor time of each is told by process: the run, the workers, Prefect's server. A machine that others use as
    well is faster in one minute than in the next: several rounds are worth more than one.
    """
    found = make_articles(documents) if source == GENERATED else read_input(source)
    read = list(islice(found, documents))
    if not read:
        typer.echo(f"{source} holds no document that can be read", err=True)
        raise typer.Exit(1)
    costs = [cost for _ in range(rounds) for cost in measure_pipeline(read, attribution)]
    print_costs(costs, json=json)
    if json:
        return
    for kinds in SHARES:
        share = overhead_share(costs, kinds)
        told = (
            "too few articles to tell" if share is None else f"{share:.1%} of the first run's CPU time, start-up apart"
        )
        open_console().print(f"all but {' and '.join(kinds)}: {told}")


def measure_pipeline(documents: Sequence[Document], attribution: AttributionMethod) -> Iterator[RunCost]:
    """The costs of a first run, of the same again, of a run of one article, and of the bare models for its articles."""
    with TemporaryDirectory(prefix="onrecord-bench-") as name:
        folder = Path(name)
        inputs, one = folder / "all.jsonl", folder / "one.jsonl"
        write_inputs(documents, inputs)
        write_inputs(documents[:1], one)
        environment = {**os.environ, "PREFECT_HOME": str(folder / "prefect"), "DO_NOT_TRACK": "1"}
        environment.pop("PREFECT_API_URL", None)

        def run(what: str, articles: int, inputs: Path, warehouse: str) -> RunCost:
            times = folder / f"times {what}"
            times.mkdir()
            command = [sys.executable, "-m", "flows.bench_timed", str(times), "run", str(inputs)]
            command += ["-w", str(folder / warehouse), "--attribution", attribution]
            return replace(measure_run(what, articles, command, environment), timed=read_times(times))

        # Prefect's database is made once in an installation's life: not part of any of these.
        run("database", 0, one, "zero")
        yield run(START, 1, one, "one")
        for what in (FIRST, "nothing new"):
            yield run(what, len(documents), inputs, "warehouse")
        bare = [sys.executable, "-m", "flows.bench_bare", attribution]
        yield measure_run(f"{BARE}: one article", 1, [*bare, str(folder / "one")], environment)
        yield measure_run(BARE, len(documents), [*bare, str(folder / "warehouse")], environment)


def overhead_share(costs: Sequence[RunCost], kinds: Sequence[str]) -> float | None:
    """Share of the first run's processor time that is of none of these kinds, less the start-up's in both.

    Of several rounds the sums are compared. None where the runs are too short for that: their start-ups differ from one
    time to the next.
    """
    first, start = ([cost for cost in costs if cost.what == what] for what in (FIRST, START))
    total = sum(cost.cpu_seconds for cost in first) - sum(cost.cpu_seconds for cost in start)
    work = sum(cost.seconds_of(kinds) for cost in first) - sum(cost.seconds_of(kinds) for cost in start)
    return 1 - work / total if 0 < work <= total else None


def measure_run(what: str, articles: int, command: Sequence[str], environment: dict[str, str]) -> RunCost:
    """What a command took that works on so many articles; ends with its last words where it fails."""
    started = time.monotonic()
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        watched = watch_processes(process)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            typer.echo(errors.read()[-2000:], err=True)
            raise typer.Exit(1)
    scale = 1 if sys.platform == "darwin" else 1024
    return RunCost(
        what=what,
        articles=articles,
        # Nobody waits for the process that workers are forked from: what they took is only seen while they are there.
        cpu_seconds=max(usage.ru_utime + usage.ru_stime, sum(watched.cpu_seconds.values())),
        seconds=time.monotonic() - started,
        peak_memory_bytes=max(usage.ru_maxrss * scale, watched.peak_memory_bytes),
        parts=watched.cpu_seconds,
    )


if __name__ == "__main__":
    app()
