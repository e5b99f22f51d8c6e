import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.annotate.tagger import pieces as pieces_module
from tasks.annotate.tagger.pieces import MARK_STATES, SHAPES, PieceReader, shape_of
from tests.annotate.tagger.tiny_model import tiny_reader

SHAPE_OF = {
    "ferry": "lower",
    "Lind": "capital",
    "A": "capital",
    "NATO": "all_caps",
    "1962": "digit",
    "7th": "lower",
    "“": "other",
}


@pytest.mark.parametrize(("word", "shape"), SHAPE_OF.items(), ids=SHAPE_OF.keys())
def test_shape_of_tells_what_an_uncased_encoder_does_not_see(word, shape):
    assert SHAPES[shape_of(word)] == shape


# text: the mark states of its pieces, by first letter (n, o, i, c)
MARKS = {
    "curly": ("“we won” she", "oiicn"),
    "straight": ('"we won" she', "oiicn"),
    "German": ("„we won“ she", "oiicn"),
    "French": ("«we won» she", "oiicn"),
    "doubled single": ("''we won'' she", "ooiiccn"),
    "single, where no double stand": ("‘we won’ she", "oiicn"),
    "an apostrophe opens and closes nothing": ("the town’s ferry", "nnnnn"),
    "single inside double": ("“we ‘won’”", "oiiiic"),
    "unclosed, until the paragraph ends": ("“we won\n\nthe ferry", "oiinn"),
    "a closing mark alone": ("we won.” the", "nnnnn"),
}


@pytest.mark.parametrize(("text", "expected"), MARKS.values(), ids=MARKS.keys())
def test_mark_states_tells_where_marks_open_hold_and_close(text, expected):
    pieces = tiny_reader().read(text)
    assert "".join(MARK_STATES[state][0] for state in pieces.marks) == expected


def test_read_counts_offsets_in_characters_and_words_by_their_first_piece():
    text = "Mara lately.\n\nShe won 😀 late"
    pieces = tiny_reader().read(text)
    words = [text[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)]
    assert words == ["Mara", "late", "ly", ".", "She", "won", "😀", "late"]
    assert pieces.is_first.tolist() == [True, True, False, True, True, True, True, True]
    assert pieces.opens_paragraph.tolist() == [1, 0, 0, 0, 1, 0, 0, 0]
    assert pieces.paragraphs.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_read_takes_any_text(text):
    pieces = tiny_reader().read(text)
    lengths = {len(getattr(pieces, name)) for name in pieces.__slots__}
    assert len(lengths) == 1
    assert all(0 <= start < end <= len(text) for start, end in zip(pieces.starts, pieces.ends, strict=True))


def cut_whole(reader: PieceReader, text: str) -> list[tuple[int, int, int]]:
    """Number and offsets of the pieces, as the tokenizer gives them for the text in one."""
    encoding = reader.tokenizer.encode(text, add_special_tokens=False)
    return [(number, *offsets) for number, offsets in zip(encoding.ids, encoding.offsets, strict=True)]


def cut_by_words(reader: PieceReader, text: str) -> list[tuple[int, int, int]]:
    pieces = reader.read(text)
    return list(zip(pieces.ids.tolist(), pieces.starts.tolist(), pieces.ends.tolist(), strict=True))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["Mara", "lately.", "“We", "é", "e\u0301", "\u200b", "\t", "\x85", "中ferry", " ", "\n"]))
)
def test_read_cuts_word_by_word_as_the_tokenizer_cuts_the_text(parts):
    reader = tiny_reader()
    for text in ("".join(parts), " ".join(parts)):
        assert cut_by_words(reader, text) == cut_whole(reader, text) == cut_by_words(reader, text)


def test_read_learns_anew_what_it_forgot(monkeypatch):
    monkeypatch.setattr(pieces_module, "KNOWN_PIECES", 3)
    reader = tiny_reader()
    texts = ["Mara said we won", "the ferry", "Mara lately said"]
    assert [cut_by_words(reader, text) for text in texts] == [cut_whole(reader, text) for text in texts]
