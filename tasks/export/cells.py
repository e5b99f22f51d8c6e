"""Values as cells of a spreadsheet, none of which a program takes for a formula."""

from datetime import UTC, date, datetime
from typing import Any

# What spreadsheet programs take for the beginning of a formula, in half and full width; a tab or line break
# before it is skipped by some of them.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program might take the text for a formula."""
    return text.startswith(FORMULA_STARTS)


def make_safe(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet program might take it for a formula."""
    return f"'{text}" if is_formula(text) else text


def plain_value(value: Any) -> Any:
    """The value with times as ISO 8601 text in UTC, days as such text; all else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
