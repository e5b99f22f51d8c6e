"""What linking costs at scale: `python -m flows.bench_linking`, or `make bench-link`.

Made-up articles go through the link stage's own tables, as a run's do: first all at once, then some more beside them.
"""

import multiprocessing
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import typer

from flows.bench_measure import read_peak_memory
from flows.bench_stories import make_stories
from flows.printing import as_json, make_grid, open_console
from schemas.parquet import arrow_schema, frame_to_arrow

BATCH_ROWS = 10_000

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@dataclass(frozen=True)
class Cost:
    """What one call of the link stage took: of `articles` in the tables `new` had to be placed."""

    articles: int
    new: int
    stories: int
    copies: int
    cpu_seconds: float
    seconds: float
    peak_memory_bytes: int

    @property
    def new_per_core_second(self) -> float:
        """New articles for each second of one core."""
        return self.new / self.cpu_seconds if self.cpu_seconds else 0.0


@app.command(
    epilog="Examples:\n\npython -m flows.bench_linking\n\npython -m flows.bench_linking --articles 1000000 --json"
)
def bench_linking(
    articles: Annotated[
        int, typer.Option("--articles", "-n", min=1, help="How many made-up articles of 14 days.")
    ] = 30_000,
    added: Annotated[int, typer.Option("--add", min=0, help="How many more come afterwards.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Other made-up articles.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Measure how fast articles are placed in stories, and how much memory that takes.

    Each step is a process of its own. CPU time is that of linking; articles are made before and not counted.
    """
    with TemporaryDirectory(prefix="onrecord-bench-") as folder:
        costs = measure_linking(Path(folder), articles, added, seed=seed)
    if json:
        print(as_json([asdict(cost) | {"new_per_core_second": cost.new_per_core_second} for cost in costs]))
        return
    names = ("articles", "new", "stories", "copies", "new/s/core", "CPU seconds", "seconds", "peak memory")
    open_console().print(make_grid(names, [_describe(cost) for cost in costs]))


def measure_linking(folder: Path, articles: int, added: int, *, seed: int = 1) -> list[Cost]:
    """The costs of linking so many articles at once, and of so many more beside them where there are any."""
    first, second = folder / "first", folder / "second"
    frames = make_stories(articles + added, seed=seed, batch_rows=BATCH_ROWS)
    late = pd.concat(stage_articles(first, frames, articles))
    costs = [_measure_alone(folder, first, None, new=articles)]
    if added:
        stage_articles(second, chain(read_articles(first), [late]), articles + added)
        costs.append(_measure_alone(folder, second, first, new=added))
    return costs


def stage_articles(folder: Path, frames: Iterable[pd.DataFrame], count: int) -> list[pd.DataFrame]:
    """Writes the first `count` rows of the frames as a staged table of articles; what follows them comes back."""
    folder.mkdir(parents=True)
    schema = arrow_schema("articles")
    late: list[pd.DataFrame] = []
    written = 0
    with pq.ParquetWriter(folder / "articles.parquet", schema, compression="zstd", compression_level=1) as writer:
        for frame in frames:
            kept, rest = frame.iloc[: count - written], frame.iloc[count - written :]
            writer.write_table(frame_to_arrow(kept.assign(language_confidence=1.0, word_count=1), "articles"))
            written += len(kept)
            late.append(rest)
    return late


def read_articles(folder: Path) -> Iterator[pd.DataFrame]:
    """The staged articles as they were before they were linked."""
    unlinked = [
        name for name in arrow_schema("articles").names if name not in ("story_id", "copy_of_article_id", "copy_kind")
    ]
    for batch in pq.ParquetFile(folder / "articles.parquet").iter_batches(BATCH_ROWS, columns=unlinked):
        yield pa.Table.from_batches([batch]).to_pandas()


def _measure_alone(folder: Path, staged: Path, before: Path | None, *, new: int) -> Cost:
    """What linking the staged articles takes in a process of its own, which has read nothing else."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as alone:
        return alone.submit(link_staged, folder / "index", staged, before, new).result()


def link_staged(index: Path, staged: Path, before: Path | None, new: int) -> Cost:
    """What linking the staged articles takes; `before` holds the tables of those linked earlier."""
    from tasks.link.tables import link_article_tables

    files = {name: [before / f"{name}.parquet"] if before else [] for name in ("articles", "stories", "copies")}
    started, cpu_started = time.monotonic(), time.process_time()
    counts = link_article_tables(
        staged,
        files["articles"],
        previous_stories=files["stories"],
        previous_copies=files["copies"],
        index_folder=index,
    )
    cpu_seconds, seconds = time.process_time() - cpu_started, time.monotonic() - started
    return Cost(new=new, cpu_seconds=cpu_seconds, seconds=seconds, peak_memory_bytes=read_peak_memory(), **counts)


def _describe(cost: Cost) -> tuple[str, ...]:
    counts = (f"{count:,}" for count in (cost.articles, cost.new, cost.stories, cost.copies))
    seconds = (f"{cost.cpu_seconds:.1f}", f"{cost.seconds:.1f}")
    return *counts, f"{cost.new_per_core_second:.3g}", *seconds, f"{cost.peak_memory_bytes / 1e6:.0f} MB"


if __name__ == "__main__":
    app()
