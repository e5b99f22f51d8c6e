"""Figures of data/gold/figures meet those of the same quantity, and disagreement is told."""

import tomllib
from collections import Counter
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pandas as pd
import spacy

from tasks.annotate.figures import find_figures
from tasks.link.figure_groups import group_figures, read_contexts
from tasks.link.voices import add_voices

FOLDER = Path(__file__).parents[2] / "data/gold/figures"
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))
STORIES = tomllib.loads((FOLDER / "stories.toml").read_text("utf-8"))["stories"]


@cache
def group_story(number):
    """The story's figures with the letter of their text and their group, and whether each group disagrees."""
    nlp = spacy.blank("en")
    texts = STORIES[number]["texts"]
    article_ids = {letter: f"{place:016x}" for place, letter in enumerate(texts)}
    figures = pd.DataFrame(
        [asdict(one) for letter, text in texts.items() for one in find_figures(nlp(text), article_ids[letter])]
    )
    articles = pd.DataFrame({"article_id": article_ids.values(), "text": texts.values()})
    articles = add_voices(articles.assign(story_id="story-000000000000", outlet_name=None, copy_of_article_id=None))
    placed = figures.drop(columns="figure_group_id").merge(read_contexts(figures, articles), on="figure_id")
    members, groups = group_figures(placed, articles)
    letters = {article_id: letter for letter, article_id in article_ids.items()}
    found = figures.drop(columns="figure_group_id").merge(members, on="figure_id", how="left")
    verdicts = {group.figure_group_id: group.disagrees for group in groups}
    return found.assign(letter=found["article_id"].map(letters)), verdicts


def judge_quantity(number, quantity):
    """How many of its figures are joined, of how many, and the group they are in with its verdict."""
    found, verdicts = group_story(number)
    places = [figure.split(": ", 1) for figure in quantity["figures"]]
    groups = []
    for letter, printed in places:
        own = found[(found["letter"] == letter) & (found["text"] == printed)]["figure_group_id"].dropna()
        groups.append(own.iloc[0] if len(own) else None)
    counts = Counter(group for group in groups if group)
    group, joined = counts.most_common(1)[0] if counts else (None, 0)
    return joined, len(places), group, verdicts.get(group) if group else None


def judge_all():
    return [
        (story["key"], quantity, *judge_quantity(number, quantity))
        for number, story in enumerate(STORIES)
        for quantity in story["quantities"]
    ]


def test_gold_has_agreement_and_disagreement():
    verdicts = [quantity["disagrees"] for story in STORIES for quantity in story["quantities"]]
    assert verdicts.count(True) >= 6
    assert verdicts.count(False) >= 10


def test_group_figures_joins_the_figures_of_the_gold():
    judged = judge_all()
    joined = sum(joined for _, _, joined, _, _, _ in judged)
    stated = sum(stated for _, _, _, stated, _, _ in judged)
    missed = [(key, quantity["name"], joined) for key, quantity, joined, stated, _, _ in judged if joined < stated]
    assert joined / stated >= FLOORS["joined"], missed


def test_group_figures_tells_agreement_from_disagreement():
    judged = judge_all()
    wrong = [
        (key, quantity["name"], verdict)
        for key, quantity, _, _, _, verdict in judged
        if verdict is not quantity["disagrees"]
    ]
    assert 1 - len(wrong) / len(judged) >= FLOORS["verdicts"], wrong


def test_group_figures_mixes_no_two_quantities():
    mixed = []
    for number, story in enumerate(STORIES):
        found, _ = group_story(number)
        for quantity in story["quantities"]:
            _, _, group, _ = judge_quantity(number, quantity)
            members = {f"{one.letter}: {one.text}" for one in found[found["figure_group_id"] == group].itertuples()}
            mixed += [(story["key"], quantity["name"], name) for name in members - set(quantity["figures"])]
    assert len(mixed) <= FLOORS["mixed"], mixed
