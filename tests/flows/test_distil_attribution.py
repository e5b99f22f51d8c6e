import pytest
from typer.testing import CliRunner

from flows import distil_attribution, train_attribution

ARGUMENTS = ["--teacher", "tagger.onnx", "--texts", "articles.parquet", "--brat", "gold", "--conll", "names.txt"]


def test_help_needs_nothing_that_training_needs() -> None:
    result = CliRunner().invoke(distil_attribution.app, ["--help"])
    assert result.exit_code == 0
    assert "--teacher" in result.stdout


def test_main_says_how_to_install_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_attribution, "PACKAGES", ("json", "no_such_package"))
    result = CliRunner().invoke(distil_attribution.app, ARGUMENTS)
    assert result.exit_code == 2
    assert "error: no_such_package not installed; `make setup-train` installs" in result.stderr


def test_main_takes_no_size_beside_a_student(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_attribution, "PACKAGES", ("json",))
    for size in (["--heads", "30"], ["--inner", "6144"]):
        result = CliRunner().invoke(distil_attribution.app, [*ARGUMENTS, "--student", "small.onnx", *size])
        assert result.exit_code == 2
        assert "--student has its size already" in result.stderr
