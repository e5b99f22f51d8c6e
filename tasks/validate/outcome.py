"""What a verdict does to the staged tables: bad rows out, into quarantine; all the rest into a new folder."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas import PUBLISHED_TABLES, Quarantine
from schemas.parquet import arrow_schema, open_writer, read_rows, rows_to_arrow, write_table
from schemas.warehouse import whole_folder, write_json
from tasks.quarantine import refuse
from tasks.validate.checks import CheckResult
from tasks.validate.recount import recount
from tasks.validate.staged import Staged
from tasks.validate.validation import RefusedRow, Verdict, judge_tables

# What a reference carries with it: a copy without its original has no kind either.
CARRIED_ALONG = {("articles", "copy_of_article_id"): ("copy_kind",)}
RESULTS_SCHEMA = pa.schema(
    [
        pa.field("table_name", pa.string(), nullable=False),
        pa.field("check_name", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("success", pa.bool_(), nullable=False),
        pa.field("checked_count", pa.int64(), nullable=False),
        pa.field("failed_count", pa.int64(), nullable=False),
        pa.field("observed", pa.string(), nullable=False),
        pa.field("expected", pa.string(), nullable=False),
    ]
)


def judge_and_write(staged: Path, folder: Path) -> Path:
    """Path of verdict.json, which `write_outcome` leaves in `folder` of the tables in the folder `staged`."""
    from tasks.validate.expectations import check_table

    tables = Staged(staged)
    return write_outcome(tables, judge_tables(tables, check_table), folder, refused_at=datetime.now(UTC))


def write_outcome(staged: Staged, verdict: Verdict, folder: Path, *, refused_at: datetime) -> Path:
    """Path of verdict.json in `folder`, which appears whole and replaces an earlier one.

    Beside it lie validation.parquet, one row a check, and, where no table failed, every table
    without its refused rows, quarantine.parquet with them. The staged tables stay as they are.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with whole_folder(folder) as draft:
        if not verdict.failures:
            write_tables(staged, verdict, draft, refused_at=refused_at)
        records = [result_record(result) for result in verdict.results]
        write_table(
            pa.Table.from_pylist(records, schema=RESULTS_SCHEMA), draft / "validation.parquet", is_published=True
        )
        write_json(summarize(verdict), draft / "verdict.json")
    return folder / "verdict.json"


def summarize(verdict: Verdict) -> dict:
    """The verdict in numbers, fit for JSON: rows in and out, refusals by check, references set to null, failures."""
    refused = Counter(row.table for row in verdict.refused)
    return {
        "passed": not verdict.failures,
        "failures": verdict.failures,
        "checks": len(verdict.results),
        "failed_checks": sum(not result.success for result in verdict.results),
        "rows_in": sum(verdict.row_counts.values()),
        "rows_out": 0 if verdict.failures else sum(verdict.row_counts.values()) - len(verdict.refused),
        "tables": {name: {"rows_in": rows, "refused": refused[name]} for name, rows in verdict.row_counts.items()},
        "refusals": dict(Counter(f"{row.table}: {row.check}" for row in verdict.refused)),
        "nulled": {f"{table}.{column}": len(rows) for (table, column), rows in verdict.nulled.items()},
    }


def result_record(result: CheckResult) -> dict:
    """One check's result as a row of validation.parquet."""
    return {
        "table_name": result.check.table,
        "check_name": result.check.name,
        "level": result.check.level,
        "success": result.success,
        "checked_count": result.checked_count,
        "failed_count": result.failed_count,
        "observed": result.observed,
        "expected": result.check.expected,
    }


def write_tables(staged: Staged, verdict: Verdict, folder: Path, *, refused_at: datetime) -> None:
    """Every table without its refused rows; unchanged ones are linked, quarantine and runs brought up to date."""
    for name in PUBLISHED_TABLES:
        rows = verdict.refused_rows(name)
        nulled = {column: numbers for (table, column), numbers in verdict.nulled.items() if table == name}
        if rows or nulled:
            _write_rest(staged, name, rows, nulled, folder / f"{name}.parquet")
        elif name not in ("quarantine", "runs"):
            os.link(staged.path(name), folder / f"{name}.parquet")
    left_over = recount(staged.folder, folder, refused_at=refused_at) if verdict.refused else []
    _write_quarantine(staged, verdict, folder, refused_at, left_over)
    _write_runs(staged, verdict, folder, len(left_over))


