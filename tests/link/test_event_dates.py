from datetime import date

import pandas as pd
import pytest

from tasks.link.event_dates import Told, agree_on_event_date, find_told_days, list_reports, resolve_told

# 5 March 2021 is a Friday.
FRIDAY = date(2021, 3, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dam broke on Friday, March 5, 2021.", [Told(month=3, day=5, year=2021, weekday=4)]),
        ("The dam broke on 5 March.", [Told(month=3, day=5)]),
        ("The dam broke on 2021-03-05.", [Told(month=3, day=5, year=2021)]),
        ("The dam broke on Friday.", [Told(weekday=4)]),
        ("The dam broke yesterday.", [Told(days_back=1)]),
        ("The dam will break on Friday.", []),
        ("Divers come next Friday.", []),
        ("Next Friday divers come.", []),
        ("The dam broke last Friday.", [Told(weekday=4, is_last=True)]),
        ("The dam broke on 05.03.2021.", [Told(month=3, day=5, year=2021)]),
        ("The dam broke on 05/03/2021.", [Told(month=3, day=5, year=2021, is_turned=True)]),
        ("The dam broke on 05/03/2021, built 28/02/1990.", [Told(3, 5, 2021), Told(2, 28, 1990)]),
        ("The dam broke on 03/05/2021, built 02/28/1990.", [Told(3, 5, 2021), Told(2, 28, 1990)]),
        ("Version 05.03.2021.7 broke, as did 1/2/2021/3.", []),
        ("Friday, March 5, 2021\nThe dam broke.", []),
        ("Published: March 5, 2021\nIt broke.", [Told(month=3, day=5, year=2021, is_stamp=True)]),
        ("Posted Fri. March 5, 2021. It broke.", [Told(month=3, day=5, year=2021, is_stamp=True)]),
        ("Updated 5 p.m. March 5, 2021\nIt broke.", [Told(month=3, day=5, year=2021, is_stamp=True)]),
        ("March 5, 2021. It broke.", []),
        ("It broke at 5 p.m. March 5, 2021.", [Told(month=3, day=5, year=2021)]),
        ("It broke on Fri. (March 5).", [Told(month=3, day=5)]),
        ("Fears grow\nIt broke in Oldport, Vt. March 5.", [Told(month=3, day=5)]),
        ("2021-03-05 08:00 It broke.", [Told(month=3, day=5, year=2021, is_stamp=True)]),
        ("2021-03-05 - It broke.", [Told(month=3, day=5, year=2021)]),
        ("The council meets every Friday, on Fridays, in Friday's paper.", []),
        ("The dam broke on Friday, and more might break on Sunday.", [Told(weekday=4)]),
        ("The dam broke on Friday and repairs may begin soon.", [Told(weekday=4)]),
        ("Divers could see on Friday that it broke.", [Told(weekday=4)]),
        ("The dam may break on Friday, March 5, or on March 6.", []),
        ("On Friday, March 5, the dam might break.", []),
        ("Oldport, March 5: The dam broke on Friday.", [Told(month=3, day=5, is_stamp=True), Told(weekday=4)]),
        ("The dam broke on March 5: two died.", [Told(month=3, day=5)]),
        ("The dam broke on Good Friday. They signed the Good Friday deal on Black Friday.", [Told(weekday=4)]),
        ("May 200 boats sail?", []),
        ("Halm won 3-2 March 5.", [Told(month=3, day=5)]),
        ("Halm lost in May 3-2 and held 2-4 May talks.", [Told(month=5, day=4)]),
        ("Talks took place on March 5-7.", [Told(month=3, day=5)]),
        ("At 9.30 March 5 the update 9.3 March broke.", [Told(month=3, day=5)]),
        ("Version 05.03.2021 broke.", []),
        ("He was held for Friday's armed robbery.", [Told(weekday=4)]),
        ("He came for Friday's armed guard.", []),
        ("They left before Friday's airstrike.", [Told(weekday=4)]),
        ("Teachers prepare for Friday's strike, towns for Friday's storm.", []),
        ("", []),
    ],
)
def test_find_told_days_reads_what_was(text, expected):
    assert find_told_days(text) == expected


