"""The tutorial and the README's first screen, followed step by step on the tables of the sample."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.__main__ import app

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(console|python)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def flat(text: str) -> str:
    return " ".join(text.split())


def run_command(line: str, first_output: str) -> str:
    """What a command prints; that of the run itself is known."""
    arguments = shlex.split(line.removeprefix("$ onrecord "))
    if arguments[0] == "run":
        return first_output
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def folder(sample_run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the sample's tables where `make run` leaves them."""
    assert sample_run.exit_code == 0, sample_run.output
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "warehouse").symlink_to(sample_run.warehouse)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_readme_shows_what_the_sample_gives(sample_run, folder: Path) -> None:
    [screen] = re.findall(r"^```\n(\$ make run\n.*?)^```", README, re.MULTILINE | re.DOTALL)
    output = ""
    for line in filter(None, screen.splitlines()):
        if line == "$ make run":
            output = flat(sample_run.output.replace(str(sample_run.warehouse), "data/warehouse"))
        elif line.startswith("$ .venv/bin/"):
            output = flat(run_command(line.replace(".venv/bin/", ""), sample_run.output))
        else:
            assert flat(line) in output


@pytest.mark.slow
def test_tutorial_prints_what_it_says(sample_run, folder: Path, capsys: pytest.CaptureFixture) -> None:
    names: dict = {"__name__": "tutorial"}
    for language, block in BLOCKS:
        if language == "python":
            exec(compile(block, "tutorial", "exec"), names)
            assert "Kosztova" in capsys.readouterr().out
            continue
        output = ""
        for line in filter(None, block.splitlines()):
            if line.startswith("$ "):
                output = flat(run_command(line, sample_run.output))
            else:
                assert flat(line) in output
