import tomllib
from datetime import UTC, datetime

import pytest

from tasks.ingest.fields import (
    FIELDS_FILE,
    STANDARD_FIELDS,
    Fields,
    FieldsError,
    parse_instant,
    pick_instant,
    pick_text,
)
from tasks.ingest.sections import read_page, read_text

FIELDS = tomllib.loads(FIELDS_FILE.read_text("utf-8"))
EXAMPLES = [
    pytest.param(column, example["record"], example["value"], id=f"{column}-{number}")
    for column, field in FIELDS.items()
    for number, example in enumerate(field["examples"])
]


@pytest.mark.parametrize(("column", "record", "value"), EXAMPLES)
def test_fields_read_their_examples(column, record, value):
    if column.endswith("_at"):
        instant = pick_instant(record, column)
        assert (instant.isoformat() if instant else "") == value
    else:
        read = {"text": read_text, "html": read_page}.get(column)
        assert ((read(record, STANDARD_FIELDS) if read else pick_text(record, column)) or "") == value


def test_fields_say_why():
    assert all(field["why"] and field["names"] and field["examples"] for field in FIELDS.values())


@pytest.mark.parametrize(
    "value",
    [None, True, -5, float("nan"), float("inf"), 1e300, "9" * 5000, "2023-02-31", "0001-01-01T00:00:00+14:00", [], {}],
    ids=lambda value: repr(value)[:20],
)
def test_parse_instant_gives_none_for_what_is_no_time(value):
    assert parse_instant(value) is None


def test_parse_instant_takes_a_time_without_zone_as_utc():
    assert parse_instant("2023-05-04 16:30") == datetime(2023, 5, 4, 16, 30, tzinfo=UTC)


def test_pick_text_replaces_half_characters_in_a_title():
    assert pick_text({"title": "odd \ud83d"}, "title") == "odd ?"


@pytest.mark.parametrize(
    "content",
    ["text = ", "colour = 'x'", "text = 3", "text = ['a', 3]", "\x00"],
    ids=["broken", "no column", "number", "mixed list", "binary"],
)
def test_fields_refuse_a_file_of_names_that_is_none(tmp_path, content):
    path = tmp_path / "names.toml"
    path.write_text(content)
    with pytest.raises(FieldsError, match=r"names\.toml"):
        Fields.with_file(path)


def test_fields_put_the_names_of_a_file_before_their_own(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text('title = "Kopf-Zeile"\n')
    record = {"title": "Ferry", "kopf_zeile": "Boat"}
    assert pick_text(record, "title", Fields.with_file(path)) == "Boat"
    assert pick_text(record, "title") == "Ferry"
