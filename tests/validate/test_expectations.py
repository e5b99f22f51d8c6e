"""These run Great Expectations itself; its import takes most of their time."""

from contextlib import nullcontext

import pandas as pd
import pytest
from great_expectations.execution_engine import pandas_execution_engine as engine
from great_expectations.expectations.expectation import Expectation

from schemas import TABLES
from schemas.parquet import rows_to_arrow
from tasks.validate import expectations
from tasks.validate.checks import Check, checks_of
from tasks.validate.expectations import check_table, keep_all, suite_for
from tasks.validate.promises import add_helper_columns
from tasks.validate.staged import Staged
from tests.made_up_tables import made_up_rows, write_staged


@pytest.fixture(scope="module")
def quotes(tmp_path_factory):
    staged = Staged(write_staged(tmp_path_factory.mktemp("staged")))
    return add_helper_columns(staged.frame("quotes"), TABLES["quotes"], staged)


def failed_rows(frame, table="quotes"):
    return {result.check.name: result.failed_rows for result in check_table(frame, TABLES[table]) if not result.success}


def changed(frame, column, value, row=1):
    frame = frame.copy()
    frame[column] = frame[column].astype(object)
    frame.loc[row, column] = value
    return frame


def test_suite_for_has_an_expectation_for_every_check():
    checks = checks_of(TABLES["quotes"])
    suite = suite_for(TABLES["quotes"], checks)
    assert [expectation.meta["check"] for expectation in suite.expectations] == [check.name for check in checks]


def test_check_table_passes_sound_rows(quotes):
    assert failed_rows(quotes) == {}


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        pytest.param("content", None, "content__not_null", id="null"),
        pytest.param("confidence", float("nan"), "confidence__not_null", id="not a number"),
        pytest.param("confidence", 1.2, "confidence__in_range", id="above the limit"),
        pytest.param("start_char", -1, "start_char__in_range", id="below the limit"),
        pytest.param("kind", "shouted", "kind__known_value", id="unknown value"),
        pytest.param("cue", "s" * 201, "cue__fits", id="too long"),
        pytest.param("content_segments", "3-9", "content_segments__matches_pattern", id="pattern"),
        pytest.param("content_segments", "3:9\n", "content_segments__matches_pattern", id="line break at the end"),
        pytest.param("cue_end_char", 0, "cue_end_char__ends_after_start", id="ends before it starts"),
        pytest.param("content__stands_in_text", False, "content__stands_in_text", id="not in the text"),
        pytest.param("content_segments__in_order", False, "content_segments__in_order", id="pieces in no order"),
        pytest.param("speaker_id__resolves", False, "speaker_id__resolves", id="nobody"),
    ],
)
def test_check_table_finds_the_failing_row(quotes, column, value, check):
    assert failed_rows(changed(quotes, column, value)) == {check: (1,)}


def test_check_table_finds_rows_that_share_a_key(quotes):
    twice = pd.concat([quotes, quotes.iloc[[2]]], ignore_index=True)
    assert failed_rows(twice) == {"quote_id__is_unique": (2, 5)}


def test_check_table_takes_a_frame_whose_rows_share_labels(quotes):
    doubled = pd.concat([quotes, quotes.iloc[[2]]])
    assert failed_rows(doubled) == {"quote_id__is_unique": (2, 5)}
    assert failed_rows(changed(quotes, "cue", "s" * 201).set_axis([0] * len(quotes))) == {"cue__fits": (1,)}


def test_check_table_finds_rows_that_share_a_compound_key():
    rows = made_up_rows()["entity_titles"]
    frame = rows_to_arrow([*rows, rows[0]], TABLES["entity_titles"].row).to_pandas()
    frame = frame.assign(entity_id__resolves=True, article_id__resolves=True)
    assert failed_rows(frame, "entity_titles") == {"entity_id__is_unique": (0, 2)}


def test_check_table_fails_a_table_without_a_column(quotes):
    results = check_table(quotes.drop(columns="cue"), TABLES["quotes"])
    failed = {result.check.name for result in results if not result.success}
    assert {"columns", "cue__fits"} <= failed


def test_check_table_fails_a_table_with_columns_out_of_order(quotes):
    shuffled = quotes[[*list(quotes.columns[1::-1]), *quotes.columns[2:]]]
    assert set(failed_rows(shuffled)) == {"columns"}


def test_check_table_takes_a_table_without_rows(quotes):
    assert failed_rows(quotes.iloc[:0]) == {}


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "quoted"), ("confidence", 1.2), ("cue", "s" * 201), ("content_segments", "3-9"), ("content", None)],
)
def test_check_table_finds_what_the_library_does_with_all_its_repeats(quotes, column, value, monkeypatch):
    frame = changed(quotes, column, value)
    found = check_table(frame, TABLES["quotes"])
    monkeypatch.setattr(expectations, "_without_repeats", nullcontext)
    assert check_table(frame, TABLES["quotes"]) == found


def test_the_library_is_as_it_was_afterwards(quotes):
    expectation = Expectation.configuration, engine.hash_pandas_dataframe
    check_table(quotes, TABLES["quotes"])
    assert (Expectation.configuration, engine.hash_pandas_dataframe) == expectation


def test_keep_all_asks_for_values_and_promises_and_for_no_column_in_vain():
    checks = [
        Check("quotes", "not_null", ("content",), ""),
        Check("quotes", "resolves", ("speaker_id",), "", helper="speaker_id__resolves"),
    ]
    frame = pd.DataFrame({"content": ["a", None, "b", "c"], "speaker_id__resolves": [True, True, False, None]})
    assert keep_all(frame, checks).tolist() == [True, False, False, False]
    assert keep_all(frame.drop(columns="content"), checks).tolist() == [False] * 4


def test_check_table_makes_every_simple_check_where_one_fails(quotes):
    frame = changed(changed(quotes, "content", None), "speaker_id__resolves", False, row=0)
    assert failed_rows(frame) == {"content__not_null": (1,), "speaker_id__resolves": (0,)}
