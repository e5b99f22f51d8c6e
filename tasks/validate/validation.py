"""The verdict on staged tables: which rows go to quarantine, which tables fail, what is left."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import PUBLISHED_TABLES, TABLES, Table
from schemas.parquet import arrow_schema
from tasks.quarantine import shorten
from tasks.validate.checks import Check, CheckResult, describe_type_check
from tasks.validate.promises import add_helper_columns
from tasks.validate.staged import Staged, published_references

LIMITS_FILE = Path(__file__).with_name("limits.toml")

TableChecker = Callable[[pd.DataFrame, Table], list[CheckResult]]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row to be taken out: its number in the staged table, and at which check with what it failed."""

    table: str
    row: int
    row_key: str
    document_id: str | None
    check: str
    observed: str
    expected: str


@dataclass
class Verdict:
    """What validation found.

    `refused` holds a row once, at its first failing check. `nulled` counts references set to null
    because the row they name was refused: (table, column) to row numbers. `failures` are the
    reasons not to publish; rows are taken out only where there is none.
    """

    results: list[CheckResult] = field(default_factory=list)
    row_counts: dict[str, int] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    nulled: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def refused_rows(self, table_name: str) -> set[int]:
        """Numbers of a table's rows that are taken out."""
        return {row.row for row in self.refused if row.table == table_name}


def judge_tables(staged: Staged, check_table: TableChecker) -> Verdict:
    """The verdict on all published tables under the folder; nothing is written.

    `check_table` makes a table's checks on a frame with helper columns. Rows that point at a
    refused row are refused as well where the reference must not be null.
    """
    verdict = Verdict()
    for name in PUBLISHED_TABLES:
        verdict.failures.extend(_judge_types(staged, TABLES[name], verdict))
    if verdict.failures:
        return verdict
    for name in PUBLISHED_TABLES:
        _judge_rows(staged, TABLES[name], check_table, verdict)
    _refuse_dependents(staged, verdict)
    return verdict


def is_too_many(failed: int, rows: int) -> bool:
    """Whether so many failing rows condemn their table; limits.toml says why."""
    limits = _limits()["failing_rows"]
    return failed >= limits["minimum_rows"] and failed > limits["share"] * rows


@cache
def _limits() -> dict:
    return tomllib.loads(LIMITS_FILE.read_text("utf-8"))


def _judge_types(staged: Staged, table: Table, verdict: Verdict) -> Iterator[str]:
    """Failures of the file as such: not there, columns missing, types that are not the declared ones."""
    schema = staged.schema(table.name)
    result = CheckResult(describe_type_check(table), checked_count=len(table.columns))
    if schema is None:
        result = result.failing("no such file")
    else:
        wrong = [
            f"{declared.name} is {schema.field(declared.name).type if declared.name in schema.names else 'missing'}"
            for declared in arrow_schema(table.name)
            if declared.name not in schema.names or schema.field(declared.name).type != declared.type
        ]
        if wrong:
            result = result.failing(", ".join(wrong))
        verdict.row_counts[table.name] = staged.row_count(table.name)
    verdict.results.append(result)
    if not result.success:
        yield f"{table.name}: {result.observed}; stage it in its declared schema."


def _judge_rows(staged: Staged, table: Table, check_table: TableChecker, verdict: Verdict) -> None:
    frame = add_helper_columns(staged.frame(table.name), table, staged)
    results = check_table(frame, table)
    refused: dict[int, RefusedRow] = {}
    for position, result in enumerate(results):
        if result.success:
            continue
        first = _describe(frame, result.failed_rows[:1], result.check) or result.observed
        results[position] = CheckResult(
            result.check, result.checked_count, result.failed_count, result.failed_rows, shorten(first)
        )
        if result.check.level == "table" or not result.failed_rows:
            verdict.failures.append(
                f"{table.name}: {result.failed_count} rows fail {result.check.name} "
                f"(first: {shorten(first, length=120)}); expected {result.check.expected}."
            )
            continue
        for row in _rows_to_refuse(frame, result):
            refused.setdefault(row, _refused_row(frame, table, row, result.check))
    verdict.results.extend(results)
    verdict.refused.extend(refused[row] for row in sorted(refused))
    if is_too_many(len(refused), len(frame)):
        example = next(iter(refused.values()))
        verdict.failures.append(
            f"{table.name}: {len(refused)} of {len(frame)} rows fail (first: {example.row_key}, {example.check}: "
            f"{shorten(example.observed, length=120)}); a stage or an input is broken."
        )


def _rows_to_refuse(frame: pd.DataFrame, result: CheckResult) -> Iterable[int]:
    """The failing rows; of rows that share a key the first stays."""
    if result.check.kind != "is_unique":
        return result.failed_rows
    repeated = frame.duplicated(list(result.check.columns), keep="first").to_numpy()
    return [row for row in result.failed_rows if repeated[row]]


def _refused_row(frame: pd.DataFrame, table: Table, row: int, check: Check) -> RefusedRow:
    record = frame.iloc[row]
    document_id = next((record[name] for name in ("document_id", "article_id") if name in frame), None)
    return RefusedRow(
        table=table.name,
        row=row,
        row_key=":".join(str(record[name]) for name in table.key),
        document_id=None if document_id is None or pd.isna(document_id) else str(document_id),
        check=check.name,
        observed=_describe(frame, (row,), check),
        expected=check.expected,
    )


def _describe(frame: pd.DataFrame, rows: Iterable[int], check: Check) -> str:
    """The values that a check saw in the first of the rows; empty for no rows."""
    for row in rows:
        record = frame.iloc[row]
        return "; ".join(f"{name}: {'null' if pd.isna(record[name]) else record[name]}" for name in check.columns)
    return ""


def _refuse_dependents(staged: Staged, verdict: Verdict) -> None:
    """Refuses rows that need a refused row, until there are none; optional references to one become null."""
    grown = bool(verdict.refused)
    while grown:
        grown = False
        for name, column, target, target_column in published_references():
            pointing = _rows_pointing_at_refused(staged, verdict, name, column.name, target, target_column)
            if not pointing or column.nullable:
                continue
            grown = True
            frame = staged.frame(name)
            check = Check(name, "resolves", (column.name,), f"{column.name} stands in {target}, where it was refused")
            verdict.refused.extend(_refused_row(frame, TABLES[name], row, check) for row in pointing)
    for name, column, target, target_column in published_references():
        if column.nullable and verdict.refused:
            pointing = _rows_pointing_at_refused(staged, verdict, name, column.name, target, target_column)
            if pointing:
                verdict.nulled[name, column.name] = pointing


def _rows_pointing_at_refused(
    staged: Staged, verdict: Verdict, name: str, column: str, target: str, target_column: str
) -> list[int]:
    """Rows, not refused themselves, whose reference names a row that is refused and has no twin that stays."""
    gone = verdict.refused_rows(target)
    if not gone:
        return []
    keys = staged.column(target, target_column).to_pylist()
    vanished = {keys[row] for row in gone} - {key for row, key in enumerate(keys) if row not in gone}
    already = verdict.refused_rows(name)
    values = staged.column(name, column)
    candidates = pc.indices_nonzero(pc.is_in(values, value_set=pa.array(list(vanished), values.type))).to_pylist()
    return [row for row in candidates if row not in already]
