"""The declarations as Great Expectations suites, and their results as plain ones.

The only module that imports great_expectations, and only when it is called: the import takes
several seconds of processor time.
"""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import pandas as pd

from schemas import Table
from tasks.importing import import_when_used
from tasks.validate.checks import Check, CheckResult, checks_of

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.expectations import Expectation

ROW_NUMBER = "row_number"
# Whether a row has all values that it must have, and keeps all promises that helper columns tell of.
ALL_KEPT = "all_kept"
ADDED = (ROW_NUMBER, ALL_KEPT)
_checking = Lock()
# The library loads them for expectations that are not made here: half a second of processor time each.
FOR_OTHER_CHECKS = ("altair", "scipy.stats")


def import_library() -> Any:
    """The great_expectations package, imported now if it was not before."""
    # It would report its use to its makers.
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    for name in FOR_OTHER_CHECKS:
        import_when_used(name)
    import great_expectations
    import great_expectations.expectations

    # At INFO it tells of temporary folders; it sets this logger's level itself when it is imported.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    return great_expectations


def check_table(frame: pd.DataFrame, table: Table) -> list[CheckResult]:
    """Results of a table's checks on a frame, in the order of the checks.

    The frame holds the table's columns in declared order and then the helper columns that the
    checks name. A check that cannot be made, as on a missing column, counts as failed.
    """
    checks = checks_of(table)
    simple = [check for check in checks if _is_simple(check)]
    # Rows are told by their numbers: labels may recur where frames were put together.
    frame = frame.reset_index(drop=True)
    frame = frame.assign(row_number=range(len(frame)), all_kept=keep_all(frame, simple))
    with _checking, _without_repeats():
        return _check(frame, table, checks, simple)


def _check(frame: pd.DataFrame, table: Table, checks: list[Check], simple: list[Check]) -> list[CheckResult]:
    batch = _batch_definition().get_batch({"dataframe": frame})
    # Without rows only the columns can be wrong.
    asked = checks if len(frame) else [check for check in checks if check.kind == "columns"]
    # An expectation costs ten milliseconds whatever it looks at: one stands for the half that are simple, each of
    # which is made where it fails. The cheapest format first; rows are asked for only where something failed.
    others = [check for check in asked if check not in simple]
    together = [Check(table.name, "all_kept", (), "", helper=ALL_KEPT)] if len(others) < len(asked) else []
    outcomes = _validate(batch, table, others + together, {"result_format": "BOOLEAN_ONLY"})
    failed = [check for check in others if not outcomes[check.name].success]
    if any(not outcomes[check.name].success for check in together):
        failed += simple
    outcomes |= _validate(
        batch, table, failed, {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW_NUMBER]}
    )
    return [_plain_result(check, outcomes.get(check.name), len(frame)) for check in checks]


def keep_all(frame: pd.DataFrame, simple: list[Check]) -> pd.Series:
    """For each row whether it passes all of these simple checks; false for all where a column is missing."""
    kept = pd.Series(True, index=frame.index)
    for check in simple:
        name = check.helper or check.columns[0]
        kept &= (frame[name].eq(True) if check.helper else frame[name].notna()) if name in frame else False
    return kept


def _is_simple(check: Check) -> bool:
    """Whether a check asks for a value, or for a promise that a helper column has worked out."""
    return check.kind == "not_null" or check.helper is not None


def expectation_for(check: Check, table: Table) -> "Expectation":
    """The expectation that makes one check."""
    gxe = import_library().expectations
    name: dict[str, Any] = {"meta": {"check": check.name}}
    if check.helper:
        return gxe.ExpectColumnValuesToBeInSet(column=check.helper, value_set=[True], **name)
    if check.kind == "columns":
        helpers = [other.helper for other in checks_of(table) if other.helper]
        return gxe.ExpectTableColumnsToMatchOrderedList(column_list=[*table.column_names, *helpers, *ADDED], **name)
    if check.kind == "is_unique" and len(check.columns) > 1:
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(check.columns), **name)
    if check.kind == "ends_after_start":
        end, start = check.columns
        return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=end, column_B=start, or_equal=True, ignore_row_if="either_value_is_missing", **name
        )
    column = table.column(check.columns[0])
    match check.kind:
        case "not_null":
            return gxe.ExpectColumnValuesToNotBeNull(column=column.name, **name)
        case "in_range":
            return gxe.ExpectColumnValuesToBeBetween(
                column=column.name, min_value=column.minimum, max_value=column.maximum, **name
            )
        case "known_value":
            return gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.values or ()), **name)
        case "fits":
            return gxe.ExpectColumnValueLengthsToBeBetween(column=column.name, max_value=column.max_length, **name)
        case "matches_pattern":
            return gxe.ExpectColumnValuesToMatchRegex(column=column.name, regex=_whole(column.pattern or ""), **name)
        case "is_unique":
            return gxe.ExpectColumnValuesToBeUnique(column=column.name, **name)
    raise ValueError(f"no expectation for {check.kind!r}")


def _whole(pattern: str) -> str:
    """A declared pattern as pandas should search it.

    "$" lets a line break follow, "\\Z" does not; pandas warns of groups that capture.
    """
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern.removesuffix("$")) + r"\Z"


def suite_for(table: Table, checks: list[Check]) -> "ExpectationSuite":
    """The suite of these checks of a table; each expectation's meta holds its check's name."""
    expectations = [expectation_for(check, table) for check in checks]
    return import_library().ExpectationSuite(name=table.name, expectations=expectations)


@cache
def _batch_definition() -> Any:
    context = import_library().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return (
        context.data_sources.add_pandas("staged")
        .add_dataframe_asset("table")
        .add_batch_definition_whole_dataframe("all rows")
    )


@contextmanager
def _without_repeats() -> Iterator[None]:
    """In the block the library does not do over and over what comes out alike, a quarter of all it takes.

    An expectation makes its configuration anew whenever it is looked at, some eighty times a check. Frames are hashed
    for a mark of their content, which nobody reads.
    """
    from great_expectations.execution_engine import pandas_execution_engine as engine
    from great_expectations.expectations.expectation import Expectation

    library = Expectation.configuration, engine.hash_pandas_dataframe
    # With each expectation, so that its number is no other's meanwhile.
    made: dict[int, tuple[Any, Any]] = {}

    def configuration(expectation: Any) -> Any:
        if id(expectation) not in made:
            made[id(expectation)] = expectation, library[0].__get__(expectation)
        return made[id(expectation)][1]

    def put(configuration: Any, hash_frame: Any) -> None:
        Expectation.configuration, engine.hash_pandas_dataframe = configuration, hash_frame  # type: ignore[method-assign]

    put(property(configuration), lambda _: "")
    try:
        yield
    finally:
        put(*library)


def _validate(batch: Any, table: Table, checks: list[Check], result_format: dict) -> dict[str, Any]:
    if not checks:
        return {}
    outcome = batch.validate(suite_for(table, checks), result_format=result_format)
    return {result.expectation_config.meta["check"]: result for result in outcome.results}


def _plain_result(check: Check, result: Any, row_count: int) -> CheckResult:
    """A result of the library as a plain one; None stands for a check that had no row to look at."""
    plain = CheckResult(check, checked_count=row_count)
    if result is None or result.success:
        return plain
    details = result.result or {}
    if check.kind == "columns":
        return plain.failing(f"columns {details.get('observed_value')}")
    rows = sorted({int(entry[ROW_NUMBER]) for entry in details.get("unexpected_index_list") or []})
    if not rows:
        return plain.failing(f"the check could not be made: {result.exception_info}"[:500])
    return CheckResult(check, row_count, len(rows), tuple(rows))
