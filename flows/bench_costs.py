"""What runs of a bench cost, and how that is printed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from flows.printing import as_json, make_grid, open_console


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one run took for its `articles`: processor time, time on the clock, and its largest process."""

    columns: ClassVar[tuple[str, ...]] = ("", "articles", "CPU time", "articles/s/core", "on the clock", "peak memory")

    what: str
    articles: int
    cpu_seconds: float
    seconds: float
    peak_memory_bytes: int

    @property
    def articles_per_core_second(self) -> float:
        """Articles for each second of one core."""
        return self.articles / self.cpu_seconds if self.cpu_seconds else 0.0

    def cells(self) -> tuple[str, ...]:
        """What is printed under `columns`."""
        return (
            self.what,
            f"{self.articles:,}",
            f"{self.cpu_seconds:.1f} s",
            f"{self.articles_per_core_second:.3g}",
            f"{self.seconds:.1f} s",
            f"{self.peak_memory_bytes / 1e6:.0f} MB",
        )


def print_costs(costs: Sequence[Cost], *, json: bool) -> None:
    """Prints the costs as a table, or as JSON for scripts."""
    if json:
        print(as_json([asdict(cost) | {"articles_per_core_second": cost.articles_per_core_second} for cost in costs]))
        return
    open_console().print(make_grid(costs[0].columns, [cost.cells() for cost in costs]))
