"""What a run's page in Prefect's UI says: counts, refusals, times, and where the tables lie."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from schemas import Quarantine, Run
from tasks.artifacts import escape_markdown, markdown_table

# A stage's counts are named after what it takes in and what it makes.
STAGE_COUNTS = (
    ("clean", "documents", "articles"),
    ("annotate", "articles", "quotations"),
    ("resolve", "quotations", "quotations with a named speaker"),
    ("link", "articles", "stories"),
    ("validate", "rows", "rows that passed"),
)


def summary_markdown(run: Run, refusals: Iterable[Quarantine], seconds: Mapping[str, float], folder: Path) -> str:
    """The run in Markdown; all that came from outside is escaped.

    `seconds` maps stages to the time they took, in the order they ran. `folder` is the snapshot.
    """
    parts = [
        f"# Snapshot {run.snapshot_number}",
        _describe_inputs(run),
        f"Tables: `{escape_path(folder)}`",
        "## In and out",
        markdown_table(("stage", "in", "out"), _stage_rows(run)),
        "## Time",
        markdown_table(("stage", "seconds"), [(stage, f"{spent:.1f}") for stage, spent in seconds.items()]),
        f"{run.batch_count} batches, {run.reused_batch_count} of them processed by an earlier run.",
        "## Refused",
        markdown_table(("stage", "check", "count", "first"), count_refusals(refusals)) or "Nothing was refused.",
    ]
    return "\n\n".join(part for part in parts if part)


def count_refusals(refusals: Iterable[Quarantine]) -> list[tuple[str, str, int, str]]:
    """(stage, check, how many, the first one's source and what was seen), most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for row in refusals:
        reason = (row.stage, f"{row.table_name}: {row.check_name}" if row.table_name else row.check_name)
        counts[reason] += 1
        first.setdefault(reason, f"{row.source_uri or row.document_id or row.row_key}: {row.observed}")
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [(stage, check, count, first[stage, check]) for (stage, check), count in ordered]


def folder_link(folder: Path) -> tuple[str, str]:
    """Address and text of a link to a folder on this machine, neither able to end the link early."""
    return "file://" + quote(str(folder.resolve())), escape_markdown(str(folder), length=1000)


def escape_path(path: Path) -> str:
    """A path that can stand between backticks."""
    return str(path).replace("`", "'").replace("\n", " ")


def _describe_inputs(run: Run) -> str:
    return (
        f"**{run.input_count}** inputs = **{run.article_count}** articles + **{run.duplicate_count}** duplicates "
        f"+ **{run.quarantined_count}** refused; {run.new_document_count} documents are new."
    )


def _stage_rows(run: Run) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [("ingest", f"{run.input_count} inputs", f"{run.clean_in_count} documents")]
    for stage, taken, made in STAGE_COUNTS:
        taken_count, made_count = getattr(run, f"{stage}_in_count"), getattr(run, f"{stage}_out_count")
        rows.append((stage, f"{taken_count} {taken}", f"{made_count} {made}"))
    return rows
