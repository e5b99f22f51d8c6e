"""What the pipeline makes of five real articles about one event, where they are at hand."""

from itertools import combinations

import pytest

from tasks.resolve.names import may_be_same_person
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
    speakers = [row["name"] for row in tables.read("entities") if row["label"] == "PERSON" and row["quote_count"]]
    surnames = [name.split()[-1] for name in speakers]
    assert len(set(surnames)) == len(surnames), speakers


def test_seeds_put_each_name_on_its_person(tables):
    surnames = {row["name"].split()[-1] for row in tables.read("entities") if row["label"] == "PERSON"}
    surnames |= {row["name"].split()[1] for row in tables.read("entities") if row["label"] == "PERSON"}
    named = [row for row in tables.read("quotes") if row["speaker_text"] and row["speaker_name"]]
    by_surname = [row for row in named if row["speaker_text"].split()[-1] in surnames]
    assert len(by_surname) >= 30
    assert not [row for row in by_surname if row["speaker_text"].split()[-1] not in row["speaker_name"]]


def test_seeds_flag_the_titles_that_conflict(tables):
    people = sorted(
        (row["quote_count"], row["entity_id"]) for row in tables.read("entities") if row["label"] == "PERSON"
    )
    odd = {row["entity_id"] for row in tables.read("entity_titles") if row["conflicts"] and not row["is_usual"]}
    assert odd == {entity_id for _, entity_id in people[-2:]}


def test_seeds_have_two_speakers_in_every_article(tables):
    counts = sorted((row["quote_count"], row["article_count"]) for row in tables.read("entities"))
    assert [articles for _, articles in counts[-2:]] == [5, 5]


def test_seeds_direct_quotations_have_speakers(tables):
    # A reader counts 29 stretches of direct speech; "A," he said, "B" is one row of two pieces.
    direct = [row for row in tables.read("quotes") if row["kind"] == "direct"]
    pieces = [row["speaker_name"] for row in direct for _ in row["content_segments"].split(" ")]
    assert len([name for name in pieces if name]) >= 25


def test_seeds_attribute_nothing_to_photographers(tables):
    credits = " ".join(row["credit"] or "" for row in tables.read("captions"))
    speakers = {row["speaker_name"] for row in tables.read("quotes") if row["speaker_name"]}
    assert credits
    assert not [name for name in speakers if name.split()[-1] in credits]


def test_seeds_join_one_sentence_over_four_outlets(tables):
    (group,) = [row for row in tables.read("quote_groups") if "open" in row["canonical_text"].lower().replace("-", " ")]
    assert group["outlet_count"] == 4
    assert not group["speaker_disagrees"]


def test_seeds_disagree_on_the_length_of_the_talks(tables):
    (group,) = [row for row in tables.read("figure_groups") if row["unit"] == "hour"]
    assert (group["minimum_value"], group["maximum_value"], group["value_count"]) == (7.0, 8.0, 3)
    assert group["disagrees"]


# How many of their quotations a reader finds on each: words in quotation marks and reported ones. Floors only rise.
QUOTED = {"Sherman": 39, "Ryabkov": 36, "Ischinger": 4, "Borrell": 3, "Putin": 2}


@pytest.fixture(scope="module")
def named(tables):
    """Quotations with a named speaker: the source as printed, and the speaker's name."""
    quotes = [row for row in tables.read("quotes") if row["speaker_text"] and row["speaker_name"]]
    return [(row["speaker_text"], row["speaker_name"]) for row in quotes]


@pytest.mark.parametrize("surname", QUOTED)
def test_seeds_put_what_a_person_says_on_that_person(named, surname):
    assert sum(surname in speaker for _, speaker in named) >= QUOTED[surname]
    assert [(source, speaker) for source, speaker in named if surname in source and surname not in speaker] == []


def test_seeds_lead_pronouns_to_people_of_their_gender(named):
    # One woman alone is quoted.
    women = {speaker.split()[-1] for source, speaker in named if source.lower() in ("she", "her")}
    men = {speaker.split()[-1] for source, speaker in named if source.lower() in ("he", "him")}
    assert women == {"Sherman"}
    assert "Sherman" not in men


def test_seeds_flag_both_wrong_titles(tables):
    names = {row["entity_id"]: row["name"].split()[-1] for row in tables.read("entities")}
    odd = [row for row in tables.read("entity_titles") if row["conflicts"] and not row["is_usual"]]
    found = {(names[row["entity_id"]], row["office"], row["country"]) for row in odd}
    assert ("Ryabkov", "Deputy Secretary of State", "Russia") in found
    assert ("Sherman", "Deputy Foreign Minister", "Russia") in found


def test_seeds_have_no_entity_twice(tables):
    rows = [row for row in tables.read("entities") if row["merged_into"] is None]
    people = [row["name"] for row in rows if row["label"] == "PERSON"]
    assert [pair for pair in combinations(people, 2) if may_be_same_person(*pair)] == []
    printed = [(row["label"], name) for row in rows for name in {row["name"].casefold(), *aliases_of(row)}]
    assert sorted(printed) == sorted(set(printed))


def aliases_of(row):
    return [alias.casefold() for alias in row["aliases"].split("; ") if alias]
