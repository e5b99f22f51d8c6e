"""An archive taken in by its days: inputs that name their day, over a range of dates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger
from pydantic import Field

from flows.build_tables import build_tables
from flows.places import Place
from flows.reading import choose_attribution
from flows.summary import RunSummary
from flows.telling import tell_failure
from schemas.attribution import AttributionMethod
from tasks.ingest.inputs import find_missing

# Only these: an address may hold other characters after a percent sign.
DAY_CODE = re.compile(r"%[Ymdj]")


class BackfillError(Exception):
    """The range or the inputs cannot be taken in; the message says why and what to do."""


@dataclass(frozen=True)
class Step:
    """Days that are taken in by one run, their inputs, and the days for which there are none."""

    first: date
    last: date
    inputs: tuple[str, ...]
    empty_days: tuple[date, ...]


@flow(name="backfill", flow_run_name="backfill {first} to {last}", on_failure=[tell_failure])
def backfill(
    first: date,
    last: date,
    inputs: list[Place],
    warehouse: str = "data/warehouse",
    step_days: Annotated[int, Field(ge=1)] | None = None,
    attribution: AttributionMethod | None = None,
    columns: str | None = None,
) -> list[RunSummary]:
    """Take in the inputs of each day from `first` to `last`, and return what each run did.

    Days without an input are passed over. What was taken in before is not processed again, so that a backfill that
    was cut off can be started anew.

    Args:
        first: First day.
        last: Last day.
        inputs: Files, folders and patterns with the day in their name: "archive/%Y/%m/%d/*.jsonl"; %j is the day of
            the year.
        warehouse: Folder of the tables; made if it is not there.
        step_days: Days that are taken in and published together; all if none is given.
        attribution: How it is found who says what; as in the warehouse's last run if not named.
        columns: File that says how the columns of the inputs' tables are called.
    """
    logger = get_run_logger()
    method = choose_attribution(Path(warehouse), attribution)
    summaries = []
    for step in plan_backfill(first, last, inputs, step_days=step_days):
        logger.info("%s to %s: %d inputs, %s", step.first, step.last, len(step.inputs), describe_empty(step))
        if not step.inputs:
            continue
        try:
            summary = build_tables(list(step.inputs), warehouse, attribution=method, columns=columns)
        except Exception as error:
            raise BackfillError(
                f"the run of {step.first} to {step.last} failed; days before it are published. Go on with "
                f"`onrecord backfill {step.first} {last}` and the same inputs. {type(error).__name__}: {error}"
            ) from error
        summaries.append(summary)
    return summaries


def plan_backfill(first: date, last: date, inputs: Sequence[str], *, step_days: int | None = None) -> list[Step]:
    """The runs of a backfill, in the order of their days. BackfillError where there is nothing to take in."""
    if last < first:
        raise BackfillError(f"{last} is before {first}: the first day comes first")
    for name in inputs:
        if not DAY_CODE.search(name):
            raise BackfillError(
                f"{name} does not say which day it is of: put %Y, %m, %d or %j where the day stands, as in "
                "'archive/%Y-%m-%d.jsonl', or take it in with `onrecord run`"
            )
    steps = list(_plan_steps(first, last, inputs, step_days or (last - first).days + 1))
    if not any(step.inputs for step in steps):
        raise BackfillError(f"no input of {', '.join(inputs)} is there from {first} to {last}")
    return steps


def _plan_steps(first: date, last: date, inputs: Sequence[str], step_days: int) -> Iterator[Step]:
    while first <= last:
        end = min(first + timedelta(days=step_days - 1), last)
        found: dict[str, None] = {}
        empty = []
        for number in range((end - first).days + 1):
            day = first + timedelta(days=number)
            names = [name_day(name, day) for name in inputs]
            missing = set(find_missing(names, asks_stores=True))
            there = [name for name in names if name not in missing]
            # A name without the day of the month stands for several days.
            found.update(dict.fromkeys(there))
            if not there:
                empty.append(day)
        yield Step(first, end, tuple(found), tuple(empty))
        first = end + timedelta(days=1)


def name_day(name: str, day: date) -> str:
    """The input's name on a day."""
    return DAY_CODE.sub(lambda code: day.strftime(code[0]), name)


def describe_empty(step: Step) -> str:
    """Which days of a step have no input, in words."""
    if not step.empty_days:
        return "every day has one"
    shown = ", ".join(map(str, step.empty_days[:5]))
    more = f" and {len(step.empty_days) - 5} more" if len(step.empty_days) > 5 else ""
    return f"none on {shown}{more}"
