from datetime import UTC, datetime

import pytest

from schemas import Document, Quarantine, Quote
from schemas.parquet import read_rows, write_rows
from tasks.annotate.batch import annotate_batch_files
from tasks.bisection import Step, Work, call_in_turn, call_on_rows
from tasks.clean.batch import clean_batch_files
from tasks.workers import WorkerDied, stop_workers
from tests import deadly_work


def document(number, text):
    return Document(
        document_id=f"{number:016x}",
        source_uri=f"{number}.txt",
        media_type="text/plain",
        encoding="utf-8",
        byte_count=1,
        raw_text=text,
        fetched_at=datetime(2026, 1, 2, tzinfo=UTC),
        declared_title=None,
        declared_outlet=None,
        declared_author=None,
        declared_url=None,
        declared_published_at=None,
    )


@pytest.fixture
def source(tmp_path):
    texts = ["One.", "Two.", "This is deadly.", "Four.", "Five."]
    write_rows([document(number, text) for number, text in enumerate(texts)], Document, tmp_path / "in")
    return tmp_path / "in"


@pytest.fixture
def in_process(monkeypatch):
    """Calls that die by an exception: processes take seconds to start."""
    calls = []

    def call(path, *arguments):
        calls.append(path)
        return deadly_work.count_or_raise(*arguments)

    monkeypatch.setattr("tasks.bisection.call_in_worker", call)
    monkeypatch.setattr("tasks.bisection.call_alone", call)
    return calls


@pytest.mark.usefixtures("in_process")
def test_call_on_rows_refuses_the_row_on_which_a_worker_dies(source, tmp_path):
    work = Work("count", "documents", ("deadly",), stage="clean")
    assert call_on_rows(work, source, tmp_path / "out") == (4, 4)
    assert [row.raw_text for row in read_rows(Document, tmp_path / "out")] == ["One.", "Two.", "Four.", "Five."]
    [refused] = read_rows(Quarantine, tmp_path / "out")
    assert (refused.stage, refused.check_name, refused.source_uri) == ("clean", "worker_survives", "2.txt")
    assert (refused.table_name, refused.row_key) == (None, None)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["documents.parquet", "quarantine.parquet"]


@pytest.mark.usefixtures("in_process")
def test_call_on_rows_refuses_a_row_of_the_table_that_is_named(source, tmp_path):
    work = Work("count", "documents", ("deadly",), stage="annotate", refused_table="quotes")
    call_on_rows(work, source, tmp_path / "out")
    [refused] = read_rows(Quarantine, tmp_path / "out")
    assert (refused.table_name, refused.row_key) == ("quotes", f"{2:016x}")


@pytest.mark.usefixtures("in_process")
def test_call_on_rows_leaves_out_the_row_where_no_stage_refuses_it(source, tmp_path):
    assert call_on_rows(Work("count", "documents", ("deadly",)), source, tmp_path / "out") == (4, 4)
    assert read_rows(Quarantine, tmp_path / "out") == []


@pytest.mark.usefixtures("in_process")
def test_call_on_rows_refuses_all_rows_where_each_is_deadly(source, tmp_path):
    work = Work("count", "documents", (".",), stage="clean")
    assert call_on_rows(work, source, tmp_path / "out") == (0, 0)
    assert len(read_rows(Quarantine, tmp_path / "out")) == 5


def test_call_on_rows_makes_nothing_where_work_dies_of_no_row(source, tmp_path, in_process):
    with pytest.raises(WorkerDied):
        call_on_rows(Work("count", "documents", ("",), stage="clean"), source, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_call_on_rows_tries_once_more_before_it_looks_for_a_row(source, tmp_path, monkeypatch, in_process):
    def die(*_):
        raise WorkerDied

    monkeypatch.setattr("tasks.bisection.call_in_worker", die)
    assert call_on_rows(Work("count", "documents", ("absent",)), source, tmp_path / "out") == (5, 5)
    assert len(in_process) == 1


@pytest.mark.usefixtures("one_worker")
def test_call_in_turn_does_the_steps_that_are_left_by_one_worker(source, tmp_path):
    work = Work("tests.deadly_work:count_documents", "documents", ("absent",))
    steps = [Step(work, source, tmp_path / "a"), Step(work, tmp_path / "a", tmp_path / "b")]
    assert call_in_turn(steps) == [(5, 5), (5, 5)]
    last = Step(work, tmp_path / "b", tmp_path / "c")
    assert call_in_turn([*steps, last]) == [None, None, (5, 5)]
    assert call_in_turn([*steps, last]) == [None, None, None]


@pytest.mark.usefixtures("one_worker")
def test_call_in_turn_raises_what_a_step_raises_and_keeps_what_was_done(source, tmp_path):
    work = Work("tests.deadly_work:count_documents", "documents", ("absent",))
    steps = [Step(work, source, tmp_path / "a"), Step(work, tmp_path / "nowhere", tmp_path / "b")]
    with pytest.raises(FileNotFoundError):
        call_in_turn(steps)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "in"]


