"""Dates as pages print and mark them; null rather than a guess."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b\.?"
)
YEAR = r"(?P<year>(?:19|20)\d\d)"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
# Days and months in figures alone are left: 3/4/2022 is March in one country and April in another.
DATE_FORMS = tuple(
    re.compile(rf"\b(?:(?P<weekday>{WEEKDAY}),?\s+)?(?:{form})(?!\d)", re.IGNORECASE)
    for form in (
        rf"{MONTH}\s+{DAY},?\s+{YEAR}",
        rf"{DAY}(?:\s+of)?\s+{MONTH},?\s+{YEAR}",
        rf"{YEAR}-(?P<month>\d\d)-{DAY}",
    )
)
ZONES = "gmt|utc|bst|ist|cest|[cemp][sd]?t|wib|sgt|hkt|jst|aest"
TIME = r"\d{1,2}(?::|\.)\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?"
DATE_LINE_WORDS = re.compile(
    rf"\b(?:(?:last |first )?(?:published|posted|updated|modified|created|issued|date[ds]?)"
    rf"|on|at|date|time|am|pm|{WEEKDAY}|"
    rf"{ZONES}|hrs|hours|[a-z]{{3,9}} time)\b|{TIME}|[\W_]+",
    re.IGNORECASE,
)
UPDATED = re.compile(r"\b(?:updated|modified)\b", re.IGNORECASE)
PUBLISHED = re.compile(r"\b(?:published|posted|issued|created|dated?)\b", re.IGNORECASE)
EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date in a text: its place, and whether its weekday is printed."""

    start: int
    end: int
    day: date
    has_weekday: bool


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that holds a date and nothing else. `label` is published, updated or None."""

    day: date
    has_weekday: bool
    label: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication time and how it is known; times of day without a zone are dropped."""

    at: datetime
    method: str
    precision: str


def find_dates(text: str) -> list[FoundDate]:
    """Full dates (day, month, year) in the text, left to right."""
    found = []
    for form in DATE_FORMS:
        for match in form.finditer(text):
            month = match["month"].lower()
            try:
                day = date(int(match["year"]), MONTHS.get(month) or int(month), int(match["day"]))
            except ValueError:
                continue
            found.append(FoundDate(match.start(), match.end(), day, match["weekday"] is not None))
    return sorted(found, key=lambda item: item.start)


def read_date_line(text: str) -> DateLine | None:
    """The date of a line that holds only that, with words such as 'Published' and a time; else None."""
    if len(text) > 140 or not any(character.isdigit() for character in text):
        return None
    dates = find_dates(text)
    if not dates:
        return None
    rest = text
    for found in reversed(dates):
        rest = rest[: found.start] + " " + rest[found.end :]
    if DATE_LINE_WORDS.sub("", rest):
        return None
    chosen = dates[0]
    before = text[: chosen.start]
    label = "updated" if UPDATED.search(before) else "published" if PUBLISHED.search(before) else None
    return DateLine(chosen.day, chosen.has_weekday, label)


def day_start(day: date) -> datetime:
    """Midnight UTC of the day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def read_timestamp(value: str, method: str) -> Publication | None:
    """Publication time from a machine-written value; a time without a zone gives the day only."""
    value = value.strip()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        dates = find_dates(value)
        return Publication(day_start(dates[0].day), method, "day") if dates else None
    if moment.tzinfo is None or len(value) <= len("2022-01-10"):
        return Publication(day_start(moment.date()), method, "day")
    return Publication(moment.astimezone(UTC), method, "minute")


def is_plausible(publication: Publication, fetched_at: datetime) -> bool:
    """Whether the time lies within the web's age and not in a year after the crawl's."""
    return EARLIEST_YEAR <= publication.at.year <= fetched_at.year + 1
