"""Dates as pages print and mark them; null rather than a guess."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from tasks.clean.tables import load_table

TABLE = load_table("fields/dates.toml")
MONTHS = {name: number for number, names in enumerate(TABLE["months"]["names"], start=1) for name in names.split()}
MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
MONTH = rf"(?P<month>{MONTH_NAMES})\b\.?"
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b\.?"
)
YEAR = r"(?P<year>(?:19|20)\d\d)"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|\.|º)?"
# A date is a year and the number of a day at least.
HAS_YEAR = re.compile(r"(?:19|20)\d\d")
TWO_NUMBERS = re.compile(r"\d[^\d]+\d")
DATE_FORMS = tuple(
    re.compile(rf"\b(?:(?P<weekday>{WEEKDAY}),?\s+)?(?:{form})(?!\d)", re.IGNORECASE)
    for form in (
        rf"{MONTH}\s+{DAY},?\s+{YEAR}",
        rf"{DAY}(?:\s+(?:of|de))?[\s-]+{MONTH},?(?:\s+del?)?[\s-]+{YEAR}",
        rf"{YEAR}(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)",
        # With points the day comes first wherever dates are written so.
        rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?{YEAR}",
        # With strokes only a number above twelve tells: 3/4/2022 is March in one country and April in another.
        rf"(?P<day>1[3-9]|2\d|3[01])[/-](?P<month>\d\d?)[/-]{YEAR}",
        rf"(?P<month>\d\d?)[/-](?P<day>1[3-9]|2\d|3[01])[/-]{YEAR}",
    )
)
# "05/16/16": as with full years, only a number above twelve tells; what its two digits mean, the web's age does.
SHORT_FORMS = tuple(
    re.compile(rf"(?<![\d/])(?P<weekday>{WEEKDAY},?\s+)?{form}/(?P<year>\d\d)(?![\d/])", re.IGNORECASE)
    for form in (
        r"(?P<day>1[3-9]|2\d|3[01])/(?P<month>\d\d?)",
        r"(?P<month>\d\d?)/(?P<day>1[3-9]|2\d|3[01])",
    )
)
NUMERIC_DATE = re.compile(r"(?<![\d/-])\d\d?(?:/\d\d?/(?:(?:19|20)?\d\d)|-\d\d?-(?:19|20)\d\d)(?![\d/-])")
ZONE = rf"(?:{'|'.join([*TABLE['zones'], *TABLE['summer_time']])})\b"
TIME = r"\d{1,2}(?::|\.|h)\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?"
DATE_LINE_WORDS = re.compile(
    rf"\b(?:(?:last |first |article |story |post )?(?:published|posted|updated|modified|created|issued|date[ds]?)"
    rf"|veröffentlicht|aktualisiert|stand|publié|mis à jour|publicado|actualizado"
    rf"|on|at|date|time|am|um|le|à|el|uhr|pm|{WEEKDAY}|"
    rf"{ZONE}|ist|cst|[cm]dt|uk|hrs|hours|[a-z]{{3,9}} time)\b|{TIME}|[+-]\d\d:?\d\d\b|[\W_]+",
    re.IGNORECASE,
)
UPDATED = re.compile(r"\b(?:updated|modified|aktualisiert|mis à jour|actualizado)\b", re.IGNORECASE)
PUBLISHED = re.compile(r"\b(?:published|posted|issued|created|dated?|veröffentlicht|publié|publicado)\b", re.IGNORECASE)
MOMENT = (
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d))?(?::\d\d)?(?:\s*+(?P<half>[ap]\.?m\.?))?(?:\s*+(?:uhr|hrs))?"
    rf"\s*+\(?(?P<zone>(?:gmt|utc)?\s?[+-]\d\d:?\d\d|{ZONE})\)?"
)
MOMENT_AFTER = re.compile(rf"[\s,|·•–-]{{1,4}}(?:(?:at|um|à)\s)?\s?{MOMENT}", re.IGNORECASE)
MOMENT_BEFORE = re.compile(rf"(?:^|(?<=\s)){MOMENT}[\s,|·•–-]{{1,4}}(?:on\s)?$", re.IGNORECASE)
MOMENT_REACH = 32
OFFSET = re.compile(r"(?:gmt|utc)?\s?(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)", re.IGNORECASE)
# Seconds or milliseconds since 1970, from 2001 on.
EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
# "Tue, 11 Jan 2022 09:15:00 GMT"
MAIL_DATE = re.compile(r"[a-z]{3}, \d{1,2} [a-z]{3} \d{4} \d", re.IGNORECASE)
# What templates print of a field that only machines should read: "2022-05-03T14:05:00Z"
MACHINE_LINE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)")
# "May 2022", "3 May", "May 3": what tells no day of a year.
PARTIAL_DATE = re.compile(
    rf"(?:{WEEKDAY},?\s+)?(?:{DAY}\s+(?:{MONTH_NAMES})\b\.?|(?:{MONTH_NAMES})\b\.?\s+(?:{YEAR}|[0-3]?\d(?:st|nd|rd|th)?))",
    re.IGNORECASE,
)
EARLIEST_YEAR = 1990
MAXIMUM_LINE_CHARS = 140
MAXIMUM_PARTIAL_CHARS = 30
# A page fetched just after midnight in one zone was published a day later in another.
LATEST_AFTER_FETCH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date in a text: its place, and whether its weekday is printed."""

    start: int
    end: int
    day: date
    has_weekday: bool


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that holds a date and nothing else. `label` is published, updated or None.

    `at` is the moment in UTC; None where no time is printed or its zone is missing or ambiguous.
    """

    day: date
    has_weekday: bool
    label: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication time and how it is known; times of day without a zone are dropped."""

    at: datetime
    method: str
    precision: str


