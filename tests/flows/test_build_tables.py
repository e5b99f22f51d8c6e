"""The whole pipeline on data/sample: by the command line, without a server and with one."""

import hashlib
import json
import shutil
import tomllib
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import duckdb
import httpx
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from prefect import flow, unmapped
from prefect.settings import PREFECT_API_URL, temporary_settings
from rich.console import Console

from flows.language_work import work_on_batch
from flows.page_progress import PageProgress
from flows.progress import RunProgress
from flows.running import OpenRun
from schemas import PUBLISHED_TABLES, TABLES
from schemas.parquet import arrow_schema
from schemas.warehouse import Warehouse
from tasks.batches import Batch
from tasks.validate.task import validate_tables
from tests.flows import sample_truth
from tests.flows.sample_truth import TRUTH
from tests.made_up_tables import write_staged
from tests.waiting import wait_for

pytestmark = pytest.mark.slow
FLOORS = tomllib.loads((Path(__file__).parents[2] / "data/gold/sample/floors.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def tables(sample_run):
    assert sample_run.exit_code == 0, sample_run.output
    return sample_truth.Tables(sample_run.warehouse / "snapshots" / "000001")


def test_run_tells_what_went_in_and_out(sample_run):
    outcomes = [entry["outcome"] for entry in TRUTH["inputs"]]
    expected = (
        f"{len(outcomes)} = {outcomes.count('article')} articles + {outcomes.count('duplicate')} duplicates"
        f" + {outcomes.count('refused')} refused"
    )
    assert expected in sample_run.output
    assert "report.html" in sample_run.output


def test_run_refuses_what_is_no_article_with_a_reason(tables):
    refused = {Path(row["source_uri"]).name: row["check_name"] for row in tables.read("quarantine")}
    assert set(refused) == {entry["source"] for entry in TRUTH["inputs"] if entry["outcome"] == "refused"}


def test_run_keeps_conservation_in_its_row(tables):
    (run,) = tables.read("runs")
    assert run["input_count"] == run["article_count"] + run["duplicate_count"] + run["quarantined_count"]
    assert run["input_count"] == len(TRUTH["inputs"])


def test_run_groups_the_stories_of_the_sample(tables):
    assert sample_truth.stories_found(tables) == {frozenset(story["sources"]) for story in TRUTH["stories"]}


def test_run_tells_the_repost_from_the_originals(tables):
    sources = tables.sources()
    copies = {
        sources[row["article_id"]]: sources[row["copy_of_article_id"]]
        for row in tables.read("articles")
        if row["copy_of_article_id"]
    }
    assert copies == {copy["source"]: copy["of"] for story in TRUTH["stories"] for copy in story["copies"]}


MISSES = {
    "missed_quotes": sample_truth.missed_quotes,
    "missed_indirect": sample_truth.missed_indirect,
    "surviving_residue": sample_truth.surviving_residue,
    "missed_utterances": sample_truth.missed_utterances,
    "wrong_figures": sample_truth.wrong_figures,
    "wrong_titles": lambda tables: sample_truth.wrong_fields(tables, "title", "title"),
    "wrong_outlets": lambda tables: sample_truth.wrong_fields(tables, "outlet", "outlet_name"),
    "wrong_bylines": lambda tables: sample_truth.wrong_fields(tables, "byline", "byline"),
    "wrong_datelines": lambda tables: sample_truth.wrong_fields(tables, "dateline", "dateline"),
    "wrong_languages": lambda tables: sample_truth.wrong_fields(tables, "language", "language"),
}


@pytest.mark.parametrize("name", MISSES)
def test_run_is_no_worse_than_its_floor(tables, name):
    misses = list(MISSES[name](tables))
    assert len(misses) <= FLOORS[name], misses


def test_run_annotates_no_other_language(tables):
    german = {row["article_id"] for row in tables.read("articles") if row["language"] != "en"}
    assert german
    assert not german & {row["article_id"] for row in tables.read("quotes")}


def test_offsets_point_at_the_text_that_rows_repeat(tables):
    texts = {row["article_id"]: row["text"] for row in tables.read("articles")}
    for quote in tables.read("quotes"):
        text = texts[quote["article_id"]]
        pieces = [piece.split(":") for piece in quote["content_segments"].split(" ")]
        assert " ".join(text[int(start) : int(end)] for start, end in pieces) == quote["content"]
    for mention in tables.read("entity_mentions"):
        text = texts[mention["article_id"]]
        assert text[mention["start_char"] : mention["end_char"]] == mention["text"]


@pytest.mark.parametrize("name", PUBLISHED_TABLES)
def test_tables_read_the_same_with_pandas_duckdb_and_polars(sample_run, name):
    folder = sample_run.warehouse / "snapshots" / "000001" / name
    columns, key = list(TABLES[name].column_names), list(TABLES[name].key)
    quoted = ", ".join(f'"{column}"' for column in columns)
    schema = arrow_schema(name)
    truth = pq.read_table(folder, partitioning=None).sort_by([(column, "ascending") for column in key])
    assert truth.schema.equals(schema)
    read = {
        "pandas": pa.Table.from_pandas(pd.read_parquet(folder, dtype_backend="pyarrow")[columns], preserve_index=False),
        "duckdb": duckdb.sql(f"SELECT {quoted} FROM '{folder}/**/*.parquet'").to_arrow_table(),
        "polars": pl.read_parquet(f"{folder}/**/*.parquet").select(columns).to_arrow(),
    }
    for reader, table in read.items():
        assert table.schema.names == columns, reader
        same_types = table.cast(schema)
        assert same_types.sort_by([(column, "ascending") for column in key]).to_pylist() == truth.to_pylist(), reader


def hash_tables(warehouse, number):
    folder = warehouse / "snapshots" / f"{number:06d}"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
        if path.relative_to(folder).parts[0] != "runs"
    }


def test_second_run_does_no_language_work_and_leaves_the_same_tables(rerun):
    assert rerun.exit_code == 0, rerun.output
    assert "no language work was done again" in rerun.output
    assert hash_tables(rerun.warehouse, 1) == hash_tables(rerun.warehouse, 2)
    assert (rerun.warehouse / "current").resolve().name == "000002"


def test_third_run_with_nothing_new_makes_no_table_again_either(third_run):
    assert third_run.exit_code == 0, third_run.output
    assert "publish: " in third_run.output
    assert "gather: " not in third_run.output
    current = (third_run.warehouse / "current").resolve()
    assert current.name == "000003"
    elsewhere = third_run.warehouse / "elsewhere"
    assert json.loads((elsewhere / "current.json").read_text())["snapshot"] == "snapshots/000003"
    for path in current.rglob("*.parquet"):
        assert (elsewhere / "snapshots" / "000003" / path.relative_to(current)).read_bytes() == path.read_bytes()


def test_rerun_without_a_server_starts_none_where_nothing_is_new(onrecord, sample_run, tmp_path):
    assert sample_run.exit_code == 0, sample_run.output
    copy = shutil.copytree(sample_run.warehouse, tmp_path / "copy", symlinks=True)
    before = int((copy / "current").resolve().name)
    run = onrecord("run", "data/sample", warehouse=copy)
    assert run.exit_code == 0, run.output
    assert "no language work was done again" in run.output
    # What the flow prints of its stages.
    assert "publish: " not in run.output
    assert int((copy / "current").resolve().name) == before + 1
    assert hash_tables(copy, before + 1) == hash_tables(copy, before)


def test_run_against_a_server_leaves_its_artifacts_there(rerun, server):
    assert rerun.exit_code == 0, rerun.output
    answer = httpx.post(f"{server}/artifacts/latest/filter", json={}, timeout=30)
    artifacts = {artifact["key"]: artifact for artifact in answer.json()}
    assert {"summary", "throughput", "report", "tables"} <= set(artifacts)
    assert artifacts["throughput"]["data"].startswith("![throughput](data:image/svg+xml;base64,")
    assert "clean" in artifacts["summary"]["data"]


def test_page_progress_tells_the_page_how_far_a_stage_is(server):
    @flow(name="two-batches")
    def work_on_two_batches():
        page = PageProgress("two-batches", "clean", 2)
        page.advance()
        page.advance()

    with temporary_settings({PREFECT_API_URL: server}):
        work_on_two_batches()
    wanted = {"artifacts": {"key": {"any_": ["two-batches"]}}}
    [artifact] = httpx.post(f"{server}/artifacts/latest/filter", json=wanted, timeout=30).json()
    assert (artifact["type"], artifact["data"]) == ("progress", 100.0)
    assert artifact["description"] == "clean: 2 of 2 batches"


def test_every_batch_that_is_done_counts_in_the_picture_of_the_run(server, tmp_path, monkeypatch):
    monkeypatch.setattr("tasks.bisection.call_in_worker", lambda _path, steps: [(3, 2)] * len(steps))
    run = OpenRun(
        run_id="20260101T000000-abcdef",
        warehouse=Warehouse(tmp_path),
        inputs=[],
        replace=False,
        attribution="tagger",
        progress=RunProgress(Console(file=StringIO())),
        started_at=datetime.now(UTC),
    )
    # Other tests ask the server for batches of their numbers.
    numbers = list(range(101, 109))
    batches = [Batch(f"{number:012x}", number, number, str(tmp_path)) for number in numbers]

    @flow(name="eight-batches")
    def work_on_eight_batches():
        return run.finish_batches(work_on_batch.map(batches, unmapped("tagger")), undone=batches, done=[], ahead=[])

    with temporary_settings({PREFECT_API_URL: server}):
        done = work_on_eight_batches()
    assert [batch.number for batch in done] == numbers
    # Told by what the batches gave back: the server hears of their end some time later.
    assert sorted(count for _, count in run.finished) == numbers


def test_validation_leaves_its_checks_on_the_page(server, tmp_path):
    staged = write_staged(tmp_path / "run" / "staged")

    @flow(name="validate-alone")
    def validate_alone():
        return validate_tables(str(staged))

    with temporary_settings({PREFECT_API_URL: server}):
        validate_alone()
    wanted = {"artifacts": {"key": {"any_": ["validation"]}}}
    [artifact] = httpx.post(f"{server}/artifacts/latest/filter", json=wanted, timeout=30).json()
    rows = json.loads(artifact["data"])
    assert artifact["type"] == "table"
    assert [row["table"] for row in rows] == [*PUBLISHED_TABLES]
    assert {row["failed"] for row in rows} == {0}


def test_batch_that_fails_once_is_tried_again(server, tmp_path, monkeypatch):
    tries = []

    def fail_first(_path, steps):
        tries.append(len(steps))
        if len(tries) == 1:
            raise OSError("the disk was away")
        return [(3, 2)] * len(steps)

    monkeypatch.setattr("tasks.bisection.call_in_worker", fail_first)

    @flow(name="one-batch")
    def work_on_one_batch():
        return work_on_batch(Batch("0123456789ab", 7, 3, str(tmp_path)), "tagger")

    with temporary_settings({PREFECT_API_URL: server}):
        assert work_on_one_batch().reused is False
    wanted = {"task_runs": {"name": {"any_": ["clean, annotate, resolve batch 7"]}}}

    def runs() -> list[dict]:
        found = httpx.post(f"{server}/task_runs/filter", json=wanted, timeout=30).json()
        return [run for run in found if run["state_type"] == "COMPLETED"]

    # The server writes task runs down some time after it was told of them.
    [run] = wait_for(runs, seconds=60)
    assert (tries, run["run_count"]) == ([3, 3], 2)


def test_run_against_a_server_has_names_a_person_understands(rerun, server):
    assert rerun.exit_code == 0, rerun.output
    # Runs of other tests may be there as well.
    wanted = {"flow_runs": {"name": {"any_": ["build tables from data/sample"]}}}
    assert httpx.post(f"{server}/flow_runs/filter", json=wanted, timeout=30).json()
    tasks = {run["name"] for run in httpx.post(f"{server}/task_runs/filter", json=wanted, timeout=30).json()}
    assert {"ingest documents", "count recurring lines", "publish the same tables again"} <= tasks
    # Nothing is new: no batch is looked at again.
    assert not {"clean, annotate, resolve batch 1", "validate tables"} & tasks


def test_run_against_a_server_tells_of_its_snapshot_in_an_event(rerun, server):
    assert rerun.exit_code == 0, rerun.output
    wanted = {"filter": {"event": {"prefix": ["onrecord.snapshot.published"]}}}

    def numbers() -> set[int]:
        events = httpx.post(f"{server}/events/filter", json=wanted, timeout=30).json()["events"]
        return {event["payload"]["snapshot_number"] for event in events}

    # The server writes events down some time after it has received them.
    wait_for(lambda: 2 in numbers(), seconds=60)


def test_run_of_an_input_that_is_not_there_says_so(onrecord, tmp_path):
    done = onrecord("run", "no/such/folder", warehouse=tmp_path)
    assert done.exit_code == 2
    assert "no/such/folder" in done.output


def test_quotes_by_prints_what_somebody_said(onrecord, sample_run):
    done = onrecord("quotes", "--by", "brandvold", warehouse=sample_run.warehouse)
    assert done.exit_code == 0
    assert "Tomas Brandvold" in done.output


def test_check_finds_the_published_tables_sound(onrecord, sample_run):
    done = onrecord("check", warehouse=sample_run.warehouse)
    assert done.exit_code == 0, done.output
