"""A run's progress on the console: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from tasks.publish.plain_text import flatten_text

SECONDS_BETWEEN_LINES = 5.0


class RunProgress:
    """Tells how far a run is. Its methods may be called from any thread."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bars = Progress(
            TextColumn("{task.description:<28}", markup=False),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._done: dict[str, tuple[int, int, str]] = {}
        self._told_at: dict[str, float] = {}
        self._started_at: dict[str, float] = {}
        self._lock = Lock()

    def start_stage(self, stage: str, total: int, unit: str = "batches") -> None:
        """Announces a stage of `total` steps."""
        with self._lock:
            self._tasks[stage] = self._bars.add_task(flatten_text(stage), total=total, unit=unit)
            self._done[stage] = (0, total, unit)
            self._started_at[stage] = self._told_at[stage] = time.monotonic()

    def finish_batch(self, stage: str, steps: int = 1) -> None:
        """Counts steps of a stage that are done, and tells how fast they go; the stage must have been started."""
        with self._lock:
            done, total, unit = self._done[stage]
            done += steps
            self._done[stage] = (done, total, unit)
            now = time.monotonic()
            shown = self._with_rate(stage, done, unit, now)
            self._bars.update(self._tasks[stage], completed=done, unit=shown)
            if self.console.is_terminal:
                return
            if done >= total or now - self._told_at[stage] >= SECONDS_BETWEEN_LINES:
                self._told_at[stage] = now
                self._print(f"{stage}: {done:,} of {total:,} {shown}")

    def count(self, stage: str, done: int, unit: str) -> None:
        """Tells how much of a stage is done whose end is not known, and how fast it goes."""
        with self._lock:
            now = time.monotonic()
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(flatten_text(stage), total=None, unit=unit)
                self._started_at[stage] = self._told_at[stage] = now
            shown = self._with_rate(stage, done, unit, now)
            self._bars.update(self._tasks[stage], completed=done, unit=shown)
            if not self.console.is_terminal and now - self._told_at[stage] >= SECONDS_BETWEEN_LINES:
                self._told_at[stage] = now
                self._print(f"{stage}: {done:,} {shown}")

    @contextmanager
    def waiting(self, stage: str) -> Iterator[None]:
        """While the block lasts, a terminal shows that the stage is at work and for how long."""
        with self._lock:
            task = self._bars.add_task(flatten_text(stage), total=None, unit="")
        try:
            yield
        finally:
            with self._lock:
                self._bars.remove_task(task)

    def _with_rate(self, stage: str, done: int, unit: str, now: float) -> str:
        seconds = now - self._started_at[stage]
        if seconds < 1:
            return unit
        rate = done / seconds
        return f"{unit}, {rate:,.{0 if rate >= 10 else 1}f}/s"

    def tell(self, message: str) -> None:
        """Prints one line, above the bars where there are any."""
        with self._lock:
            self._print(message)

    def _print(self, message: str) -> None:
        self.console.print(Text(flatten_text(message)), soft_wrap=True)


@contextmanager
def show_progress(console: Console | None = None) -> Iterator[RunProgress]:
    """Progress on standard error, or on `console`, until the block ends."""
    progress = RunProgress(console or Console(stderr=True))
    with progress._bars:
        yield progress
