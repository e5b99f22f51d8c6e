import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.publish.marked_text import Edit, Mark, Paragraph, Stretch, mark_article, walk_source


def remove(start: int, end: int) -> Edit:
    return Edit(start=start, end=end, category="advertisement", rule_name="rule")


def mend(start: int, end: int, after: str, category: str = "glued") -> Edit:
    return Edit(start=start, end=end, category=category, rule_name="rule", after=after, removed=False)


def show(paragraphs: list[Paragraph]) -> str:
    """Paragraphs parted by |, removed text in <>, mended in ~~, marks as role(text)."""
    shown = []
    for paragraph in paragraphs:
        line = ""
        for piece in paragraph.pieces:
            text = f"<{piece.text}>" if piece.is_removed else f"~{piece.text}~" if piece.is_mended else piece.text
            line += f"{'+'.join(piece.roles)}({text})" if piece.roles else text
        shown.append(line)
    return "|".join(shown)


@pytest.mark.parametrize(
    ("source", "edits", "text"),
    [
        pytest.param("abc", [], "abc", id="no-edit"),
        pytest.param("abc", [remove(1, 2)], "ac", id="removed"),
        pytest.param("abc", [mend(1, 2, "xyz")], "axyzc", id="mended"),
        pytest.param("abc", [mend(1, 1, " ")], "a bc", id="inserted"),
        pytest.param("abc", [remove(0, 3)], "", id="all-removed"),
        pytest.param("", [], "", id="empty"),
    ],
)
def test_walk_source_rebuilds_both_texts(source: str, edits: list[Edit], text: str) -> None:
    stretches = walk_source(source, edits)
    assert "".join(stretch.after for stretch in stretches) == text
    assert "".join(stretch.before for stretch in stretches) == source
    assert [stretch.position for stretch in stretches if stretch.after] == [
        sum(len(other.after) for other in stretches[:number])
        for number, stretch in enumerate(stretches)
        if stretch.after
    ]


@pytest.mark.parametrize("edits", [[remove(0, 2), remove(1, 3)], [remove(0, 9)]], ids=["overlap", "outside"])
def test_walk_source_refuses_edits_that_do_not_fit(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit rule at"):
        walk_source("abc", edits)


@pytest.mark.parametrize(
    ("source", "edits", "marks", "shown"),
    [
        pytest.param("One.\n\nTwo.\n\nThree.", [], [], "One.|Two.|Three.", id="paragraphs"),
        pytest.param("One [ad] two.", [remove(4, 9)], [], "One <[ad]>two.", id="removed-inside-a-line"),
        pytest.param("One.\n\n[ad]\n\nTwo.", [remove(6, 12)], [], "One.|<[ad]>|Two.", id="removed-line"),
        pytest.param("[a]\n[b]\nOne.", [remove(0, 4), remove(4, 8)], [], "<[a]><[b]>|One.", id="removed-lines"),
        pytest.param("One.\n\n\n\nTwo.", [remove(6, 8)], [], "One.|Two.", id="removed-white-space"),
        pytest.param("One.\nTwo.", [mend(4, 5, "\n\n", "whitespace")], [], "One.|Two.", id="mended-break"),
        pytest.param("One.Two.", [mend(4, 4, " ")], [], "One. Two.", id="inserted-space-is-not-shown"),
        pytest.param("Itâ€™s on", [mend(2, 5, "’", "mojibake")], [], "It~’~s on", id="mended"),
        pytest.param(
            "“Go,” said Ann.", [],
            [Mark(start=1, end=4, role="quote"), Mark(start=6, end=10, role="cue"),
             Mark(start=11, end=14, role="speaker")],
            "“quote(Go,)” cue(said) speaker(Ann).", id="marks",
        ),
        pytest.param(
            "abcdef", [], [Mark(start=0, end=4, role="quote"), Mark(start=2, end=6, role="figure")],
            "quote(ab)quote+figure(cd)figure(ef)", id="marks-overlap",
        ),
        pytest.param(
            "Go on.\n\nGo home.", [], [Mark(start=0, end=16, role="quote")], "quote(Go on.)|quote(Go home.)",
            id="mark-over-paragraphs",
        ),
    ],
)  # fmt: skip
def test_mark_article_puts_marks_and_removed_text_in_their_place(
    source: str, edits: list[Edit], marks: list[Mark], shown: str
) -> None:
    stretches = walk_source(source, edits)
    assert show(mark_article("".join(stretch.after for stretch in stretches), stretches, marks)) == shown


def test_mark_article_tells_whose_marks_they_are() -> None:
    marks = [
        Mark(start=0, end=4, role="quote", owner="q1"),
        Mark(start=2, end=3, role="cue", owner="q2"),
        Mark(start=2, end=3, role="speaker", owner="q1"),
    ]
    [paragraph] = mark_article("abcd", [Stretch("abcd", "abcd", 0)], marks)
    assert [piece.owners for piece in paragraph.pieces] == [("q1",), ("q1", "q2"), ("q1",)]


def test_mark_article_refuses_edits_that_do_not_rebuild_the_text() -> None:
    with pytest.raises(ValueError, match="do not rebuild"):
        mark_article("other", walk_source("text", []), [])


@given(st.lists(st.sampled_from(["One two.", "\n\n", "[ad]"]), max_size=8), st.data())
def test_mark_article_keeps_every_character_of_the_text(parts: list[str], data: st.DataObject) -> None:
    source = "".join(parts)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(source)), max_size=4)))
    edits = [remove(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    stretches = walk_source(source, edits)
    text = "".join(stretch.after for stretch in stretches)
    marks = [Mark(start=0, end=len(text) // 2, role="quote")] if len(text) > 1 else []
    pieces = [piece for paragraph in mark_article(text, stretches, marks) for piece in paragraph.pieces]
    kept = "".join(piece.text for piece in pieces if not piece.is_removed)
    assert kept.replace("\n", "") == text.replace("\n", "")


def test_mark_article_points_out_what_is_in_doubt_and_leaves_it() -> None:
    flag = Edit(start=4, end=7, category="glued", rule_name="rule", after="two", removed=False, proposal="t wo")
    [paragraph] = mark_article("One two.", walk_source("One two.", [flag]), [])
    assert [(piece.text, piece.is_flagged, piece.is_mended) for piece in paragraph.pieces] == [
        ("One ", False, False),
        ("two", True, False),
        (".", False, False),
    ]
