"""What the pipeline makes of five real articles about one event, where they are at hand."""

import pytest

from tests.flows.sample_truth import Tables

pytestmark = pytest.mark.slow
RESIDUE = ("[ad_1]", "[ad_2]", "Source link", "Leave a reply", "Your email address", "Also Read:", "Latest news")


@pytest.fixture(scope="module")
def tables(seeds_run):
    assert seeds_run.exit_code == 0, seeds_run.output
    return Tables(seeds_run.warehouse / "current")


def test_seeds_are_all_articles(tables):
    assert len(tables.read("articles")) == 5
    assert tables.read("quarantine") == []


def test_seeds_have_titles_and_no_residue(tables):
    for article in tables.read("articles"):
        assert article["title"]
        assert "|" not in article["title"]
        assert not [residue for residue in RESIDUE if residue in article["text"]]


def test_seeds_are_one_story_with_no_copies(tables):
    (story,) = tables.read("stories")
    assert (story["article_count"], story["copy_count"]) == (5, 0)


def test_seeds_name_each_speaker_once(tables):
    people = [row["name"] for row in tables.read("entities") if row["label"] == "PERSON" and row["quote_count"]]
    for surname in ("Sherman", "Ryabkov", "Ischinger", "Borrell", "Putin"):
        assert len([name for name in people if surname in name]) == 1, people


def test_seeds_attribute_nothing_to_photographers(tables):
    speakers = {row["speaker_name"] or "" for row in tables.read("quotes")}
    assert not [name for name in speakers if "Balibouse" in name or "Ballybos" in name]


def test_seeds_join_one_sentence_over_four_outlets(tables):
    (group,) = [row for row in tables.read("quote_groups") if "open" in row["canonical_text"].lower().replace("-", " ")]
    assert group["outlet_count"] == 4
    assert "Sherman" in group["speaker_name"]


def test_seeds_disagree_on_the_length_of_the_talks(tables):
    (group,) = [row for row in tables.read("figure_groups") if row["unit"] == "hour"]
    assert (group["minimum_value"], group["maximum_value"], group["value_count"]) == (7.0, 8.0, 3)
    assert group["disagrees"]
