"""The row that a run leaves in `runs`."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import PUBLISHED_TABLES, Run
from schemas.parquet import read_published, rows_to_arrow, write_table
from tasks.batches import STAGE_PACKAGES, Batch, rules_version
from tasks.gather.tables import Selection


@dataclass(frozen=True)
class Received:
    """Counts of what came in: inputs = documents + duplicates + refused, before cleaning; passed over is no input."""

    inputs: int
    duplicates: int
    refused: int
    new_documents: int
    passed_over: int


def make_run_row(
    *,
    run_id: str,
    inputs: Sequence[str],
    options: dict[str, object],
    started_at: datetime,
    finished_at: datetime,
    received: Received,
    batches: Sequence[Batch],
    selection: Selection,
    staged: Path,
) -> Run:
    """The run's row, counted from the staged tables; validation brings its own counts up to date."""
    articles = pq.read_table(staged / "articles.parquet", columns=["document_id", "language"])
    quotes = pq.read_table(staged / "quotes.parquet", columns=["speaker_id"])
    documents = _row_count(staged, "documents")
    of_this_run = pc.sum(pc.is_in(articles["document_id"], value_set=selection.received)).as_py() or 0
    return Run(
        run_id=run_id,
        started_at=started_at,
        finished_at=finished_at,
        status="published",
        # Publishing gives the number.
        snapshot_number=1,
        inputs=" ".join(inputs),
        input_count=received.inputs,
        article_count=of_this_run,
        duplicate_count=received.duplicates,
        quarantined_count=received.refused + len(selection.received) - of_this_run,
        passed_over_count=received.passed_over,
        new_document_count=received.new_documents,
        batch_count=len(batches),
        reused_batch_count=sum(batch.reused for batch in batches),
        clean_in_count=documents,
        clean_out_count=len(articles),
        annotate_in_count=pc.sum(pc.equal(articles["language"], "en")).as_py() or 0,
        annotate_out_count=len(quotes),
        resolve_in_count=len(quotes),
        resolve_out_count=len(quotes) - quotes["speaker_id"].null_count,
        link_in_count=len(articles),
        link_out_count=_row_count(staged, "stories"),
        validate_in_count=0,
        validate_out_count=0,
        code_version=version("onrecord"),
        rules_version=rules_version(),
        model_versions=" ".join(f"{name}=={version(name)}" for name in STAGE_PACKAGES["annotate"]),
        attribution=str(options["attribution"]) if options.get("attribution") else None,
        config_hash=hash_options(inputs, options),
        options=write_options(options),
    )


def hash_options(inputs: Sequence[str], options: Mapping[str, object]) -> str:
    """Fingerprint of what a run was asked to do."""
    return hashlib.sha256(json.dumps([*inputs, options], sort_keys=True).encode()).hexdigest()[:12]


def write_options(options: Mapping[str, object]) -> str:
    """A run's options, as its row holds them."""
    return json.dumps(options, sort_keys=True)


def _row_count(staged: Path, table: str) -> int:
    return pq.read_metadata(staged / f"{table}.parquet").num_rows


def write_run_rows(row: Run, previous: Sequence[Path], staged: Path) -> None:
    """Writes runs.parquet: the runs of the snapshot before, then this one, as if all staged rows passed validation.

    Validation brings the counts up to date; a report that is drafted before has them right unless rows are refused.
    """
    earlier = read_published(previous, "runs")
    others = [name for name in PUBLISHED_TABLES if name != "runs" and (staged / f"{name}.parquet").is_file()]
    rows = len(earlier) + 1 + sum(_row_count(staged, name) for name in others)
    row = replace(row, validate_in_count=rows, validate_out_count=rows)
    write_table(pa.concat_tables([earlier, rows_to_arrow([row], Run)]), staged / "runs.parquet")
