import pytest

from schemas import TABLES
from tasks.validate.checks import Check, CheckResult, checks_of


def names(table):
    return [check.name for check in checks_of(TABLES[table])]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_checks_of_have_one_name_each(table):
    assert len(set(names(table))) == len(names(table))


@pytest.mark.parametrize(
    ("table", "check"),
    [
        pytest.param("quotes", "columns", id="presence and order"),
        pytest.param("quotes", "content__not_null", id="null"),
        pytest.param("quotes", "confidence__in_range", id="limits"),
        pytest.param("quotes", "kind__known_value", id="values"),
        pytest.param("quotes", "cue__fits", id="length"),
        pytest.param("quotes", "content_segments__matches_pattern", id="pattern"),
        pytest.param("quotes", "speaker_id__resolves", id="reference"),
        pytest.param("quotes", "quote_id__is_unique", id="key"),
        pytest.param("quotes", "cue_end_char__ends_after_start", id="span"),
        pytest.param("quotes", "content__stands_in_text", id="repeated text"),
        pytest.param("quotes", "content_segments__in_order", id="pieces"),
        pytest.param("documents", "document_id__accounted", id="every document"),
        pytest.param("runs", "input_count__conserved", id="every input"),
    ],
)
def test_checks_of_follow_the_declaration(table, check):
    assert check in names(table)


def test_checks_of_leave_a_nullable_column_its_nulls():
    assert "cue__not_null" not in names("quotes")


@pytest.mark.parametrize("table", ["runs", "quarantine"])
def test_checks_of_tables_about_the_run_condemn_the_table(table):
    assert {check.level for check in checks_of(TABLES[table])} == {"table"}


def test_check_result_failing_counts_at_least_one():
    result = CheckResult(Check("quotes", "columns", (), "columns"), checked_count=0).failing("no columns")
    assert (result.success, result.failed_count, result.observed) == (False, 1, "no columns")
