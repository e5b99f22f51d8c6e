import os
import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.__main__ import app
from flows.reading import ReadingError, Tables
from flows.takedown import mark_taken_down, plan_takedown
from schemas import Copy
from schemas.warehouse import Warehouse
from tasks.clean.same_text import hash_text
from tasks.publish.lock import writer_lock
from tasks.takedown import Tombstones
from tests.made_up_tables import MADE_UP, made_up_rows, publish_made_up


@pytest.fixture
def warehouse(tmp_path) -> Path:
    publish_made_up(tmp_path)
    return tmp_path


def test_plan_takedown_finds_one_article_by_its_id(warehouse):
    wanted = MADE_UP[0].article_id
    plan = plan_takedown(Tables.open(warehouse), wanted)
    assert (plan.document_ids, plan.source) == ([wanted], None)


def test_plan_takedown_takes_the_same_text_wherever_it_stands_and_names_near_copies(tmp_path):
    rows = made_up_rows()
    first, second, third = rows["articles"][:3]
    rows["articles"][1] = replace(second, text=first.text.replace(" ", "\n"))
    rows["copies"] = [
        Copy(
            article_id=third.article_id,
            copy_of_article_id=second.article_id,
            copy_kind="near",
            shared_share=0.6,
            original_reason="longer",
        )
    ]
    publish_made_up(tmp_path, rows)
    plan = plan_takedown(Tables.open(tmp_path), first.article_id)
    assert plan.document_ids == [first.article_id, second.article_id]
    received = next(row.raw_text for row in rows["documents"] if row.document_id == first.document_id)
    assert set(plan.text_hashes) == {hash_text(first.text), hash_text(received)}
    assert plan.near_copies == [third.article_id]
    mark_taken_down(tmp_path, plan, "asked for")
    assert Tombstones.read(Warehouse(tmp_path)).text_hashes == dict.fromkeys(plan.text_hashes, "asked for")


def test_plan_takedown_finds_all_articles_of_an_outlet(warehouse):
    outlet = Tables.open(warehouse).query("SELECT max(outlet_name) FROM articles", tables=["articles"])[0][0]
    plan = plan_takedown(Tables.open(warehouse), outlet.upper())
    assert plan.document_ids
    assert (plan.source, plan.text_hashes) == (outlet.upper(), [])


def test_plan_takedown_takes_nothing_down_by_a_name_unknown(warehouse):
    with pytest.raises(ReadingError, match="nothing was taken down"):
        plan_takedown(Tables.open(warehouse), "no such article")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(os.fsdecode(b"inbox/caf\xe9.csv"), id="as the system names it"),
        pytest.param("inbox/caf\\xe9.csv", id="as the tables name it"),
    ],
)
def test_takedown_takes_a_name_that_is_no_utf8(tmp_path, monkeypatch, given):
    rows = made_up_rows()
    name = "inbox/caf\\xe9.csv"
    rows["documents"][0] = replace(rows["documents"][0], source_uri=f"{name}#L2")
    publish_made_up(tmp_path, rows)
    monkeypatch.setattr("flows.commands.keeping.build", lambda *_, **__: None)
    result = CliRunner().invoke(app, ["takedown", given, "--reason", "asked for", "-w", str(tmp_path)])
    assert result.exit_code == 0, result.stderr
    stones = Tombstones.read(Warehouse(tmp_path))
    assert stones.sources == {name: "asked for"}
    assert stones.find(rows["documents"][0]) == "asked for"


def test_takedown_of_an_unknown_name_that_is_no_utf8_tells_so(warehouse):
    result = CliRunner().invoke(app, ["takedown", "caf\udce9", "--reason", "asked for", "-w", str(warehouse)])
    assert isinstance(result.exception, ReadingError)
    assert r"'caf\udce9'; nothing was taken down" in str(result.exception)


def test_plan_takedown_finds_a_file_by_its_name_that_is_no_utf8(tmp_path):
    rows = made_up_rows()
    rows["documents"][0] = replace(rows["documents"][0], source_uri="inbox/caf\\xe9.txt")
    publish_made_up(tmp_path, rows)
    for wanted in (b"inbox/caf\xe9.txt", b"caf\xe9.txt", b"caf\\xe9.txt"):
        plan = plan_takedown(Tables.open(tmp_path), os.fsdecode(wanted))
        assert (plan.document_ids, plan.source) == ([rows["documents"][0].document_id], None)


