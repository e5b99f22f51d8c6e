"""What linking costs at scale: `python -m flows.bench_linking`, or `make bench-link`.

Made-up articles with quotations and figures go through the link stage's own tables, as a run's do: first all at once,
then some more beside them.
"""

import multiprocessing
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import pandas as pd
import pyarrow.parquet as pq
import typer

from flows.bench_costs import Cost, print_costs
from flows.bench_measure import read_peak_memory
from flows.bench_stories import make_attributions, make_stories
from schemas.parquet import arrow_schema, frame_to_arrow, open_writer

BATCH_ROWS = 10_000

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@dataclass(frozen=True, kw_only=True)
class LinkCost(Cost):
    """What one call of the link stage took: `articles` had to be placed, among `in_tables`."""

    columns = (
        *Cost.columns,
        *("of it stories, copies", "of it quotes, figures"),
        *("in the tables", "stories", "copies", "utterances", "quantities"),
    )

    attribution_cpu_seconds: float
    in_tables: int
    stories: int
    copies: int
    utterances: int
    quantities: int

    def cells(self) -> tuple[str, ...]:
        """What is printed under `columns`."""
        counts = (self.in_tables, self.stories, self.copies, self.utterances, self.quantities)
        shares = (self.cpu_seconds - self.attribution_cpu_seconds, self.attribution_cpu_seconds)
        return (*super().cells(), *(f"{share:.1f} s" for share in shares), *(f"{count:,}" for count in counts))


@app.command(
    epilog="Examples:\n\npython -m flows.bench_linking\n\npython -m flows.bench_linking --articles 1000000 --json"
)
def bench_linking(
    articles: Annotated[
        int, typer.Option("--articles", "-n", min=1, help="How many made-up articles of 14 days.")
    ] = 10_000,
    added: Annotated[int, typer.Option("--add", min=0, help="How many more come afterwards.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Other made-up articles.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Measure how fast articles are placed in stories and their quotes and figures grouped, and what memory that takes.

    Both times are processes of their own. CPU time is that of linking; articles are made before and not counted.
    """
    with TemporaryDirectory(prefix="onrecord-bench-") as folder:
        costs = measure_linking(Path(folder), articles, added, seed=seed)
    print_costs(costs, json=json)


def measure_linking(folder: Path, articles: int, added: int, *, seed: int = 1) -> list[LinkCost]:
    """The costs of linking so many articles at once, and of so many more beside them where there are any."""
    first, second = folder / "first", folder / "second"
    stage_articles(first, make_stories(articles + added, seed=seed, batch_rows=BATCH_ROWS), articles)
    costs = [_measure_alone(folder, first, None, articles)]
    if added:
        stage_articles(second, make_stories(articles + added, seed=seed, batch_rows=BATCH_ROWS), articles + added)
        costs.append(_measure_alone(folder, second, first, added))
    return costs


def stage_articles(folder: Path, frames: Iterable[pd.DataFrame], count: int) -> None:
    """Writes the first `count` rows of the frames as staged tables of articles, quotes and figures."""
    folder.mkdir(parents=True)
    written = 0
    with ExitStack() as stack:
        writers = {name: stack.enter_context(_open_table(folder, name)) for name in ("articles", "quotes", "figures")}
        for frame in frames:
            kept = frame.iloc[: count - written]
            if not len(kept):
                return
            told = {"articles": kept.assign(language_confidence=1.0, word_count=1), **make_attributions(kept)}
            for name, writer in writers.items():
                writer.write_table(frame_to_arrow(told[name], name))
            written += len(kept)


def _open_table(folder: Path, name: str) -> pq.ParquetWriter:
    return open_writer(folder / f"{name}.parquet", arrow_schema(name))


def _measure_alone(folder: Path, staged: Path, before: Path | None, new: int) -> LinkCost:
    """What linking the staged articles takes in a process of its own, which has read nothing else."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as alone:
        return alone.submit(link_staged, folder, staged, before, new).result()


def link_staged(folder: Path, staged: Path, before: Path | None, new: int) -> LinkCost:
    """What linking the staged tables takes; `before` holds those of articles linked earlier, `folder` what is known."""
    from tasks.link.attribution_tables import link_attribution_tables
    from tasks.link.tables import link_article_tables

    files = {name: [before / f"{name}.parquet"] if before else [] for name in ("articles", "stories", "copies")}
    started, cpu_started = time.monotonic(), time.process_time()
    counts = link_article_tables(
        staged,
        files["articles"],
        previous_stories=files["stories"],
        previous_copies=files["copies"],
        index_folder=folder / "index",
    )
    articles_cpu_seconds = time.process_time() - cpu_started
    groups = link_attribution_tables(staged, folder / "groups")
    cpu_seconds, seconds = time.process_time() - cpu_started, time.monotonic() - started
    return LinkCost(
        what="more beside them" if before else "all at once",
        articles=new,
        cpu_seconds=cpu_seconds,
        seconds=seconds,
        attribution_cpu_seconds=cpu_seconds - articles_cpu_seconds,
        peak_memory_bytes=read_peak_memory(),
        in_tables=counts["articles"],
        stories=counts["stories"],
        copies=counts["copies"],
        **groups,
    )


if __name__ == "__main__":
    app()
