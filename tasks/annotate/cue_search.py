"""The cue that stands beside a quotation: after its closing mark, before its opening one, or a signature."""

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from tasks.annotate.attribution import (
    Attribution,
    Offsets,
    find_speaker,
    is_passive,
    paragraph_bounds,
    phrase_of,
    text_of,
    tokens_between,
    trim_offsets,
)
from tasks.annotate.cues import CueLexicon
from tasks.annotate.quote_marks import QuotedSpan

# Fewer words between marks, with no comma or colon at them, are more often distance or a name than speech.
MINIMUM_LOOSE_WORDS = 4
# The cue follows its quotation within a clause: "a spokesman for the ministry in the capital told reporters".
_WINDOW_AFTER = 14
SIGNATURE = "signature"
# Ends of names that have a stop of their own, as initials have.
_ABBREVIATED = frozenset(
    ["Jr.", "Sr.", "Esq.", "Inc.", "Ltd.", "Corp.", "Co.", "Bros.", "Dept.", "Univ.", "Sen.", "Rep.", "Gov.", "Gen."]
)
_SIGNATURE = re.compile(r"\s?[—–―-]{1,2}\s?((?:[A-Z][\w.’'-]*+\s?){2,5})[.,]?\s*(?=\n|$)")


@dataclass(frozen=True)
class FoundCue:
    """A cue beside a quotation, whose it is, and the content that it attributes."""

    cue: Token
    speaker: Span
    pattern: str
    content: Offsets

    def attribution(self) -> Attribution:
        """The attribution that the cue makes."""
        return Attribution(
            segments=[self.content],
            cue=(self.cue.idx, self.cue.idx + len(self.cue)),
            speaker=(self.speaker.start_char, self.speaker.end_char),
            pattern=self.pattern,
            cue_index=self.cue.i,
        )


