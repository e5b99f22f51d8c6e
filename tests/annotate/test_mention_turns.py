import pytest

from tasks.annotate.mention_turns import find_labelled

CASES = {
    "surnames of the text": ("LIND: Yes.\n\nROTH: No.\n\nLIND: Why?", {"Lind"}, ["LIND", "LIND"]),
    "full names and offices": (
        "ANNA LIND: Yes.\n\nSEN. OLE ROTH (D-Kelm): No.\n\nLIND: Why?\n\nSEN. ROTH: So.",
        set(),
        ["ANNA LIND", "OLE ROTH", "LIND", "ROTH"],
    ),
    "parts in the talk": ("MODERATOR: Yes.\n\nAUDIENCE: No.\n\nMODERATOR: Why?", set(), []),
    "two labels": ("LIND: Yes.\n\nROTH: No.", {"Lind"}, []),
    "within a line": ("It is LIND: yes.\n\nSo ROTH: no.\n\nAnd LIND: why.", {"Lind"}, []),
}


@pytest.mark.parametrize(("text", "surnames", "expected"), CASES.values(), ids=CASES.keys())
def test_find_labelled_finds_who_speaks(text, surnames, expected):
    people, labels = find_labelled(text, surnames)
    assert [text[item.start : item.end] for item in people] == expected
    assert [text[start:end].endswith(name) for (start, end), name in zip(labels, expected, strict=True)] == [
        True
    ] * len(expected)
