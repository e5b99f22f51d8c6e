"""A batch on one of whose rows a worker process dies: the row is found by halving, and refused; the rest goes on."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas import Quarantine
from schemas.parquet import rows_to_arrow, write_table
from schemas.warehouse import whole_folder
from tasks.importing import call_named
from tasks.quarantine import refuse
from tasks.workers import WorkerDied, call_alone, call_in_worker

EXPECTED = "a text on which no process dies or takes more memory than there is"


@dataclass(frozen=True)
class Work:
    """What a function makes of the rows of one file, as files in a folder.

    The function is named "package.module:function" and called with the folder of `<table>.parquet`, the folder to
    make, and `arguments`; it returns a number or a tuple of numbers. `stage` refuses a row on which a worker dies:
    as an input, or, with `refused_table`, as one of that table's rows. Without a stage the row is left out.
    """

    function_path: str
    table: str
    arguments: tuple[Any, ...] = ()
    stage: str | None = None
    refused_table: str | None = None


@dataclass(frozen=True)
class Step:
    """Work on the rows of the folder `source` that makes `folder`; done where that is there."""

    work: Work
    source: Path
    folder: Path


def call_in_turn(steps: Sequence[Step]) -> list[Any]:
    """What each step's function returns, by one worker one after the other; None for a step that was done before.

    Where the worker dies, the steps that it left are done as by `call_on_rows`; what it did before is told as None.
    """
    left = [step for step in steps if not step.folder.is_dir()]
    if not left:
        return [None for _ in steps]
    try:
        returned = iter(call_in_worker("tasks.bisection:take_steps", left))
    except WorkerDied:
        return [None if step.folder.is_dir() else _call_on_parts(step) for step in steps]
    return [next(returned) if step in left else None for step in steps]


def take_steps(steps: Sequence[Step]) -> list[Any]:
    """What the function of each step returns, called in this process."""
    return [call_named(step.work.function_path, step.source, step.folder, *step.work.arguments) for step in steps]


def call_on_rows(work: Work, source: Path, folder: Path) -> Any:
    """What the function returns for all rows; `folder` is there whole or not at all.

    Where its worker dies, it is called again in a process of its own, and then on ever smaller parts of the rows:
    another batch may have been at fault. Then the parts' numbers are added, and their files joined.
    """
    try:
        return call_in_worker(work.function_path, source, folder, *work.arguments)
    except WorkerDied:
        return _call_on_parts(Step(work, source, folder))


def _call_on_parts(step: Step) -> Any:
    """The step after its worker died: all rows in a process of its own, then ever smaller parts."""
    work, folder = step.work, step.folder
    shutil.rmtree(folder, ignore_errors=True)
    rows = pq.read_table(step.source / f"{work.table}.parquet")
    with whole_folder(folder) as draft:
        parts = list(_halve(work, rows, draft / "parts" / "all"))
        for name in sorted({path.name for part in parts for path in part.folder.glob("*.parquet")}):
            files = [part.folder / name for part in parts if (part.folder / name).exists()]
            write_table(pa.concat_tables([pq.read_table(path) for path in files]), draft / name)
        shutil.rmtree(draft / "parts")
    return _add([part.returned for part in parts])


@dataclass(frozen=True)
class _Part:
    folder: Path
    returned: Any


def _halve(work: Work, rows: pa.Table, place: Path) -> Iterator[_Part]:
    """The parts in the order of their rows; a row on which its worker dies gives a part without it."""
    try:
        yield _call(work, rows, place)
        return
    except WorkerDied:
        if len(rows) == 0:
            raise
    if len(rows) == 1:
        part = _call(work, rows.slice(0, 0), Path(f"{place}-none"))
        if work.stage:
            _refuse_row(work, rows, part.folder)
        yield part
        return
    middle = len(rows) // 2
    yield from _halve(work, rows.slice(0, middle), Path(f"{place}0"))
    yield from _halve(work, rows.slice(middle), Path(f"{place}1"))


def _call(work: Work, rows: pa.Table, place: Path) -> _Part:
    source, folder = place.with_name(place.name + ".in"), place.with_name(place.name + ".out")
    write_table(rows, source / f"{work.table}.parquet")
    return _Part(folder, call_alone(work.function_path, source, folder, *work.arguments))


def _refuse_row(work: Work, rows: pa.Table, folder: Path) -> None:
    record = {name: rows[name][0].as_py() for name in rows.schema.names if name in ("document_id", "source_uri")}
    row = refuse(
        stage=work.stage or "",
        check="worker_survives",
        observed="the process that worked on it died, alone and twice",
        expected=EXPECTED,
        refused_at=datetime.now(UTC),
        document_id=record["document_id"],
        source_uri=record.get("source_uri"),
        table_name=work.refused_table,
        row_key=record["document_id"] if work.refused_table else None,
    )
    path = folder / "quarantine.parquet"
    before = [pq.read_table(path)] if path.exists() else []
    write_table(pa.concat_tables([*before, rows_to_arrow([row], Quarantine)]), path)


def _add(returned: list[Any]) -> Any:
    if isinstance(returned[0], tuple):
        return tuple(map(sum, zip(*returned, strict=True)))
    return sum(returned)
