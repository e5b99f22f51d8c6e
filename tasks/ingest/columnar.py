"""Articles that an object holds column by column: all titles in one field, all texts in another."""

from typing import Any

from tasks.ingest.fields import Fields


def split_columns(value: dict[str, Any], fields: Fields) -> list[dict[str, Any]]:
    """The records of an object that is a table, in its order; none where it is not surely one.

    So pandas and Hugging Face's data sets write one: {"title": ["A", "B"], "text": ["...", "..."]}, or with an object
    of the same row names in place of each list. A title and a text for each of two rows and more are asked, and no
    address that is of all: a list of paragraphs has one title and one address. What else is said of all stands in each
    record.
    """
    text = next((one for name, one in value.items() if fields.means_article(name) and _is_column(one)), None)
    if text is None:
        return []
    rows = _rows_of(text)
    columns = {name: one for name, one in value.items() if isinstance(one, (list, dict)) and _rows_of(one) == rows}
    if not fields.hold_title(name for name, one in columns.items() if _is_column(one)):
        return []
    shared = {name: one for name, one in value.items() if not isinstance(one, (list, dict))}
    if any(one and fields.hold_heading(name) for name, one in shared.items()):
        return []
    return [shared | {name: one[row] for name, one in columns.items()} for row in rows]


def _is_column(value: Any) -> bool:
    """Whether each of two values and more is a text, or lacks; and some are there."""
    if not isinstance(value, (list, dict)) or len(value) < 2:
        return False
    cells = value.values() if isinstance(value, dict) else value
    return all(one is None or isinstance(one, str) for one in cells) and any(cells)


def _rows_of(value: list[Any] | dict[str, Any]) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value)))
