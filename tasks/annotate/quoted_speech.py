"""Quotation marks to attributions: each quoted span finds its cue and speaker, or that it has none."""

import re
from bisect import bisect_left, bisect_right

from spacy.tokens import Doc

from tasks.annotate.attribution import Attribution, Offsets, paragraph_bounds, trim_offsets
from tasks.annotate.cue_search import SIGNATURE, CueSearch, find_signature
from tasks.annotate.cues import load_cues
from tasks.annotate.quote_marks import QuotedSpan, is_quoted_sentence, quoted_share

# A quotation with no cue of its own counts from this many words; below, marks more often distance or name.
MINIMUM_UNCUED_WORDS = 4
# A speaker is carried over to a quotation without cue from this many characters before its paragraph.
SPEAKER_REACH = 400
# A signature is that of a paragraph of which so much stands between marks as of a direct quotation.
SIGNED_SHARE = 0.9
_WORD = re.compile(r"\w+")
# Between quotations: a signature, or a name behind the comma of the first.
_TELLS = re.compile(r"[—–―]|(?<!\w)-(?!\w)|^,")
_KEPT_FLAGS = {"unclosed_mark", "unopened_mark", "continued"}


def tokens_inside(doc: Doc, quoted: list[QuotedSpan]) -> set[int]:
    """Indices of the tokens between quotation marks."""
    starts = [token.idx for token in doc]
    inside: set[int] = set()
    for span in quoted:
        inside.update(range(bisect_left(starts, span.start), bisect_right(starts, span.end - 1)))
    return inside


def attach_quotations(
    text: str, attributions: list[Attribution], quoted: list[QuotedSpan], search: CueSearch | None = None
) -> list[Attribution]:
    """All attributions of the text: those given with the quotations they take in, and the other quotations.

    A quoted span joins the attribution it overlaps; else, where `search` is given, the cue right after it, then the
    one before it; else it continues the attribution before it in its paragraph. A short one with no cue is no
    quotation.
    """
    attacher = _Attacher(text, search, list(attributions), quoted)
    for index, span in enumerate(quoted):
        attacher.attach(span, quoted[index + 1] if index + 1 < len(quoted) else None)
    return sorted(attacher.found, key=lambda item: (item.start, item.end))


