from dataclasses import replace

from flows.summary import RunSummary

SUMMARY = RunSummary(
    run_id="r1", snapshot_number=3, inputs=12, articles=9, duplicates=1, quarantined=2, batches=2, reused_batches=0,
    stories=4, quotes=20, named_quotes=15, speakers=6, seconds=12.34, tables="data/warehouse/current",
    report="data/warehouse/current/report.html", refusals={"no text": 2},
)  # fmt: skip


def test_lines_account_for_every_input() -> None:
    lines = SUMMARY.lines()
    assert ("inputs", "12 = 9 articles + 1 duplicates + 2 refused") in lines
    assert ("", "2 refused: no text") in lines
    assert ("quotations", "20, 15 with a named speaker (75%)") in lines
    assert lines[-1] == ("report", "data/warehouse/current/report.html")


def test_lines_tell_what_was_passed_over() -> None:
    lines = replace(SUMMARY, passed_over={"hidden file": 2, "about the folder": 1}).lines()
    assert ("inputs", "12 = 9 articles + 1 duplicates + 2 refused; 3 passed over") in lines
    assert [text for _, text in lines if "passed over: " in text] == [
        "1 passed over: about the folder",
        "2 passed over: hidden file",
    ]


def test_lines_say_when_no_language_work_was_done() -> None:
    lines = dict(replace(SUMMARY, reused_batches=2).lines())
    assert lines["batches"] == "2, all processed before: no language work was done again"


def test_lines_of_a_run_without_quotations_divide_by_nothing() -> None:
    assert dict(replace(SUMMARY, quotes=0, named_quotes=0).lines())["quotations"] == "0, 0 with a named speaker"
