"""Which field of a record is the text, the title, the date: the names in fields.toml, tried in order."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

FIELDS_FILE = Path(__file__).with_name("fields.toml")
# Numbers below are read as seconds since 1970, numbers above as milliseconds: in seconds this is the year 5138.
MILLISECONDS_FROM = 100_000_000_000
# Smaller numbers are counters or years rather than times: in seconds this is March 1973.
SECONDS_FROM = 100_000_000
WRITTEN_DATES = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d")


@cache
def field_names(column: str) -> tuple[str, ...]:
    """Names under which records give `column`, in the order they are tried."""
    fields = tomllib.loads(FIELDS_FILE.read_text("utf-8"))
    return tuple(fields[column]["names"])


def pick_text(record: Mapping[str, Any], column: str) -> str | None:
    """The first value that says something under one of the column's names, as text without outer white space.

    Of a nested object its name counts; several values are joined by a comma. Half characters are replaced.
    The article itself ("text", "html") comes back as it stands.
    """
    for value in _find_values(record, column):
        text = _as_text(value)
        if text.strip():
            if column in ("text", "html"):
                return text
            return text.strip().encode("utf-8", "replace").decode("utf-8")
    return None


def pick_instant(record: Mapping[str, Any], column: str) -> datetime | None:
    """The first value under one of the column's names that is a time, in UTC; a time without zone counts as UTC."""
    for value in _find_values(record, column):
        if (instant := parse_instant(value)) is not None:
            return instant
    return None


def parse_instant(value: Any) -> datetime | None:
    """The time that a field's value states, in UTC; None where it states none that is certain."""
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, (int, float)):
            return _from_epoch(value)
        instant = _from_words(value.strip()) if isinstance(value, str) and len(value) < 100 else None
        if instant is None:
            return None
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _find_values(record: Mapping[str, Any], column: str) -> Iterator[Any]:
    by_name = {str(key).strip().lower().replace("-", "_").replace(" ", "_"): value for key, value in record.items()}
    return (by_name[name] for name in field_names(column) if by_name.get(name) is not None)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return next((value[key] for key in ("name", "title", "value") if isinstance(value.get(key), str)), "")
    if isinstance(value, list):
        return ", ".join(filter(None, (_as_text(part) for part in value if not isinstance(part, list))))
    return ""


def _from_epoch(value: float) -> datetime | None:
    if value >= SECONDS_FROM:
        return datetime.fromtimestamp(value / 1000 if value >= MILLISECONDS_FROM else value, UTC)
    return None


def _from_words(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(text)
        except (ValueError, TypeError, IndexError):
            continue
    for form in WRITTEN_DATES:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
