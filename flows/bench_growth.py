"""Whether cost and memory keep pace with the articles: `python -m flows.bench_growth`.

Whole runs of some articles and of ten times as many, their language work left out: what remains is what grows with the
warehouse, while the models cost the same for each article whatever there is.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from flows.bench_articles import make_articles, write_inputs
from flows.bench_costs import print_costs
from flows.bench_pipeline import RunCost, measure_run
from flows.printing import open_console
from schemas.runs import Document

# A run as the command line starts it, in one process, to which no article is in a language that it annotates.
RUN_WITHOUT_MODELS = (
    "from tasks.annotate import batch; batch.ANNOTATED_LANGUAGE = ''; from flows.__main__ import main; main()"
)
FIRST, AGAIN = "first run", "nothing new"
# A text that is not plain English has the model of languages loaded, which takes the same memory for one as for all.
FOREIGN = (
    "Der Hafen von Velmstadt bleibt bis Freitag geschlossen. Die Verwaltung teilte mit, dass ein Kran auf die Mole "
    "gestürzt sei und zuerst geborgen werden müsse. Verletzt wurde niemand. Fähren legen so lange in Kelm an."
)

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@app.command(epilog="Examples:\n\npython -m flows.bench_growth\n\npython -m flows.bench_growth -n 200 --times 5 --json")
def bench_growth(
    documents: Annotated[
        int, typer.Option("--documents", "-n", min=1, help="Made-up articles of the first run.")
    ] = 1000,
    times: Annotated[int, typer.Option(min=2, help="How many times as many the second has.")] = 10,
    words: Annotated[int, typer.Option(min=20, help="Words of an article, about.")] = 90,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Measure runs of some and of many articles without the language models, and each again with nothing new.

    Four articles tell a story each, with names of its own.
    """
    costs = list(measure_growth((documents, documents * times), words=words))
    print_costs(costs, json=json)
    if not json:
        open_console().print(describe_growth(costs))


def measure_growth(counts: tuple[int, ...], *, words: int) -> Iterator[RunCost]:
    """The costs of a first run and of the same again for each number of articles."""
    with TemporaryDirectory(prefix="onrecord-bench-") as name:
        folder = Path(name)
        environment = {
            **os.environ,
            "PREFECT_HOME": str(folder / "prefect"),
            "DO_NOT_TRACK": "1",
            "ONRECORD_WORKERS": "0",
        }
        environment.pop("PREFECT_API_URL", None)
        run = [sys.executable, "-c", RUN_WITHOUT_MODELS, "run"]
        for count in (1, *counts):
            inputs, warehouse = folder / f"{count}.jsonl", folder / str(count)
            write_inputs(_with_foreign(list(make_articles(count, words=words, as_stories=True))), inputs)
            command = [*run, str(inputs), "-w", str(warehouse), "--attribution", "rules"]
            first = measure_run(f"{FIRST}, {count:,}", count, command, environment)
            # The run of one article makes Prefect's database.
            if count > 1:
                yield first
                yield measure_run(f"{AGAIN}, {count:,}", count, command, environment)


def _with_foreign(articles: list[Document]) -> list[Document]:
    return [replace(articles[0], raw_text=FOREIGN), *articles[1:]]


def describe_growth(costs: list[RunCost]) -> str:
    """How many times the cost of an article, and the peak of memory, of few articles is that of many."""
    few, many = (cost for cost in costs if cost.what.startswith(FIRST))
    each = (many.cpu_seconds / many.articles) / (few.cpu_seconds / few.articles)
    memory = many.peak_memory_bytes / few.peak_memory_bytes
    return (
        f"of {many.articles:,} articles each costs {each:.2f} times as much as of {few.articles:,}; memory {memory:.2f}"
    )


if __name__ == "__main__":
    app()
