"""What cleaning does to a source text: removals and replacements that can be undone."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from schemas.articles import RemovedSpan, Repair

# Repairs of these change a character or two inside a word; their rows show the words.
IN_WORDS = frozenset({"glued", "cut"})
LONGEST_WORD = 40
# Start and end of an edit.
PLACE = itemgetter(0, 1)


class Edit(NamedTuple):
    """One change: characters [start, end) of the source text become `replacement`.

    An empty replacement removes; `category` is then one of REMOVAL_CATEGORIES, else one of REPAIR_CATEGORIES.
    A `proposal` makes it a flag: the replacement is the characters themselves, and the proposal what would
    stand in their place if it were certain.
    """

    start: int
    end: int
    replacement: str
    category: str
    rule_name: str
    proposal: str | None = None


def sort_edits(edits: Iterable[Edit]) -> list[Edit]:
    """The edits from left to right; ValueError where one is empty or two overlap."""
    ordered = sorted(edits, key=PLACE)
    previous_end = 0
    for edit in ordered:
        if edit.start >= edit.end or edit.start < previous_end:
            raise ValueError(f"edit {edit.rule_name} at {edit.start}:{edit.end} is empty or overlaps the one before")
        previous_end = edit.end
    return ordered


def apply_edits(source_text: str, edits: Iterable[Edit]) -> str:
    """The source text with all edits made."""
    parts: list[str] = []
    position = 0
    for edit in sort_edits(edits):
        parts += (source_text[position : edit.start], edit.replacement)
        position = edit.end
    parts.append(source_text[position:])
    return "".join(parts)


def keep_outside(edits: Iterable[Edit], covers: Sequence[Edit]) -> list[Edit]:
    """The edits that touch none of `covers`, which must be sorted; order is kept."""
    kept, index = [], 0
    for edit in sort_edits(edits):
        while index < len(covers) and covers[index].end <= edit.start:
            index += 1
        if index == len(covers) or covers[index].start >= edit.end:
            kept.append(edit)
    return kept


def drop_spaces_beside(edits: Iterable[Edit], covers: Sequence[Edit], source_text: str) -> list[Edit]:
    """The edits without those that only put a space between their characters and one of `covers`; order is kept."""
    starts, ends = {cover.start for cover in covers}, {cover.end for cover in covers}
    return [
        edit
        for edit in edits
        if not (
            (edit.end in starts and edit.replacement == source_text[edit.start : edit.end] + " ")
            or (edit.start in ends and edit.replacement == " " + source_text[edit.start : edit.end])
        )
    ]


def edits_to_rows(source_text: str, edits: Iterable[Edit], document_id: str) -> tuple[list[RemovedSpan], list[Repair]]:
    """Rows of removed_spans and of repairs, left to right; a flag's row is a repair that is not applied."""
    removed_spans: list[RemovedSpan] = []
    repairs: list[Repair] = []
    ordered = sort_edits(edits)
    previous_end = 0
    for index, edit in enumerate(ordered):
        start, end = edit.start, edit.end
        if edit.replacement and edit.category in IN_WORDS:
            next_start = ordered[index + 1].start if index + 1 < len(ordered) else len(source_text)
            start, end = _widen(source_text, edit, previous_end, next_start)
        previous_end = end
        text = source_text[start:end]
        if not edit.replacement:
            removed_spans.append(
                RemovedSpan(
                    document_id=document_id,
                    start_char=start,
                    end_char=end,
                    category=edit.category,
                    rule_name=edit.rule_name,
                    text=text,
                )
            )
            continue
        outcome = edit.replacement if edit.proposal is None else edit.proposal
        repairs.append(
            Repair(
                document_id=document_id,
                start_char=start,
                end_char=end,
                category=edit.category,
                rule_name=edit.rule_name,
                before=text,
                after=source_text[start : edit.start] + outcome + source_text[edit.end : end],
                is_applied=edit.proposal is None,
            )
        )
    return removed_spans, repairs


def _widen(source_text: str, edit: Edit, lowest: int, highest: int) -> tuple[int, int]:
    """The edit's span with the words it touches, as far as they lie between its neighbours."""
    start, end = edit.start, edit.end
    lowest = max(lowest, start - LONGEST_WORD)
    highest = min(highest, end + LONGEST_WORD)
    while start > lowest and not source_text[start - 1].isspace():
        start -= 1
    while end < highest and not source_text[end].isspace():
        end += 1
    return start, end


def rebuild_source_text(text: str, removed_spans: Iterable[RemovedSpan], repairs: Iterable[Repair]) -> str:
    """The source text, as it was before cleaning: every edit undone in `text`. Repairs not applied say nothing.

    Raises ValueError where the rows do not fit the text: two overlap, a span's length is not
    that of its characters, a repair's outcome is not in its place, or a row lies past the end.
    """
    rows = [(row.start_char, row.end_char, row.text, "") for row in removed_spans]
    rows += [(row.start_char, row.end_char, row.before, row.after) for row in repairs if row.is_applied]
    parts: list[str] = []
    source_position = text_position = 0
    for start, end, before, after in sorted(rows):
        kept = text[text_position : text_position + start - source_position]
        text_position += len(kept)
        if start < source_position or len(kept) != start - source_position or len(before) != end - start:
            raise ValueError(f"the row at {start}:{end} overlaps another or lies outside the text")
        if not text.startswith(after, text_position):
            raise ValueError(f"the repair at {start}:{end} says {after!r}, but the text does not")
        parts += (kept, before)
        source_position, text_position = end, text_position + len(after)
    parts.append(text[text_position:])
    return "".join(parts)
