import dataclasses
import tomllib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas import Quote
from schemas.parquet import read_rows, write_table
from tasks.validate.checks import CheckResult, ValidationFailed, checks_of, require_passed
from tasks.validate.staged import Staged
from tasks.validate.validation import LIMITS_FILE, is_too_many, judge_tables
from tests.made_up_tables import made_up_rows, write_staged

LIMITS = tomllib.loads(LIMITS_FILE.read_text("utf-8"))["failing_rows"]


def checker(**failing):
    """A stand-in for Great Expectations: helper columns are judged, and the rows named `table__check` fail."""

    def check_table(frame, table):
        results = []
        for check in checks_of(table):
            rows = failing.get(f"{table.name}__{check.name}", ())
            if check.helper:
                rows = tuple(row for row, holds in enumerate(frame[check.helper]) if not holds)
            results.append(CheckResult(check, len(frame), len(rows), tuple(rows)))
        return results

    return check_table


def judge(folder, rows=None, **failing):
    return judge_tables(Staged(write_staged(folder, rows)), checker(**failing))


def refused(verdict):
    return {(row.table, row.row, row.check) for row in verdict.refused}


@pytest.mark.parametrize("case", LIMITS["fails"], ids=str)
def test_is_too_many_condemns_its_examples(case):
    assert is_too_many(**case)


@pytest.mark.parametrize("case", LIMITS["passes"], ids=str)
def test_is_too_many_spares_its_examples(case):
    assert not is_too_many(**case)


def test_judge_tables_passes_sound_tables(tmp_path):
    verdict = judge(tmp_path)
    assert (verdict.failures, verdict.refused, verdict.nulled) == ([], [], {})
    assert verdict.row_counts["quotes"] == 5


def test_judge_tables_refuses_a_failing_row_with_what_was_seen(tmp_path):
    row = judge(tmp_path, quotes__kind__known_value=[3]).refused[0]
    quote = read_rows(Quote, tmp_path)[3]
    assert (row.table, row.row_key, row.document_id) == ("quotes", quote.quote_id, quote.article_id)
    assert (row.observed, row.expected) == ("kind: direct", "kind is one of direct, mixed, indirect")


def test_judge_tables_refuses_a_row_once(tmp_path):
    verdict = judge(tmp_path, quotes__kind__known_value=[3], quotes__confidence__in_range=[3])
    assert refused(verdict) == {("quotes", 3, "kind__known_value"), ("quote_variants", 2, "quote_id__resolves")}


def test_judge_tables_refuses_what_needs_a_refused_row(tmp_path):
    verdict = judge(tmp_path, articles__word_count__in_range=[1])
    tables = {row.table for row in verdict.refused}
    assert tables == {"articles", "quotes", "quote_variants", "figures", "entity_mentions", "entity_titles"}


def test_judge_tables_clears_optional_references_to_a_refused_row(tmp_path):
    verdict = judge(tmp_path, quotes__kind__known_value=[0])
    assert refused(verdict) == {
        ("quotes", 0, "kind__known_value"),
        ("quote_groups", 0, "canonical_quote_id__resolves"),
        ("quote_variants", 0, "quote_id__resolves"),
        ("quote_variants", 1, "quote_group_id__resolves"),
        ("quote_variants", 2, "quote_group_id__resolves"),
    }
    assert verdict.nulled == {("quotes", "quote_group_id"): [1, 3]}


def test_judge_tables_keeps_the_first_of_rows_that_share_a_key(tmp_path):
    rows = made_up_rows()
    rows["entity_titles"].append(dataclasses.replace(rows["entity_titles"][0]))
    verdict = judge(tmp_path, rows, entity_titles__entity_id__is_unique=[0, 2])
    assert refused(verdict) == {("entity_titles", 2, "entity_id__is_unique")}


def test_judge_tables_refuses_a_row_that_points_nowhere(tmp_path):
    rows = made_up_rows()
    rows["figures"][1].figure_group_id = "quantity-ffffffffffff"
    assert refused(judge(tmp_path, rows)) == {("figures", 1, "figure_group_id__resolves")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda table: table.drop_columns("cue"), "cue is missing", id="column missing"),
        pytest.param(
            lambda table: table.set_column(2, "start_char", table["start_char"].cast(pa.string())),
            "start_char is string",
            id="type",
        ),
    ],
)
def test_judge_tables_fails_a_table_of_another_shape(tmp_path, change, message):
    staged = Staged(write_staged(tmp_path))
    quotes = change(pq.read_table(staged.path("quotes")))
    write_table(quotes, staged.path("quotes"))
    assert message in judge_tables(staged, checker()).failures[0]


def test_judge_tables_fails_a_table_that_is_not_there(tmp_path):
    staged = Staged(write_staged(tmp_path))
    staged.path("captions").unlink()
    assert judge_tables(staged, checker()).failures == ["captions: no such file; stage it in its declared schema."]


def test_judge_tables_fails_a_run_that_lost_an_input(tmp_path):
    rows = made_up_rows()
    rows["runs"] = [dataclasses.replace(row, input_count=row.input_count + 1) for row in rows["runs"]]
    failure = judge(tmp_path, rows).failures[0]
    assert failure.startswith("runs: 1 rows fail input_count__conserved (first: input_count: 6; article_count: 4;")


def test_judge_tables_fails_documents_that_are_nowhere(tmp_path):
    rows = made_up_rows()
    rows["articles"] = rows["articles"][:-1]
    assert "documents: 1 rows fail document_id__accounted" in judge(tmp_path, rows).failures[0]


def test_judge_tables_fails_a_table_of_which_too_much_fails(tmp_path):
    rows = made_up_rows()
    quote = rows["quotes"][4]
    rows["quotes"] = [dataclasses.replace(quote, quote_id=f"{quote.quote_id}:{number}") for number in range(30)]
    rows["quote_groups"] = []
    verdict = judge(tmp_path, rows, quotes__cue__fits=range(12))
    assert verdict.failures[0].startswith("quotes: 12 of 30 rows fail")


def test_require_passed_says_what_is_wrong_and_where_to_look():
    with pytest.raises(
        ValidationFailed, match=r"Nothing was published\. quotes: bad\. See here; what was published stays"
    ):
        require_passed(["quotes: bad."], "here")