class _Attacher:
    """Attributions of one text, while its quoted spans are attached from left to right.

    `waiting` holds spans that are the beginning of a quotation whose end tells the speaker.
    """

    def __init__(self, text: str, search: CueSearch | None, found: list[Attribution], quoted: list[QuotedSpan]) -> None:
        self.text = text
        self.quoted = quoted
        self.starts = [span.outer_start for span in quoted]
        self.search = search
        self.found = found
        self.by_cue = {item.cue_index: item for item in found if item.cue_index is not None}
        self.previous: Attribution | None = None
        self.waiting: list[QuotedSpan] = []

    def attach(self, span: QuotedSpan, following: QuotedSpan | None) -> None:
        """Attaches one span; `following` is the next one."""
        if following and "unclosed_mark" in span.flags and not self.text[span.end : following.outer_start].strip(" "):
            # Machine translation opens a quotation anew at each sentence and closes it once.
            self.waiting.append(span)
            return
        if self._holds_cue(span):
            return
        attribution = self._signed(span) or self._overlapping(span) or self._cued(span)
        if attribution is None and following and "continued" in following.flags and is_quoted_sentence(self.text, span):
            # The next paragraph goes on with the quotation, and may tell who speaks.
            self.waiting.append(span)
            return
        waiting, self.waiting = self.waiting, []
        if attribution is None:
            attribution = self._continued(span, waiting)
        if attribution is None:
            return
        for piece in [*waiting, span]:
            attribution.flags |= piece.flags & _KEPT_FLAGS
        if waiting:
            opened = [*waiting, span]
            marks = [(piece.outer_start, piece.start) for piece in opened] + [(span.end, span.outer_end)]
            pieces = [*attribution.segments, *((piece.start, piece.end) for piece in opened)]
            attribution.segments = _merge_segments(self.text, pieces, marks)
        self.previous = attribution

    def _holds_cue(self, span: QuotedSpan) -> bool:
        """Whether the span, left open, runs over the cue of a content it begins with; the content is flagged."""
        if "unclosed_mark" not in span.flags:
            return False
        for item in self.found:
            runs_over_cue = item.cue is not None and max(span.start, item.end) <= item.cue[0] < span.end
            if runs_over_cue and item.start <= span.start < item.end:
                item.flags |= span.flags & _KEPT_FLAGS
                item.segments = [(max(start, span.start), end) for start, end in item.segments]
                return True
        return False

    def _signed(self, span: QuotedSpan) -> Attribution | None:
        """The attribution by a signature; what else was found loses the span to it."""
        signed = find_signature(self.text, span)
        if signed is not None:
            first = self._first_of_signed(span)
            signed.segments = [(first.start, span.end)]
            # Others with a signature have a paragraph of their own.
            for item in self.found:
                if item.pattern != SIGNATURE and item.start < span.outer_end and item.end > first.outer_start:
                    item.segments = self._cut_out(item.segments, first.outer_start, span.outer_end)
            self.found[:] = [*(item for item in self.found if item.segments), signed]
        return signed

    def _cut_out(self, segments: list[Offsets], first: int, last: int) -> list[Offsets]:
        """The segments without what lies from `first` to `last`, nor what is left of one but signs."""
        kept = []
        for start, end in segments:
            if end <= first or start >= last:
                kept.append((start, end))
                continue
            pieces = ((start, min(end, first)), (max(start, last), end))
            kept += [piece for piece in pieces if any(map(str.isalnum, self.text[slice(*piece)]))]
        return kept

    def _first_of_signed(self, span: QuotedSpan) -> QuotedSpan:
        """The span with which its paragraph begins, where that is one quotation up to the signature, else the span.

        Marks inside its own, or closed by mistake, part such a paragraph into several spans.
        """
        start, _ = paragraph_bounds(self.text, span.start)
        inside = self.quoted[bisect_left(self.starts, start) : bisect_right(self.starts, span.outer_start)]
        first = inside[0]
        if self.text[start : first.outer_start].strip() or not all(map(self._goes_on, inside, inside[1:])):
            return span
        share = quoted_share(inside, [(first.start, span.end)], self.text)
        return first if share >= SIGNED_SHARE else span

    def _goes_on(self, span: QuotedSpan, following: QuotedSpan) -> bool:
        """Whether nobody is named as the speaker between two spans, and the first is no sentence of its own."""
        between = self.text[span.outer_end : following.outer_start]
        if not between.strip():
            return not is_quoted_sentence(self.text, span)
        words = _WORD.findall(between.lower())
        return not _TELLS.search(between) and load_cues().speech_forms.isdisjoint(words)

    def _overlapping(self, span: QuotedSpan) -> Attribution | None:
        """The clause whose content shares most with the quoted span, now with all of the span in it."""
        best, best_overlap = None, 0
        for item in self.found:
            if item.cue is not None and span.start <= item.cue[0] < span.end:
                continue
            overlap = 0
            for start, end in item.segments:
                if start < span.end and span.start < end:
                    overlap += min(end, span.end) - max(start, span.start)
            if overlap > best_overlap:
                best, best_overlap = item, overlap
        if best is not None:
            _take_in(self.text, best, span)
        return best

    def _cued(self, span: QuotedSpan) -> Attribution | None:
        """The attribution by the cue beside the span; a cue's second piece joins its first."""
        found = self.search.beside(span) if self.search else None
        if found is None:
            return None
        if found.cue.i in self.by_cue:
            item = self.by_cue[found.cue.i]
            barred = [part for part in (item.cue, item.speaker) if part]
            item.segments = _merge_segments(self.text, [*item.segments, found.content], barred)
            return item
        item = found.attribution()
        self.by_cue[found.cue.i] = item
        self.found.append(item)
        return item

    def _continued(self, span: QuotedSpan, waiting: list[QuotedSpan]) -> Attribution | None:
        """The quotation before it, of which it is a part, or another by the last speaker; None if it is none."""
        first = waiting[0] if waiting else span
        is_sentence = is_quoted_sentence(self.text, first)
        paragraph_start, _ = paragraph_bounds(self.text, first.start)
        if self.previous is not None and ("continued" in first.flags or (is_sentence and self._touches(first))):
            self.previous.segments.append((span.start, span.end))
            return self.previous
        words = sum(len(self.text[piece.start : piece.end].split()) for piece in [*waiting, span])
        if not is_sentence or words < MINIMUM_UNCUED_WORDS:
            return None
        source = self._last_speaker(first, paragraph_start)
        item = Attribution(
            segments=[(span.start, span.end)],
            cue=None,
            speaker=source.speaker if source else None,
            pattern="continuation" if source else "no_speaker",
            flags={"speaker_inferred"} if source else set(),
        )
        self.found.append(item)
        return item

    def _touches(self, span: QuotedSpan) -> bool:
        """Whether nothing but the cue's clause stands between the previous quotation and this one."""
        previous = self.previous
        paragraph_start, _ = paragraph_bounds(self.text, span.start)
        if previous is None or previous.start < paragraph_start:
            return False
        between = self.text[previous.end : span.outer_start]
        if not between.strip(' ”"“'):
            return True
        if previous.cue is None or self.text[slice(*previous.cue)] not in between or between[:1] not in "”\"’»',":
            return False
        told = max(previous.cue[1], previous.speaker[1] if previous.speaker else 0)
        return self.text[told : span.outer_start].count(". ") <= 1 and len(between) < 200

    def _last_speaker(self, span: QuotedSpan, paragraph_start: int) -> Attribution | None:
        """The last attribution with a speaker before the quoted span: in its paragraph, else just before it."""
        earlier = [item for item in self.found if item.speaker and item.end <= span.outer_start]
        if not earlier:
            return None
        last = max(earlier, key=lambda item: max(item.end, item.speaker[1] if item.speaker else 0))
        return last if last.end >= paragraph_start - SPEAKER_REACH else None


