import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.__main__ import app
from flows.reference import write_reference
from flows.summary import RunSummary
from schemas import PUBLISHED_TABLES
from tasks.batches import BATCH_STAGES
from tasks.publish.snapshot import hash_file
from tests.made_up_tables import MADE_UP, MadeUp, made_up_rows, publish_made_up

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]
REFERENCE = Path(__file__).parents[2] / "docs" / "commands.md"


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
    assert all(command in out for command in COMMANDS)


def test_reference_is_made_of_the_commands_as_they_are() -> None:
    assert REFERENCE.read_text("utf-8") == write_reference(), "run: python -m flows.reference > docs/commands.md"


def test_write_reference_tells_arguments_options_and_examples() -> None:
    text = write_reference()
    for command in COMMANDS:
        assert f"## onrecord {command}\n" in text
    assert "| `--limit`, `-n` | How many rows. | 20 |" in text
    assert "onrecord explain data/sample/ferry.txt" in text


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_shown_for_every_shell(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ONRECORD_COMPLETE", f"source_{shell}")
    result = CliRunner().invoke(app, [], prog_name="onrecord")
    assert "onrecord" in result.stdout
    assert "_ONRECORD_COMPLETE" in result.stdout


def test_completion_knows_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ONRECORD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "onrecord show quo")
    monkeypatch.setenv("COMP_CWORD", "2")
    result = CliRunner().invoke(app, [], prog_name="onrecord")
    assert result.stdout.split() == ["quotes", "quote_groups", "quote_variants"]


def test_completion_works_in_bash() -> None:
    onrecord = Path(sys.executable).parent / "onrecord"
    script = (
        f'PATH="{onrecord.parent}:$PATH"; eval "$(_ONRECORD_COMPLETE=source_bash onrecord)"\n'
        "COMP_WORDS=(onrecord describe quo); COMP_CWORD=2\n"
        '"$(complete -p onrecord | grep -o "[_a-z]*completion")" onrecord\n'
        'echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["quotes", "quote_groups", "quote_variants"]


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        pytest.param(["show", "stories"], {"story_id", "headline"}, id="show"),
        pytest.param(["describe", "stories"], {"column", "type", "meaning"}, id="describe"),
        pytest.param(["quotes", "--by", "olsen"], {"content", "outlet_name"}, id="quotes"),
        pytest.param(["quarantine"], {"check_name", "observed"}, id="quarantine"),
        pytest.param(["check"], {"snapshot", "files", "rows", "faults"}, id="check"),
        pytest.param(["tables"], {"quotes", "articles"}, id="tables"),
    ],
)
def test_json_is_what_scripts_get(arguments: list[str], keys: set[str], warehouse: str) -> None:
    place = [] if arguments[0] == "describe" else ["-w", warehouse]
    _, out, _ = call(*arguments, *place, "--json")
    value = json.loads(out)
    assert keys <= set(value[0] if isinstance(value, list) else value)


