"""Articles of data/gold/stories are grouped by event, and strangers stay out."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from flows import evaluate_linking
from tasks.link.stories import count_articles, group_stories

FOLDER = Path(__file__).parents[2] / "data/gold/stories"
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))


def read_articles():
    """The articles, each with the key of its event."""
    events = tomllib.loads((FOLDER / "articles.toml").read_text("utf-8"))["events"]
    rows = [{"event": event["key"], **article} for event in events for article in event["articles"]]
    articles = pd.DataFrame(rows).rename(columns={"published": "published_at"})
    return articles.assign(article_id=[f"{number:016x}" for number in range(len(articles))], language="en")


@pytest.fixture(scope="module")
def grouped():
    articles = read_articles()
    stories = group_stories(articles, count_articles(articles)).stories
    return articles.merge(stories, on="article_id")


def measure_bcubed(grouped):
    """BCubed F1 of the grouped articles."""
    return evaluate_linking.measure_bcubed(list(zip(grouped["event"], grouped["story_id"], strict=True)))


def test_gold_has_strangers_beside_events(grouped):
    sizes = grouped.groupby("event").size()
    assert (sizes >= 2).sum() >= 7
    assert (sizes == 1).sum() >= 7


def test_group_stories_reaches_the_floor_of_the_gold(grouped):
    assert measure_bcubed(grouped) >= FLOORS["bcubed"]


def test_group_stories_lets_no_strangers_in(grouped):
    strangers = [
        (article.title, article.story_id)
        for article in grouped.itertuples()
        if (grouped.loc[grouped["story_id"] == article.story_id, "event"] != article.event).any()
    ]
    assert len(strangers) <= FLOORS["strangers"], strangers
