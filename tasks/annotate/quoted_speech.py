"""Quotation marks to attributions: each quoted span finds its cue and speaker, or that it has none."""

import re
from bisect import bisect_left, bisect_right

from spacy.tokens import Doc, Span, Token

from tasks.annotate.attribution import (
    Attribution,
    Offsets,
    find_speaker,
    is_passive,
    paragraph_bounds,
    phrase_of,
    tokens_between,
    trim_offsets,
)
from tasks.annotate.cues import CueLexicon
from tasks.annotate.quote_marks import QuotedSpan

# A quotation with no cue of its own counts from this many words; below, marks more often distance or name.
MINIMUM_UNCUED_WORDS = 4
_WINDOW_AFTER = 14


def tokens_inside(doc: Doc, quoted: list[QuotedSpan]) -> set[int]:
    """Indices of the tokens between quotation marks."""
    starts = [token.idx for token in doc]
    inside: set[int] = set()
    for span in quoted:
        inside.update(range(bisect_left(starts, span.start), bisect_right(starts, span.end - 1)))
    return inside


def attach_quotations(
    doc: Doc, clauses: list[Attribution], quoted: list[QuotedSpan], lexicon: CueLexicon, inside: set[int]
) -> list[Attribution]:
    """All attributions of the text: the clauses with the quotations they take in, and the other quotations.

    A quoted span joins the clause it overlaps; else the cue right after it, then the one before it; else it
    continues the attribution before it in its paragraph. A short one with no cue is no quotation.
    """
    found = list(clauses)
    by_cue = {item.cue_index: item for item in found if item.cue_index is not None}
    previous: Attribution | None = None
    waiting: list[QuotedSpan] = []
    for index, span in enumerate(quoted):
        following = quoted[index + 1] if index + 1 < len(quoted) else None
        if following and "unclosed_mark" in span.flags and not doc.text[span.end : following.outer_start].strip(" "):
            # Machine translation opens a quotation anew at each sentence and closes it once.
            waiting.append(span)
            continue
        attribution = _overlapping(found, span)
        if attribution is not None:
            _take_in(doc.text, attribution, span)
        else:
            attribution = _attach_one(doc, span, by_cue, lexicon, inside, found, previous)
            if attribution is None:
                waiting = []
                continue
        for piece in [*waiting, span]:
            attribution.flags |= piece.flags & {"unclosed_mark", "unopened_mark", "continued"}
        if waiting:
            pieces = [*attribution.segments, *((piece.start, piece.end) for piece in waiting)]
            attribution.segments = _merge_segments(doc.text, pieces, [])
            waiting = []
        previous = attribution
    return sorted(found, key=lambda item: (item.start, item.end))


def _overlapping(found: list[Attribution], span: QuotedSpan) -> Attribution | None:
    """The clause whose content shares most with the quoted span, if any does."""
    best, best_overlap = None, 0
    for item in found:
        overlap = sum(max(0, min(end, span.end) - max(start, span.start)) for start, end in item.segments)
        if overlap > best_overlap and not _cue_is_inside(item, span):
            best, best_overlap = item, overlap
    return best


def _cue_is_inside(item: Attribution, span: QuotedSpan) -> bool:
    return item.cue is not None and span.start <= item.cue[0] < span.end


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
        else:
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
    return [piece for piece in trimmed if piece and any(map(str.isalnum, text[slice(*piece)]))]


def _attach_one(
    doc: Doc,
    span: QuotedSpan,
    by_cue: dict[int, Attribution],
    lexicon: CueLexicon,
    inside: set[int],
    found: list[Attribution],
    previous: Attribution | None,
) -> Attribution | None:
    """The attribution that the quoted span joins or makes; None where it is no quotation."""
    if (signed := _signature_after(doc, span)) is not None:
        found.append(signed)
        return signed
    cued = _cue_after(doc, span, lexicon, inside) if _invites_cue(doc.text, span) else None
    cued = cued or _cue_before(doc, span, lexicon, inside)
    if cued is not None:
        cue, speaker, pattern, content = cued
        if cue.i in by_cue:
            item = by_cue[cue.i]
            item.segments = _merge_segments(
                doc.text, [*item.segments, content], [part for part in (item.cue, item.speaker) if part]
            )
            return item
        item = Attribution(
            segments=[content],
            cue=(cue.idx, cue.idx + len(cue)),
            speaker=(speaker.start_char, speaker.end_char),
            pattern=pattern,
            cue_index=cue.i,
        )
        by_cue[cue.i] = item
        found.append(item)
        return item
    return _continue(doc, span, found, previous)


