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


@pytest.mark.parametrize(
    ("edit", "part", "expected"),
    [
        (Edit(7, 8, ". ", "glued", "g"), " Photo: Jo", "Photo: Jo"),
        (Edit(7, 8, ". ", "glued", "g"), ". Photo: Jo", ".Photo: Jo"),
        (Edit(8, 9, " P", "glued", "g"), "It fell. ", "It fell."),
        (Edit(7, 8, "…!", "glued", "g"), "!Photo", ".Photo"),
    ],
    ids=["behind a stop", "with the stop", "before a capital", "other characters"],
)
def test_to_source_leaves_characters_that_only_had_a_space_put_beside_them(edit, part, expected):
    draft = Draft("It fell.Photo: Jo", [edit])
    start = draft.text.index(part)
    source_start, source_end = draft.to_source(start, start + len(part))
    assert draft.source_text[source_start:source_end] == expected


def test_removals_cuts_overlapping_spans_apart():
    draft = Draft("abcdefgh", [])
    spans = [Span(2, 6, "share", "s"), Span(0, 4, "related", "r"), Span(1, 3, "share", "inner")]
    assert [(edit.start, edit.end, edit.category) for edit in draft.removals(spans)] == [
        (0, 4, "related"),
        (4, 6, "share"),
    ]


def test_removals_do_not_share_what_one_replacement_stands_for():
    # The span ends within the two characters that stand for "&x;".
    draft = Draft("ab&x;cd", [Edit(2, 5, "\n!", "mojibake", "m")])
    spans = [Span(0, 3, "furniture", "f"), Span(3, 6, "share", "s")]
    assert [(edit.start, edit.end, edit.category) for edit in draft.removals(spans)] == [
        (0, 5, "furniture"),
        (5, 7, "share"),
    ]


def test_from_source_is_the_way_back_of_to_source():
    draft = Draft("one  two&amp;three", [Edit(3, 5, " ", "whitespace", "x"), Edit(8, 13, "&", "entity", "y")])
    assert draft.text == "one two&three"
    assert draft.from_source(5, 8) == (4, 7)
    assert draft.from_source(13, 18) == (8, 13)
    assert draft.from_source(8, 13) == (7, 8)
    assert draft.to_source(*draft.from_source(5, 18)) == (5, 18)
