"""The numbers of a text, two that make a range as one: "5 to 7 percent", "between 90 and 100"."""

import re
from collections.abc import Iterator, Sequence

from tasks.annotate.numbers import BETWEEN, Number, find_single_numbers, scale_of

RANGE_JOIN = re.compile(
    r"(?P<dash>[ \u00a0]?[-–—][ \u00a0]?)|[ \u00a0]to[ \u00a0]|[ \u00a0]or[ \u00a0]|(?P<and>[ \u00a0]and[ \u00a0])"
)
FROM = re.compile(r"\bfrom\s+\W?$", re.IGNORECASE)
# A sentence that begins so tells no change, nor does what ranges; "grew from 5 to 7" does.
SPAN_FROM = re.compile(
    r"(?:^|[.!?:;\n]['\"”’)]?\s*|\b(?:rang\w+|var(?:y|ies|ied|ying)|last(?:s|ed|ing)?|takes?|took|taking|wait(?:s|ed|ing)?|anywhere|of)\s+)['\"“‘]?from\s+\W?$",
    re.IGNORECASE,
)
UNIT_OF_FIRST = re.compile(r" ?(%|percent|per cent|hour)s?(?= |[-–])", re.IGNORECASE)
CURRENCY_SIGN = r"(?:US|C|A)?[$€£¥₹]"


def find_numbers(text: str) -> list[Number]:
    """All numbers of a text, left to right, none inside another; a range is one number.

    Scores and other pairs ("3-2") are left out, as what `find_single_numbers` leaves out.
    """
    joined = _join_ranges(text, find_single_numbers(text))
    return [number for number in joined if not _is_part_of_pair(text, number)]


def _is_part_of_pair(text: str, number: Number) -> bool:
    """Whether a dash ties the number to another one without making a range ("3-2")."""
    return bool(
        re.search(r"\d[-–]$", text[max(0, number.start - 2) : number.start])
        or re.match(r"[-–]\d", text[number.end : number.end + 2])
    )


def _join_ranges(text: str, numbers: Sequence[Number]) -> Iterator[Number]:
    position = 0
    while position < len(numbers):
        number = numbers[position]
        following = numbers[position + 1] if position + 1 < len(numbers) else None
        joined = _join_range(text, number, following) if following else None
        yield joined or number
        position += 2 if joined else 1


def _join_range(text: str, first: Number, second: Number) -> Number | None:
    """The range that two neighbouring numbers make, or None."""
    between = re.sub(rf"{CURRENCY_SIGN}$", "", text[first.end : second.start])
    # "5% to 7%" prints the unit twice.
    if (unit := UNIT_OF_FIRST.match(between)) and text[second.end : second.end + 10].lstrip().lower().startswith(
        unit[1].lower()
    ):
        between = between[unit.end() :]
    match = RANGE_JOIN.fullmatch(between)
    before = text[max(0, first.start - 30) : first.start]
    if not match or (FROM.search(before) and not SPAN_FROM.search(before)):
        return None
    if match["and"] and not BETWEEN.search(before):
        return None
    low, high = first.low, second.high
    scale = scale_of(text, second)
    # "five to six hundred", where "a dozen to fifteen hundred" has a scale at both ends
    if 1 <= low < 1000 and low * scale < high and (scale >= 1000 or scale_of(text, first) == 1):
        low *= scale
    if low >= high:
        return None
    return Number(first.start, second.end, low, high, is_range=True, is_word=first.is_word and second.is_word)
