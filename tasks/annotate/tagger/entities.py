"""Entities of a text: spans of the entity head, with one label for one name."""

from collections import defaultdict
from dataclasses import replace

from tasks.annotate.tagger.labels import ENTITY_LABELS
from tasks.annotate.tagger.model import Reading
from tasks.annotate.tagger.spans import Span, TagCosts, find_spans

# Chosen on the development part of CoNLL-2003, as is SURE; there, one label for one name is worth 1.1 points of F1.
ENTITY_COSTS = TagCosts(begin=(0.2, 0.2, 0.2, 0.2))
# A label that the model is as sure of as this stands, whatever the name is elsewhere: a city and its team.
SURE = 0.95


def find_entities(reading: Reading, text: str) -> list[Span]:
    """Entities left to right; `text` is what was read.

    A name has the label that it has most, weighed by confidence and whatever its case; the surname of a person named
    in full is a person.
    """
    spans = find_spans(reading.head("entities"), reading.pieces, ENTITY_LABELS, ENTITY_COSTS)
    names = [_name_of(reading, text, span) for span in spans]
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name, span in zip(names, spans, strict=True):
        votes[name][span.label] += span.confidence
    usual = {name: max(count, key=count.__getitem__) for name, count in votes.items()}
    surnames = {name.split()[-1] for name, label in usual.items() if label == "PER" and " " in name}
    return [
        replace(span, label=_label_of(span, usual[name], name in surnames))
        for name, span in zip(names, spans, strict=True)
    ]


def _label_of(span: Span, usual: str, is_surname: bool) -> str:
    if is_surname:
        return "PER"
    return span.label if span.confidence > SURE else usual


def _name_of(reading: Reading, text: str, span: Span) -> str:
    start, end = reading.characters(span.first, span.last)
    return " ".join(text[start:end].casefold().split())
