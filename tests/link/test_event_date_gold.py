"""The days of data/gold/event_dates are told as a reader finds them, and none is guessed."""

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tasks.link import event_dates, planned_days
from tasks.link.event_dates import agree_on_event_date, find_told_days, list_reports

FOLDER = Path(__file__).parents[2] / "data/gold/event_dates"
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))
STORIES = tomllib.loads((FOLDER / "stories.toml").read_text("utf-8"))["stories"]


def tell_date(story):
    """The day that the story's articles agree on."""
    articles = pd.DataFrame(
        {
            "published_at": pd.to_datetime([article.get("published") for article in story["articles"]], utc=True),
            "copy_of_article_id": ["0" * 16 if article.get("is_copy") else None for article in story["articles"]],
            "told_days": [find_told_days(article["text"]) for article in story["articles"]],
        }
    )
    return agree_on_event_date(list_reports(articles))[0]


def read_truth(story):
    return date.fromisoformat(story["event_date"]) if "event_date" in story else None


def test_gold_has_days_that_are_told_and_such_that_are_not():
    told = [story for story in STORIES if "event_date" in story]
    assert len(told) >= 8
    assert len(STORIES) - len(told) >= 5


def test_agree_on_event_date_finds_the_days_of_the_gold():
    told = [story for story in STORIES if "event_date" in story]
    found = sum(tell_date(story) == read_truth(story) for story in told)
    assert found / len(told) >= FLOORS["found"]


@pytest.mark.parametrize("story", STORIES, ids=[story["key"] for story in STORIES])
def test_agree_on_event_date_is_right_or_silent(story):
    assert tell_date(story) in (None, read_truth(story))


def find_wrong_stories():
    """Keys of the stories of which another day is told than the true one."""
    return {story["key"] for story in STORIES if tell_date(story) != read_truth(story)}


@pytest.mark.parametrize(
    ("name", "without", "key"),
    [
        pytest.param(
            "drop_planned", lambda sentence: sentence, "a vote that is to come, the same day", id="what is to come"
        ),
        pytest.param("DAYS_BACK_TO_TOMORROW", 99, "tomorrow is not last week", id="tomorrow"),
        pytest.param("LEAST_DAYS_TO_LAST", 0, "last friday, said on a saturday", id="last"),
        pytest.param("STAMP_AT_HEAD", re.compile("(?!)"), "a stamp before each text", id="stamp before a text"),
        pytest.param("_words_of_stamp", lambda *_: None, "a page clock on every article", id="page clocks"),
        pytest.param("_words_of_stamp", lambda *_: None, "stamps of publication", id="stamps"),
        pytest.param("NUMBERED", re.compile("(?!)"), "numbers in order", id="dates with dashes"),
        pytest.param("DATELINE", re.compile("(?!)"), "datelines left in the texts", id="datelines"),
        pytest.param("_names_a_thing", lambda *_: False, "names with a weekday", id="weekdays in names"),
        pytest.param("_ordinal_dates", lambda: re.compile("(?!)"), "days in words", id="days in words"),
        pytest.param("_is_unannounced", lambda *_: False, "arrested for what happened on a day", id="attacks"),
        pytest.param("_is_unannounced", lambda *_: True, "preparing for what is planned for a day", id="finals"),
        pytest.param("_is_score", lambda *_: False, "scores that look like days", id="scores"),
        pytest.param("IN_FIGURES", re.compile("(?!)"), "days in figures", id="dates in figures"),
    ],
)
def test_gold_fails_without_a_rule(monkeypatch, name, without, key):
    assert find_wrong_stories() == set()
    monkeypatch.setattr(event_dates, name, without)
    assert key in find_wrong_stories()


def test_gold_fails_where_days_of_saying_are_dropped(monkeypatch):
    monkeypatch.setattr(planned_days, "_said_days", lambda: re.compile("(?!)"))
    assert {"said on a day that something may be", "said on a day that something will be"} <= find_wrong_stories()


def test_gold_fails_where_stamps_stand_anywhere(monkeypatch):
    find_words = event_dates._words_of_stamp
    monkeypatch.setattr(event_dates, "_words_of_stamp", lambda sentence, _: find_words(sentence, sentence))
    assert {key for key in find_wrong_stories() if key.startswith("a date behind")} >= {
        "a date behind p.m.",
        "a date behind Mon.",
        "a date behind a state",
    }


def test_gold_fails_where_weekdays_are_not_checked(monkeypatch):
    resolve = event_dates._resolve_date
    monkeypatch.setattr(
        event_dates, "_resolve_date", lambda told, reference: resolve(replace(told, weekday=None), reference)
    )
    assert "a weekday that does not fit, twice" in find_wrong_stories()


@pytest.mark.parametrize(
    ("limit", "value", "key"),
    [
        ("lead_characters", 10**6, "what is told far down is another day"),
        ("votes", 1, "one witness is too few"),
    ],
)
def test_gold_fails_with_another_limit(monkeypatch, limit, value, key):
    monkeypatch.setitem(event_dates.rules()["limits"], limit, value)
    assert key in find_wrong_stories()
