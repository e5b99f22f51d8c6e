"""How fast the stages are on one core: `python -m flows.bench`, or `make bench`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from flows.bench_articles import make_articles
from flows.bench_files import make_stages_ready
from flows.bench_measure import Measurement, count_steps, measure_stages
from flows.bench_stages import STAGES
from flows.printing import as_json, make_grid, open_console
from flows.progress import show_progress
from schemas.runs import Document
from tasks.ingest.documents import read_documents

GENERATED = "generated"
PROBLEM, USAGE = 1, 2
# Stages beside whose cost those of all others are printed.
BESIDE = ("entities", "annotate")


app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@app.command(
    epilog=(
        "Examples:\n\npython -m flows.bench\n\npython -m flows.bench clean --passes 9\n\n"
        "python -m flows.bench --input inbox/posts.jsonl --documents 1000 --json"
    )
)
def bench(
    stages: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STAGE]...", help=f"What to measure: {', '.join(STAGES)}. All if none."),
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            "--input", "-i", metavar="PATH", help=f"Folder or file of news; '{GENERATED}' are made-up articles."
        ),
    ] = GENERATED,
    documents: Annotated[int, typer.Option("--documents", "-n", min=1, help="How many documents, at most.")] = 500,
    passes: Annotated[int, typer.Option("--passes", "-p", min=1, help="How often each is measured.")] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Other made-up articles.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Measure how fast the stages are on one core.

    Each stage is a process of its own. CPU time, not wall time: the median of several passes, with the lowest and the
    highest, so that what else the machine does is visible. The stages take turns, a pass each. Compare numbers of one
    machine only, or against the yardsticks: `tokenize` is spaCy's bare English tokenizer, `entities` spaCy's small
    model finding names and nothing else. Stages after `annotate` work on whole tables, of a hundred articles at most:
    most of what they take is the same for a thousand.
    """
    if unknown := [name for name in stages or () if name not in STAGES]:
        _fail(f"no stage is called {', '.join(map(repr, unknown))}; there are {', '.join(STAGES)}", USAGE)
    if source != GENERATED and not Path(source).exists():
        _fail(f"no file or folder is called {source!r}", USAGE)
    chosen = [STAGES[name] for name in dict.fromkeys(stages or STAGES)]
    found = make_articles(documents, seed=seed, as_stories=True) if source == GENERATED else read_input(source)
    read = list(islice(found, documents))
    if not read:
        _fail(f"{source} holds no document that can be read", PROBLEM)
    with show_progress() as progress, TemporaryDirectory(prefix="onrecord-bench-") as folder:
        with progress.waiting("making tables ready"):
            chosen = make_stages_ready(chosen, read, Path(folder))
        for stage in chosen:
            progress.start_stage(stage.name, count_steps(passes), "passes")
        measurements = measure_stages(chosen, read, passes=passes, report=progress.finish_batch)
    if json:
        print(as_json([measurement.as_row() for measurement in measurements]))
    else:
        print_measurements(open_console(), measurements, passes=passes)


def read_input(path: str) -> Iterator[Document]:
    """The documents of a file or folder; duplicates and what cannot be read are passed over."""
    for item in read_documents([path], refused_at=datetime.now(UTC)):
        if isinstance(item, Document):
            yield item


def print_measurements(console: Console, measurements: Sequence[Measurement], *, passes: int) -> None:
    """One line a stage, with its cost beside those of the yardstick and of the tagger; below, its parts' shares."""
    columns = ("stage", "documents", "words", "documents/s/core", "lowest-highest", "MB/s", "peak memory")
    beside = [item for item in measurements if item.stage in BESIDE]
    rows = []
    for item in measurements:
        lowest, median, highest = item.documents_per_second
        speed = (_short(median), f"{_short(lowest)}-{_short(highest)}", f"{item.megabytes_per_second:.2f}")
        memory = f"{item.peak_memory_bytes / 1e6:.0f} MB"
        costs = (f"{other.documents_per_second[1] / median:.3g}" for other in beside)
        rows.append((item.stage, f"{item.documents:,}", f"{item.words:,}", *speed, memory, *costs))
    console.print(make_grid((*columns, *(f"times {other.stage}" for other in beside)), rows))
    console.print(Text(f"CPU time of one process each, median of {passes} passes after one to warm up.", style="dim"))
    if beside:
        console.print(Text("Times: how often that stage's CPU time for a document this one takes.", style="dim"))
    for item in measurements:
        shares = [(part, f"{share:.1%}") for part, share in item.shares.items()]
        console.print()
        console.print(make_grid((f"part of {item.stage}", "CPU time"), shares))


def _short(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
