from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tasks.export.cells import make_safe, plain_value
from tasks.export.workbook import MOST_CHARACTERS, shorten_cell


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("", ""),
        ("— so he said", "— so he said"),
    ],
)
def test_make_safe_puts_an_apostrophe_before_what_may_be_a_formula(text: str, safe: str) -> None:
    assert make_safe(text) == safe


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (datetime(2026, 3, 4, 9, 30, tzinfo=UTC), "2026-03-04T09:30:00Z"),
        (datetime(2026, 3, 4, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2026-03-04T07:30:00Z"),
        (date(2026, 3, 4), "2026-03-04"),
        (1.5, 1.5),
        (None, None),
    ],
)
def test_plain_value_writes_times_in_utc(value: object, plain: object) -> None:
    assert plain_value(value) == plain


@pytest.mark.parametrize("text", ["a" * MOST_CHARACTERS, "🙂" * (MOST_CHARACTERS // 2)])
def test_shorten_cell_keeps_what_fits(text: str) -> None:
    assert shorten_cell(text) == text


@pytest.mark.parametrize("text", ["a" * (MOST_CHARACTERS + 1), "🙂" * (MOST_CHARACTERS // 2 + 1)])
def test_shorten_cell_cuts_the_rest(text: str) -> None:
    short = shorten_cell(text)
    assert len(short.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert short.endswith("…")
    assert text.startswith(short[:-1])
