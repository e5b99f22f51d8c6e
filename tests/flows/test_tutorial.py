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


def says(output: str, line: str) -> bool:
    """Whether the output holds the line, its counts within a fiftieth: processors round the tagger's sums unlike."""
    pattern = re.sub(r"\d+", r"(\\d+)", re.escape(line))
    counts = [int(count) for count in re.findall(r"\d+", line)]
    return any(
        all(abs(int(found) - count) * 50 <= count for found, count in zip(match.groups(), counts, strict=True))
        for match in re.finditer(pattern, output)
    )


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


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param("stories 5 quotations 186, 154 named", True, id="the same"),
        pytest.param("stories 5 quotations 185, 153 named", True, id="one less"),
        pytest.param("stories 5 quotations 180, 153 named", False, id="too few"),
        pytest.param("stories 6 quotations 186, 154 named", False, id="a small count that differs"),
        pytest.param("stories 5 quotations", False, id="cut"),
    ],
)
def test_says_compares_counts_loosely(output: str, expected: bool) -> None:
    assert says(output, "stories 5 quotations 186, 154 named") is expected


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
            assert says(output, flat(line))


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
