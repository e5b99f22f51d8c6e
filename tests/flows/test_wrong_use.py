"""Wrong uses of the command line: the exit code, and a message that says what to do next."""

import sys
from pathlib import Path

import pytest

from flows import __main__ as cli


def run_main(arguments: list[str], warehouse: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """The code with which the command line exits, called in a folder of one paper and a warehouse."""
    monkeypatch.chdir(folder)
    (folder / "paper.txt").write_text("text")
    (folder / "bad.toml").write_text("x = [")
    (folder / "w").symlink_to(warehouse)
    monkeypatch.setattr(sys, "argv", ["onrecord", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(["show", "quotes"], 1, "run `onrecord run data/sample` first", id="nothing-published"),
        pytest.param(["show", "quote"], 2, "did you mean quotes", id="no-such-table"),
        pytest.param(["run", "nowhere"], 2, "no file or folder is called 'nowhere' in", id="no-such-input"),
        pytest.param(["run", "paper.txz"], 2, "did you mean 'paper.txt'?", id="input-mistyped"),
        pytest.param(["run", "gone/a.txt"], 2, "there is no folder 'gone' either", id="no-such-folder"),
        pytest.param(["run"], 2, "Missing argument", id="no-input"),
        pytest.param(["run", "paper.txt", "--columns", "gone.toml"], 2, "gone.toml cannot be read", id="no-columns"),
        pytest.param(["run", "paper.txt", "--columns", "bad.toml"], 2, "bad.toml cannot be read", id="bad-columns"),
        pytest.param(["run", "https://a:b@x.example/"], 2, "give it in the environment", id="password"),
        pytest.param(["rnu", "paper.txt"], 2, "Did you mean 'run'?", id="no-such-command"),
        pytest.param(["show", "--tabel", "quotes"], 2, "No such option: --tabel", id="no-such-option"),
        pytest.param(["show", "quotes", "-n", "0"], 2, "greater than or equal to 1", id="no-rows"),
        pytest.param(["show", "quotes", "-w", "w", "-c", "speaker"], 2, "did you mean speaker_", id="no-such-column"),
        pytest.param(["describe", "nosuch"], 2, "tables: articles", id="describe-no-table"),
        pytest.param(["quotes"], 2, "Missing option '--by'", id="nobody-named"),
        pytest.param(["quotes", "--by", "Olsenn", "-w", "w"], 1, "did you mean 'Bjørk Olsen'?", id="name-mistyped"),
        pytest.param(["quotes", "--by", "nobody", "-w", "w"], 1, "`onrecord show entities` lists", id="nobody-such"),
        pytest.param(
            ["quotes", "--by", "olsen", "--kind", "loud", "-w", "w"], 2, "direct, mixed, indirect", id="no-such-kind"
        ),
        pytest.param(
            ["quotes", "--by", "olsen", "--story", "x", "-w", "w"], 1, "leave out --story or --kind", id="filtered"
        ),
        pytest.param(["explain", "zzzz", "-w", "w"], 1, "show documents", id="explain-unknown"),
        pytest.param(["takedown", "zzz", "--reason", "x", "-w", "w"], 1, "nothing was taken down", id="takedown"),
        pytest.param(["takedown", "zzz", "-w", "w"], 2, "Missing option '--reason'", id="no-reason"),
        pytest.param(["maintain", "-w", "gone"], 2, "name its folder with --warehouse", id="no-warehouse"),
        pytest.param(["rebuild", "-w", "gone"], 1, "run `onrecord run data/sample` first", id="rebuild-nothing"),
        pytest.param(["export", "xls", "out", "-w", "w"], 2, "is not one of 'csv', 'xlsx'", id="no-such-format"),
        pytest.param(["export", "csv", "w", "-w", "w"], 1, "replace it with --replace", id="there-already"),
        pytest.param(["export", "csv", "o", "-t", "quote", "-w", "w"], 2, "did you mean quotes", id="export-no-table"),
        pytest.param(["export", "csv", "paper.txt/out", "-w", "w"], 1, "cannot be written", id="no-folder-to-write"),
        pytest.param(
            ["backfill", "2026-02-01", "2026-01-01", "%Y.txt"], 2, "the first day comes first", id="days-exchanged"
        ),
        pytest.param(["backfill", "2026-01-01", "2026-01-02", "a.txt"], 2, "which day it is of", id="no-day-in-name"),
        pytest.param(["backfill", "2026-13-01", "2026-01-02", "%Y.txt"], 2, "does not match the", id="no-such-day"),
        pytest.param(["serve", "--port", "65535"], 2, "less than or equal to 65534", id="last-port"),
    ],
)
def test_main_exits_with_a_code_and_a_message(
    arguments: list[str],
    code: int,
    message: str,
    warehouse: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys,
) -> None:
    assert run_main(arguments, warehouse, tmp_path, monkeypatch) == code
    # A box around a message breaks its lines.
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["run", "paper.txt", "-w", "new"], id="run"),
        pytest.param(["run", "paper.txt", "-w", "w", "--verbose"], id="run-verbose"),
        pytest.param(["rebuild", "-w", "w"], id="rebuild"),
        pytest.param(["doctor", "-w", "w"], id="doctor"),
    ],
)
@pytest.mark.parametrize("setting", ["two", "-1"])
def test_main_tells_of_a_number_of_workers_that_is_none(
    arguments: list[str],
    setting: str,
    warehouse: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys,
) -> None:
    monkeypatch.setenv("ONRECORD_WORKERS", setting)
    assert run_main(arguments, warehouse, tmp_path, monkeypatch) == 2
    told = capsys.readouterr().err
    assert f"onrecord: ONRECORD_WORKERS is {setting!r}: give a number of processes, as 2" in told
    assert "the run failed" not in told
    assert not (tmp_path / "new").exists()
