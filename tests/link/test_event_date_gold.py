"""The days of data/gold/event_dates are told as a reader finds them, and none is guessed."""

import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

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