def find_dates(text: str) -> list[FoundDate]:
    """Full dates (day, month, year) in the text, left to right; where two overlap, the first."""
    return _match_dates(text, DATE_FORMS) if HAS_YEAR.search(text) and TWO_NUMBERS.search(text) else []


def _match_dates(text: str, forms: tuple[re.Pattern[str], ...]) -> list[FoundDate]:
    found = []
    for form in forms:
        for match in form.finditer(text):
            month, year = match["month"].lower(), int(match["year"])
            if year < 100:
                year += 1900 if year >= EARLIEST_YEAR % 100 else 2000
            try:
                day = date(year, MONTHS.get(month) or int(month), int(match["day"]))
            except ValueError:
                continue
            found.append(FoundDate(match.start(), match.end(), day, match["weekday"] is not None))
    apart: list[FoundDate] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if not apart or item.start >= apart[-1].end:
            apart.append(item)
    return apart


# A dozen short lines of each of the documents that are cleaned together.
@lru_cache(maxsize=512)
def read_date_line(text: str) -> DateLine | None:
    """The date of a line that holds only that, with words such as 'Published' and a time; else None.

    Of several dates, that of publication; one of an update only where there is no other. What reads a text asks for
    its short lines more than once: the last answers are kept.
    """
    if len(text) > MAXIMUM_LINE_CHARS:
        return None
    if MACHINE_LINE.fullmatch(text) and (moment := _parse_machine_time(text)):
        at = moment.astimezone(UTC)
        return DateLine(at.date(), False, None, at)
    dates = _find_printed_dates(text)
    rest = text
    for found in reversed(dates):
        rest = rest[: found.start] + " " + rest[found.end :]
    return None if not dates or DATE_LINE_WORDS.sub("", rest) else _choose_date(text, dates)


def read_stamp_line(text: str) -> DateLine | None:
    """The date of a line that holds other words, too, such as its author's name; None where it holds none."""
    dates = _find_printed_dates(text) if len(text) <= MAXIMUM_LINE_CHARS else []
    return _choose_date(text, dates) if dates else None


