"""How a column and a table are declared, once; everything else is derived from these objects."""

import dataclasses
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

COLUMN_TYPES = (str, int, float, bool, datetime, date)


@dataclass(frozen=True)
class Column:
    """One declared column.

    `minimum` and `maximum` bound the value itself; `max_length` counts characters.
    `references` reads "table.column" and means that every non-null value stands there.
    """

    name: str
    type: type
    nullable: bool
    description: str
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] | None = None
    max_length: int | None = None
    pattern: str | None = None
    references: str | None = None


@dataclass(frozen=True)
class Repeats:
    """A promise that a row's text stands in another table's text at the offsets it gives.

    `start` and `end` name the offset columns. Where `segments` names a column of "start:end start:end" pairs, their
    pieces, joined by one space, are the text: they follow each other from start to end.
    """

    text: str
    of: str
    start: str
    end: str
    segments: str | None = None

    @property
    def offsets(self) -> tuple[str, ...]:
        """The columns that tell where the text stands."""
        return (self.segments,) if self.segments else (self.start, self.end)


@dataclass(frozen=True)
class Table:
    """One declared table: its row type, key, promises and whether it is published by date."""

    name: str
    row: type
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    repeats: tuple[Repeats, ...] = ()
    spans: tuple[tuple[str, str], ...] = ()
    partitioned: bool = False
    published: bool = True

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in declared order."""
        return tuple(column.name for column in self.columns)


TABLES: dict[str, Table] = {}
"""Every declared table by name, in the order of declaration."""

R = TypeVar("R", bound=type)


class Row:
    """Base of all row types; `table` is set by the decorator."""

    table: ClassVar[Table]


def column(
    description: str,
    *,
    unit: str | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    values: Iterable[str] | None = None,
    max_length: int | None = None,
    pattern: str | None = None,
    references: str | None = None,
    default: Any = dataclasses.MISSING,
) -> Any:
    """A dataclass field that carries the column's meaning and limits."""
    metadata = {
        "description": description,
        "unit": unit,
        "minimum": minimum,
        "maximum": maximum,
        "values": tuple(values) if values is not None else None,
        "max_length": max_length,
        "pattern": pattern,
        "references": references,
    }
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def _split_optional(annotation: Any) -> tuple[type, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        if len(inner) == 1 and len(get_args(annotation)) == 2:
            return inner[0], True
        raise TypeError(f"a column holds one type, or one type or None; not {annotation}")
    return annotation, False


def declare_table(
    name: str,
    *,
    key: tuple[str, ...],
    repeats: tuple[Repeats, ...] = (),
    spans: tuple[tuple[str, str], ...] = (),
    partitioned: bool = False,
    published: bool = True,
) -> Callable[[R], R]:
    """Decorator: registers a row dataclass as the table `name`.

    `key` names the columns that are unique together; `spans` are (start, end) column pairs
    where end must not precede start. A `partitioned` table is stored by the day its
    document was fetched; one that is not `published` lives between stages only.
    """

    def register(row: R) -> R:
        hints = get_type_hints(row)
        columns = []
        for field in dataclasses.fields(row):
            kind, nullable = _split_optional(hints[field.name])
            if kind not in COLUMN_TYPES:
                raise TypeError(f"{name}.{field.name}: no column type for {kind}")
            columns.append(Column(name=field.name, type=kind, nullable=nullable, **field.metadata))
        names = {column.name for column in columns}
        if missing := set(key) - names:
            raise ValueError(f"{name}: key columns not declared: {sorted(missing)}")
        table = Table(
            name=name,
            row=row,
            description=(row.__doc__ or "").strip(),
            columns=tuple(columns),
            key=key,
            repeats=repeats,
            spans=spans,
            partitioned=partitioned,
            published=published,
        )
        TABLES[name] = table
        row.table = table  # type: ignore[attr-defined]
        return row

    return register
