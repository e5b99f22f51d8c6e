from pathlib import Path

import pytest

from schemas import Quarantine, Run
from tasks.publish.artifacts import count_refusals, page_link, run_events, summary_markdown
from tests.made_up_tables import DAY, made_up_rows

HOSTILE = "![x](http://evil.example/x.png) <img src=x onerror=alert(1)> [go](javascript:alert(1)) | `code`\n# big"


def refusal(**changes):
    values = {
        "quarantine_id": "0" * 16,
        "document_id": None,
        "source_uri": "inbox/a.txt",
        "stage": "ingest",
        "table_name": None,
        "row_key": None,
        "check_name": "not_empty",
        "observed": "0 bytes",
        "expected": "some text",
        "refused_at": DAY,
    }
    return Quarantine(**(values | changes))


@pytest.fixture
def run() -> Run:
    return made_up_rows()["runs"][0]


def test_summary_markdown_states_counts_times_and_refusals(run):
    text = summary_markdown(run, [refusal(), refusal(source_uri="inbox/b.txt")], {"clean": 1.25}, Path("tables/000001"))
    assert "**5** inputs = **4** articles + **0** duplicates + **1** refused" in text
    assert "| clean | 5 documents | 4 articles |" in text
    assert "| clean | 1.2 |" in text
    assert "| ingest | not&#95;empty | 2 | inbox&#47;a.txt&#58; 0 bytes |" in text


def test_summary_markdown_says_that_nothing_was_refused(run):
    assert "Nothing was refused." in summary_markdown(run, [], {}, Path("tables"))


def test_summary_markdown_shows_hostile_text_as_text(run):
    text = summary_markdown(run, [refusal(observed=HOSTILE, source_uri=HOSTILE)], {}, Path("tables"))
    line = next(line for line in text.splitlines() if "not&#95;empty" in line)
    assert line.count("|") == 5
    for markup in ("<", "](", "![", "javascript:", "http:", "`"):
        assert markup not in line


def test_count_refusals_puts_the_most_frequent_first():
    rows = [refusal(), refusal(check_name="cue__fits", table_name="quotes"), refusal(source_uri="inbox/b.txt")]
    assert [entry[:3] for entry in count_refusals(rows)] == [
        ("ingest", "not_empty", 2),
        ("ingest", "quotes: cue__fits", 1),
    ]


def test_page_link_cannot_be_ended_early(tmp_path):
    link, text = page_link(tmp_path / "a) [b](c")
    assert link.startswith("file:///")
    assert not set("()[] ") & set(link)
    assert not set("()[]") & set(text)


def test_page_link_leads_to_what_is_served(tmp_path):
    pages = f"http://127.0.0.1:4201 {tmp_path.resolve()}"
    assert page_link(tmp_path / "a b" / "report.html", pages)[0] == "http://127.0.0.1:4201/a%20b/report.html"
    assert page_link(tmp_path.parent / "elsewhere", pages)[0].startswith("file:///")


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        pytest.param({"new_document_count": 0, "quarantined_count": 0}, ["snapshot.published"], id="nothing-new"),
        pytest.param(
            {"new_document_count": 2, "quarantined_count": 1},
            ["snapshot.published", "news.received"],
            id="new-and-as-many-refused-as-allowed",
        ),
        pytest.param(
            {"new_document_count": 0, "quarantined_count": 2}, ["snapshot.published", "quarantine.high"], id="refused"
        ),
        pytest.param({"new_document_count": 0, "input_count": 0}, ["snapshot.published"], id="no-inputs"),
    ],
)
def test_run_events_tell_of_news_and_of_many_refusals(run, changes, names):
    for name, value in {"input_count": 5, **changes}.items():
        setattr(run, name, value)
    events = run_events(run, "data/warehouse", alert_share=0.2)
    assert [name for name, _ in events] == [f"onrecord.{name}" for name in names]
    assert all(content["snapshot_number"] == run.snapshot_number for _, content in events)
