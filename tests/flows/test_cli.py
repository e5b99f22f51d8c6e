import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import __main__ as cli
from flows.__main__ import app
from schemas import PUBLISHED_TABLES
from tasks.publish.snapshot import hash_file
from tests.made_up_tables import MADE_UP, MadeUp, made_up_rows, publish_made_up

COMMANDS = (
    "run",
    "show",
    "describe",
    "quotes",
    "tables",
    "explain",
    "quarantine",
    "takedown",
    "maintain",
    "check",
    "serve",
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("warehouse")
    publish_made_up(root)
    return str(root)


def call(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `onrecord`, in this process."""
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command: str) -> None:
    code, out, _ = call(command, "--help")
    assert code == 0
    assert f"onrecord {command}" in out


def test_help_lists_every_command() -> None:
    _, out, _ = call("--help")
    assert {command.name or command.callback.__name__ for command in app.registered_commands} == set(COMMANDS)
    assert all(command in out for command in COMMANDS)


def test_show_prints_rows_and_how_many_there_are(warehouse: str) -> None:
    code, out, _ = call("show", "quotes", "-w", warehouse, "--limit", "2")
    assert code == 0
    assert "speaker_name" in out
    assert "2 of 5 rows" in out


def test_show_prints_the_columns_asked_for(warehouse: str) -> None:
    _, out, _ = call("show", "figures", "-w", warehouse, "--columns", "text, value")
    assert out.splitlines()[0].split() == ["text", "value"]
    assert "seven hours" in out


def test_show_gives_all_columns_as_json(warehouse: str) -> None:
    _, out, _ = call("show", "stories", "-w", warehouse, "--json")
    rows = json.loads(out)
    assert {row["headline"] for row in rows} == {"Ferry talks end without a deal", "Library to open on Sundays"}
    assert rows[0]["first_published_at"] == "2026-03-04T09:30:00+00:00"


def test_tables_counts_every_table(warehouse: str) -> None:
    _, out, _ = call("tables", "-w", warehouse, "--json")
    counts = json.loads(out)
    assert set(counts) == set(PUBLISHED_TABLES)
    assert counts["articles"] == len(MADE_UP)


def test_describe_gives_type_unit_and_limits() -> None:
    _, out, _ = call("describe", "articles")
    [line] = [line for line in out.splitlines() if line.startswith("word_count")]
    assert "integer, words" in line
    assert "≥ 1" in line


def test_quotes_prints_outlet_words_and_cue(warehouse: str) -> None:
    code, out, _ = call("quotes", "--by", "bjork olsen", "-w", warehouse)
    assert code == 0
    assert "Harbour Herald" in out
    assert "“The boats will sail on Friday,”" in out
    assert "direct · said · Bjork Olsen, fisheries minister" in out


def test_quotes_of_nobody_is_a_problem(warehouse: str) -> None:
    code, _, err = call("quotes", "--by", "nobody", "-w", warehouse)
    assert code == 1
    assert "show entities" in err


def test_quotes_refuses_an_unknown_kind(warehouse: str) -> None:
    code, _, err = call("quotes", "--by", "olsen", "--kind", "loud", "-w", warehouse)
    assert code == 2
    assert "direct, mixed, indirect" in err


def test_explain_prints_removed_text_with_its_rule(warehouse: str) -> None:
    _, out, _ = call("explain", MADE_UP[0].article_id[:5], "-w", warehouse)
    assert "⟦advertisement, made_up_advertisement: [advert]⟧" in out
    assert "She would not name a price." in out


def test_check_passes_what_was_published(warehouse: str) -> None:
    code, out, _ = call("check", "-w", warehouse)
    assert code == 0
    assert "19 files and 35 rows" in out


def test_check_notices_a_changed_file_beside_the_tables(tmp_path: Path) -> None:
    (publish_made_up(tmp_path) / "views.sql").write_text("")
    assert call("check", "-w", str(tmp_path))[0] == 1


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        pytest.param(lambda path: path.unlink(), "missing", id="file-gone"),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes() + b" "), "bytes are not those", id="bytes-changed"
        ),
        pytest.param(
            lambda path: (path.parent / "more.parquet").write_bytes(path.read_bytes()), "not listed", id="added"
        ),
    ],
)
def test_check_names_what_is_wrong(tmp_path: Path, damage, fault: str) -> None:
    snapshot = publish_made_up(tmp_path)
    damage(snapshot / "stories" / "part-0.parquet")
    code, _, err = call("check", "-w", str(tmp_path))
    assert code == 1
    assert fault in err
    assert "1 fault" in err


def test_check_finds_columns_that_are_not_declared(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    snapshot = publish_made_up(tmp_path)
    path = snapshot / "stories" / "part-0.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["headline"]), path)
    manifest = json.loads((snapshot / "manifest.json").read_text())
    manifest["tables"]["stories"]["files"][0]["sha256"] = hash_file(path)
    (snapshot / "manifest.json").write_text(json.dumps(manifest))
    _, _, err = call("check", "-w", str(tmp_path))
    assert "column headline is absent, declared as string" in err


def test_text_from_articles_is_neither_markup_nor_control(tmp_path: Path) -> None:
    evil = "[bold red]not markup[/] \x1b[2J\x9b1m\u202eback"
    item = MadeUp("evil.txt", f"{evil} he said.", f"Title {evil}", "[link=x]Out[/]let", "story-0123456789ab")
    item.quotes = [{"content": evil, "speaker": None, "cue": "said", "who": ("person-00000000000a", "Bjørk Olsen")}]
    publish_made_up(tmp_path, made_up_rows([item]))
    for arguments in (
        ["show", "quotes"],
        ["show", "articles", "--json"],
        ["quotes", "--by", "olsen"],
        ["explain", "evil.txt"],
    ):
        code, out, _ = call(*arguments, "-w", str(tmp_path))
        assert code == 0
        assert "[bold red]not markup[/]" in out
        assert not set("\x1b\x9b\u202e") & set(out)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(["show", "quotes"], 1, "run `onrecord run data/sample` first", id="nothing-published"),
        pytest.param(["show", "quote"], 2, "did you mean quotes", id="no-such-table"),
        pytest.param(["run", "nowhere"], 2, "no file or folder is called 'nowhere'", id="no-such-input"),
        pytest.param(["loud"], 2, "No such command", id="no-such-command"),
    ],
)
def test_main_exits_with_a_code_and_a_message(
    arguments: list[str], code: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["onrecord", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == code
    assert message in capsys.readouterr().err


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['onrecord', '--help']\n"
        "from flows.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('prefect', 'pandas', 'spacy', 'duckdb', 'pyarrow', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_maintain_removes_old_snapshots(tmp_path: Path) -> None:
    for _ in range(3):
        publish_made_up(tmp_path)
    code, out, _ = call("maintain", "--keep", "1", "-w", str(tmp_path))
    assert code == 0
    assert "2 snapshots" in out
