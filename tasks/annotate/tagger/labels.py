"""The tags that the two heads give, and the sizes both sides of the model agree on."""

import numpy as np

ROLES = ("content", "source", "cue")
ENTITY_LABELS = ("PER", "ORG", "LOC", "MISC")
# Where a doc keeps what was tagged: its span group, and the key of its user data.
SPANS_KEY = "attributions"
CONFIDENCES = "attribution_confidences"
# What a pointer aims at, in the order of its columns.
POINTERS = ("cue", "source")
POINTER_WIDTH = 96


def begin_tag(position: int) -> int:
    """Number of the tag that begins a span of the label at this position; the tag inside it is the next number."""
    return 1 + 2 * position


def tag_count(labels: tuple[str, ...]) -> int:
    """How many tags these labels need: outside, and begin and inside for each."""
    return 1 + 2 * len(labels)


ROLE_TAGS = tag_count(ROLES)
ENTITY_TAGS = tag_count(ENTITY_LABELS)


def head_columns() -> dict[str, slice]:
    """Where each head's numbers lie in a row of the model's output.

    `queries` and `keys` hold POINTER_WIDTH numbers for each of POINTERS, one after the other.
    """
    columns, position = {}, 0
    pointers = POINTER_WIDTH * len(POINTERS)
    for name, width in (("roles", ROLE_TAGS), ("entities", ENTITY_TAGS), ("queries", pointers), ("keys", pointers)):
        columns[name] = slice(position, position + width)
        position += width
    return columns


HEADS = head_columns()
OUTPUT_WIDTH = max(columns.stop for columns in HEADS.values())


def legal_transitions(tags: int) -> np.ndarray:
    """Boolean matrix (tags, tags): whether the column's tag may follow the row's; inside follows its own label only."""
    legal = np.ones((tags, tags), bool)
    for inside in range(2, tags, 2):
        legal[:, inside] = False
        legal[inside - 1, inside] = legal[inside, inside] = True
    return legal
