import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Quarantine
from schemas.warehouse import write_json
from tasks.publish.validation_page import read_validation, write_validation
from tests.made_up_tables import DAY, made_up_rows, write_staged
from tests.publish.browser import find_faults
from tests.publish.report_pages import HOSTILE, PageReader

COLUMNS = ("table_name", "check_name", "level", "success", "checked_count", "failed_count", "observed", "expected")


def write_validated(folder: Path, *, seen: str = "value: -3", failed: int = 1) -> Path:
    """A folder as validation leaves it: one table passes, of the other one row failed."""
    rows = made_up_rows()
    if failed:
        rows["quarantine"].append(
            Quarantine(
                quarantine_id="e" * 16, document_id=None, source_uri=None, stage="validate", table_name="figures",
                row_key="ab:1:2", check_name="value__in_range", observed=seen, expected="value at least 0",
                refused_at=DAY,
            )
        )  # fmt: skip
    write_staged(folder, rows)
    results = [
        ("stories", "story_id__not_null", "row", True, 2, 0, "", "story_id has a value"),
        ("figures", "value__in_range", "row", not failed, 3, failed, seen if failed else "", "value at least 0"),
    ]
    records = [dict(zip(COLUMNS, result, strict=True)) for result in results]
    pq.write_table(pa.Table.from_pylist(records), folder / "validation.parquet")
    write_json(
        {"rows_in": 40, "rows_out": 40 - failed, "checks": 2, "nulled": {}, "failures": []}, folder / "verdict.json"
    )
    return folder


def render(folder: Path, **options: object) -> str:
    return write_validation(read_validation(folder), folder.parent)["validation.html"].read_text("utf-8")


def flat_text(page: str) -> str:
    return " ".join(PageReader(page).text.split())


def test_page_counts_checks_and_shows_examples_of_what_failed(tmp_path: Path) -> None:
    text = flat_text(render(write_validated(tmp_path / "validated")))
    assert "1 of 2 checks failed, over 2 tables with 40 rows. 39 rows were published, 1 went to quarantine." in text
    assert "figures: value__in_range 1 of 3 rows" in text
    assert "Expected: value at least 0. First seen: value: -3" in text
    assert "ab:1:2value: -3" in text
    assert "stories 1 check all passed" in text


def test_page_of_a_run_without_faults_says_so(tmp_path: Path) -> None:
    text = flat_text(render(write_validated(tmp_path / "validated", failed=0)))
    assert "All 2 checks passed, over 2 tables with 40 rows. 40 rows were published, 0 went to quarantine." in text


def test_history_goes_from_one_snapshot_to_the_next(tmp_path: Path) -> None:
    first = write_validation(read_validation(write_validated(tmp_path / "a" / "validated")), tmp_path / "a")
    second = write_validated(tmp_path / "b" / "validated", failed=0)
    runs = made_up_rows()["runs"]
    runs[0].run_id = "20260305T093000Z-abcdef"
    write_staged(second, {"runs": runs})
    view = read_validation(second, before=first["validation.json"])
    assert [(run.run_id[:8], run.rows_out, run.failed_checks) for run in view.runs] == [
        ("20260305", 40, {}),
        ("20260304", 39, {"figures: value__in_range": 1}),
    ]
    again = write_validation(view, tmp_path / "b")["validation.json"]
    assert len(json.loads(again.read_text("utf-8"))["runs"]) == 2


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"runs": [{"run_id": 1}]}'], ids=["none", "empty", "list", "other"]
)
def test_a_history_that_cannot_be_read_adds_nothing(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "validation.json"
    if content is not None:
        path.write_text(content)
    assert len(read_validation(write_validated(tmp_path / "validated"), before=path).runs) == 1


def test_page_holds_no_markup_of_hostile_values(tmp_path: Path) -> None:
    page = PageReader(render(write_validated(tmp_path / "validated", seen=HOSTILE)))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "svg", "iframe", "link"}
    assert [tag for tag, _ in page.tags].count("style") == 1
    assert not [name for _, values in page.tags for name in values if name.startswith("on")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_of_hostile_values_runs_nothing_and_has_no_serious_fault(open_page, tmp_path: Path, scheme: str) -> None:
    validated = write_validated(tmp_path / "validated", seen=HOSTILE)
    path = write_validation(read_validation(validated), tmp_path)["validation.html"]
    page = open_page(path)
    for details in page.locator("details:not([open]) summary").all():
        details.click()
    page.wait_for_timeout(30)
    assert page.title() == "Checks of the tables"
    assert "</script><script>document.title='run'</script>" in page.inner_text("main")
    assert page.locator("main :is(img, script, style, iframe, link, meta, form, object, svg)").count() == 0
    assert page.requests == [path.as_uri()]
    assert page.complaints == []
    assert find_faults(open_page(path, bypass_csp=True, color_scheme=scheme)) == []


def test_page_fits_a_phone_whatever_failed(open_page, tmp_path: Path) -> None:
    validated = write_validated(tmp_path / "validated", seen="x" * 2000)
    path = write_validation(read_validation(validated), tmp_path)["validation.html"]
    page = open_page(path, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_page_of_tables_that_failed_says_why_and_leads_nowhere_else(tmp_path: Path) -> None:
    validated = write_validated(tmp_path / "validated", failed=0)
    verdict = json.loads((validated / "verdict.json").read_text("utf-8"))
    write_json(verdict | {"failures": [f"figures: {HOSTILE}"]}, validated / "verdict.json")
    page = PageReader(render(validated))
    assert "Nothing was published" in page.text
    assert not page.values("href")
    assert "script" not in {tag for tag, _ in page.tags}
