"""Measures that are printed in parts and are one: "7 hours and 30 minutes", "eight hours and a half"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.annotate.numbers import PART_MORE, Number, read_part
from tasks.annotate.units import Unit, unit_lists

BETWEEN_PARTS = re.compile(r",?[ \u00a0](?:and[ \u00a0])?|[ \u00a0]?")
PART_BEHIND_UNIT = re.compile(PART_MORE, re.IGNORECASE)
# "2h 15m": beside hours these are minutes, not millions.
MINUTES = re.compile(r"[ \u00a0]?(\d{1,2})[ \u00a0]?m(?:ins?)?(?!\w)")


def join_measures(
    text: str, numbers: Sequence[Number], units: Sequence[Unit | None]
) -> tuple[list[Number], list[Unit | None]]:
    """Numbers and their units, in which the parts of one measure are one number of the largest unit."""
    joined: list[tuple[Number, Unit | None]] = []
    for number, unit in zip(numbers, units, strict=True):
        whole = _add_part(text, *joined[-1], number, unit) if joined else None
        if whole:
            joined[-1] = whole
        elif not joined or number.start >= _end_of(*joined[-1]):
            joined.append(_add_part_behind(text, number, unit))
    return [number for number, _ in joined], [unit for _, unit in joined]


def _end_of(number: Number, unit: Unit | None) -> int:
    return unit.end if unit else number.end


def _add_part(
    text: str, first: Number, larger: Unit | None, second: Number, smaller: Unit | None
) -> tuple[Number, Unit] | None:
    """Both as one where the second is a part of the unit of the first ("7 hours", "30 minutes"); None else."""
    if not larger or larger.is_compound or first.is_range or second.start < larger.end:
        return None
    if larger.name == "hour" and (minutes := MINUTES.fullmatch(text[larger.end : second.end])):
        return _add(first, larger, float(minutes[1]) / 60, second.end)
    parts = unit_lists()["parts"].get(larger.name, {})
    if not smaller or smaller.is_compound or second.is_range or smaller.name not in parts:
        return None
    if second.low >= parts[smaller.name] or not BETWEEN_PARTS.fullmatch(text[larger.end : second.start]):
        return None
    return _add(first, larger, second.low / parts[smaller.name], smaller.end)


def _add_part_behind(text: str, number: Number, unit: Unit | None) -> tuple[Number, Unit | None]:
    """The measure with what is added behind its unit: "eight hours and a half", "an hour and a quarter"."""
    part = PART_BEHIND_UNIT.match(text, unit.end) if unit and not unit.is_currency and not number.is_range else None
    return _add(number, unit, read_part(part["more"]), part.end()) if unit and part else (number, unit)


def _add(number: Number, unit: Unit, more: float, end: int) -> tuple[Number, Unit]:
    value = round(number.low + more, 6)
    return replace(number, low=value, high=value), replace(unit, end=end)
