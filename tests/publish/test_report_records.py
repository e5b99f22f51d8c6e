import json

import pytest

from schemas import Copy
from schemas.links import ORIGINAL_REASONS as DECLARED_REASONS
from tasks.publish.report_records import ORIGINAL_REASONS, clean_record, describe_copy, write_record


def test_original_reasons_are_those_declared() -> None:
    assert set(ORIGINAL_REASONS) == set(DECLARED_REASONS)


def test_describe_copy_says_how_much_and_what_tells() -> None:
    copy = Copy(
        article_id="a" * 16, copy_of_article_id="b" * 16, copy_kind="near", shared_share=0.934,
        original_reason="published_first",
    )  # fmt: skip
    assert describe_copy(copy) == "93% in common; the original was published first"
    assert describe_copy(None) == ""


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("a\u202eb", "ab"),
        ("a\u2028b", "a\nb"),
        (["\x00", {"k": ("\x1b[2J", 1, None, True)}], ["", {"k": ["[2J", 1, None, True]}]),
    ],
    ids=["reordering", "line", "nested"],
)
def test_clean_record_strips_what_steers_or_reorders(value: object, cleaned: object) -> None:
    assert clean_record(value) == cleaned


def test_write_record_cleans_every_control_character() -> None:
    steering = [chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F))]
    for character in [*steering, "\\", "\\u0007", "é", "\xa0", '"']:
        record = {"text": ["before", f"a{character}b"], "more": {"of": (character, 1, None)}}
        assert json.loads(write_record(record)) == clean_record(record), repr(character)
