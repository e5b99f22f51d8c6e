"""Contents that report first and quote whole sentences then: an indirect quotation and a direct one of one speaker."""

import re
from bisect import bisect_right
from dataclasses import replace

from tasks.annotate.attribution import Attribution, Offsets
from tasks.annotate.quote_marks import QuotedSpan, is_quoted_sentence, quoted_share

# The share of a content's letters that stand between marks where all of it counts as quoted.
WHOLE = 0.9
# The stop behind one capital is an initial's or a country's: "the U.S. “Treaty”".
_SENTENCE_END = re.compile(r"(?:(?<![A-Z])\.|[!?…])\s*$")


def part_direct_speech(text: str, items: list[Attribution], quoted: list[QuotedSpan]) -> list[Attribution]:
    """The attributions, each that goes over from reported to quoted sentences parted in two.

    "She said the dam held. “We checked it twice.”" is what she said in the writer's words and what she said in her
    own; both keep the cue and the speaker.
    """
    starts = [span.outer_start for span in quoted]
    return [part for item in items for part in _part(text, item, quoted, starts)]


def _part(text: str, item: Attribution, quoted: list[QuotedSpan], starts: list[int]) -> list[Attribution]:
    inside = quoted[bisect_right(starts, item.start) : bisect_right(starts, item.end - 1)]
    ends = {span.outer_end: span.end for span in inside}
    for span in inside:
        if not is_quoted_sentence(text, span):
            continue
        stop = _find_stop(text, span)
        told = [(start, min(end, stop)) for start, end in item.segments if start < stop]
        said = [(max(start, span.start), ends.get(end, end)) for start, end in item.segments if end > span.start]
        if told and stop < span.outer_start and _goes_over(text, told, said, quoted):
            return [replace(item, segments=pieces, flags=set(item.flags)) for pieces in (told, said)]
    return [item]


def _find_stop(text: str, span: QuotedSpan) -> int:
    """Where the sentence before the opening mark stops, before its full stop; the mark's place where none does."""
    before = text[max(0, span.outer_start - 10) : span.outer_start]
    match = _SENTENCE_END.search(before)
    return span.outer_start - len(before) + match.start() if match else span.outer_start


def _goes_over(text: str, told: list[Offsets], said: list[Offsets], quoted: list[QuotedSpan]) -> bool:
    return quoted_share(quoted, told, text) < WHOLE <= quoted_share(quoted, said, text)
