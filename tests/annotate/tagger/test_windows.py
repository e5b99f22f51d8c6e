from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.annotate.tagger.windows import cut_windows
from tests.annotate.tagger.tiny_model import tiny_reader

PARAGRAPHS = st.lists(st.integers(1, 30), min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(PARAGRAPHS, st.integers(8, 40), st.integers(0, 10))
def test_cut_windows_scores_every_piece_once_within_the_limits(lengths, limit, context):
    pieces = tiny_reader().read("\n".join(" ".join(["ferry"] * length) for length in lengths))
    windows = cut_windows(pieces, limit=limit, context=context)
    scored = [piece for window in windows for piece in range(window.scored_from, window.end)]
    assert scored == list(range(len(pieces)))
    assert all(window.end - window.scored_from <= limit for window in windows)
    assert all(0 <= window.scored_from - window.start <= context for window in windows)


def test_cut_windows_cuts_at_paragraphs():
    pieces = tiny_reader().read("the ferry was late\nshe won\nthe mayor was late")
    windows = cut_windows(pieces, limit=7, context=2)
    assert [(window.start, window.scored_from, window.end) for window in windows] == [(0, 0, 6), (4, 6, 10)]


def test_cut_windows_cuts_a_long_paragraph_after_a_sentence():
    pieces = tiny_reader().read("The ferry was late. Mara said we won. The mayor was late.")
    (first, *_) = cut_windows(pieces, limit=12, context=0)
    assert first.end == 10


def test_cut_windows_of_nothing_are_none():
    assert cut_windows(tiny_reader().read(""), limit=8, context=2) == []
