from datetime import UTC, date, datetime

import pytest

from tasks.clean.fields.dates import (
    DateLine,
    Publication,
    find_dates,
    is_ambiguous_date_line,
    is_partial_date_line,
    is_plausible,
    read_date_line,
    read_stamp_line,
    read_timestamp,
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in Ellery on January 10, 2022.", [date(2022, 1, 10)]),
        ("on 3rd of May 2021 and 4 June 2021", [date(2021, 5, 3), date(2021, 6, 4)]),
        ("2022-02-30 is no day, 2022-02-28 is", [date(2022, 2, 28)]),
        ("may 5 hours and 2022 men", []),
        ("on 03/04/2022", []),
        ("on 25/12/2021 and 12/26/2021", [date(2021, 12, 25), date(2021, 12, 26)]),
        ("2022/01/11, 2022.01.12", [date(2022, 1, 11), date(2022, 1, 12)]),
        ("am 11.01.2022 und am 12. Januar 2022", [date(2022, 1, 11), date(2022, 1, 12)]),
        ("le 1er août 2022, el 11 de enero de 2022", [date(2022, 8, 1), date(2022, 1, 11)]),
        ("2 hours ago, hace 3 horas", []),
        ("13/13/2022, 31.02.2022", []),
    ],
)
def test_find_dates(text, expected):
    assert [found.day for found in find_dates(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thursday, February 2, 2023", DateLine(date(2023, 2, 2), True, None)),
        ("Published: 10 Jan 2022 14:05 GMT", DateLine(date(2022, 1, 10), False, "published", utc(2022, 1, 10, 14, 5))),
        ("Updated July 6, 2016 3:46 p.m. ET", DateLine(date(2016, 7, 6), False, "updated", utc(2016, 7, 6, 19, 46))),
        (
            "Updated 3:04 p.m. ET, Tue January 11, 2022",
            DateLine(date(2022, 1, 11), True, "updated", utc(2022, 1, 11, 20, 4)),
        ),
        (
            "Updated: Jan 12, 2022 | Published: Jan 11, 2022 12:05 AM EST",
            DateLine(date(2022, 1, 11), False, "published", utc(2022, 1, 11, 5, 5)),
        ),
        ("12 January 2022, 09:15 IST", DateLine(date(2022, 1, 12), False, None)),
        ("12 January 2022, 09:15 GMT+02:00", DateLine(date(2022, 1, 12), False, None, utc(2022, 1, 12, 7, 15))),
        ("11. Januar 2022, 14:05 Uhr", DateLine(date(2022, 1, 11), False, None)),
        (
            "Posted: Sunday, June 19, 2016 1:52 am | Updated: 2:45 am, Sun Jun 19, 2016.",
            DateLine(date(2016, 6, 19), True, "published"),
        ),
        ("05/16/16 10:39 AM EDT", DateLine(date(2016, 5, 16), False, None, utc(2016, 5, 16, 14, 39))),
        ("Published: 16/5/98", DateLine(date(1998, 5, 16), False, "published")),
        ("2022-05-03T14:05:00Z", DateLine(date(2022, 5, 3), False, None, utc(2022, 5, 3, 14, 5))),
        ("2022-05-03T23:30:00-04:00", DateLine(date(2022, 5, 4), False, None, utc(2022, 5, 4, 3, 30))),
        ("Tue, 03 May 2022 10:15:00 +0000", DateLine(date(2022, 5, 3), True, None, utc(2022, 5, 3, 10, 15))),
        ("Story published: May 3, 2022", DateLine(date(2022, 5, 3), False, "published")),
        ("Tuesday 3 May 2022 14:05, UK", DateLine(date(2022, 5, 3), True, None)),
        ("2022-05-33T14:05:00Z", None),
        ("The log says 2022-05-03T14:05:00Z", None),
        ("05/06/16 10:39 AM EDT", None),
        ("16/16/16", None),
        ("05/16/16/2", None),
        ("The pier fell on June 19, 2016", None),
        ("The pier fell on 05/16/16", None),
        ("June", None),
    ],
)
def test_read_date_line(text, expected):
    assert read_date_line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jo Ford 05/16/16", DateLine(date(2016, 5, 16), False, None)),
        ("Jo Ford, updated May 3, 2022", DateLine(date(2022, 5, 3), False, "updated")),
        ("Jo Ford 05/06/16", None),
        ("Jo Ford", None),
        ("Jo Ford " * 20 + "05/16/16", None),
    ],
)
def test_read_stamp_line(text, expected):
    assert read_stamp_line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/04/2024", True),
        ("Posted on 3/4/24 at 10:15 GMT", True),
        ("3-4-2024", True),
        ("3-4-24", False),
        ("1/2", False),
        ("03/04/2024/5", False),
        ("The pier fell on 03/04/2024", False),
        ("May 3, 2022", False),
    ],
)
def test_is_ambiguous_date_line(text, expected):
    assert is_ambiguous_date_line(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("May 2022", True),
        ("Sept. 2019", True),
        ("3rd May", True),
        ("Tuesday, May 3", True),
        ("May 3, 2022", False),
        ("May", False),
        ("In May 2022", False),
        ("2022", False),
    ],
)
def test_is_partial_date_line(text, expected):
    assert is_partial_date_line(text) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2022-01-10T14:05:00+02:00", Publication(datetime(2022, 1, 10, 12, 5, tzinfo=UTC), "markup", "minute")),
        ("2022-01-10T14:05:00Z", Publication(datetime(2022, 1, 10, 14, 5, tzinfo=UTC), "markup", "minute")),
        ("2022-01-10T14:05:00", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("2022-01-10", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("January 10, 2022 at noon", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("2022-01-10T00:00:00+01:00", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("2022-01-10 14:05:00 +0200", Publication(datetime(2022, 1, 10, 12, 5, tzinfo=UTC), "markup", "minute")),
        ("Mon, 10 Jan 2022 14:05:00 GMT", Publication(datetime(2022, 1, 10, 14, 5, tzinfo=UTC), "markup", "minute")),
        ("1641823500", Publication(datetime(2022, 1, 10, 14, 5, tzinfo=UTC), "markup", "minute")),
        ("1641823500000", Publication(datetime(2022, 1, 10, 14, 5, tzinfo=UTC), "markup", "minute")),
        ("10 January 2022 14:05 CET", Publication(datetime(2022, 1, 10, 13, 5, tzinfo=UTC), "markup", "minute")),
        ("Jan 10, 2022 2:05 PM", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("01/10/2022", None),
        ("20220110", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("yesterday", None),
    ],
)
def test_read_timestamp(value, expected):
    assert read_timestamp(value, "markup") == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(2022, 1, 1, tzinfo=UTC), True),
        (datetime(2023, 6, 1, 20, tzinfo=UTC), True),
        (datetime(2023, 6, 3, tzinfo=UTC), False),
        (datetime(2031, 1, 1, tzinfo=UTC), False),
    ],
    ids=["before the web", "before the fetch", "later that day", "days after the fetch", "years after it"],
)
def test_is_plausible(published, expected):
    fetched_at = datetime(2023, 6, 1, tzinfo=UTC)
    assert is_plausible(Publication(published, "markup", "day"), fetched_at) is expected
