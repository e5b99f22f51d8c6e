from datetime import UTC, date, datetime

import pytest

from tasks.clean.dates import DateLine, Publication, find_dates, is_plausible, read_date_line, read_timestamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in Ellery on January 10, 2022.", [date(2022, 1, 10)]),
        ("on 3rd of May 2021 and 4 June 2021", [date(2021, 5, 3), date(2021, 6, 4)]),
        ("2022-02-30 is no day, 2022-02-28 is", [date(2022, 2, 28)]),
        ("may 5 hours and 2022 men", []),
        ("on 03/04/2022", []),
    ],
)
def test_find_dates(text, expected):
    assert [found.day for found in find_dates(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thursday, February 2, 2023", DateLine(date(2023, 2, 2), True, None)),
        ("Published: 10 Jan 2022 14:05 GMT", DateLine(date(2022, 1, 10), False, "published")),
        ("Updated July 6, 2016 3:46 p.m. ET", DateLine(date(2016, 7, 6), False, "updated")),
        (
            "Posted: Sunday, June 19, 2016 1:52 am | Updated: 2:45 am, Sun Jun 19, 2016.",
            DateLine(date(2016, 6, 19), True, "published"),
        ),
        ("The pier fell on June 19, 2016", None),
        ("June", None),
    ],
)
def test_read_date_line(text, expected):
    assert read_date_line(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2022-01-10T14:05:00+02:00", Publication(datetime(2022, 1, 10, 12, 5, tzinfo=UTC), "markup", "minute")),
        ("2022-01-10T14:05:00Z", Publication(datetime(2022, 1, 10, 14, 5, tzinfo=UTC), "markup", "minute")),
        ("2022-01-10T14:05:00", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("2022-01-10", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("January 10, 2022 at noon", Publication(datetime(2022, 1, 10, tzinfo=UTC), "markup", "day")),
        ("yesterday", None),
    ],
)
def test_read_timestamp(value, expected):
    assert read_timestamp(value, "markup") == expected


@pytest.mark.parametrize(("year", "expected"), [(1970, False), (2022, True), (2024, True), (2031, False)])
def test_is_plausible(year, expected):
    fetched_at = datetime(2023, 6, 1, tzinfo=UTC)
    assert is_plausible(Publication(datetime(year, 1, 1, tzinfo=UTC), "markup", "day"), fetched_at) is expected
