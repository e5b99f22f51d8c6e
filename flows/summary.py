"""What a run did, for the person who started it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """Counts and places of a run that published.

    `inputs` = `articles` + `duplicates` + `quarantined`. `named_quotes` are those whose speaker has a
    name, `speakers` how many different ones. `tables` and `report` are paths. `refusals` counts the
    quarantined inputs by reason, `passed_over` what is no input.
    """

    run_id: str
    snapshot_number: int
    inputs: int
    articles: int
    duplicates: int
    quarantined: int
    batches: int
    reused_batches: int
    stories: int
    quotes: int
    named_quotes: int
    speakers: int
    seconds: float
    tables: str
    report: str
    refusals: Mapping[str, int] = field(default_factory=dict)
    passed_over: Mapping[str, int] = field(default_factory=dict)

    def lines(self) -> list[tuple[str, str]]:
        """The summary as label and text, one a line."""
        share = f" ({self.named_quotes / self.quotes:.0%})" if self.quotes else ""
        lines = [
            (
                "inputs",
                f"{self.inputs:,} = {self.articles:,} articles + {self.duplicates:,} duplicates"
                f" + {self.quarantined:,} refused{self._count_passed_over()}",
            ),
            *(("", f"{count:,} refused: {reason}") for reason, count in sorted(self.refusals.items())),
            *(("", f"{count:,} passed over: {reason}") for reason, count in sorted(self.passed_over.items())),
            ("stories", f"{self.stories:,}"),
            ("quotations", f"{self.quotes:,}, {self.named_quotes:,} with a named speaker{share}"),
            ("speakers", f"{self.speakers:,}"),
            ("batches", self._describe_batches()),
            ("time", f"{self.seconds:.1f} s"),
            ("tables", f"{self.tables} (snapshot {self.snapshot_number})"),
            ("report", self.report),
        ]
        return lines

    def _count_passed_over(self) -> str:
        count = sum(self.passed_over.values())
        return f"; {count:,} passed over" if count else ""

    def _describe_batches(self) -> str:
        if self.batches and self.reused_batches == self.batches:
            return f"{self.batches:,}, all processed before: no language work was done again"
        return f"{self.batches:,}, {self.reused_batches:,} of them processed before"
