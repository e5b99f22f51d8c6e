"""Five real articles about one event among the posts of a blog: one story, and what their outlets share in it.

Both lie beside the project. ONRECORD_POSTS sets how many posts there are.
"""

import gzip
import json
import os
from datetime import date
from itertools import islice

import pytest

from tests.flows.conftest import ROOT, SEEDS
from tests.flows.sample_truth import Tables, fold

pytestmark = pytest.mark.slow
POSTS = ROOT.parent / "shared" / "gold" / "autoblog" / "posts.jsonl.gz"
POST_COUNT = int(os.environ.get("ONRECORD_POSTS", "40"))

# By what all wordings of an utterance have in common, how many outlets print it.
UTTERANCES = {
    "open door": (("open door",), 4),
    "no plans to attack": (("attack ukraine", "attacking ukraine", "invade ukraine", "invading ukraine"), 4),
    "back to barracks": (("barracks",), 3),
    "no escalation to fear": (("escalation scenario", "an escalation in"), 3),
    "nothing without Ukraine": (("without ukraine",), 2),
}


@pytest.fixture(scope="module")
def tables(onrecord, server, tmp_path_factory):
    """The tables of one run over the articles and the posts."""
    if not SEEDS.is_dir() or not POSTS.is_file():
        pytest.skip("the articles or the posts are not at hand")
    root = tmp_path_factory.mktemp("posts")
    names = ("title", "date", "html")
    with gzip.open(POSTS, "rt", encoding="utf-8") as posts, (root / "posts.jsonl").open("w") as chosen:
        for line in islice(posts, POST_COUNT):
            post = json.loads(line)
            chosen.write(json.dumps({name: post[name] for name in names}) + "\n")
    done = onrecord("run", str(SEEDS), str(root / "posts.jsonl"), warehouse=root / "warehouse", server=server)
    assert done.exit_code == 0, done.output
    return Tables(root / "warehouse" / "current")


@pytest.fixture(scope="module")
def story(tables):
    """The story of which the articles are."""
    names = {path.name for path in SEEDS.iterdir()}
    sources = tables.sources()
    (story_id,) = {row["story_id"] for row in tables.read("articles") if sources[row["document_id"]] in names}
    return next(row for row in tables.read("stories") if row["story_id"] == story_id)


@pytest.fixture(scope="module")
def wordings(tables, story):
    """Outlets and wordings of each utterance of the story."""
    shared: dict[str, list[str]] = {}
    for variant in tables.read("quote_variants"):
        shared.setdefault(variant["quote_group_id"], []).append(fold(variant["shared_text"]))
    own = [row for row in tables.read("quote_groups") if row["story_id"] == story["story_id"]]
    return [(row["outlet_count"], shared[row["quote_group_id"]]) for row in own]


def find_figures(tables, story):
    """The quantities of the story, each with the words that print it."""
    printed: dict[str, list[str]] = {}
    for figure in tables.read("figures"):
        printed.setdefault(figure["figure_group_id"], []).append(figure["text"].casefold())
    own = [row for row in tables.read("figure_groups") if row["story_id"] == story["story_id"]]
    return [(row, printed[row["figure_group_id"]]) for row in own]


def test_seeds_among_posts_are_one_story_without_a_stranger(tables, story):
    assert len(tables.read("articles")) > 5 + POST_COUNT // 2
    assert (story["article_count"], story["copy_count"]) == (5, 0)


@pytest.mark.parametrize("utterance", UTTERANCES)
def test_seeds_among_posts_share_an_utterance_and_nothing_else_in_its_group(utterance, wordings):
    marks, outlets = UTTERANCES[utterance]
    own = [(count, texts) for count, texts in wordings if any(mark in text for text in texts for mark in marks)]
    (found,) = own
    assert found[0] == outlets
    assert [text for text in found[1] if not any(mark in text for mark in marks)] == []


def test_seeds_among_posts_disagree_on_the_length_of_the_talks(tables, story):
    ((group, printed),) = [found for found in find_figures(tables, story) if found[0]["unit"] == "hour"]
    assert (group["minimum_value"], group["maximum_value"], group["value_count"]) == (7.0, 8.0, 3)
    assert group["disagrees"], printed


def test_seeds_among_posts_agree_on_the_number_of_troops(tables, story):
    found = [found for found in find_figures(tables, story) if found[0]["maximum_value"] == 100_000]
    ((group, printed),) = found
    assert not group["disagrees"]
    assert {"one lakh", "100,000"} <= set(printed)


def test_seeds_among_posts_agree_on_the_day(story):
    assert story["event_date"] == date(2022, 1, 10)
