from concurrent.futures import ThreadPoolExecutor
from io import StringIO

from rich.console import Console

from flows.progress import show_progress


def test_show_progress_prints_plain_lines_where_there_is_no_terminal() -> None:
    output = StringIO()
    with show_progress(Console(file=output)) as progress:
        progress.start_stage("annotate", 2)
        progress.finish_batch("annotate")
        progress.finish_batch("annotate")
        progress.tell("snapshot 3 [bold]is[/]\x1b[2J published")
    assert output.getvalue().splitlines() == ["annotate: 2 of 2 batches", "snapshot 3 [bold]is[/][2J published"]


def test_show_progress_draws_a_bar_on_a_terminal() -> None:
    output = StringIO()
    with show_progress(Console(file=output, force_terminal=True, width=100)) as progress:
        progress.start_stage("clean", 1)
        progress.finish_batch("clean")
    assert "1/1" in output.getvalue()
    assert "clean" in output.getvalue()


def test_finish_batch_counts_steps_from_many_threads() -> None:
    output = StringIO()
    with show_progress(Console(file=output)) as progress, ThreadPoolExecutor(8) as pool:
        progress.start_stage("clean", 200)
        list(pool.map(lambda _: progress.finish_batch("clean"), range(200)))
    assert output.getvalue().splitlines() == ["clean: 200 of 200 batches"]


def test_finish_batch_tells_how_fast_it_goes(monkeypatch) -> None:
    clock = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr("flows.progress.time.monotonic", lambda: next(clock))
    output = StringIO()
    with show_progress(Console(file=output)) as progress:
        progress.start_stage("annotate", 1064, "documents")
        progress.finish_batch("annotate", 64)
        progress.finish_batch("annotate", 1000)
    assert output.getvalue().splitlines() == [
        "annotate: 64 of 1,064 documents, 6.4/s",
        "annotate: 1,064 of 1,064 documents, 53/s",
    ]


def test_waiting_shows_on_a_terminal_what_is_at_work() -> None:
    output = StringIO()
    with show_progress(Console(file=output, force_terminal=True, width=100)) as progress:
        with progress.waiting("group [b]articles[/]"):
            progress._bars.refresh()
        assert "group [b]articles[/]" in output.getvalue()
        output.truncate(0)
        progress._bars.refresh()
        assert "articles" not in output.getvalue()
    output = StringIO()
    with show_progress(Console(file=output)) as progress, progress.waiting("group articles"):
        pass
    assert output.getvalue() == ""


def test_count_tells_how_much_was_done_and_how_fast(monkeypatch) -> None:
    clock = iter([0.0, 0.5, 10.0])
    monkeypatch.setattr("flows.progress.time.monotonic", lambda: next(clock))
    output = StringIO()
    with show_progress(Console(file=output)) as progress:
        for done in (0, 10, 1200):
            progress.count("ingest", done, "inputs")
    assert output.getvalue().splitlines() == ["ingest: 1,200 inputs, 120/s"]
