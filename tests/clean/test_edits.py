import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.articles import RemovedSpan, Repair
from tasks.clean.edits import (
    Edit,
    apply_edits,
    drop_spaces_beside,
    edits_to_rows,
    keep_outside,
    rebuild_source_text,
    sort_edits,
)


def test_apply_edits_removes_and_replaces():
    edits = [Edit(6, 11, "there", "glued", "b"), Edit(0, 1, "H", "glued", "a"), Edit(11, 13, "", "furniture", "c")]
    assert apply_edits("hello world!!", edits) == "Hello there"


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 4, "", "furniture", "a"), Edit(3, 5, "", "furniture", "b")],
        [Edit(2, 2, "x", "glued", "a")],
    ],
    ids=["overlap", "empty"],
)
def test_sort_edits_rejects(edits):
    with pytest.raises(ValueError, match="empty or overlaps"):
        sort_edits(edits)


def test_keep_outside_drops_edits_inside_a_cover():
    inside, outside = Edit(3, 4, "x", "entity", "a"), Edit(9, 10, "y", "entity", "b")
    assert keep_outside([inside, outside], [Edit(0, 5, "", "furniture", "c")]) == [outside]


def test_drop_spaces_beside_drops_only_spaces_put_between_words_and_a_cover():
    source = "end.Photo:JoThe"
    before, after = Edit(3, 4, ". ", "glued", "a"), Edit(12, 13, " T", "glued", "b")
    marked = Edit(3, 4, "! ", "punctuation", "c")
    assert drop_spaces_beside([before, after], [Edit(4, 12, "", "credit", "d")], source) == []
    assert drop_spaces_beside([marked, after], [Edit(4, 10, "", "credit", "d")], source) == [marked, after]


def test_edits_to_rows_tells_removals_from_repairs():
    removed, repairs = edits_to_rows(
        "a  b[ad_1]", [Edit(1, 3, " ", "whitespace", "w"), Edit(4, 10, "", "shortcode", "s")], "d"
    )
    assert [(row.start_char, row.end_char, row.category, row.text) for row in removed] == [
        (4, 10, "shortcode", "[ad_1]")
    ]
    assert [(row.before, row.after) for row in repairs] == [("  ", " ")]


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        ("it openTheir doors", [Edit(7, 8, " T", "glued", "g")], [("openTheir", "open Their", True)]),
        ("it openTheir doors", [Edit(7, 8, "T", "glued", "g", " T")], [("openTheir", "open Their", False)]),
        (
            "atoneTwoThree",
            [Edit(5, 6, " T", "glued", "g"), Edit(8, 9, " T", "glued", "g")],
            [("atoneTwo", "atone Two", True), ("Three", " Three", True)],
        ),
        ("a &amp; b", [Edit(2, 7, "&", "entity", "e")], [("&amp;", "&", True)]),
    ],
    ids=["applied", "flagged", "two in a word", "not in a word"],
)
def test_edits_to_rows_shows_words_and_what_is_applied(text, edits, expected):
    _, repairs = edits_to_rows(text, edits, "d")
    assert [(row.before, row.after, row.is_applied) for row in repairs] == expected
    assert rebuild_source_text(apply_edits(text, edits), [], repairs) == text


def test_rebuild_source_text_passes_over_repairs_not_applied():
    flag = Edit(0, 1, "a", "glued", "g", " a")
    assert rebuild_source_text("ab", *edits_to_rows("ab", [flag], "d")) == "ab"


@st.composite
def texts_with_edits(draw):
    text = draw(st.text(max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        kind = draw(st.sampled_from(["whitespace", "glued"]))
        edits.append(Edit(start, end, draw(st.sampled_from(["", "", "x", "\n\n", "’"])), kind, "made_up"))
    return text, edits


@given(texts_with_edits())
def test_rebuild_source_text_undoes_every_edit(case):
    text, edits = case
    assert rebuild_source_text(apply_edits(text, edits), *edits_to_rows(text, edits, "d")) == text


def removed(start, end, text):
    return RemovedSpan(document_id="d", start_char=start, end_char=end, category="furniture", rule_name="r", text=text)


@pytest.mark.parametrize(
    ("text", "spans", "repairs"),
    [
        ("ab", [removed(0, 2, "xx"), removed(1, 3, "yy")], []),
        ("ab", [removed(9, 10, "x")], []),
        ("ab", [removed(0, 3, "x")], []),
        (
            "ab",
            [],
            [
                Repair(
                    document_id="d",
                    start_char=0,
                    end_char=1,
                    category="entity",
                    rule_name="r",
                    before="q",
                    after="z",
                    is_applied=True,
                )
            ],
        ),
    ],
    ids=["overlap", "past the end", "wrong length", "wrong outcome"],
)
def test_rebuild_source_text_rejects_rows_that_do_not_fit(text, spans, repairs):
    with pytest.raises(ValueError, match=r"the (row|repair) at"):
        rebuild_source_text(text, spans, repairs)