def _write_rest(staged: Staged, name: str, refused: set[int], nulled: dict[str, list[int]], path: Path) -> None:
    schema = arrow_schema(name)
    row = 0
    with open_writer(path, schema) as writer:
        for chunk in staged.chunks(name, list(schema.names)):
            numbers = pa.array(range(row, row + len(chunk)))
            row += len(chunk)
            for column, rows in nulled.items():
                for target in (column, *CARRIED_ALONG.get((name, column), ())):
                    chunk = _set_null(chunk, target, pc.is_in(numbers, value_set=pa.array(rows)))
            keep = pc.invert(pc.is_in(numbers, value_set=pa.array(sorted(refused), pa.int64())))
            writer.write_table(chunk.filter(keep).cast(schema))


def _set_null(chunk: pa.Table, column: str, mask: pa.Array) -> pa.Table:
    position = chunk.schema.get_field_index(column)
    values = pc.if_else(mask, pa.scalar(None, chunk.schema.field(position).type), chunk[column])
    return chunk.set_column(position, chunk.schema.field(position), values)


def _write_quarantine(
    staged: Staged, verdict: Verdict, folder: Path, refused_at: datetime, left_over: Iterable[Quarantine]
) -> None:
    sources = _source_uris(staged, {row.document_id for row in verdict.refused if row.document_id})
    rows = {row.quarantine_id: row for row in read_rows(Quarantine, staged.folder)}
    for refused in verdict.refused:
        row = _quarantine(refused, sources, refused_at)
        rows.setdefault(row.quarantine_id, row)
    rows.update({row.quarantine_id: row for row in left_over})
    write_table(rows_to_arrow(rows.values(), Quarantine), folder / "quarantine.parquet")


def _quarantine(refused: RefusedRow, sources: dict[str, str], refused_at: datetime) -> Quarantine:
    return refuse(
        stage="validate",
        check=refused.check,
        observed=refused.observed,
        expected=refused.expected,
        refused_at=refused_at,
        document_id=refused.document_id,
        source_uri=sources.get(refused.document_id or ""),
        table_name=refused.table,
        # Rows that share a key fail as one; their number tells them apart.
        row_key=f"{refused.row_key}#{refused.row}" if refused.check.endswith("__is_unique") else refused.row_key,
    )


def _source_uris(staged: Staged, document_ids: Iterable[str]) -> dict[str, str]:
    wanted = pa.array(sorted(document_ids), pa.string())
    columns = staged.columns("documents", ["document_id", "source_uri"])
    found = columns.filter(pc.is_in(columns["document_id"], value_set=wanted))
    return dict(zip(found["document_id"].to_pylist(), found["source_uri"].to_pylist(), strict=True))


def _write_runs(staged: Staged, verdict: Verdict, folder: Path, left_over_count: int) -> None:
    """The runs table, the newest run's counts brought up to date: an article taken out is an input refused."""
    runs = pq.read_table(staged.path("runs"), schema=arrow_schema("runs"))
    records = runs.to_pylist()
    if records:
        newest = max(records, key=lambda record: record["run_id"])
        summary = summarize(verdict)
        refused = _refused_inputs(staged, verdict)
        newest["validate_in_count"] = summary["rows_in"]
        newest["validate_out_count"] = summary["rows_out"] - left_over_count
        newest["article_count"] -= refused
        newest["quarantined_count"] += refused
    write_table(pa.Table.from_pylist(records, schema=arrow_schema("runs")), folder / "runs.parquet")


def _refused_inputs(staged: Staged, verdict: Verdict) -> int:
    """How many inputs of this run lost their article; selected.parquet beside the folder tells which are inputs."""
    lost = {row.document_id for row in verdict.refused if row.table == "articles"}
    selected = staged.folder.parent / "selected.parquet"
    if lost and selected.exists():
        table = pq.read_table(selected, columns=["document_id", "is_input"])
        lost &= set(table.filter(table["is_input"])["document_id"].to_pylist())
    return len(lost)
