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
SPEAKERS = {"Ada Cole": "person-aaaaaaaaaaaa", "Ben Marsh": "person-bbbbbbbbbbbb"}


LISTS = ("utterances", "turned", "disputed")


def list_versions(story):
    """Each quotation: outlet with number, outlet it copies, speaker, content, numbers of the utterances it tells."""
    told = {}
    for number, versions in enumerate(versions for name in LISTS for versions in story.get(name, [])):
        for version in versions:
            told.setdefault(version, set()).add(number)
    found = []
    for version, numbers in told.items():
        place, content = version.split(": ", 1)
        place, _, speaker = place.partition("/")
        outlet, _, original = place.partition("=")
        found.append((outlet, original, speaker or "Ada Cole", content, numbers))
    return found


def name_article(outlet):
    return outlet.encode().hex().rjust(16, "0")


@cache
def group_story(place):
    """Each quotation's outlet, utterances and groups; and the groups."""
    versions = list_versions(STORIES[place])
    quotes = pd.DataFrame(
        {
            "quote_id": [f"{name_article(outlet)}:{row:03}:999" for row, (outlet, *_) in enumerate(versions)],
            "article_id": [name_article(outlet) for outlet, *_ in versions],
            "content": [content.lstrip("~*") for *_, content, _ in versions],
            "kind": [KINDS.get(content[0], "direct") for *_, content, _ in versions],
            "speaker_name": [None if speaker == "?" else speaker for _, _, speaker, _, _ in versions],
        }
    )
    quotes["speaker_id"] = quotes["speaker_name"].map(SPEAKERS)
    quotes["content_segments"] = [f"0:{len(content)}" for content in quotes["content"]]
    copied = {outlet: original for outlet, original, *_ in versions}
    articles = pd.DataFrame(
        {
            "article_id": [name_article(outlet) for outlet in copied],
            "outlet_name": [f"Outlet {outlet[0]}" for outlet in copied],
            "copy_of_article_id": [name_article(original) if original else None for original in copied.values()],
        }
    ).assign(story_id="story-000000000000", artefacts=0)
    groups, variants = group_quotes(quotes, add_voices(articles))
    groups_of = {quote_id: set() for quote_id in quotes["quote_id"]}
    for variant in variants:
        groups_of[variant.quote_id].add(variant.quote_group_id)
    members = [
        (outlet, utterances, groups_of[quote_id])
        for (outlet, *_, utterances), quote_id in zip(versions, quotes["quote_id"], strict=True)
    ]
    return members, {group.quote_group_id: group for group in groups}


def name_list(story, number):
    """Which of LISTS the utterance of this number stands in."""
    return [name for name in LISTS for _ in story.get(name, [])][number]


def score_pairs():
    """Counts of pairs of two outlets: whether they tell one utterance, and whether they stand in one group."""
    counts = Counter()
    for place in range(len(STORIES)):
        for (outlet, told, groups), (other, also_told, other_groups) in combinations(group_story(place)[0], 2):
            if outlet[0] != other[0]:
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
    for _, utterances, groups in group_story(place)[0]:
        for group in groups:
            members.setdefault(group, []).append(utterances)
    assert all(set.intersection(*told) for told in members.values())


@pytest.mark.parametrize("place", range(len(STORIES)), ids=[story["key"] for story in STORIES])
def test_group_quotes_tells_what_outlets_turn_round_and_whom_they_name(place):
    members, groups = group_story(place)
    for name, group in groups.items():
        (number, *_) = set.intersection(*(told for _, told, own in members if name in own))
        kind = name_list(STORIES[place], number)
        assert group.polarity_disagrees == (kind == "turned"), group.canonical_text
        assert group.speaker_disagrees == (kind == "disputed"), group.canonical_text


@pytest.mark.parametrize("place", range(len(STORIES)), ids=[story["key"] for story in STORIES])
def test_group_quotes_counts_the_outlets_whose_words_they_are(place):
    members, groups = group_story(place)
    copied = {outlet: original for outlet, original, *_ in list_versions(STORIES[place])}
    for name, group in groups.items():
        printing = {outlet for outlet, _, own in members if name in own}
        assert group.outlet_count == len({(copied[outlet] or outlet)[0] for outlet in printing})
        assert group.copy_count == sum(1 for outlet in printing if copied[outlet])


def test_gold_has_disagreements_of_both_kinds_and_copies():
    assert sum(len(story.get("turned", [])) for story in STORIES) >= 5
    assert any("disputed" in story for story in STORIES)
    assert any(original for story in STORIES for _, original, *_ in list_versions(story))