def test_mark_taken_down_leaves_a_mark_with_its_reason(warehouse):
    plan = plan_takedown(Tables.open(warehouse), MADE_UP[0].article_id)
    assert mark_taken_down(warehouse, plan, "asked for") == 3
    assert Tombstones.read(Warehouse(warehouse)).document_ids == {MADE_UP[0].article_id: "asked for"}


@pytest.mark.parametrize(
    ("arguments", "inputs"),
    [
        pytest.param(["takedown", MADE_UP[0].article_id, "--reason", "asked for"], [], id="takedown"),
        pytest.param(["quarantine", "--retry"], ["inbox/empty.txt"], id="retry"),
    ],
)
@pytest.mark.parametrize(("option", "method"), [([], "rules"), (["--attribution", "tagger"], "tagger")])
def test_what_is_published_anew_is_annotated_as_in_the_last_run(
    warehouse, monkeypatch, arguments, inputs, option, method
):
    (warehouse / "inbox").mkdir()
    (warehouse / "inbox" / "empty.txt").touch()
    monkeypatch.chdir(warehouse)
    started = []
    monkeypatch.setattr("flows.commands.keeping.build", lambda *_, **options: started.append(options))
    result = CliRunner().invoke(app, [*arguments, *option, "-w", str(warehouse)])
    assert result.exit_code == 0, result.stderr
    assert [(start["attribution"], start["inputs"]) for start in started] == [(method, inputs)]


def test_quarantine_lists_what_was_refused_and_why(warehouse):
    result = CliRunner().invoke(app, ["quarantine", "-w", str(warehouse)])
    assert result.exit_code == 0
    assert "inbox/empty.txt" in result.stdout
    assert "has_text" in result.stdout


def test_quarantine_has_nothing_to_retry_of_a_check_that_none_failed(warehouse):
    result = CliRunner().invoke(app, ["quarantine", "--retry", "--check", "no_such", "-w", str(warehouse)])
    assert result.exit_code == 1
    assert "nothing was refused by that check or stage" in result.stderr


def test_quarantine_names_the_checks_that_there_are_instead_of_one_that_none_failed(warehouse):
    result = CliRunner().invoke(app, ["quarantine", "--check", "no_such", "-w", str(warehouse)])
    assert result.stdout == "nothing was refused by that check or stage, but by these checks: has_text\n"


@pytest.mark.parametrize(
    "arguments",
    [["takedown", MADE_UP[0].article_id, "--reason", "asked for"], ["maintain"], ["publish", "memory://news"]],
    ids=lambda arguments: arguments[0],
)
def test_whoever_waits_for_another_writer_says_for_whom(warehouse, monkeypatch, arguments):
    (warehouse / "work").mkdir(exist_ok=True)
    monkeypatch.setattr("flows.commands.keeping.build", lambda *_, **__: None)
    monkeypatch.setattr("flows.commands.keeping.check_address", lambda _: None)
    monkeypatch.setattr("tasks.publish.lock.QUIET_SECONDS", 0.05)
    told = []
    with ExitStack() as held:
        held.enter_context(writer_lock(Warehouse(warehouse)))
        # The other writer has done once it is heard that somebody waits.
        monkeypatch.setattr("flows.commands.keeping.say", lambda line: told.append(line) or held.close())
        result = CliRunner().invoke(app, [*arguments, "-w", str(warehouse)])
    assert result.exit_code == 0, result.output
    assert re.match(rf"waiting for process {os.getpid()} since 20.*, which writes to {warehouse}$", told[0])


def test_maintain_removes_snapshots_that_hold_what_was_taken_down(warehouse):
    publish_made_up(warehouse)
    mark_taken_down(warehouse, plan_takedown(Tables.open(warehouse), MADE_UP[0].article_id), "asked for")
    result = CliRunner().invoke(app, ["maintain", "-w", str(warehouse)])
    assert result.exit_code == 0
    assert Warehouse(warehouse).snapshot_numbers() == [2]
