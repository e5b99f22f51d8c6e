"""Copies of data/gold/copies are told from reports of other outlets on the same event."""

import tomllib
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from schemas.links import ORIGINAL_REASONS
from tasks.link.copies import find_copies
from tasks.link.stories import count_articles, group_stories

FOLDER = Path(__file__).parents[2] / "data/gold/copies"
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))
SETS = tomllib.loads((FOLDER / "articles.toml").read_text("utf-8"))["sets"]


def read_articles():
    """All articles of the sets, with the set of each and its true kind ("original" for the first)."""
    rows = [
        {"set": number, "true_kind": article.get("kind", "original"), "title": None, **article}
        for number, one in enumerate(SETS)
        for article in one["articles"]
    ]
    names = {"published": "published_at", "outlet": "outlet_name", "fetched": "fetched_at"}
    articles = pd.DataFrame(rows).rename(columns=names)
    is_timed = articles["published_at"].str.contains("T", na=False)
    for name in ("published_at", "fetched_at"):
        articles[name] = pd.to_datetime(articles[name], utc=True, format="ISO8601")
    return articles.assign(
        article_id=[f"{number:016x}" for number in range(len(articles))],
        language="en",
        published_at_precision=is_timed.map({True: "minute", False: "day"}),
    )


@pytest.fixture(scope="module")
def judged():
    """The articles with what was found of them, from pairs that grouping each set's stories gives."""
    found = []
    for _, articles in read_articles().groupby("set"):
        pairs = group_stories(articles, count_articles(articles)).alike
        copies = find_copies(articles, pairs[["first", "second"]].itertuples(index=False, name=None))
        found.append(articles.merge(copies, on="article_id", how="left"))
    return pd.concat(found, ignore_index=True)


def test_gold_has_copies_of_each_kind_and_others():
    kinds = [article.get("kind") for one in SETS for article in one["articles"]]
    assert {kind: kinds.count(kind) >= least for kind, least in {"near": 3, "translated": 7, "none": 5}.items()} == {
        "near": True,
        "translated": True,
        "none": True,
    }


@pytest.mark.parametrize("kind", sorted(FLOORS["recall"]))
def test_find_copies_reaches_the_floor_of_each_kind(judged, kind):
    own = judged[judged["true_kind"] == kind]
    originals = judged[judged["true_kind"] == "original"].set_index("set")["article_id"]
    found = own["copy_of_article_id"] == own["set"].map(originals)
    assert found.mean() >= FLOORS["recall"][kind], own.loc[~found, "text"].str[:60].tolist()


def test_find_copies_takes_no_report_for_a_copy(judged):
    taken = judged[judged["copy_of_article_id"].notna()]
    right = taken["true_kind"].isin(FLOORS["recall"])
    assert right.mean() >= FLOORS["precision"], taken.loc[~right, "text"].str[:60].tolist()


def test_find_copies_names_the_kind_of_exact_and_near_copies(judged):
    own = judged[judged["true_kind"].isin(["exact", "near"])]
    assert own["copy_kind"].tolist() == own["true_kind"].tolist()


def test_find_copies_tells_what_shows_the_original(judged):
    own = judged[judged["copy_of_article_id"].notna()]
    assert own["original_reason"].tolist() == own["reason"].fillna("published_first").tolist()


def test_gold_has_each_reason_that_does_not_go_by_an_id():
    reasons = {article.get("reason") for one in SETS for article in one["articles"]} | {"published_first"}
    assert reasons - {None} == set(ORIGINAL_REASONS) - {"smaller_id"}


def test_gold_fails_where_numbers_are_not_compared(monkeypatch):
    monkeypatch.setattr("tasks.link.copies.share_numbers", lambda older, younger: True)
    articles = read_articles()
    pairs = [pair for _, part in articles.groupby("set") for pair in combinations(part["article_id"], 2)]
    kinds = articles.set_index("article_id")["true_kind"]
    assert find_copies(articles, pairs)["article_id"].map(kinds).isin(["none", "original"]).any()


def test_find_copies_compares_all_pairs_of_a_set_alike():
    # Given every pair of a set instead of those that story grouping sees, no report becomes a copy.
    articles = read_articles()
    pairs = [pair for _, part in articles.groupby("set") for pair in combinations(part["article_id"], 2)]
    copies = find_copies(articles, pairs)
    kinds = articles.set_index("article_id")["true_kind"]
    assert not copies["article_id"].map(kinds).isin(["none", "original"]).any()
