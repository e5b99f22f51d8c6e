import pytest

from tasks.publish.wording import compare_with_all, compare_wordings, is_part, wording_key


@pytest.mark.parametrize(
    ("text", "canonical", "marked"),
    [
        pytest.param("The boats run.", "The boats run.", "The boats run.", id="same"),
        pytest.param("The boats sail.", "The boats run.", "The boats [sail].", id="another-word"),
        pytest.param("The big boats run.", "The boats run.", "The [big] boats run.", id="a-word-more"),
        pytest.param("The run.", "The boats run.", "The{boats} run.", id="a-word-less"),
        pytest.param("the boats, run", "The boats run.", "the boats, run", id="case-and-marks-are-no-difference"),
        pytest.param("Don’t go", "Don't go", "Don’t go", id="apostrophes-are-one"),
        pytest.param("", "The boats", "{The boats}", id="nothing-printed"),
        pytest.param("…", "", "…", id="no-words"),
    ],
)
def test_compare_wordings_marks_words_that_differ(text: str, canonical: str, marked: str) -> None:
    runs = compare_wordings(text, canonical)
    shown = "".join(
        f"{{{run.left_out}}}" if run.left_out else f"[{run.text}]" if run.differs else run.text for run in runs
    )
    assert shown == marked
    assert "".join(run.text for run in runs) == text


def test_wording_key_ignores_case_marks_and_spacing() -> None:
    assert wording_key("“We won’t ,  go”") == wording_key("we won't go!")
    assert wording_key("We won't go") != wording_key("We will not go")


@pytest.mark.parametrize(
    ("canonical", "others", "marked"),
    [
        pytest.param("The boats run.", [], "The boats run.", id="alone"),
        pytest.param("The boats run.", ["the boats run"], "The boats run.", id="same-words"),
        pytest.param("The boats run.", ["The boats sail."], "The boats [run].", id="one-differs"),
        pytest.param("The old boats run.", ["The boats run.", "The old boats sail."], "The old boats run.", id="half"),
        pytest.param(
            "The old boats run.",
            ["The boats run.", "The big boats sail.", "The boats run"],
            "The [old] boats run.",
            id="most",
        ),
        pytest.param("Boats run.", ["Old boats run."], "Boats run.", id="others-say-more"),
        pytest.param("“Go!”", ["Stay"], "“[Go]!”", id="marks-stay-unmarked"),
    ],
)
def test_compare_with_all_marks_words_that_most_others_lack(canonical: str, others: list[str], marked: str) -> None:
    runs = compare_with_all(canonical, others)
    assert "".join(f"[{run.text}]" if run.differs else run.text for run in runs) == marked
    assert "".join(run.text for run in runs) == canonical


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [("run on Friday", "The boats run on Friday, he said", True), ("boats on Friday", "The boats run on Friday", False),
     ("The boats run", "the boats", False)],
    ids=["cut-short", "words-between", "longer"],
)  # fmt: skip
def test_is_part_finds_a_wording_in_a_longer_one(text: str, other: str, expected: bool) -> None:
    assert is_part(wording_key(text), wording_key(other)) is expected
