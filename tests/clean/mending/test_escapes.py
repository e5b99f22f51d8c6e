import pytest

from tasks.clean.edits import apply_edits
from tasks.clean.mending.escapes import find_escapes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"the mayor\u2019s hat", "the mayor’s hat"),
        (r"the mayor\\u2019s hat", "the mayor’s hat"),
        (r"\ud83d\ude00 grins", "😀 grins"),
        (r"caf\xc3\xa9 and caf\xe9", "café and café"),
        (r"ten\u00a0boats", "ten\u00a0boats"),
        (r"\"Go,\" she said, and don\'t", '"Go," she said, and don\'t'),
        (r"https:\/\/coast.example\/a", "https://coast.example/a"),
        (r"It fell.\nThen it rose.\r\n\r\nIt stood.", "It fell.\n\nThen it rose.\n\nIt stood."),
        (r"It fell.\n", "It fell.\n\n"),
    ],
)
def test_find_escapes_puts_characters_in_place_of_their_codes(text, expected):
    assert apply_edits(text, sorted(find_escapes(text), key=lambda edit: edit.start)) == expected


@pytest.mark.parametrize(
    "text",
    [r"C:\new\users", r"\ud83d alone", r"\u0007", r"\u000a", r"\xzz", r"a \ b", r"to\n the sea", r"It fell.\nothing"],
)
def test_find_escapes_leaves_what_is_no_character(text):
    assert list(find_escapes(text)) == []