_SIGNATURE = re.compile(r"\s?[—–―-]{1,2}\s?((?:[A-Z][\w.’'-]*\s?){2,5})[.,]?\s*(?=\n|$)")


def _signature_after(doc: Doc, span: QuotedSpan) -> Attribution | None:
    """A quotation signed after its closing mark, the name ending the paragraph: `“…” — Mara Lind`."""
    match = _SIGNATURE.match(doc.text, span.outer_end)
    speaker = trim_offsets(doc.text, *match.span(1)) if match else None
    if speaker is None:
        return None
    return Attribution(segments=[(span.start, span.end)], cue=None, speaker=speaker, pattern="signature")


def _invites_cue(text: str, span: QuotedSpan) -> bool:
    """Whether the quotation ends as one does before "said Lind": with a comma, a question mark, a dash."""
    last = text[span.end - 1 : span.end]
    return (
        last in ",?!…—–" or text[span.end - 3 : span.end] == "..." or text[span.outer_end : span.outer_end + 1] == ","
    )


Cued = tuple[Token, Span, str, Offsets]


def _cue_after(doc: Doc, span: QuotedSpan, lexicon: CueLexicon, inside: set[int]) -> Cued | None:
    """The cue in the clause that follows the closing mark, as in `“…,” Lind said`."""
    _, paragraph_end = paragraph_bounds(doc.text, span.start)
    for token in tokens_between(doc, span.outer_end, paragraph_end)[:_WINDOW_AFTER]:
        if token.i in inside or (token.text in ".;" and token.i > 0) or token.text in '“"':
            return None
        if token.pos_ in ("VERB", "AUX") and lexicon.takes(lexicon.lemma_of(token), "quotation"):
            speaker = _speaker_beside(doc, token, span.outer_end, inside)
            if speaker is not None:
                return token, speaker, "quotation_before_cue", (span.start, span.end)
    return None


def _speaker_beside(doc: Doc, cue: Token, start: int, inside: set[int]) -> Span | None:
    """The cue's subject by the parse, else the name or pronoun that touches the cue."""
    speaker = None if is_passive(cue) else find_speaker(cue, inside)
    if speaker is not None and speaker.start_char >= start:
        return speaker
    for neighbour in (cue.i - 1, cue.i + 1):
        if 0 <= neighbour < len(doc) and doc[neighbour].idx >= start:
            token = doc[neighbour]
            if token.pos_ in ("PROPN", "PRON", "NOUN") or token.dep_ in ("det", "compound"):
                head = token if token.pos_ == "PRON" else _phrase_head(token)
                return phrase_of(head)
    return speaker


def _phrase_head(token: Token) -> Token:
    while token.dep_ in ("det", "compound", "amod", "poss", "nmod") and token.head.i > token.i:
        token = token.head
    return token