@dataclass(frozen=True)
class CueSearch:
    """Looks for cues in one text; `inside` holds the indices of tokens between quotation marks."""

    doc: Doc
    lexicon: CueLexicon
    inside: set[int]

    def beside(self, span: QuotedSpan) -> FoundCue | None:
        """The cue right after the quotation if it ends as one does before a cue, else the nearest before it."""
        found = self.after(span) if self._invites_cue(span) else None
        return found or self.before(span)

    def after(self, span: QuotedSpan) -> FoundCue | None:
        """The cue in the clause that follows the closing mark, as in `“…,” Lind said`."""
        _, paragraph_end = paragraph_bounds(text_of(self.doc), span.start)
        for token in tokens_between(self.doc, span.outer_end, paragraph_end)[:_WINDOW_AFTER]:
            if token.i in self.inside or token.text in (".", ";", "“", '"'):
                return None
            if token.pos_ in ("VERB", "AUX") and self.lexicon.takes(self.lexicon.lemma_of(token), "quotation"):
                speaker = self._speaker_beside(token, span.outer_end)
                if speaker is not None:
                    return FoundCue(token, speaker, "quotation_before_cue", (span.start, span.end))
        return None

    def before(self, span: QuotedSpan) -> FoundCue | None:
        """The nearest cue to the left in the sentence, as in `Lind said: “…”` or `Lind called it “…”`."""
        text = text_of(self.doc)
        is_announced = text[: span.outer_start].rstrip()[-1:] == ":"
        verb: FoundCue | None = None
        for passed, token in enumerate(reversed(self._lead_of(span)), start=1):
            if token.text in (".", "!", "?", "…") or token.i in self.inside:
                break
            if token.pos_ not in ("VERB", "AUX") or is_passive(token):
                continue
            speaker = find_speaker(token, self.inside)
            if speaker is None or speaker.start_char >= span.start:
                continue
            if self.lexicon.lemma_of(token) in self.lexicon.frames:
                return self._judge_before(span, token, speaker, passed)
            # Before a colon any verb attributes: "Lind disagreed: “…”".
            verb = verb or FoundCue(token, speaker, "quotation_after_cue", (span.start, span.end))
        return verb if is_announced else None

    def _lead_of(self, span: QuotedSpan) -> list[Token]:
        """The tokens of the paragraph before the quotation, or of the paragraph that announces it."""
        text = text_of(self.doc)
        start, _ = paragraph_bounds(text, span.start)
        lead_end = len(text[:start].rstrip())
        opens_paragraph = not text[start : span.outer_start].strip()
        if opens_paragraph and text[lead_end - 1 : lead_end] == ":":
            start, _ = paragraph_bounds(text, lead_end - 1)
        return tokens_between(self.doc, start, span.outer_start)

    def _judge_before(self, span: QuotedSpan, cue: Token, speaker: Span, passed: int) -> FoundCue | None:
        """What the cue says of the quotation that begins `passed` tokens after it; None where nothing."""
        lemma = self.lexicon.lemma_of(cue)
        text = text_of(self.doc)
        if self.lexicon.takes(lemma, "object") and passed > 1:
            content = (self._object_start(cue, span), span.outer_end)
            return FoundCue(cue, speaker, "object_in_marks", content)
        if not (self.lexicon.takes(lemma, "quotation") or self.lexicon.takes(lemma, "clause")):
            return None
        touches = text[: span.outer_start].rstrip()[-1:] in (":", ",") or passed <= 2
        if not touches and len(text[span.start : span.end].split()) < MINIMUM_LOOSE_WORDS:
            return None
        pattern = "quotation_after_cue" if touches else "fragment_after_cue"
        return FoundCue(cue, speaker, pattern, (span.start, span.end))

    def _object_start(self, cue: Token, span: QuotedSpan) -> int:
        """Where the thing begins that `cue` describes in words in marks: "called [the talks “useful”]"."""
        for token in self.doc[cue.i + 1 :]:
            if token.idx >= span.outer_start:
                break
            if token.dep_ != "prt" and not token.is_punct and not token.is_space:
                return token.idx
        return span.start

    def _speaker_beside(self, cue: Token, start: int) -> Span | None:
        """The cue's subject by the parse, else the name or pronoun that touches the cue."""
        speaker = None if is_passive(cue) else find_speaker(cue, self.inside)
        if speaker is not None and speaker.start_char >= start:
            return speaker
        for neighbour in (cue.i - 1, cue.i + 1):
            if not 0 <= neighbour < len(self.doc) or self.doc[neighbour].idx < start:
                continue
            token = self.doc[neighbour]
            if token.pos_ in ("PROPN", "PRON", "NOUN") or token.dep_ in ("det", "compound"):
                return phrase_of(token if token.pos_ == "PRON" else _phrase_head(token))
        return speaker

    def _invites_cue(self, span: QuotedSpan) -> bool:
        """Whether the quotation ends as one does before "said Lind": with a comma, a question mark, a dash."""
        text = text_of(self.doc)
        last = text[span.end - 1 : span.end]
        trails_off = text[span.end - 3 : span.end] == "..."
        return last in ",?!…—–" or trails_off or text[span.outer_end : span.outer_end + 1] == ","


def find_signature(text: str, span: QuotedSpan) -> Attribution | None:
    """A quotation signed after its closing mark, the name ending the paragraph: `“…” — Mara Lind`."""
    match = _SIGNATURE.match(text, span.outer_end)
    speaker = trim_offsets(text, *match.span(1)) if match else None
    if speaker is None:
        return None
    last = text[slice(*speaker)].split()[-1]
    if last.endswith(".") and last not in _ABBREVIATED and "." not in last[:-1] and len(last) > 2:
        speaker = (speaker[0], speaker[1] - 1)
    return Attribution(segments=[(span.start, span.end)], cue=None, speaker=speaker, pattern=SIGNATURE)


def _phrase_head(token: Token) -> Token:
    while token.dep_ in ("det", "compound", "amod", "poss", "nmod") and token.head.i > token.i:
        token = token.head
    return token
