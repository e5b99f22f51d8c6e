"""Quotations of an article: direct, mixed and indirect, each with its cue and its speaker as printed."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from spacy.tokens import Doc

from schemas import Quote
from tasks.annotate.attribution import Attribution, Offsets, text_of, trim_offsets
from tasks.annotate.block_quotes import find_block_quotes
from tasks.annotate.cue_clauses import find_reported_clauses
from tasks.annotate.cue_search import CueSearch
from tasks.annotate.cues import load_cues
from tasks.annotate.nested_speech import find_nested
from tasks.annotate.quote_marks import QuotedSpan, pair_quote_marks, quoted_share
from tasks.annotate.quoted_speech import attach_quotations, tokens_inside
from tasks.annotate.tagged_speech import find_tagged_attributions, has_tags
from tasks.annotate.transcripts import find_turns, put_turns_first

PATTERNS_FILE = Path(__file__).with_name("patterns.toml")
# Patterns of speech that count inside another's content.
NESTED_PATTERNS = {"verb_clause", "tagged", "nested_clause", "nested_marked"}
DIRECT_SHARE = 0.9  # the limit of the PolNeAR scorer: nine words in ten between marks make a quotation direct


def find_attributions(doc: Doc) -> tuple[list[Attribution], list[QuotedSpan]]:
    """Attributions of the text, by place, and its quoted spans; by the tagger where it read the doc, else by rules."""
    quoted = pair_quote_marks(text_of(doc))
    found = find_tagged_attributions(doc, quoted) if has_tags(doc) else _find_by_rules(doc, quoted)
    found = put_turns_first(find_turns(text_of(doc)), found)
    return _without_overlaps([*found, *find_nested(text_of(doc), found)]), quoted


def _find_by_rules(doc: Doc, quoted: list[QuotedSpan]) -> list[Attribution]:
    lexicon = load_cues()
    inside = tokens_inside(doc, quoted)
    clauses = find_reported_clauses(doc, lexicon, inside)
    attributions = attach_quotations(text_of(doc), clauses, quoted, CueSearch(doc, lexicon, inside))
    taken = {item.cue_index for item in attributions}
    blocks = [item for item in find_block_quotes(doc, quoted, lexicon, inside) if item.cue_index not in taken]
    return attributions + blocks


def find_quotes(doc: Doc, article_id: str) -> list[Quote]:
    """Quote rows of an article in the order of the text; the speaker is still as printed."""
    attributions, quoted = find_attributions(doc)
    rows = [_quote_row(text_of(doc), article_id, item, quoted) for item in attributions]
    return list({row.quote_id: row for row in reversed(rows)}.values())[::-1]


def _without_overlaps(items: list[Attribution]) -> list[Attribution]:
    """The attributions by place; of two with the same content bounds the one with a speaker stays.

    Inside a piece of another's content only speech in a clause stays, with its cue in it and flagged `nested`: who
    plans or hopes there is part of what is said.
    """
    best: dict[Offsets, Attribution] = {}
    for item in items:
        bounds = (item.start, item.end)
        rival = best.get(bounds)
        if rival is None or (rival.speaker is None and item.speaker is not None):
            best[bounds] = item
    kept = []
    segments = [(start, end, item) for item in best.values() for start, end in item.segments]
    for item in best.values():
        first, item_end = min(item.start, item.cue[0] if item.cue else item.start), item.end
        if any(start <= first and item_end <= end and outer is not item for start, end, outer in segments):
            if item.is_thought or item.pattern not in NESTED_PATTERNS:
                continue
            item.flags.add("nested")
        kept.append(item)
    return sorted(kept, key=lambda item: (item.start, item.end))


def _quote_row(text: str, article_id: str, item: Attribution, quoted: list[QuotedSpan]) -> Quote:
    trimmed = [trim_offsets(text, *segment) or segment for segment in sorted(item.segments)]
    segments = _without_shared_text([_with_marks_closed(text, segment) for segment in trimmed])
    segments[:-1] = [_with_inner_comma(text, segment) for segment in segments[:-1]]
    share = quoted_share(quoted, segments, text)
    is_block = "no_marks" in item.flags
    kind = "direct" if share >= DIRECT_SHARE or is_block else "mixed" if share > 0 else "indirect"
    flags = set(item.flags)
    if "nested" in flags:
        # The marks around it are those of whoever repeats it.
        kind = "direct" if item.pattern == "nested_marked" else "indirect"
    if len(segments) > 1:
        flags.add("split")
    if item.is_thought:
        flags.add("thought")
    confidence = load_confidences()[item.pattern] if item.confidence is None else item.confidence
    return make_quote(
        text,
        article_id,
        segments,
        kind=kind,
        cue=item.cue,
        speaker=item.speaker,
        confidence=confidence,
        flags=",".join(sorted(flags)),
    )


def make_quote(
    text: str,
    article_id: str,
    segments: Sequence[Offsets],
    *,
    kind: str,
    cue: Offsets | None,
    speaker: Offsets | None,
    confidence: float = 1.0,
    flags: str = "",
) -> Quote:
    """The row of an attribution at these offsets of the text, its speaker not yet resolved."""
    start_char, end_char = segments[0][0], segments[-1][1]
    return Quote(
        quote_id=f"{article_id}:{start_char}:{end_char}",
        article_id=article_id,
        start_char=start_char,
        end_char=end_char,
        content=" ".join(text[start:end] for start, end in segments),
        content_segments=" ".join(f"{start}:{end}" for start, end in segments),
        kind=kind,
        cue=text[slice(*cue)] if cue else None,
        cue_start_char=cue[0] if cue else None,
        cue_end_char=cue[1] if cue else None,
        speaker_text=text[slice(*speaker)] if speaker else None,
        speaker_start_char=speaker[0] if speaker else None,
        speaker_end_char=speaker[1] if speaker else None,
        speaker_local_id=None,
        speaker_id=None,
        speaker_name=None,
        speaker_title=None,
        speaker_method="unknown",
        confidence=confidence,
        flags=flags,
        quote_group_id=None,
    )


def _with_marks_closed(text: str, segment: Offsets) -> Offsets:
    """The segment, widened over a closing mark whose opening one it holds."""
    start, end = segment
    is_open = text.rfind("“", start, end) > text.rfind("”", start, end)
    closing = text.find("”", end, end + 3) if is_open else -1
    return (start, closing + 1) if closing >= 0 else segment


def _without_shared_text(segments: list[Offsets]) -> list[Offsets]:
    """The segments by place, those that share text or touch made one: pieces of a word are widened to all of it."""
    joined = segments[:1]
    for start, end in segments[1:]:
        if start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _with_inner_comma(text: str, segment: Offsets) -> Offsets:
    """The segment with the comma before its closing mark, which parts it from the piece after the cue."""
    start, end = segment
    return (start, end + 1) if text[end : end + 1] == "," and text[end + 1 : end + 2] in "”\"’»'" else segment


@cache
def load_confidences() -> dict[str, float]:
    """Confidence by pattern, from patterns.toml."""
    return tomllib.loads(PATTERNS_FILE.read_text("utf-8"))["confidence"]
