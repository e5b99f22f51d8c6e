"""Lines that recur over the documents of one outlet: counted over all of them, and chosen where they are furniture."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil
from typing import NamedTuple

import numpy as np

from tasks.clean.draft import Span
from tasks.clean.fields.dates import read_date_line
from tasks.clean.fields.head import HEAD_LINES, read_byline
from tasks.clean.furniture.rules import find_line_rule
from tasks.clean.lines import Line
from tasks.clean.recurring.printed_lines import PrintedLines, Shape, hash_text, read_line
from tasks.clean.tables import load_table

# Rough counts of lines, four bytes each; a line met too seldom here has no exact count made.
ROUGH_SLOTS = 1 << 22
# Documents of a line that are compared with one another: those of the lowest identifiers, whatever came in first.
SAMPLE_DOCUMENTS = 24
SAMPLE_LINES = 64
# A line's place is where it stands in so many of its documents.
MINIMUM_SHARE = 0.7

# As plain numbers: with members of an enumeration each operation on an array takes several times as long.
LONG, CONTENT = np.uint8(Shape.LONG), np.uint8(Shape.CONTENT)
SHAPES = tuple(map(Shape, range(2 * Shape.CONTENT)))

Source = Callable[[], Iterable[PrintedLines]]


class _Sampled(NamedTuple):
    """A document in which a line stands: what tells it from others."""

    document_id: str
    long_lines: frozenset[int]


@dataclass(slots=True)
class Tally:
    """Where a line stands: documents in all, at the edge of the text, next to another line that recurs."""

    shape: Shape
    is_declared: bool
    documents: int = 0
    at_edge: int = 0
    in_block: int = 0
    sample: list[_Sampled] = field(default_factory=list)

    def add(self, sampled: _Sampled, *, at_edge: bool, in_block: bool) -> None:
        """Counts one document."""
        self.documents += 1
        self.at_edge += at_edge
        self.in_block += in_block
        if len(self.sample) < SAMPLE_DOCUMENTS:
            self.sample.append(sampled)
            return
        last = max(range(SAMPLE_DOCUMENTS), key=lambda index: self.sample[index].document_id)
        if sampled.document_id < self.sample[last].document_id:
            self.sample[last] = sampled


def find_recurring(source: Source) -> dict[str, frozenset[int]]:
    """For each outlet the hashes of the lines that are its furniture.

    `source` gives the lines of every document, each document once; it is called twice. Neither the order of documents
    nor how often a document prints a line matters. Memory holds rough counts, and exact ones of lines that may recur.
    """
    outlets, rough = _count_roughly(source())
    tallies = _tally(source(), rough)
    chosen: dict[str, set[int]] = {}
    for (outlet, line_hash), tally in tallies.items():
        if is_furniture(tally, outlets[outlet]):
            chosen.setdefault(outlet, set()).add(line_hash)
    return {outlet: frozenset(hashes) for outlet, hashes in chosen.items()}


def _slots(printed: PrintedLines) -> np.ndarray:
    return (printed.hashes ^ np.uint64(hash_text(printed.outlet))) % np.uint64(ROUGH_SLOTS)


def _count_roughly(documents: Iterable[PrintedLines]) -> tuple[Counter[str], np.ndarray]:
    """Documents by outlet; and for every slot the documents that have a line in it."""
    outlets: Counter[str] = Counter()
    rough = np.zeros(ROUGH_SLOTS, np.uint32)
    for printed in documents:
        outlets[printed.outlet] += 1
        # A slot that stands here twice is counted once: all are read before any is written.
        rough[_slots(printed)] += 1
    return outlets, rough


def _tally(documents: Iterable[PrintedLines], rough: np.ndarray) -> dict[tuple[str, int], Tally]:
    """Exact counts of the short lines that may recur, by outlet and hash."""
    table = load_table("recurring/recurrence.toml")
    minimum = min(table[place]["minimum_documents"] for place in ("edge", "block", "inside", "sentence"))
    tallies: dict[tuple[str, int], Tally] = {}
    for printed in documents:
        recurs = rough[_slots(printed)] >= minimum
        if not recurs.any():
            continue
        long_lines = _long_lines(printed)
        sampled = _Sampled(printed.document_id, long_lines)
        for line_hash, (shape, at_edge, in_block) in _places(printed, recurs).items():
            key = (printed.outlet, line_hash)
            if (tally := tallies.get(key)) is None:
                tally = tallies[key] = Tally(shape, printed.is_declared)
            tally.add(sampled, at_edge=at_edge, in_block=in_block)
    return tallies


def _long_lines(printed: PrintedLines) -> frozenset[int]:
    found = set(printed.hashes[(printed.shapes & LONG) != 0].tolist())
    return frozenset(sorted(found)[:SAMPLE_LINES])


def _places(printed: PrintedLines, recurs: np.ndarray) -> dict[int, tuple[Shape, bool, bool]]:
    """For each short line that may recur its shape, whether it stands at the edge of the text, and whether in a block.

    The text reaches from the first long line that does not recur to the last; without any there is no edge.
    """
    shapes = printed.shapes
    is_long = (shapes & LONG) != 0
    body = np.flatnonzero(is_long & ~recurs)
    if not len(body):
        body = np.flatnonzero(is_long)
    first, last = (int(body[0]), int(body[-1])) if len(body) else (-1, len(shapes))
    wanted = np.flatnonzero(recurs & ((shapes & (LONG | CONTENT)) == 0))
    has_neighbour = np.zeros(len(recurs), np.bool_)
    has_neighbour[1:] = recurs[:-1]
    has_neighbour[:-1] |= recurs[1:]
    columns = (wanted, has_neighbour[wanted], printed.hashes[wanted], shapes[wanted])
    places: dict[int, tuple[Shape, bool, bool]] = {}
    for index, in_block, line_hash, shape in zip(*(column.tolist() for column in columns), strict=True):
        at_edge = not first < index < last
        # A line repeated in one document counts once, at the place that says least.
        before = places.get(line_hash)
        places[line_hash] = (
            SHAPES[shape],
            at_edge and (before is None or before[1]),
            in_block and (before is None or before[2]),
        )
    return places


def is_furniture(tally: Tally, outlet_documents: int) -> bool:
    """Whether a line that stands so in an outlet of so many documents belongs to its pages, not to its articles."""
    limits = load_table("recurring/recurrence.toml")
    place = find_place(tally)
    if tally.documents < limits[place]["minimum_documents"]:
        return False
    # In steps of two: a share that one new document could undo would have the same batches cleaned again and again.
    documents = 1 << max(0, outlet_documents.bit_length() - 1)
    needed = max(limits[place]["minimum_documents"], limits[place]["minimum_share"] * documents)
    if not tally.is_declared:
        needed = max(needed, limits["undeclared"]["minimum_documents"])
    return count_tellings(tally) >= needed


def find_place(tally: Tally) -> str:
    """Which limits hold for the line: edge, block, inside or sentence.

    What may be a fact of the article, a line with a number or at the edge a sentence, stands the next higher test.
    """
    is_masked, is_sentence = bool(tally.shape & Shape.MASKED), bool(tally.shape & Shape.SENTENCE)
    if tally.at_edge >= MINIMUM_SHARE * tally.documents:
        return "block" if is_masked or is_sentence else "edge"
    if tally.in_block >= MINIMUM_SHARE * tally.documents:
        return "inside" if is_masked else "block"
    return "sentence" if is_sentence else "inside"


def count_tellings(tally: Tally) -> float:
    """Documents that have the line and tell different things; an estimate from a sample where they are many.

    Copies, updates and reposts of an article, each like another one of them, are one telling.
    """
    sample = _drop_shared_by_different(tally.sample)
    groups = list(range(len(sample)))
    for one, other in combinations(range(len(groups)), 2):
        if groups[one] != groups[other] and _tell_the_same(sample[one], sample[other]):
            old, new = groups[other], groups[one]
            groups = [new if group == old else group for group in groups]
    return len(set(groups)) * tally.documents / len(groups)


def _drop_shared_by_different(sample: list[_Sampled]) -> list[frozenset[int]]:
    """Long lines of each document, less those that stand in many which otherwise differ: a plea, a legal notice.

    Beside such a line most documents have others that far fewer share; beside a paragraph of a copy they have not.
    """
    limits = load_table("recurring/recurrence.toml")["copies"]
    counts = Counter(line for document in sample for line in document.long_lines)
    documents: Counter[int] = Counter()
    for document in sample:
        ascending = sorted(counts[line] for line in document.long_lines)
        if not ascending:
            continue
        # Where this many of its lines are rare beside a line, the document is told apart by them.
        highest_of_own = ascending[ceil(limits["minimum_own_share"] * len(ascending)) - 1]
        least = limits["times_as_many"] * highest_of_own
        documents.update(line for line in document.long_lines if counts[line] >= least)
    shared = {line for line, count in documents.items() if 2 * count >= counts[line]}
    return [document.long_lines - shared for document in sample]


def _tell_the_same(one: frozenset[int], other: frozenset[int]) -> bool:
    shorter = min(len(one), len(other))
    if not shorter:
        # Without paragraphs nothing tells two documents apart.
        return not one and not other
    return len(one & other) >= load_table("recurring/recurrence.toml")["copies"]["minimum_share"] * shorter


def find_recurring_lines(lines: list[Line], recurring: frozenset[int]) -> list[Span]:
    """Spans of the short lines whose hash is among those that recur.

    A byline or a date in the head has its own reader, and so has what a rule knows at the tail, where it says that the
    article is over; a paragraph is no line of furniture.
    """
    if not recurring:
        return []
    return [
        Span(line.start, line.end, "recurring", "recurring_line")
        for index, line in enumerate(lines)
        if (found := read_line(line.text)) is not None
        and found[0] in recurring
        and not found[1] & Shape.LONG
        and not (index < HEAD_LINES and _is_head_field(line))
        and find_line_rule(line, "tail") is None
    ]


def _is_head_field(line: Line) -> bool:
    return bool(read_date_line(line.text) or read_byline(line.text, is_below_title=True))


def recurring_in(printed: PrintedLines, recurring: dict[str, frozenset[int]]) -> list[int]:
    """Hashes of the document's own lines that are its outlet's furniture, ascending."""
    return sorted(recurring.get(printed.outlet, frozenset()).intersection(printed.hashes.tolist()))
