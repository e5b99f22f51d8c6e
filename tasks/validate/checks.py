"""Which checks a table's declaration asks for, and what came of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemas import Column, Table

# Tables that describe the run itself: a bad row there cannot be moved out of the way.
UNTOUCHABLE_TABLES = ("runs", "quarantine")
# What making the checks needs, more than a second of processor time to import.
NEEDED = ("tasks.validate.expectations:import_library", "tasks.validate.outcome")


class ValidationFailed(Exception):
    """Tables that must not be published; says which, why and what to do."""


def require_passed(failures: Sequence[str], quarantine: str) -> None:
    """Nothing, if no table failed; else ValidationFailed. `quarantine` says where to look."""
    if failures:
        raise ValidationFailed(
            "Nothing was published. " + " ".join(failures) + f" See {quarantine}; what was published stays."
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one table.

    `columns` are those it looks at, `level` says what fails with it: the "row" or the "table".
    A check with a `helper` asks whether that computed column is true.
    """

    table: str
    kind: str
    columns: tuple[str, ...]
    expected: str
    level: str = "row"
    helper: str | None = None

    @property
    def name(self) -> str:
        """Name under which results and quarantine rows show it: 'title__not_null'."""
        return f"{self.columns[0]}__{self.kind}" if self.columns else self.kind


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check: `failed_rows` are row numbers in the staged table, from 0, ascending."""

    check: Check
    checked_count: int
    failed_count: int = 0
    failed_rows: tuple[int, ...] = ()
    observed: str = ""

    @property
    def success(self) -> bool:
        """Whether nothing failed."""
        return self.failed_count == 0

    def failing(self, observed: str) -> "CheckResult":
        """The same check failed as a whole, with what was seen."""
        return replace(self, failed_count=max(1, self.checked_count), observed=observed)


def checks_of(table: Table) -> list[Check]:
    """All checks of a table, in the order of its columns, then those about several columns."""
    names = table.column_names
    checks = [Check(table.name, "columns", (), "columns " + ", ".join(names), level="table")]
    for column in table.columns:
        checks.extend(_column_checks(table, column))
    checks.append(Check(table.name, "is_unique", table.key, f"{' and '.join(table.key)} name one row only"))
    for start, end in table.spans:
        checks.append(Check(table.name, "ends_after_start", (end, start), f"{end} not before {start}"))
    for repeats in table.repeats:
        expected = f"{repeats.text} stands in {repeats.of} at {', '.join(repeats.offsets)}"
        checks.append(_with_helper(table, "stands_in_text", (repeats.text, *repeats.offsets), expected))
        if repeats.segments:
            expected = f"{repeats.segments} follow each other from {repeats.start} to {repeats.end}, none empty"
            checks.append(_with_helper(table, "in_order", (repeats.segments, repeats.start, repeats.end), expected))
    if table.name == "documents":
        expected = "an article, or a quarantine row, but not both"
        checks.append(_with_helper(table, "accounted", ("document_id",), expected, level="table"))
    if table.name == "runs":
        columns = ("input_count", "article_count", "duplicate_count", "quarantined_count")
        checks.append(_with_helper(table, "conserved", columns, "inputs = articles + duplicates + quarantined"))
    if table.name in UNTOUCHABLE_TABLES:
        checks = [replace(check, level="table") for check in checks]
    return checks


def describe_type_check(table: Table) -> Check:
    """The check that the file states the declared types; Parquet tells them without reading a row."""
    return Check(table.name, "types", (), "every declared column in its declared type", level="table")


def _column_checks(table: Table, column: Column) -> Iterator[Check]:
    one = (column.name,)
    if not column.nullable:
        yield Check(table.name, "not_null", one, f"{column.name} has a value")
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f" at least {column.minimum:g}"
        high = "" if column.maximum is None else f" at most {column.maximum:g}"
        yield Check(table.name, "in_range", one, f"{column.name}{low}{' and' if low and high else ''}{high}")
    if column.values is not None:
        yield Check(table.name, "known_value", one, f"{column.name} is one of {', '.join(column.values)}")
    if column.max_length is not None:
        yield Check(table.name, "fits", one, f"{column.name} of at most {column.max_length} characters")
    if column.pattern is not None:
        yield Check(table.name, "matches_pattern", one, f"{column.name} matches {column.pattern}")
    if column.references is not None:
        yield _with_helper(table, "resolves", one, f"{column.name} stands in {column.references}")


def _with_helper(table: Table, kind: str, columns: tuple[str, ...], expected: str, *, level: str = "row") -> Check:
    return Check(table.name, kind, columns, expected, level, helper=f"{columns[0]}__{kind}")