def _take_in(text: str, item: Attribution, span: QuotedSpan) -> None:
    """Widens the attribution's content to the whole quoted span.

    Content all inside the marks becomes what stands between them; content that the marks are a part of
    keeps them.
    """
    merged: list[Offsets] = []
    start, end = span.start, span.end
    for segment_start, segment_end in item.segments:
        if segment_end <= span.outer_start or segment_start >= span.outer_end:
            merged.append((segment_start, segment_end))
            continue
        has_more_before = segment_start < span.outer_start
        has_more_after = segment_end > span.outer_end
        if has_more_before or has_more_after:
            start = min(start, segment_start if has_more_before else span.outer_start)
            end = max(end, segment_end if has_more_after else span.outer_end)
    merged.append((start, end))
    item.segments = _merge_segments(text, merged, [part for part in (item.cue, item.speaker) if part])


def _merge_segments(text: str, segments: list[Offsets], barred: list[Offsets]) -> list[Offsets]:
    """Sorted, overlapping ones joined, cut where cue or speaker stand in them."""
    joined: list[Offsets] = []
    for start, end in sorted(segments):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    for bar_start, bar_end in barred:
        joined = [
            piece
            for start, end in joined
            for piece in (
                ((start, end),) if bar_end <= start or bar_start >= end else ((start, bar_start), (bar_end, end))
            )
            if piece[1] > piece[0]
        ]
    trimmed = (trim_offsets(text, start, end) for start, end in joined)
    worded = [piece for piece in trimmed if piece and any(map(str.isalnum, text[slice(*piece)]))]
    # Marks around no word at all leave the content as it was.
    return worded or sorted(segments)