def test_find_told_days_reads_the_start_only():
    assert find_told_days("The dam held. " * 100 + "The dam broke on Friday.") == []


@pytest.mark.parametrize(
    ("told", "published", "near", "expected"),
    [
        pytest.param(Told(weekday=4), FRIDAY, None, FRIDAY, id="weekday of publication"),
        pytest.param(Told(weekday=3), FRIDAY, None, date(2021, 3, 4), id="the day before"),
        pytest.param(Told(weekday=3), None, FRIDAY, date(2021, 3, 4), id="by the story's date"),
        pytest.param(Told(weekday=3), None, None, None, id="weekday alone"),
        pytest.param(Told(weekday=5), FRIDAY, None, None, id="the day after, here or further east"),
        pytest.param(Told(days_back=1), FRIDAY, None, date(2021, 3, 4), id="yesterday"),
        pytest.param(Told(days_back=1), None, FRIDAY, None, id="yesterday of an undated article"),
        pytest.param(Told(weekday=0, is_last=True), FRIDAY, None, date(2021, 3, 1), id="last Monday"),
        pytest.param(Told(weekday=5, is_last=True), FRIDAY, None, date(2021, 2, 27), id="last Saturday"),
        pytest.param(Told(weekday=3, is_last=True), FRIDAY, None, None, id="yesterday or a week before"),
        pytest.param(Told(3, 4, 2021, is_turned=True), FRIDAY, None, date(2021, 3, 4), id="one reading is near"),
        pytest.param(Told(4, 3, 2021, is_turned=True), FRIDAY, None, date(2021, 3, 4), id="the other reading"),
        pytest.param(Told(5, 6, 2019, is_turned=True), FRIDAY, None, None, id="neither reading is near"),
        pytest.param(Told(month=12, day=30), FRIDAY, None, date(2020, 12, 30), id="of last year"),
        pytest.param(Told(month=3, day=5, weekday=4), FRIDAY, None, FRIDAY, id="weekday that fits"),
        pytest.param(Told(month=3, day=5, weekday=1), FRIDAY, None, None, id="weekday that fits no year"),
        pytest.param(Told(month=2, day=30, year=2021), FRIDAY, None, None, id="no day of the calendar"),
    ],
)
def test_resolve_told_finds_the_day_or_none(told, published, near, expected):
    assert resolve_told(told, published, near) == expected


def make_articles(days, copies=()):
    published = pd.to_datetime(pd.Series([day for day, _ in days], dtype="object"), utc=True)
    return pd.DataFrame(
        {
            "published_at": published,
            "published_at_method": "declared",
            "copy_of_article_id": ["x" if number in copies else None for number in range(len(days))],
        }
    )


@pytest.mark.parametrize(
    ("days", "copies", "expected"),
    [
        pytest.param(
            [("2021-03-05", "on Thursday"), ("2021-03-06", "on March 4")], (), date(2021, 3, 4), id="two agree"
        ),
        pytest.param([("2021-03-05", "on Thursday"), (None, "on Thursday")], (), date(2021, 3, 4), id="one undated"),
        pytest.param(
            [("2021-03-05", "on Thursday"), ("2021-03-05", "on Thursday")], (1,), None, id="a copy has no vote"
        ),
        pytest.param([("2021-03-05", "on Thursday"), ("2021-03-05", "on Wednesday")], (), None, id="no majority"),
        pytest.param([("2021-03-05", "on Thursday")], (), None, id="one article"),
        pytest.param([("2021-03-05", "on February 1"), ("2021-03-05", "on February 1")], (), None, id="long before"),
        pytest.param([(None, "on Thursday"), (None, "on Thursday")], (), None, id="no date at all"),
    ],
)
def test_agree_on_event_date_votes(days, copies, expected):
    told = [find_told_days(f"The dam broke {when}.") for _, when in days]
    assert agree_on_event_date(list_reports(make_articles(days, copies).assign(told_days=told))) == (
        expected,
        "text" if expected else None,
    )
