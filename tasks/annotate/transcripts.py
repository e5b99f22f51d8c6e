"""Turns of a printed transcript: paragraphs that open with the speaker's name and a colon."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from tasks.annotate.attribution import Attribution, Offsets, trim_offsets
from tasks.annotate.whole_words import find_whole

_PARAGRAPH = re.compile(r"[^\n]+")
_NAME = r"(?:[A-Z][\w.’'-]*)(?:[ ][A-Z][\w.’'-]*){0,3}"
_LABEL = re.compile(rf"\s*(?P<mark>[\"“‘«„]?)(?P<label>{_NAME})(?:[ ]\([^()\n]{{1,60}}\))?(?::|(?<=\b[QA])\.)[ ](?=\S)")
# Labels that say what somebody does in the talk; no text knows them outside labels.
_PARTS = {"Question", "Answer", "Interviewer", "Moderator"}
_MARKS = '"“”‘’«»„'
# Two words in a row: a tally ("Lind: 1,769") is no turn.
_WORDS = re.compile(r"(?<![’'\w])[’'\d]*+[^\W\d][’'\w]*+[,;:]?[ ]+[^\W\d]")
# What stands between turns and is said by nobody: "(CROSSTALK)".
_ASIDE = re.compile(rf"\s*+(?:[{_MARKS}]\s*+)?[(\[][^()\[\]\n]*[)\]][\s.{_MARKS}]*$")
# Fewer labels are datelines, headings and notes.
MINIMUM_TURNS = 3
FARTHEST_TURN = 2


@dataclass
class _Turn:
    """A label and the pieces said; `unmarked` are the paragraphs after it that may go on with it or not.

    `ends_run` is set where one of them announces something ("The transcript follows:"): it is no part of the turn.
    """

    label: Offsets
    opened: bool
    pieces: list[Offsets] = field(default_factory=list)
    unmarked: list[Offsets] = field(default_factory=list)
    ends_run: bool = False


def find_turns(text: str) -> list[Attribution]:
    """Attributions of a transcript's turns, by place; none where the text holds no transcript.

    A transcript is MINIMUM_TURNS paragraphs or more that open with a label ("LIND: …"), never more than FARTHEST_TURN
    paragraphs apart, of two speakers or more, one of whom speaks again. Where a turn stands in quotation marks, a
    paragraph that opens with a mark goes on with it; without marks, a paragraph between two turns does.
    """
    found = []
    for run in _runs(_read_turns(text)):
        speakers = Counter(text[slice(*turn.label)] for turn in run)
        if len(run) < MINIMUM_TURNS or len(speakers) < 2 or speakers.most_common(1)[0][1] < 2:
            continue
        if any(text[turn.label[1]] == "." for turn in run) and not any(map(partial(_asks, text), run)):
            # "A. Lind", "Q. Roe": initials.
            continue
        for turn in run[:-1]:
            turn.pieces += [] if turn.opened else turn.unmarked
        found += [
            Attribution(turn.pieces, None, turn.label, "transcript", flags=set() if turn.opened else {"no_marks"})
            for turn in run
        ]
    return found


def _asks(text: str, turn: _Turn) -> bool:
    return text[slice(*turn.label)] == "Q" and any("?" in text[start:end] for start, end in turn.pieces)


def _runs(turns: Iterable[_Turn]) -> list[list[_Turn]]:
    runs: list[list[_Turn]] = [[]]
    for turn in turns:
        runs[-1].append(turn)
        if turn.ends_run or len(turn.unmarked) > FARTHEST_TURN:
            runs.append([])
    return runs


def _read_turns(text: str) -> Iterator[_Turn]:
    turn: _Turn | None = None
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        label = _LABEL.match(text, start, end)
        if label and _WORDS.search(text, label.end(), end) and _is_name(text, label["label"]):
            if turn:
                yield turn
            turn = _Turn(label.span("label"), bool(label["mark"]))
            _add(text, turn.pieces, label.end(), end)
        elif turn and not _ASIDE.match(text, start, end):
            turn.ends_run |= text[start:end].rstrip().endswith(":")
            goes_on = turn.opened and text[start:end].lstrip()[:1] in _MARKS
            _add(text, turn.pieces if goes_on else turn.unmarked, start, end)
    if turn:
        yield turn


def _is_name(text: str, label: str) -> bool:
    """Whether the label is a speaker's: in capitals, a part in the talk, or a name whose last word stands elsewhere.

    Headings of a review ("What You Get: …") are printed like turns.
    """
    if label.isupper() or label in _PARTS:
        return True
    last = label.split()[-1]
    found = find_whole(text, last, not_behind=":")
    return any(text[start + len(last) : start + len(last) + 2] != " (" for start in found)


def _add(text: str, pieces: list[Offsets], start: int, end: int) -> None:
    while start < end and text[start] in _MARKS + " ":
        start += 1
    while end > start and text[end - 1] in _MARKS + " ":
        end -= 1
    if piece := trim_offsets(text, start, end):
        pieces.append(piece)


def put_turns_first(turns: list[Attribution], found: list[Attribution]) -> list[Attribution]:
    """The turns, and those found that are no reading of them: outside all turns, or a smaller part of one."""
    return [*turns, *(item for item in found if not any(_reads_same(turn, item) for turn in turns))]


def _reads_same(turn: Attribution, item: Attribution) -> bool:
    first, last = (turn.speaker or (turn.start, 0))[0], turn.end
    if item.end <= first or item.start >= last:
        return False
    is_inside = any(start <= item.start and item.end <= end for start, end in turn.segments)
    return not is_inside or item.cue is None or 2 * (item.end - item.start) >= turn.end - turn.start