@pytest.mark.usefixtures("one_worker")
def test_call_in_turn_refuses_the_row_on_which_a_later_step_dies(source, tmp_path):
    calm, deadly = (Work("tests.deadly_work:count_documents", "documents", (word,)) for word in ("absent", "deadly"))
    steps = [Step(calm, source, tmp_path / "a"), Step(deadly, tmp_path / "a", tmp_path / "b")]
    # The first was done by the worker that died, which could not tell of it any more.
    assert call_in_turn(steps) == [None, (4, 4)]
    assert [row.raw_text for row in read_rows(Document, tmp_path / "b")] == ["One.", "Two.", "Four.", "Five."]


def test_call_in_turn_calls_a_dying_worker_that_others_have_once(source, tmp_path, monkeypatch, in_process):
    shared = []

    def die(path, _steps):
        shared.append(path)
        raise WorkerDied

    monkeypatch.setattr("tasks.bisection.call_in_worker", die)
    step = Step(Work("count", "documents", ("absent",)), source, tmp_path / "out")
    assert call_in_turn([step]) == [(5, 5)]
    assert (shared, in_process) == (["tasks.bisection:take_steps"], ["count"])


@pytest.mark.slow
def test_call_on_rows_survives_processes_that_are_killed(tmp_path, monkeypatch):
    stop_workers()
    monkeypatch.setenv("ONRECORD_WORKERS", "1")
    write_rows([document(1, "One."), document(2, "deadly")], Document, tmp_path / "in")
    work = Work("tests.deadly_work:count_documents", "documents", ("deadly",), stage="clean")
    assert call_on_rows(work, tmp_path / "in", tmp_path / "out") == (1, 1)
    [refused] = read_rows(Quarantine, tmp_path / "out")
    assert refused.check_name == "worker_survives"
    stop_workers()


@pytest.mark.slow
def test_call_on_rows_leaves_the_tagger_one_article_less(tmp_path, monkeypatch):
    stop_workers()
    monkeypatch.setenv("ONRECORD_WORKERS", "1")
    texts = [
        f"Ferry number {number}\n\nThe {kind} ferry to Saltby sails again after three weeks in the dock at Torran.\n\n"
        f"“We are glad that number {number} is back on the water,” Ada Cole, the harbour master, said on Monday."
        for number, kind in enumerate(("old", "deadly", "new"))
    ]
    for name, kept in (("all", texts), ("calm", [texts[0], texts[2]])):
        rows = [document(texts.index(text), text) for text in kept]
        write_rows(rows, Document, tmp_path / name)
        clean_batch_files(tmp_path / name, tmp_path / f"{name}.clean")
    annotate_batch_files(tmp_path / "calm.clean", tmp_path / "expected", "tagger")
    arguments = ("tagger", "deadly")
    work = Work("tests.deadly_work:annotate_or_die", "articles", arguments, stage="annotate", refused_table="quotes")
    call_on_rows(work, tmp_path / "all.clean", tmp_path / "out")
    [refused] = read_rows(Quarantine, tmp_path / "out")
    assert (refused.check_name, refused.document_id) == ("worker_survives", document(1, "").document_id)
    quotes = list(read_rows(Quote, tmp_path / "out"))
    assert len(quotes) == 2
    assert quotes == list(read_rows(Quote, tmp_path / "expected"))
    stop_workers()


def test_call_on_rows_refuses_a_row_where_the_work_itself_refuses_nothing(source, tmp_path, monkeypatch):
    def call(_, source, folder, deadly):
        documents = read_rows(Document, source)
        if any(deadly in document.raw_text for document in documents):
            raise WorkerDied
        write_rows(documents, Document, folder)
        return len(documents)

    monkeypatch.setattr("tasks.bisection.call_in_worker", call)
    monkeypatch.setattr("tasks.bisection.call_alone", call)
    work = Work("copy", "documents", ("deadly",), stage="resolve", refused_table="quotes")
    assert call_on_rows(work, source, tmp_path / "out") == 4
    [refused] = read_rows(Quarantine, tmp_path / "out")
    assert (refused.stage, refused.table_name) == ("resolve", "quotes")
