"""Which field of a record is the text, the title, the date: the names in fields.toml, tried in order."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

FIELDS_FILE = Path(__file__).with_name("fields.toml")
# Numbers below are read as seconds since 1970, numbers above as milliseconds: in seconds this is the year 5138.
MILLISECONDS_FROM = 100_000_000_000
# Smaller numbers are counters or years rather than times: in seconds this is March 1973.
SECONDS_FROM = 100_000_000
# What an object says its name by; WordPress writes {"title": {"rendered": "..."}}.
NAMING_KEYS = ("name", "title", "value", "rendered", "main")
# What an object says a time by, at most so many in each other: exports of MongoDB, of Firestore, of Drupal.
TIME_KEYS, DEEPEST_TIME = ("$date", "$numberLong", "_seconds", "seconds", "value"), 3
# In a string as in a number: seconds or milliseconds.
EPOCH = re.compile(r"[0-9]{9,10}|[0-9]{12,13}")
WRITTEN_DATES = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d")


class FieldsError(Exception):
    """A file of field names that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names under which records give a column, in the order they are tried."""

    names: Mapping[str, tuple[str, ...]]
    _article_names: frozenset[str] = field(init=False, repr=False, compare=False)
    _title_names: frozenset[str] = field(init=False, repr=False, compare=False)
    _url_names: frozenset[str] = field(init=False, repr=False, compare=False)
    _date_names: frozenset[str] = field(init=False, repr=False, compare=False)

    @classmethod
    def standard(cls) -> "Fields":
        """The names of fields.toml."""
        rules = tomllib.loads(FIELDS_FILE.read_text("utf-8"))
        return cls({column: tuple(rule["names"]) for column, rule in rules.items()})

    @classmethod
    def with_file(cls, path: Path | None) -> "Fields":
        """The names of a file before the standard ones; FieldsError where it is no such file.

        It is TOML: `text = "plain"` or `title = ["head", "kicker"]`, one line a column.
        """
        if path is None:
            return STANDARD_FIELDS
        try:
            mapping = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise FieldsError(f"{path} cannot be read as a file of column names: {error}") from error
        names = dict(STANDARD_FIELDS.names)
        for column, given in mapping.items():
            wanted = [given] if isinstance(given, str) else given
            if column not in names or not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
                known = ", ".join(names)
                raise FieldsError(f'{path}: {column!r} is not of the form column = "name"; columns are {known}')
            names[column] = (*map(fold_field_name, wanted), *names[column])
        return cls(names)

    def __post_init__(self) -> None:
        # Made once: every record is asked.
        object.__setattr__(self, "_article_names", frozenset((*self.names["text"], *self.names["html"])))
        for column in ("title", "url", "published_at"):
            held = "_date_names" if column == "published_at" else f"_{column}_names"
            object.__setattr__(self, held, frozenset(self.names[column]))

    def hold_article(self, given: Iterable[str]) -> bool:
        """Whether one of the given names means an article's text or page."""
        return any(fold_field_name(name) in self._article_names for name in given)

    def means_article(self, name: str) -> bool:
        """Whether a name means an article's text or page."""
        return fold_field_name(name) in self._article_names

    def hold_title(self, given: Iterable[str]) -> bool:
        """Whether one of the given names means an article's title."""
        return any(fold_field_name(name) in self._title_names for name in given)

    def hold_heading(self, name: str) -> bool:
        """Whether a name means an article's title or address."""
        folded = fold_field_name(name)
        return folded in self._title_names or folded in self._url_names

    def hold_origin(self, name: str) -> bool:
        """Whether a name means an article's address, or the day on which it was published."""
        folded = fold_field_name(name)
        return folded in self._url_names or folded in self._date_names

    def known(self, given: Iterable[str]) -> list[str]:
        """Those of the given names that mean a column, in their order."""
        # Of "a.b" the column a is read.
        wanted = {part for names in self.names.values() for name in names for part in (name, name.partition(".")[0])}
        return [name for name in given if fold_field_name(name) in wanted]


@lru_cache(1024)
def fold_field_name(name: str) -> str:
    """A field's name as it is compared: lower case, with "_" for "-" and " "."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


STANDARD_FIELDS = Fields.standard()


def pick_text(record: Mapping[str, Any], column: str, fields: Fields = STANDARD_FIELDS) -> str | None:
    """The first value that says something under one of the column's names, as text without outer white space.

    Of a nested object its name counts; several values are joined by a comma. Half characters are replaced, and
    NULs left out. The article itself is read by `tasks.ingest.sections.read_text`.
    """
    for value in find_values(record, fields.names[column]):
        if text := _as_text(value).replace("\0", "").strip():
            return text.encode("utf-8", "replace").decode("utf-8")
    return None


def pick_instant(record: Mapping[str, Any], column: str, fields: Fields = STANDARD_FIELDS) -> datetime | None:
    """The first value under one of the column's names that is a time, in UTC; a time without zone counts as UTC."""
    for value in find_values(record, fields.names[column]):
        if (instant := parse_instant(value)) is not None:
            return instant
    return None


def find_values(record: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Any]:
    """The values of a record under these names, in their order; "a.b" is the field b of an object a."""
    by_name: dict[str, Any] = {}
    for key, value in record.items():
        # Of "Text" and "text" the first that says something.
        if by_name.get(name := fold_field_name(str(key))) in (None, ""):
            by_name[name] = value
    for name in names:
        value = by_name.get(name)
        if value is None and "." in name:
            # A field of a nested object, unless a field's own name holds a stop.
            outer, _, inner = name.partition(".")
            nested = by_name.get(outer)
            if isinstance(nested, Mapping):
                value = {fold_field_name(str(key)): one for key, one in nested.items()}.get(inner)
        if value is not None:
            yield value


def parse_instant(value: Any) -> datetime | None:
    """The time that a field's value states, in UTC; None where it states none that is certain."""
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        value = _unwrap_time(value)
        if isinstance(value, (int, float)):
            return _from_epoch(value)
        instant = _from_words(value.strip()) if isinstance(value, str) and len(value) < 100 else None
        if instant is None:
            return None
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return next((value[key] for key in NAMING_KEYS if isinstance(value.get(key), str)), "")
    if isinstance(value, list):
        return ", ".join(filter(None, (_as_text(part) for part in value if not isinstance(part, list))))
    return ""


def _unwrap_time(value: Any) -> Any:
    """What an object says a time by, or a list of one; and digits of an epoch as their number."""
    for _ in range(DEEPEST_TIME):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        elif isinstance(value, Mapping):
            value = next((value[key] for key in TIME_KEYS if key in value), None)
    return int(value) if isinstance(value, str) and EPOCH.fullmatch(value.strip()) else value


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
