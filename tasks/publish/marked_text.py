"""An article as it was received: kept text with marks on it, removed text beside it with its reason."""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

PARAGRAPH_BREAK = "\n\n"
NEVER = sys.maxsize
Role = Literal["quote", "reported", "speaker", "cue", "figure"]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change that cleaning made between `start` and `end` of the source text.

    `after` stands in its place in the article: empty where the span was removed. A `proposal` tells what would
    stand there if it were certain; the text is then as it was received.
    """

    start: int
    end: int
    category: str
    rule_name: str
    after: str = ""
    removed: bool = True
    proposal: str | None = None


class Mark(NamedTuple):
    """A stretch of article text to point out; `owner` names the quotation or figure that it is a part of."""

    start: int
    end: int
    role: Role
    owner: str | None = None


@dataclass(frozen=True)
class Stretch:
    """A piece of the source text: as `before` in the source, as `after` in the article.

    `position` is the offset of `after` in the article's text; `edit` is None for text kept as it was.
    """

    before: str
    after: str
    position: int
    edit: Edit | None = None


class Piece(NamedTuple):
    """Text under the same marks, and whose marks they are. `edit` is set where cleaning removed or mended it."""

    text: str
    roles: tuple[Role, ...] = ()
    owners: tuple[str, ...] = ()
    edit: Edit | None = None
    before: str = ""

    @property
    def is_removed(self) -> bool:
        """Whether the text is no part of the article."""
        return self.edit is not None and self.edit.removed

    @property
    def is_mended(self) -> bool:
        """Whether the text was received in other characters, white space aside."""
        return self.edit is not None and not self.edit.removed and self.before.split() != self.text.split()

    @property
    def is_flagged(self) -> bool:
        """Whether the text may be broken, and was left as it was received."""
        return self.edit is not None and self.edit.proposal is not None


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One paragraph, or removed pieces that stood between two."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def is_removed(self) -> bool:
        """Whether no piece is part of the article."""
        return all(piece.is_removed for piece in self.pieces)


def walk_source(source: str, edits: Iterable[Edit]) -> list[Stretch]:
    """The source text cut at its edits, in order; joining `after` gives the article's text.

    Edits that overlap or lie outside raise ValueError.
    """
    stretches: list[Stretch] = []
    done = position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not done <= edit.start <= edit.end <= len(source):
            raise ValueError(f"edit {edit.rule_name} at {edit.start}:{edit.end} overlaps another or leaves the text")
        if edit.start > done:
            stretches.append(Stretch(source[done : edit.start], source[done : edit.start], position))
            position += edit.start - done
        stretches.append(Stretch(source[edit.start : edit.end], edit.after, position, edit))
        position += len(edit.after)
        done = edit.end
    if done < len(source):
        stretches.append(Stretch(source[done:], source[done:], position))
    return stretches


def mark_article(text: str, stretches: Sequence[Stretch], marks: Sequence[Mark]) -> list[Paragraph]:
    """The article in paragraphs, cut into pieces under the same marks, removed text in its place.

    Removed white space is left out. `stretches` must rebuild `text`; ValueError if they do not.
    """
    if "".join(stretch.after for stretch in stretches) != text:
        raise ValueError("the edits do not rebuild the article's text")
    breaks = _find_breaks(text)
    cuts = sorted({offset for mark in marks for offset in (mark.start, mark.end)} | {o for b in breaks for o in b})
    next_break = 0
    builder = _ParagraphBuilder()
    open_marks = _OpenMarks(marks)
    for stretch in stretches:
        if stretch.edit is not None and stretch.edit.removed:
            own_line = stretch.position in (0, len(text)) or _lies_in_break(stretch.position, stretch.position, breaks)
            builder.add_removed(stretch, own_line=own_line)
            continue
        for start, end in _split_at(stretch.position, stretch.position + len(stretch.after), cuts):
            # Pieces come in order, and none reaches over an end of a break.
            while next_break < len(breaks) and breaks[next_break][1] <= start:
                next_break += 1
            if next_break < len(breaks) and breaks[next_break][0] <= start:
                builder.end_paragraph()
            else:
                roles, owners = open_marks.at(start)
                builder.pieces.append(Piece(text[start:end], roles, owners, stretch.edit, stretch.before))
    builder.end_paragraph()
    return builder.paragraphs


class _ParagraphBuilder:
    """Collects pieces; removed lines wait until the paragraph around them is over."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.pieces: list[Piece] = []

    def end_paragraph(self) -> None:
        if self.pieces:
            self.paragraphs.append(Paragraph(pieces=self.pieces))
            self.pieces = []

    def add_removed(self, stretch: Stretch, *, own_line: bool) -> None:
        if not stretch.before.strip():
            return
        piece = Piece(text=stretch.before.strip(), edit=stretch.edit, before=stretch.before)
        if not own_line:
            self.pieces.append(piece)
            return
        self.end_paragraph()
        if self.paragraphs and self.paragraphs[-1].is_removed:
            self.paragraphs[-1].pieces.append(piece)
        else:
            self.paragraphs.append(Paragraph(pieces=[piece]))


def _find_breaks(text: str) -> list[tuple[int, int]]:
    breaks = []
    start = text.find(PARAGRAPH_BREAK)
    while start != -1:
        breaks.append((start, start + len(PARAGRAPH_BREAK)))
        start = text.find(PARAGRAPH_BREAK, breaks[-1][1])
    return breaks


def _lies_in_break(start: int, end: int, breaks: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(breaks, (start, start + len(PARAGRAPH_BREAK))) - 1
    return index >= 0 and breaks[index][0] <= start and end <= breaks[index][1]


def _split_at(start: int, end: int, cuts: Sequence[int]) -> Iterable[tuple[int, int]]:
    inside = cuts[bisect_right(cuts, start) :]
    ends = [start]
    for cut in inside:
        if cut >= end:
            break
        ends.append(cut)
    return pairwise([*ends, end]) if end > start else ()


class _OpenMarks:
    """The marks over a place, for places asked for in ascending order."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._coming = sorted(enumerate(marks), key=lambda entry: -entry[1].start)
        self._open: list[tuple[int, Mark]] = []
        self._found: tuple[tuple[Role, ...], tuple[str, ...]] = ((), ())
        self._first_end = NEVER

    def at(self, place: int) -> tuple[tuple[Role, ...], tuple[str, ...]]:
        """Roles and owners of the marks over the character at `place`, in the order in which these were given."""
        coming = self._coming
        if self._first_end <= place:
            self._open = [entry for entry in self._open if entry[1].end > place]
        elif not coming or coming[-1][1].start > place:
            return self._found
        if coming and coming[-1][1].start <= place:
            while coming and coming[-1][1].start <= place:
                entry = coming.pop()
                if entry[1].end > place:
                    self._open.append(entry)
            self._open.sort()
        self._found, self._first_end = _describe_marks([mark for _, mark in self._open])
        return self._found


def _describe_marks(marks: Sequence[Mark]) -> tuple[tuple[tuple[Role, ...], tuple[str, ...]], int]:
    """Roles and owners of the marks, and where the first of them ends."""
    # Most places have one or none.
    if not marks:
        return ((), ()), NEVER
    if len(marks) == 1:
        (mark,) = marks
        return ((mark.role,), (mark.owner,) if mark.owner else ()), mark.end
    roles = tuple(dict.fromkeys([mark.role for mark in marks]))
    owners = tuple(dict.fromkeys([mark.owner for mark in marks if mark.owner]))
    return (roles, owners), min([mark.end for mark in marks])
