import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.evaluate_speakers import app, names_agree, read_labels
from tasks.train.brat import GoldArticle, GoldAttribution
from tests.train.tiny_training import write_brat_articles

RUN = CliRunner()
TEXT = "Mara Lind opened the ferry line on Monday. “We won,” she said. A clerk said the ferry was late."
LABELS = [("she", "pronoun", ["Mara Lind"]), ("A clerk", "common noun", [])]


def make_attribution(source: str, cue_before: int, content: str) -> GoldAttribution:
    start, cue, said = TEXT.index(source), TEXT.index("said", cue_before), TEXT.index(content)
    return GoldAttribution(((said, said + len(content)),), ((start, start + len(source)),), ((cue, cue + 4),))


@pytest.fixture(scope="module")
def polnear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("polnear")
    clerk = TEXT.index("A clerk")
    attributions = (make_attribution("she", 0, "We won"), make_attribution("A clerk", clerk, "the ferry was late"))
    write_brat_articles(folder / "dev", [GoldArticle("ferry", TEXT, attributions)])
    return folder


def write_labels(path: Path, *, wrong: bool = False) -> Path:
    lines = []
    for source, form, right in LABELS:
        start = TEXT.index(source)
        lines.append(
            {
                "article": "ferry",
                "split": "dev",
                "source_start": start,
                "source_end": start + len(source),
                "source_text": source,
                "form": form,
                "cue_start": None,
                "content_start": None,
                "right": ["Tomas Roth"] if wrong else right,
            }
        )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_main_scores_by_form_and_method_and_end_to_end(polnear: Path, tmp_path: Path) -> None:
    result = RUN.invoke(app, [str(write_labels(tmp_path / "labels.jsonl")), str(polnear)])
    assert result.exit_code == 0, result.output
    given, found = result.stdout.split("attributions of the tagger: ")
    assert "attributions given: 2 of 2 right (100.0%)" in given
    assert "form    pronoun        1 of 1 right" in given
    assert "method  unnamed        1 of 1 right" in given
    assert found.startswith("2 of 2 right")


def test_main_lists_faults(polnear: Path, tmp_path: Path) -> None:
    labels = write_labels(tmp_path / "labels.jsonl", wrong=True)
    result = RUN.invoke(app, [str(labels), str(polnear), "--faults"])
    assert "attributions given: 0 of 2 right" in result.stdout
    assert "'she' is Tomas Roth: Mara Lind (pronoun)" in result.stdout
    assert "'A clerk' is Tomas Roth: unnamed (unnamed)" in result.stdout


def test_main_says_where_nothing_is_to_be_scored(tmp_path: Path) -> None:
    result = RUN.invoke(app, [str(tmp_path / "none.jsonl"), str(tmp_path)])
    assert (result.exit_code, "nothing is scored" in result.stdout) == (0, True)


@pytest.mark.parametrize("line", ["{", "[]", '{"article": "ferry"}'])
def test_read_labels_names_the_line_that_is_none(tmp_path: Path, line: str) -> None:
    path = write_labels(tmp_path / "labels.jsonl")
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(ValueError, match="line 3 is no label"):
        read_labels(path)


def test_main_refuses_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("nothing\n", "utf-8")
    result = RUN.invoke(app, [str(path), str(tmp_path)])
    assert (result.exit_code, "line 1 is no label" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("found", "right", "text", "expected"),
    [
        ("Mara Lind", "Mara A. Lind", "", True),
        ("Mara Lind", "Tomas Lind", "", False),
        ("Lind", "Mara Lind", "Lind spoke.", True),
        ("Lind", "Mara Lind", "Mara Lind spoke. Lind left.", False),
        ("Harbour Safety Board", "HSB", "", True),
        ("Russia", "Moscow", "", True),
        ("Roth", "Mara Lind", "Roth spoke.", False),
    ],
)
def test_names_agree(found: str, right: str, text: str, *, expected: bool) -> None:
    assert names_agree(found, right, text) is expected
