import pytest

from tasks.publish.wording import compare_wordings, wording_key


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
