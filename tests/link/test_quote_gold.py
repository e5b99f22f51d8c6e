"""Versions of utterances in data/gold/quote_groups are told from other statements of the same speaker."""

import tomllib
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from tasks.link.quote_groups import group_quotes
from tasks.link.voices import add_voices

FOLDER = Path(__file__).parents[2] / "data/gold/quote_groups"
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))
STORIES = tomllib.loads((FOLDER / "variants.toml").read_text("utf-8"))["stories"]
KINDS = {"~": "indirect", "*": "mixed"}


def list_versions(story):
    """Each quotation with the outlets' letter and the numbers of the utterances that it tells."""
    told = {}
    for number, versions in enumerate(story["utterances"]):
        for version in versions:
            told.setdefault(version, set()).add(number)
    return [(*version.split(": ", 1), numbers) for version, numbers in told.items()]


@cache
def group_story(place):
    """Each quotation's outlet, utterances and groups."""
    versions = list_versions(STORIES[place])
    quotes = pd.DataFrame(
        {
            "quote_id": [f"{ord(outlet):016x}:{row:03}:999" for row, (outlet, _, _) in enumerate(versions)],
            "article_id": [f"{ord(outlet):016x}" for outlet, _, _ in versions],
            "content": [content.lstrip("~*") for _, content, _ in versions],
            "kind": [KINDS.get(content[0], "direct") for _, content, _ in versions],
            "speaker_id": "person-aaaaaaaaaaaa",
            "speaker_name": "Ada Cole",
        }
    )
    quotes["content_segments"] = [f"0:{len(content)}" for content in quotes["content"]]
    articles = pd.DataFrame({"article_id": sorted(set(quotes["article_id"]))}).assign(
        story_id="story-000000000000", outlet_name=None, copy_of_article_id=None
    )
    _, variants = group_quotes(quotes, add_voices(articles))
    groups_of = {quote_id: set() for quote_id in quotes["quote_id"]}
    for variant in variants:
        groups_of[variant.quote_id].add(variant.quote_group_id)
    return [
        (outlet, utterances, groups_of[quote_id])
        for (outlet, _, utterances), quote_id in zip(versions, quotes["quote_id"], strict=True)
    ]


def score_pairs():
    """Counts of pairs of two outlets: whether they tell one utterance, and whether they stand in one group."""
    counts = Counter()
    for place in range(len(STORIES)):
        for (outlet, told, groups), (other, also_told, other_groups) in combinations(group_story(place), 2):
            if outlet != other:
                counts[bool(told & also_told), bool(groups & other_groups)] += 1
    return counts


def test_gold_holds_enough_pairs():
    counts = score_pairs()
    assert counts[True, True] + counts[True, False] >= 50
    assert counts[False, True] + counts[False, False] >= 300


def test_group_quotes_reaches_the_floors_of_the_gold():
    counts = score_pairs()
    found, missed, wrong = counts[True, True], counts[True, False], counts[False, True]
    assert found / (found + wrong) >= FLOORS["precision"]
    assert found / (found + missed) >= FLOORS["recall"]


@pytest.mark.parametrize("place", range(len(STORIES)), ids=[story["key"] for story in STORIES])
def test_group_quotes_never_mixes_two_utterances(place):
    members = {}
    for _, utterances, groups in group_story(place):
        for group in groups:
            members.setdefault(group, []).append(utterances)
    assert all(set.intersection(*told) for told in members.values())