def _cue_before(doc: Doc, span: QuotedSpan, lexicon: CueLexicon, inside: set[int]) -> Cued | None:
    """The nearest cue to the left in the sentence, as in `Lind said: “…”` or `Lind called it “…”`."""
    paragraph_start, _ = paragraph_bounds(doc.text, span.start)
    lead_end = len(doc.text[:paragraph_start].rstrip())
    opens_paragraph = not doc.text[paragraph_start : span.outer_start].strip()
    if opens_paragraph and doc.text[lead_end - 1 : lead_end] == ":":
        # "Lind wrote:" announces the paragraph that follows.
        paragraph_start, _ = paragraph_bounds(doc.text, lead_end - 1)
    before = tokens_between(doc, paragraph_start, span.outer_start)
    passed_words = 0
    for token in reversed(before):
        if token.text in (".", "!", "?", "…") or token.i in inside:
            return None
        passed_words += 1
        lemma = lexicon.lemma_of(token)
        if token.pos_ not in ("VERB", "AUX") or lemma not in lexicon.frames or is_passive(token):
            continue
        speaker = find_speaker(token, inside)
        if speaker is None or speaker.start_char >= span.start:
            continue
        if lexicon.takes(lemma, "object") and passed_words > 1:
            return token, speaker, "object_in_marks", (_object_start(token, span), span.outer_end)
        if lexicon.takes(lemma, "quotation") or lexicon.takes(lemma, "clause"):
            touches = doc.text[: span.outer_start].rstrip()[-1:] in (":", ",") or passed_words <= 2
            if not touches and len(doc.text[span.start : span.end].split()) < MINIMUM_UNCUED_WORDS:
                return None
            return token, speaker, "quotation_after_cue" if touches else "fragment_after_cue", (span.start, span.end)
    return None


def _object_start(cue: Token, span: QuotedSpan) -> int:
    """Where the thing begins that `cue` describes in words in marks: "called [the talks “useful”]"."""
    words = [token for token in cue.doc[cue.i + 1 :] if token.idx < span.outer_start]
    first = next((token for token in words if token.dep_ != "prt" and not token.is_punct and not token.is_space), None)
    return first.idx if first is not None else span.start


def _continue(doc: Doc, span: QuotedSpan, found: list[Attribution], previous: Attribution | None) -> Attribution | None:
    """The quotation as a part of the one before it, or as another by the last speaker of its paragraph."""
    text = doc.text
    is_sentence = _is_sentence(text, span)
    paragraph_start, _ = paragraph_bounds(text, span.start)
    if previous is not None and "continued" in span.flags:
        previous.segments.append((span.start, span.end))
        return previous
    if previous is not None and is_sentence and previous.start >= paragraph_start:
        between = text[previous.end : span.outer_start]
        if _only_attributes(between, previous, text):
            previous.segments.append((span.start, span.end))
            return previous
    if not is_sentence or len(text[span.start : span.end].split()) < MINIMUM_UNCUED_WORDS:
        return None
    source = _last_speaker(found, span, paragraph_start)
    item = Attribution(
        segments=[(span.start, span.end)],
        cue=None,
        speaker=source.speaker if source else None,
        pattern="continuation" if source else "no_speaker",
        flags={"speaker_inferred"} if source else set(),
    )
    found.append(item)
    return item


def _only_attributes(between: str, previous: Attribution, text: str) -> bool:
    """Whether nothing but the cue's sentence stands between two quoted pieces."""
    if not between.strip(' ”"“'):
        return True
    if previous.cue is None or text[slice(*previous.cue)] not in between or between[:1] not in "”\"’»',":
        return False
    rest = text[max(previous.cue[1], previous.speaker[1] if previous.speaker else 0) : previous.end + len(between)]
    return rest.count(". ") <= 1 and len(between) < 200


def _is_sentence(text: str, span: QuotedSpan) -> bool:
    """Whether the quoted words are a sentence of their own: a capital, and a stop or a paragraph's end."""
    words = text[span.start : span.end]
    ends = words.rstrip("’' ")[-1:] in (".", "!", "?", "…", ",") or span.flags & {"unclosed_mark"}
    return bool(ends) and (words[:1].isupper() or words[:1] in "[…'‘")


def _last_speaker(found: list[Attribution], span: QuotedSpan, paragraph_start: int) -> Attribution | None:
    """The last attribution with a speaker before the quoted span: in its paragraph, else in the one before."""
    earlier = [item for item in found if item.speaker and item.end <= span.outer_start]
    if not earlier:
        return None
    last = max(earlier, key=lambda item: max(item.end, item.speaker[1] if item.speaker else 0))
    return last if last.end >= paragraph_start - 400 else None
