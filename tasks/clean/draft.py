"""A text half cleaned: its broken characters mended, each still knowing where it stood in the source."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from tasks.clean.edits import Edit, apply_edits, sort_edits


class Span(NamedTuple):
    """Characters [start, end) of a draft, with what they are and the rule that says so."""

    start: int
    end: int
    category: str
    rule_name: str


class Draft:
    """The source text with some edits made, and the way back from its offsets to the source's."""

    def __init__(self, source_text: str, edits: Iterable[Edit]) -> None:
        self.source_text = source_text
        self.edits = sort_edits(edits)
        self.text = apply_edits(source_text, self.edits)
        # For each edit: where its replacement starts and ends in the draft.
        self._starts: list[int] = []
        self._ends: list[int] = []
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            self._starts.append(start)
            self._ends.append(start + len(edit.replacement))
            shift += len(edit.replacement) - (edit.end - edit.start)

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the source text of characters [start, end) of the draft.

        An end inside a replacement moves out to the end of what was replaced, but not over characters that only had
        a space put beside them. What was removed at an edge stays outside.
        """
        return self._source_offset(start, is_end=False), self._source_offset(end, is_end=True)

    def _source_offset(self, offset: int, *, is_end: bool) -> int:
        # The last edit that starts before an end, or at or before a start.
        index = bisect_right(self._starts, offset - 1 if is_end else offset) - 1
        if index < 0:
            return offset
        edit = self.edits[index]
        if offset < self._ends[index]:
            return self._edge_of_replacement(edit, offset - self._starts[index], is_end=is_end)
        return edit.end + offset - self._ends[index]

    def _edge_of_replacement(self, edit: Edit, offset: int, *, is_end: bool) -> int:
        kept = self.source_text[edit.start : edit.end]
        if is_end:
            is_outside = edit.replacement.endswith(kept) and len(edit.replacement) - offset >= len(kept)
            return edit.start if is_outside else edit.end
        return edit.end if edit.replacement.startswith(kept) and offset >= len(kept) else edit.start

    def from_source(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the draft of characters [start, end) of the source text; a replacement at an edge is inside."""
        return self._draft_offset(start, is_end=False), self._draft_offset(end, is_end=True)

    def _draft_offset(self, offset: int, *, is_end: bool) -> int:
        # The last edit that starts before an end, or at or before a start.
        index = bisect_right(self.edits, offset - 1 if is_end else offset, key=lambda edit: edit.start) - 1
        if index < 0:
            return offset
        edit = self.edits[index]
        if offset < edit.end:
            return self._ends[index] if is_end else self._starts[index]
        return self._ends[index] + offset - edit.end

    def removals(self, spans: Iterable[Span]) -> list[Edit]:
        """Spans of the draft as removals from the source text, left to right; overlapping ones are cut apart.

        Where two spans overlap, the one that starts first, or else is longer, keeps its characters.
        """
        edits: list[Edit] = []
        position = source_position = 0
        for span in sorted(spans, key=lambda span: (span.start, -span.end)):
            start, end = self.to_source(max(span.start, position), span.end) if span.end > position else (0, 0)
            # Two spans may meet within what one replacement made of several characters.
            start = max(start, source_position)
            if start < end:
                edits.append(Edit(start, end, "", span.category, span.rule_name))
                source_position = end
            position = max(position, span.end)
        return edits
