"""Versions of utterances in data/gold/quote_groups are told from other statements of the same speaker."""

import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from tasks.link.quote_groups import group_quotes

GOLD = tomllib.loads((Path(__file__).parents[2] / "data/gold/quote_groups/variants.toml").read_text("utf-8"))


def group_story(story):
    """Each version's utterance, outlet and group (None where it stands alone)."""
    versions = [
        (number, *version.split(": ", 1)) for number, texts in enumerate(story["utterances"]) for version in texts
    ]
    quotes = pd.DataFrame(
        {
            "quote_id": [f"{ord(outlet):016x}:{number}:9" for number, outlet, _ in versions],
            "article_id": [f"{ord(outlet):016x}" for _, outlet, _ in versions],
            "content": [content for _, _, content in versions],
            "content_segments": [f"0:{len(content)}" for _, _, content in versions],
            "kind": "direct",
            "speaker_id": "person-aaaaaaaaaaaa",
            "speaker_name": "Ada Cole",
        }
    )
    articles = pd.DataFrame({"article_id": sorted(set(quotes["article_id"]))}).assign(
        story_id="story-000000000000", outlet_name=None, copy_of_article_id=None
    )
    _, variants = group_quotes(quotes, articles)
    group_of = {variant.quote_id: variant.quote_group_id for variant in variants}
    return [
        (number, outlet, group_of.get(quote_id))
        for (number, outlet, _), quote_id in zip(versions, quotes["quote_id"], strict=True)
    ]


def score_pairs():
    """Counts of pairs of two outlets: found, missed, and wrongly joined."""
    counts = Counter()
    for story in GOLD["stories"]:
        for (first, outlet, group), (second, other_outlet, other_group) in combinations(group_story(story), 2):
            if outlet != other_outlet:
                is_joined = group is not None and group == other_group
                counts[first == second, is_joined] += 1
    return counts


def test_gold_holds_enough_pairs():
    counts = score_pairs()
    assert counts[True, True] + counts[True, False] >= 30
    assert counts[False, True] + counts[False, False] >= 200


def test_group_quotes_reaches_the_floors_of_the_gold():
    counts = score_pairs()
    found, missed, wrong = counts[True, True], counts[True, False], counts[False, True]
    assert found / (found + wrong) >= GOLD["floor"]["precision"]
    assert found / (found + missed) >= GOLD["floor"]["recall"]


@pytest.mark.parametrize("story", GOLD["stories"], ids=[story["key"] for story in GOLD["stories"]])
def test_group_quotes_never_mixes_two_utterances(story):
    utterances = {}
    for number, _, group in group_story(story):
        utterances.setdefault(group, set()).add(number)
    assert all(len(numbers) == 1 for group, numbers in utterances.items() if group is not None)