def is_ambiguous_date_line(text: str) -> bool:
    """Whether a line holds only a date that is one day in one country and another in the next: "03/04/2024"."""
    if len(text) > MAXIMUM_LINE_CHARS or NUMERIC_DATE.search(text) is None:
        return False
    return not DATE_LINE_WORDS.sub("", NUMERIC_DATE.sub(" ", text))


def is_partial_date_line(text: str) -> bool:
    """Whether a line holds only a month and its year or day: "May 2022", "3 May"."""
    return len(text) <= MAXIMUM_PARTIAL_CHARS and PARTIAL_DATE.fullmatch(text) is not None


def _find_printed_dates(text: str) -> list[FoundDate]:
    return find_dates(text) or (_match_dates(text, SHORT_FORMS) if "/" in text else [])


def _choose_date(text: str, dates: list[FoundDate]) -> DateLine:
    labels = [_find_label(text[start : found.start]) for start, found in zip(_ends_before(dates), dates, strict=True)]
    number = next((labels.index(label) for label in ("published", None, "updated") if label in labels), 0)
    chosen = dates[number]
    return DateLine(chosen.day, chosen.has_weekday, labels[number], find_moment(text, chosen))


def _ends_before(dates: list[FoundDate]) -> list[int]:
    return [0, *(found.end for found in dates[:-1])]


def _find_label(before: str) -> str | None:
    return "updated" if UPDATED.search(before) else "published" if PUBLISHED.search(before) else None


def find_moment(text: str, found: FoundDate) -> datetime | None:
    """The moment, in UTC, of a date beside which a time with its zone is printed; else None."""
    match = MOMENT_AFTER.match(text, found.end) or MOMENT_BEFORE.search(
        text[max(0, found.start - MOMENT_REACH) : found.start]
    )
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = _read_zone(match["zone"])
    if hour > 23 or zone is None:
        return None
    day = found.day
    local = datetime(day.year, day.month, day.day, hour, int(match["minute"] or 0), tzinfo=zone)
    return local.astimezone(UTC)


def _read_zone(name: str) -> tzinfo | None:
    if offset := OFFSET.fullmatch(name.strip()):
        delta = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
        return timezone(-delta if offset["sign"] == "-" else delta) if delta < timedelta(hours=15) else None
    name = name.lower()
    if name in TABLE["summer_time"]:
        return ZoneInfo(TABLE["summer_time"][name])
    minutes = TABLE["zones"].get(name)
    return None if minutes is None else timezone(timedelta(minutes=minutes))


def day_start(day: date) -> datetime:
    """Midnight UTC of the day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def read_timestamp(value: str, method: str) -> Publication | None:
    """Publication time from a machine-written value; a time without a zone, or at midnight, gives the day only.

    ISO 8601, RFC 2822, seconds since 1970 and printed dates are read; anything else is None.
    """
    value = " ".join(value.split())
    if EPOCH.fullmatch(value):
        return Publication(datetime.fromtimestamp(int(value[:10]), UTC), method, "minute")
    moment = _parse_machine_time(value)
    if moment is None:
        dates = find_dates(value)
        if not dates:
            return None
        at = find_moment(value, dates[0])
        return Publication(at or day_start(dates[0].day), method, "minute" if at else "day")
    if moment.tzinfo is None or (moment.hour, moment.minute) == (0, 0):
        return Publication(day_start(moment.date()), method, "day")
    try:
        return Publication(moment.astimezone(UTC), method, "minute")
    except OverflowError:
        return None


def _parse_machine_time(value: str) -> datetime | None:
    # fromisoformat takes any eight digits for a day; no page writes one so.
    is_iso = value[4:5] == "-"
    if not is_iso and not MAIL_DATE.match(value):
        return None
    try:
        return datetime.fromisoformat(value) if is_iso else parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def is_plausible(publication: Publication, fetched_at: datetime) -> bool:
    """Whether the time lies within the web's age and not after the page was fetched."""
    return publication.at.year >= EARLIEST_YEAR and publication.at <= fetched_at + LATEST_AFTER_FETCH
