import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.evaluate_attribution import app
from tests.train.tiny_training import write_brat_folder

RUN = CliRunner()


@pytest.fixture(scope="module")
def brat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_brat_folder(tmp_path_factory.mktemp("gold") / "brat")


@pytest.mark.parametrize("method", ["tagger", "rules"])
def test_main_scores_a_method_and_writes_what_it_finds(brat: Path, tmp_path: Path, method: str) -> None:
    predictions = tmp_path / "found.jsonl"
    result = RUN.invoke(app, [str(brat), "--method", method, "--predictions", str(predictions)])
    assert result.exit_code == 0, result.output
    assert f"{method}: " in result.stdout
    lines = [json.loads(line) for line in predictions.read_text("utf-8").splitlines()]
    assert [line["article"] for line in lines] == [f"article-{number}" for number in range(6)]
    text = (brat / "text" / "article-0.txt").read_text("utf-8")
    sources = {text[start:end] for quote in lines[0]["quotes"] for start, end in quote["source"] or []}
    assert "Mara Lind" in sources


def test_main_hands_the_predictions_to_another_scorer(brat: Path, tmp_path: Path) -> None:
    scorer = tmp_path / "scorer.py"
    scorer.write_text("import sys; open(sys.argv[0] + '.seen', 'w').write(' '.join(sys.argv[1:])); sys.exit(3)")
    predictions = tmp_path / "found.jsonl"
    result = RUN.invoke(app, [str(brat), "--predictions", str(predictions), "--scorer", str(scorer)])
    assert result.exit_code == 3
    assert Path(f"{scorer}.seen").read_text() == f"eval dev {predictions}"


def test_main_says_where_nothing_is_to_be_scored(tmp_path: Path) -> None:
    result = RUN.invoke(app, [str(tmp_path / "none")])
    assert (result.exit_code, "nothing is scored" in result.stdout) == (0, True)


def test_main_asks_for_a_model(brat: Path, tmp_path: Path) -> None:
    result = RUN.invoke(app, [str(brat), "--method", "tagger", "--model", str(tmp_path / "none.onnx")])
    assert (result.exit_code, "train one" in result.output) == (2, True)
