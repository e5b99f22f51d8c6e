import numpy as np
import pytest

from tasks.annotate.tagger.decode import LinkCosts, find_attributions
from tasks.annotate.tagger.labels import HEADS, OUTPUT_WIDTH, POINTER_WIDTH, POINTERS
from tasks.annotate.tagger.model import Reading
from tests.annotate.tagger.tagged_scores import tagged
from tests.annotate.tagger.tiny_model import tiny_reader


def reading_of(text: str, tags: str, points: dict[tuple[str, int], int]) -> Reading:
    """A reading with these tags, and pointers from (name, piece) to a piece; -1 points at nothing."""
    pieces = tiny_reader().read(text)
    rows = np.zeros((len(pieces), OUTPUT_WIDTH))
    rows[:, HEADS["roles"]] = tagged(tags)
    openings = np.zeros((1, OUTPUT_WIDTH))
    for number, ((name, piece), target) in enumerate(points.items()):
        column = POINTERS.index(name) * POINTER_WIDTH + number
        rows[piece, HEADS["queries"].start + column] = 100
        aimed = openings[0] if target < 0 else rows[target]
        aimed[HEADS["keys"].start + column] = 100
    return Reading(pieces, rows, openings, np.zeros(len(pieces), int))


def test_find_attributions_links_by_pointers():
    reading = reading_of(
        "Mara said we won . the mayor said",
        "B-source B-cue B-content I-content O B-source I-source B-cue",
        {("cue", 2): 1, ("source", 2): 0},
    )
    tagged_text = find_attributions(reading)
    (attribution,) = tagged_text.attributions
    assert (attribution.cue.first, attribution.source.first) == (1, 0)
    assert {span.first for span in tagged_text.unlinked} == {5, 7}


def test_find_attributions_joins_contents_of_one_cue():
    reading = reading_of(
        "we won Mara said we won",
        "B-content I-content B-source B-cue B-content I-content",
        {("cue", 0): 3, ("source", 0): 2, ("cue", 4): 3, ("source", 4): 2},
    )
    (attribution,) = find_attributions(reading).attributions
    assert [span.first for span in attribution.contents] == [0, 4]


def test_find_attributions_parts_contents_of_one_cue_with_two_sources():
    reading = reading_of(
        "we won Mara said we won the mayor",
        "B-content I-content B-source B-cue B-content I-content B-source I-source",
        {("cue", 0): 3, ("source", 0): 2, ("cue", 4): 3, ("source", 4): 6},
    )
    attributions = find_attributions(reading).attributions
    assert [(item.contents[0].first, item.source.first) for item in attributions] == [(0, 2), (4, 6)]


def test_find_attributions_gives_no_cue_from_afar():
    reading = reading_of(
        "Mara said\n\nthe ferry was late\n\nwe won",
        "B-source B-cue O O O O B-content I-content",
        {("cue", 6): 1, ("source", 6): 0},
    )
    (attribution,) = find_attributions(reading).attributions
    assert (attribution.cue, attribution.source.first) == (None, 0)


def test_find_attributions_may_find_no_source():
    reading = reading_of("the mayor said we won", "B-source I-source B-cue B-content I-content", {("source", 3): -1})
    (attribution,) = find_attributions(reading).attributions
    assert attribution.source is None


@pytest.mark.parametrize(("per_paragraph", "expected"), [(0.0, 0), (5000.0, 5)], ids=["free", "dear"])
def test_find_attributions_counts_what_distance_costs(per_paragraph, expected):
    reading = reading_of(
        "Mara said late\n\nthe town she won",
        "B-source B-cue O O O B-source B-content",
        {("source", 6): 0},
    )
    reading.rows[0, HEADS["keys"]] *= 0.5
    costs = LinkCosts(per_piece=0.0, per_paragraph=per_paragraph)
    (attribution,) = find_attributions(reading, costs).attributions
    assert (attribution.source.first if attribution.source else None) == expected


def test_find_attributions_of_a_text_without_contents_are_none():
    assert find_attributions(reading_of("the ferry", "O O", {})).attributions == ()
