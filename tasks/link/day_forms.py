"""The forms in which texts print days, and the rules by which such a day tells an event's."""

import re
import tomllib
from functools import cache
from pathlib import Path

RULES_FILE = Path(__file__).with_name("event_dates.toml")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
MONTHS = tuple(name[:3] for name in MONTH_NAMES)
CALENDAR_WORDS = frozenset((*WEEKDAYS, *MONTH_NAMES))
MONTH = (
    rf"(?P<month>{'|'.join(name.capitalize() for name in MONTH_NAMES)}"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.?(?=\s))"
)
# Not of "9.3 March", which is a version, nor of "9:30 March 5".
DAY = r"(?<!\d[.:])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%]|[.:]\d)"
WEEKDAY = rf"(?P<weekday>{'|'.join(name.capitalize() for name in WEEKDAYS)})"
YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d{2})\b)?"


def drop_names(pattern: re.Pattern[str]) -> str:
    """The pattern without names of groups, to be part of a longer one."""
    return re.sub(r"\?P<\w+>", "?:", pattern.pattern)


# "Monday, January 10, 2022", "on 10 January", "2022-01-10"
DATES = (
    re.compile(rf"\b(?:{WEEKDAY},?\s+)?{MONTH}\s+(?:the\s+)?{DAY}{YEAR}"),
    re.compile(rf"\b(?:{WEEKDAY},?\s+(?:the\s+)?)?{DAY}\s+(?:of\s+)?{MONTH}{YEAR}"),
)
NUMBERED = re.compile(
    r"(?<![\d/-])(?P<year>(?:19|20)\d{2})(?P<sign>[-/])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?![\d/-])"
)
# "10/01/2022", day or month first, and "10.01.2022", the day first
IN_FIGURES = re.compile(
    r"(?<![\w/.-])(?P<first>[0-3]?\d)(?P<sign>[/.-])(?P<second>[0-3]?\d)(?P=sign)(?P<year>(?:19|20)\d{2}|(?<=\d\d.\d\d.)\d{2})(?![\w/-])(?!\.\d)"
)
CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b\.?)?"
# A date with a clock at the head of a text is its stamp: "2022-01-11 08:00 The bridge fell on Monday."
STAMP_AT_HEAD = re.compile(rf"\s*{NUMBERED.pattern}[T ,|-]+{CLOCK}(?:\s*(?:Z|GMT|UTC)\b)?")
# "8:00 pm", "20:00" and "5 p.m."
CLOCKS = re.compile(rf"{CLOCK}|\b\d{{1,2}}\s?[ap]\.?m\b\.?", re.IGNORECASE)
# A weekday in front of a date is part of it; one after these is not the last that was.
NOT_THE_LAST = "".join(
    rf"(?<![{word[0].upper()}{word[0]}]{word[1:]} )"
    for word in ("next", "last", "every", "coming", "this", "until", "by", "each", "previous")
)
_A_MONTH = MONTH.replace("?P<month>", "?:")
PLAIN_WEEKDAY = re.compile(
    rf"{NOT_THE_LAST}\b{WEEKDAY}\b(?!,?\s+(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?{_A_MONTH}|\d{{1,4}}([-/.])\d{{1,2}}\1\d))(?!s\b)(?P<possessive>['’]s\b)?"
    r"(?:\s+(?P<next>[^\W\d_]+))?"
)
LAST_WEEKDAY = re.compile(rf"\b[Ll]ast {WEEKDAY}\b(?!['’]s\b)")
RELATIVE = re.compile(
    r"\b(?P<word>[Tt]oday|(?:[Tt]he day before )?[Yy]esterday|[Tt]his morning|[Ll]ast night"
    r"|(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[2-6]) days ago)\b"
)


@cache
def rules() -> dict:
    """The sections of event_dates.toml."""
    return tomllib.loads(RULES_FILE.read_text("utf-8"))