SUMMARY = RunSummary(
    run_id="2026-03-04T10-00-00",
    snapshot_number=2,
    inputs=0,
    articles=5,
    duplicates=0,
    quarantined=0,
    batches=1,
    reused_batches=1,
    stories=2,
    quotes=5,
    named_quotes=4,
    speakers=3,
    seconds=1.5,
    tables="current",
    report="report.html",
)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(
            ["takedown", MADE_UP[0].article_id, "--reason", "x"], {"taken_down": [MADE_UP[0].article_id]}, id="takedown"
        ),
        pytest.param(["quarantine", "--retry"], {"gone": ["inbox/empty.txt"]}, id="retry"),
        pytest.param(["rebuild"], {}, id="rebuild"),
    ],
)
def test_json_of_a_command_that_publishes_is_the_run_and_what_it_was_for(
    arguments: list[str], told: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_made_up(tmp_path)
    monkeypatch.setattr("flows.commands.building.run_flow", lambda *_, **__: [SUMMARY])
    code, out, _ = call(*arguments, "-w", str(tmp_path), "--json")
    value = json.loads(out)
    assert code == 0
    assert value["snapshot_number"] == 2
    assert told.items() <= value.items()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param([], {"columns": None, "allow_private": True}, id="as the run that refused them"),
        pytest.param(["--columns", "names.toml"], {"columns": "names.toml", "allow_private": True}, id="as is said"),
    ],
)
def test_retry_reads_inputs_as_they_were_read(
    given: list[str], expected: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_made_up(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("names.toml").write_text('text = "body_plain"')
    asked: dict = {}
    monkeypatch.setattr("flows.commands.keeping.build", lambda *_, **options: asked.update(options))
    code, _, _ = call("quarantine", "--retry", "-w", str(tmp_path), *given)
    assert (code, {name: asked[name] for name in expected}) == (0, expected)


def test_json_of_rebuild_tells_what_each_stage_has_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_made_up(tmp_path)
    monkeypatch.setattr("flows.commands.building.run_flow", lambda *_, **__: [SUMMARY])
    planned = json.loads(call("rebuild", "-w", str(tmp_path), "--json")[1])["planned"]
    assert [set(work) for work in planned] == [{"stage", "batches", "undone"}] * len(BATCH_STAGES)


def test_json_of_backfill_lists_its_runs_and_takes_the_last_method(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_made_up(tmp_path / "warehouse")
    (tmp_path / "2026-01-02.txt").write_text("text")
    methods = []

    def run_flow(_warehouse: Path, _verbose: bool, method: str, _work: object) -> list[RunSummary]:
        methods.append(method)
        return [SUMMARY, SUMMARY]

    monkeypatch.setattr("flows.commands.taking_in.run_flow", run_flow)
    days = ["2026-01-01", "2026-01-03", str(tmp_path / "%Y-%m-%d.txt")]
    code, out, err = call("backfill", *days, "-w", str(tmp_path / "warehouse"), "--json")
    assert code == 0
    assert [run["snapshot_number"] for run in json.loads(out)] == [2, 2]
    assert "none on 2026-01-01, 2026-01-03" in err
    assert methods == ["rules"]


@pytest.mark.parametrize(
    ("arguments", "is_published", "started"),
    [
        pytest.param(["run", "inbox"], False, 1, id="first run"),
        pytest.param(["run", "inbox"], True, 1, id="something new"),
        pytest.param(["rebuild"], True, 0, id="perhaps nothing to read"),
    ],
)
def test_worker_is_started_beside_the_server_where_there_is_text_to_read(
    arguments: list[str], is_published: bool, started: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    if is_published:
        publish_made_up(tmp_path / "warehouse")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "new.json").write_text(json.dumps({"text": "The council met. " * 30}))
    calls: list[str] = []

    class Server:
        def __init__(self, _log: Path) -> None:
            """Comes up at once."""

        def wait(self) -> None:
            raise RuntimeError("far enough")

        def stop(self) -> None:
            """Is none."""

    monkeypatch.setattr("flows.local_server.LocalServer", Server)
    monkeypatch.setattr("flows.commands.building.start_worker", lambda name, _method: calls.append(name))
    code, _, err = call(*arguments, "-w", str(tmp_path / "warehouse"))
    assert code == 1
    assert "far enough" in err
    assert calls == ["tasks.annotate.pipeline:load_pipeline"] * started


def test_json_of_maintain_names_what_was_removed(tmp_path: Path) -> None:
    for _ in range(3):
        publish_made_up(tmp_path)
    _, out, _ = call("maintain", "--keep", "1", "-w", str(tmp_path), "--json")
    merged = {"small_batches": 0, "merged_batches": 0}
    assert json.loads(out) == {"snapshots": [1, 2], "work_folders": [], **merged}


def test_nothing_is_coloured_but_on_a_terminal(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["show", "quotes"], ["quotes", "--by", "olsen"], ["explain", MADE_UP[0].article_id]):
        monkeypatch.delenv("FORCE_COLOR", raising=False)
        assert "\x1b" not in call(*arguments, "-w", warehouse)[1]


def test_export_writes_the_tables_in_another_format(warehouse: str, tmp_path: Path) -> None:
    code, out, _ = call("export", "csv", str(tmp_path / "csv"), "-t", "quotes", "-t", "outlet_overlap", "-w", warehouse)
    assert code == 0
    assert "8 rows of 2 tables" in out
    assert sorted(path.name for path in (tmp_path / "csv").iterdir()) == ["outlet_overlap.csv", "quotes.csv"]


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


def test_explain_prints_removed_text_with_its_rule(warehouse: str) -> None:
    _, out, _ = call("explain", MADE_UP[0].article_id[:5], "-w", warehouse)
    assert "⟦advertisement, made_up_advertisement: [advert]⟧" in out
    assert "She would not name a price." in out


def test_check_passes_what_was_published(warehouse: str) -> None:
    code, out, _ = call("check", "-w", warehouse)
    assert code == 0
    assert "19 files and 38 rows" in out


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


def test_publish_says_what_it_uploaded_and_refuses_what_is_no_address(tmp_path: Path, object_store) -> None:
    publish_made_up(tmp_path)
    runner = CliRunner()
    done = runner.invoke(app, ["publish", f"{object_store.address}/news", "-w", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["address"] == f"{object_store.address}/news/snapshots/000001"
    assert told["uploaded_count"] > 0
    for address in ("news", "s3://editor:loud-secret@bucket/news"):
        refused = runner.invoke(app, ["publish", address, "-w", str(tmp_path)])
        assert refused.exit_code == 2
        assert "loud-secret" not in refused.output
