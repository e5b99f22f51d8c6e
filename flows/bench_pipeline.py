"""What the whole pipeline costs: `python -m flows.bench_pipeline`, also called by `make bench`.

Processor time of all processes of a run, Prefect's server among them, beside that of the bare language models, of
the bare language work, and of that with linking (see `flows.bench_bare`).
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Annotated

import typer

from flows.bench import GENERATED, read_input
from flows.bench_articles import make_articles, write_inputs
from flows.bench_costs import Cost, print_costs
from flows.bench_processes import KINDS, OWN, watch_processes
from flows.printing import open_console
from schemas.attribution import AttributionMethod
from schemas.runs import Document

ROOT = Path(__file__).parents[1]
PARTS = (OWN, *KINDS)
# What is left of a run without them is told: how each is called in the table, and in `flows.bench_bare`.
YARDSTICKS = {
    "language models": ("bare models", "models"),
    "language work": ("bare work", "work"),
    "language work and linking": ("bare work and linking", "linked"),
}

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@dataclass(frozen=True, kw_only=True)
class RunCost(Cost):
    """What one run took: processor time of all its processes, and of which."""

    columns = (*Cost.columns, "own, server, workers")

    # Processor seconds of the run's own process, its server and its workers; see `watch_processes`.
    parts: dict[str, float] = field(default_factory=dict)

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
    well is faster in one minute than in the next: shares of several rounds are worth more than those of one.
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
    for yardstick in YARDSTICKS:
        share = overhead_share(costs, yardstick)
        told = (
            "too few articles to tell" if share is None else f"{share:.0%} of the first run's CPU time, start-up apart"
        )
        open_console().print(f"all but the {yardstick}: {told}")


def measure_pipeline(documents: Sequence[Document], attribution: AttributionMethod) -> Iterator[RunCost]:
    """The costs of a first run, of the same again, of a run of one article, and of the yardsticks for its articles."""
    with TemporaryDirectory(prefix="onrecord-bench-") as name:
        folder = Path(name)
        inputs, one = folder / "all.jsonl", folder / "one.jsonl"
        write_inputs(documents, inputs)
        write_inputs(documents[:1], one)
        options = ["--attribution", attribution]
        run = [sys.executable, "-m", "flows", "run"]
        environment = {**os.environ, "PREFECT_HOME": str(folder / "prefect"), "DO_NOT_TRACK": "1"}
        environment.pop("PREFECT_API_URL", None)
        # Prefect's database is made once in an installation's life: not part of any of these.
        measure_run("database", 0, [*run, str(one), "-w", str(folder / "zero"), *options], environment)
        yield measure_run(
            "start-up: one article", 1, [*run, str(one), "-w", str(folder / "one"), *options], environment
        )
        for what in ("first run", "nothing new"):
            command = [*run, str(inputs), "-w", str(folder / "warehouse"), *options]
            yield measure_run(what, len(documents), command, environment)
        for what, name in YARDSTICKS.values():
            bare = [sys.executable, "-m", "flows.bench_bare", name, attribution]
            yield measure_run(f"{what}: one article", 1, [*bare, str(folder / "one")], environment)
            yield measure_run(what, len(documents), [*bare, str(folder / "warehouse")], environment)


def overhead_share(costs: Sequence[Cost], yardstick: str) -> float | None:
    """Share of the first run's processor time that a yardstick does not take, each less its own start-up.

    Of several rounds the sums are compared. None where the runs are too short for that: their start-ups differ from one
    time to the next.
    """
    cpu: dict[str, float] = defaultdict(float)
    for cost in costs:
        cpu[cost.what] += cost.cpu_seconds
    what, _ = YARDSTICKS[yardstick]
    work = cpu["first run"] - cpu["start-up: one article"]
    bare = cpu[what] - cpu[f"{what}: one article"]
    return 1 - bare / work if 0 < bare <= work else None


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
