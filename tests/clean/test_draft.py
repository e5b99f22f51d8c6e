import pytest

from tasks.clean.draft import Draft, Span
from tasks.clean.edits import Edit

SOURCE = "A&amp;B <b>bold</b> end"


def make_draft() -> Draft:
    edits = [Edit(1, 6, "&", "entity", "e"), Edit(8, 11, "", "markup", "t"), Edit(15, 19, "", "markup", "t")]
    return Draft(SOURCE, edits)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("A", "A"),
        ("&", "&amp;"),
        ("B", "B"),
        ("bold", "bold"),
        ("bold end", "bold</b> end"),
        ("A&B bold", "A&amp;B <b>bold"),
    ],
)
def test_to_source_finds_the_characters_again(part, expected):
    draft = make_draft()
    start = draft.text.index(part)
    source_start, source_end = draft.to_source(start, start + len(part))
    assert SOURCE[source_start:source_end] == expected


def test_removals_cuts_overlapping_spans_apart():
    draft = Draft("abcdefgh", [])
    spans = [Span(2, 6, "share", "s"), Span(0, 4, "related", "r"), Span(1, 3, "share", "inner")]
    assert [(edit.start, edit.end, edit.category) for edit in draft.removals(spans)] == [
        (0, 4, "related"),
        (4, 6, "share"),
    ]
