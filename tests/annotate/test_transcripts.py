import pytest

from tasks.annotate.attribution import Attribution
from tasks.annotate.transcripts import find_turns, put_turns_first

# text: (label, pieces) of its turns
CASES = {
    "marked turns": (
        "On air:\n\n“LIND: The dam holds.\n\n“ROTH: Does it hold in June?\n\n“LIND: It does.\n\n“It always did.”",
        [("LIND", ["The dam holds."]), ("ROTH", ["Does it hold in June?"]), ("LIND", ["It does.", "It always did."])],
    ),
    "turns without marks": (
        "Q: Is it safe?\n\nA: It is safe.\n\nWe looked at it twice.\n\nQ: When was that?\n\nThe paper thanks both.",
        [("Q", ["Is it safe?"]), ("A", ["It is safe.", "We looked at it twice."]), ("Q", ["When was that?"])],
    ),
    "asides are said by nobody": (
        "“MARA LIND: We won it.\n\n“(CROSSTALK.)\n\n“TOM ROTH (on camera): No, you lost.\n\n“MARA LIND: We won.”",
        [("MARA LIND", ["We won it."]), ("TOM ROTH", ["No, you lost."]), ("MARA LIND", ["We won."])],
    ),
    "a headline with a colon is no turn": (
        "Lind: Dam Holds.\n\nThe talk went as follows:\n\nLIND: It holds.\n\nROTH: Are you sure?\n\nLIND: I am.",
        [("LIND", ["It holds."]), ("ROTH", ["Are you sure?"]), ("LIND", ["I am."])],
    ),
    "a tally": ("Lind: 1,769.\n\nRoth: 1,501.\n\nLind: 547.\n\nRoth: 12.", []),
    "headings of a review": (
        "What You Get: It has a lamp.\n\nPrice: It is cheap.\n\nWhat You Get: It has two.\n\nPrice: Not so cheap.",
        [],
    ),
    "names that the text knows": (
        "Mara Lind met Tom Roth.\n\nMara Lind: It holds.\n\nRoth: Does it?\n\nLind: It does.\n\nRoth: We will see.",
        [
            ("Mara Lind", ["It holds."]),
            ("Roth", ["Does it?"]),
            ("Lind", ["It does."]),
            ("Roth", ["We will see."]),
        ],
    ),
    "two labels": ("NOTE: This text was mended.\n\nPHOTO: The old dam.", []),
    "one speaker": ("LIND: The dam holds.\n\nLIND: It always did.\n\nLIND: We looked.", []),
    "labels far apart": (
        "Lind: The dam holds.\n\n" + "The town slept.\n\n" * 4 + "Roth: It may break.\n\nLind: We looked.",
        [],
    ),
    "questions and answers": (
        "Q. Does it hold?\n\nA. It does not.\n\nQ. Does it rain?",
        [("Q", ["Does it hold?"]), ("A", ["It does not."]), ("Q", ["Does it rain?"])],
    ),
    "initials that open paragraphs": ("A. Lind walked on.\n\nQ. Roth came too.\n\nA. Lind sat down.", []),
    "parts in the talk": (
        "Question: Does it hold?\n\nAnswer: It does not.\n\nQuestion: Does it rain?",
        [("Question", ["Does it hold?"]), ("Answer", ["It does not."]), ("Question", ["Does it rain?"])],
    ),
    "an article": ("The mayor said: “We won.”\n\nShe left: it was late.", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_find_turns_finds_labels_and_what_is_said(text, expected):
    turns = find_turns(text)
    found = [(text[slice(*turn.speaker)], [text[start:end] for start, end in turn.segments]) for turn in turns]
    assert found == expected


def test_find_turns_flags_turns_without_marks():
    bare = "LIND: The dam holds.\n\nROTH: Does it hold?\n\nLIND: It does indeed."
    marked = bare.replace("LIND", "“LIND").replace("ROTH", "“ROTH")
    assert [turn.flags for turn in find_turns(bare)] == [{"no_marks"}] * 3
    assert [turn.flags for turn in find_turns(marked)] == [set()] * 3


def test_put_turns_first_keeps_what_is_no_reading_of_a_turn():
    turn = Attribution([(10, 60)], None, (4, 8), "transcript")
    same = Attribution([(4, 60)], None, None, "tagged")
    most = Attribution([(12, 50)], (10, 11), (10, 11), "tagged")
    small = Attribution([(30, 50)], (25, 29), (20, 24), "tagged")
    outside = Attribution([(70, 80)], (81, 85), None, "tagged")
    assert put_turns_first([turn], [same, most, small, outside]) == [turn, small, outside]
    assert put_turns_first([], [same]) == [same]
