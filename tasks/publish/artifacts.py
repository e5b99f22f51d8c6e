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
        f"Batches: {run.batch_count}; processed by an earlier run: {run.reused_batch_count}.",
        "## Refused",
        markdown_table(("stage", "check", "count", "first"), count_refusals(refusals)) or "Nothing was refused.",
    ]
    return "\n\n".join(part for part in parts if part)


def quarantine_share(run: Run) -> float:
    """Share of the run's inputs that were refused; 0 for a run without inputs."""
    return run.quarantined_count / run.input_count if run.input_count else 0.0


def run_events(run: Run, warehouse: str, *, alert_share: float) -> list[tuple[str, dict[str, object]]]:
    """Name and content of the events that a published run leaves.

    Always "onrecord.snapshot.published"; "onrecord.news.received" where a document was new, and
    "onrecord.quarantine.high" where a larger share than `alert_share` was refused. All have the same content.
    """
    share = quarantine_share(run)
    content: dict[str, object] = {
        "warehouse": warehouse,
        "snapshot_number": run.snapshot_number,
        "run_id": run.run_id,
        "input_count": run.input_count,
        "new_document_count": run.new_document_count,
        "article_count": run.article_count,
        "quarantined_count": run.quarantined_count,
        "quarantined_share": round(share, 4),
    }
    names = ["onrecord.snapshot.published"]
    if run.new_document_count:
        names.append("onrecord.news.received")
    if share > alert_share:
        names.append("onrecord.quarantine.high")
    return [(name, content) for name in names]


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


def page_link(path: Path, pages: str = "") -> tuple[str, str]:
    """Address and text of a link to a published file or folder, neither able to end the link early.

    `pages` names an address and, after a space, the folder that is served there: a browser opens no file from a page
    of the web. What does not lie there, and all without `pages`, is linked as a file.
    """
    place = path.resolve()
    address, _, folder = pages.partition(" ")
    if folder and place.is_relative_to(folder):
        link = f"{address}/{quote(place.relative_to(folder).as_posix())}"
    else:
        link = "file://" + quote(str(place))
    return link, escape_markdown(str(path), length=1000)


def escape_path(path: Path) -> str:
    """A path that can stand between backticks."""
    return str(path).replace("`", "'").replace("\n", " ")


def _describe_inputs(run: Run) -> str:
    passed_over = f" {run.passed_over_count} files or records were passed over." if run.passed_over_count else ""
    return (
        f"**{run.input_count}** inputs = **{run.article_count}** articles + **{run.duplicate_count}** duplicates "
        f"+ **{run.quarantined_count}** refused; {run.new_document_count} documents are new.{passed_over}"
    )


def _stage_rows(run: Run) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [("ingest", f"{run.input_count} inputs", f"{run.clean_in_count} documents")]
    for stage, taken, made in STAGE_COUNTS:
        taken_count, made_count = getattr(run, f"{stage}_in_count"), getattr(run, f"{stage}_out_count")
        rows.append((stage, f"{taken_count} {taken}", f"{made_count} {made}"))
    return rows
