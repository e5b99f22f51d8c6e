"""How fast the stages are on one core: `python -m flows.bench`, or `make bench`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from flows.bench_articles import make_articles
from flows.bench_measure import Measurement, count_steps, measure_stages
from flows.bench_stages import STAGES
from flows.printing import as_json, make_grid, open_console
from flows.progress import show_progress
from schemas.runs import Document
from tasks.ingest.documents import read_documents

GENERATED = "generated"
PROBLEM, USAGE = 1, 2


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

    CPU time of this process, not wall time: the median of several passes, with the lowest and the highest, so that
    what else the machine does is visible. The stages take turns, a pass each. Compare numbers of one machine only,
    or against the yardsticks: `tokenize` is spaCy's bare English tokenizer, `entities` spaCy's small model finding
    names and nothing else.
    """
    if unknown := [name for name in stages or () if name not in STAGES]:
        _fail(f"no stage is called {', '.join(map(repr, unknown))}; there are {', '.join(STAGES)}", USAGE)
    if source != GENERATED and not Path(source).exists():
        _fail(f"no file or folder is called {source!r}", USAGE)
    chosen = [STAGES[name] for name in dict.fromkeys(stages or STAGES)]
    found = make_articles(documents, seed=seed) if source == GENERATED else read_input(source)
    read = list(islice(found, documents))
    if not read:
        _fail(f"{source} holds no document that can be read", PROBLEM)
    with show_progress() as progress:
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
    """One line a stage, and below it the shares of each stage's parts."""
    columns = ("stage", "documents", "words", "documents/s/core", "lowest-highest", "MB/s", "peak memory")
    rows = []
    for item in measurements:
        lowest, median, highest = item.documents_per_second
        speed = (f"{median:.3g}", f"{lowest:.3g}-{highest:.3g}", f"{item.megabytes_per_second:.2f}")
        memory = f"{item.peak_memory_bytes / 1e6:.0f} MB"
        rows.append((item.stage, f"{item.documents:,}", f"{item.words:,}", *speed, memory))
    console.print(make_grid(columns, rows))
    console.print(Text(f"CPU time of one process, median of {passes} passes after one to warm up.\n", style="dim"))
    for item in measurements:
        shares = [(part, f"{share:.1%}") for part, share in item.shares.items()]
        console.print(make_grid((f"part of {item.stage}", "CPU time"), shares))


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
