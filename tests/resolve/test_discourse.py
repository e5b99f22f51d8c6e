import time

import pytest

from tasks.resolve.discourse import position_of
from tests.resolve.made_up import make_discourse, make_quote

NAMES = {"Ada Lind": "PERSON", "Lind": "PERSON", "Tom Roe": "PERSON", "Port Office": "ORG"}
POSITIONS = {
    "subject": ("Ada Lind left.", set()),
    "object": ("They met with Ada Lind.", {"is_oblique"}),
    "told": ("Roe told Ada Lind.", {"is_oblique"}),
    "owner": ("Ada Lind’s boat left.", {"is_owner"}),
    "quoted": ("“Here is Ada Lind,” he said.", {"is_quoted"}),
    "byline": ("By Ada Lind\n\nIt rained.", {"is_aside"}),
    "photographer": ("Photo: Ada Lind\n\nIt rained.", {"is_aside"}),
    "agency behind": ("Ada Lind/AFP\n\nIt rained.", {"is_aside"}),
    "signature": ("It rained.\n\nAda Lind\n\nIt was dry.\n\nTom Ash\n", {"is_aside"}),
    "head of what follows": ("Two want to be mayor.\n\nAda Lind\n\nThe mayor since 2010 runs again.", set()),
    "contributor": ("Ada Lind contributed to this report.", {"is_aside"}),
}
SENTENCES = {
    "two": ("It rained. It stopped.", 2),
    "abbreviation": ("Mr. Roe left. It rained.", 2),
    "initial": ("J. Roe left. It rained.", 2),
    "speech counts once": ("“It rained. It stopped. It rained,” he said. We left.", 2),
    "paragraphs": ("It rained\n\nIt stopped", 2),
    "question": ("Did it rain? It did.", 2),
}


@pytest.mark.parametrize(("text", "true"), POSITIONS.values(), ids=POSITIONS.keys())
def test_discourse_tells_in_what_position_a_name_stands(text, true):
    (place,) = make_discourse(text, NAMES).places
    flags = ("is_oblique", "is_owner", "is_quoted", "is_aside")
    assert {flag for flag in flags if getattr(place, flag)} == true


@pytest.mark.parametrize("end", ["A" * 117 + "\0", "A " * 59 + "\0", "A.A" * 39 + "\x1b"])
def test_discourse_looks_for_a_signature_in_a_time_that_no_end_of_the_text_makes_long(end):
    began = time.process_time()
    (place,) = make_discourse(f"It rained.\n\nAda Lind\n\n{end}", NAMES).places
    assert not place.is_aside
    # The parts of words tried in every way took forty seconds.
    assert time.process_time() - began < 2


@pytest.mark.parametrize(("text", "count"), SENTENCES.values(), ids=SENTENCES.keys())
def test_discourse_counts_sentences(text, count):
    discourse = make_discourse(text, NAMES)
    assert len(discourse.sentence_starts) == count
    assert discourse.sentence_of(len(text) - 1) == count - 1


def test_discourse_counts_paragraphs():
    text = "It rained. It stopped.\n\nIt rained."
    discourse = make_discourse(text, NAMES)
    assert [discourse.paragraph_of(position) for position in (0, 15, len(text) - 1)] == [0, 0, 1]


def test_discourse_takes_what_lost_its_marks_for_speech():
    text = "Lind said we shall win."
    quote = make_quote(text, "Lind", "we shall win", kind="direct")
    quote.flags = "no_marks"
    discourse = make_discourse(text, NAMES, quotes=(quote,))
    assert discourse.is_speech(text.index("shall"))
    assert not discourse.is_speech(0)


def test_places_between_gives_names_in_their_order():
    text = "Ada Lind and Tom Roe left the Port Office."
    discourse = make_discourse(text, NAMES)
    assert [place.cluster.name for place in discourse.places_between(0, text.index("left"))] == ["Ada Lind", "Tom Roe"]
    assert discourse.places_between(1, 8) == []


def test_named_in_leaves_owners_out():
    text = "Ada Lind said Tom Roe sank Lind’s boat."
    discourse = make_discourse(text, NAMES)
    named = discourse.named_in(make_quote(text, "Ada Lind", "Tom Roe sank Lind’s boat"))
    assert [cluster.name for cluster in discourse.clusters if cluster.local_id in named] == ["Tom Roe"]


def test_position_of_is_the_speaker_or_else_the_content():
    text = "Ada Lind said it rained."
    quote = make_quote(text, "Ada Lind", "it rained")
    assert position_of(quote) == 0
    quote.speaker_start_char = None
    assert position_of(quote) == text.index("it rained")
