from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.annotate.quote_marks import pair_quote_marks, quoted_share, with_common_marks

PAIRS = {
    "curly": ("“We won,” Lind said.", [("We won,", set())]),
    "straight": ('Lind said: "We won." Then she left.', [("We won.", set())]),
    "german": ("Lind sagte: „Wir haben gewonnen.“ Dann ging sie.", [("Wir haben gewonnen.", set())]),
    "french": ("Lind said: « We won. »", [("We won.", set())]),
    "doubled singles": ("``We won,'' Lind said.", [("We won,", set())]),
    "two pieces": ("“We won,” Lind said, “at last.”", [("We won,", set()), ("at last.", set())]),
    "unclosed": ("Lind said: “We won.\n\nThe town slept.", [("We won.", {"unclosed_mark"})]),
    "unopened": ("Lind left. We will be back.” The town slept.", [("We will be back.", {"unopened_mark"})]),
    "reopened": (
        "“We won.\n\n“And we will again,” Lind said.",
        [("We won.", {"unclosed_mark"}), ("And we will again,", {"continued"})],
    ),
    "opened twice": (
        "“We won. “It was late,” Lind said.",
        [("We won.", {"unclosed_mark"}), ("It was late,", set())],
    ),
    "opening mark as a closing one": ("“We will not leave. “", [("We will not leave.", set())]),
    "inches": ('The 12" board cost "too much", Lind said.', [("too much", set())]),
    "single marks": ("‘We have been waiting for years,’ Lind said.", [("We have been waiting for years,", set())]),
    "apostrophes": ("The town’s mayor and the council’s chair don’t agree.", []),
}


@pytest.mark.parametrize(("text", "expected"), PAIRS.values(), ids=PAIRS.keys())
def test_pair_quote_marks_finds_spans(text, expected):
    found = [(text[span.start : span.end], set(span.flags)) for span in pair_quote_marks(text)]
    assert found == expected


def test_pair_quote_marks_keeps_an_odd_mark_inside_its_paragraph():
    text = "He called it “odd and left.\n\n“We won,” Lind said.\n\nShe waved ” and left.\n\n“Again,” Lind said."
    found = [text[span.start : span.end] for span in pair_quote_marks(text)]
    assert "We won," in found
    assert "Again," in found


@given(st.text(alphabet="ab .\n“”\"„«»‘’'`", max_size=60))
def test_pair_quote_marks_yields_ordered_spans_inside_the_text(text):
    spans = pair_quote_marks(text)
    assert all(0 <= span.outer_start <= span.start < span.end <= span.outer_end <= len(text) for span in spans)
    assert all(one.outer_start <= other.outer_start for one, other in pairwise(spans))


def test_quoted_share_counts_letters_between_marks():
    text = "ab “cd”"
    assert quoted_share(pair_quote_marks(text), [(0, len(text))], text) == 0.5


COMMON = {
    "German": ("„We won“, she said", "“We won”, she said"),
    "French, spaced": ("« We won », she said", "“ We won ”, she said"),
    "doubled single": ("''We won,'' she said", "“ We won,”  she said"),
    "backticks": ("``We won'' she said", "“ We won”  she said"),
    "curly and straight stay": ('“We won” and "no", it\'s', '“We won” and "no", it\'s'),
}


@pytest.mark.parametrize(("text", "expected"), COMMON.values(), ids=COMMON.keys())
def test_with_common_marks_keeps_the_offsets(text, expected):
    assert with_common_marks(text) == expected
    assert len(expected) == len(text)


@given(st.text(alphabet="“”„«»'`\"‘’ ab.\n", max_size=40))
def test_with_common_marks_keeps_the_length_of_any_text(text):
    assert len(with_common_marks(text)) == len(text)
