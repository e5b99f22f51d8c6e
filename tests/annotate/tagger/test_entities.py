import numpy as np

from tasks.annotate.tagger.entities import find_entities
from tasks.annotate.tagger.labels import ENTITY_TAGS, HEADS, OUTPUT_WIDTH
from tasks.annotate.tagger.model import Reading
from tests.annotate.tagger.tiny_model import tiny_reader

TAGS = {"O": 0, "PER": 1, "+PER": 2, "ORG": 3, "+ORG": 4, "LOC": 5, "+LOC": 6}


def labels_of(text: str, tags: str) -> list[str]:
    """Labels of the text's entities; a tag with a figure behind is that much stronger than the others."""
    pieces = tiny_reader().read(text)
    scores = np.zeros((len(pieces), ENTITY_TAGS))
    for row, tag in zip(scores, tags.split(), strict=True):
        name, _, strength = tag.partition("*")
        row[TAGS[name]] = float(strength or 4)
    rows = np.zeros((len(pieces), OUTPUT_WIDTH))
    rows[:, HEADS["entities"]] = scores
    reading = Reading(pieces, rows, np.zeros((1, OUTPUT_WIDTH)), np.zeros(len(pieces), int))
    return [span.label for span in find_entities(reading, text)]


def test_find_entities_gives_a_name_its_usual_label():
    assert labels_of("Mara said Mara said Mara", "PER O PER O ORG") == ["PER", "PER", "PER"]


def test_find_entities_counts_a_name_in_capitals():
    assert labels_of("Mara said MARA said mara", "PER O PER O LOC") == ["PER", "PER", "PER"]


def test_find_entities_leaves_a_label_it_is_sure_of():
    assert labels_of("Mara said Mara said Mara", "LOC O LOC O ORG*20") == ["LOC", "LOC", "ORG"]


def test_find_entities_knows_the_surname_of_a_person():
    assert labels_of("Mara Lind said Lind said", "PER +PER O ORG*20 O") == ["PER", "PER"]


def test_find_entities_finds_none_where_there_is_none():
    assert labels_of("we won", "O O") == []
