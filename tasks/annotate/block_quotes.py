"""Block quotes whose marks the scraper lost: a paragraph of speech, its speaker in the next sentence."""

import re
from collections.abc import Iterator
from itertools import pairwise

from spacy.tokens import Doc, Span

from tasks.annotate.attribution import Attribution, Offsets, find_speaker, text_of, trim_offsets
from tasks.annotate.cues import CueLexicon
from tasks.annotate.quote_marks import QuotedSpan

_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|us|my|My|me|I[’']m|I[’']ve|[Ww]e[’']re|[Ww]e[’']ve)\b")
_ENDS_SENTENCE = (".", "!", "?", "…", "”", '"', ":")
MINIMUM_WORDS = 5
# Such a sentence names the speaker and the occasion, no more.
MAXIMUM_SENTENCE_TOKENS = 24


def find_block_quotes(
    doc: Doc, quoted: list[QuotedSpan], lexicon: CueLexicon, inside_quote: set[int]
) -> list[Attribution]:
    """Attributions of paragraphs without marks that the next paragraph attributes with a cue that lacks its object.

    Such a paragraph speaks in the first person or ends without a stop, and the next one opens with a short
    sentence like "Lind told reporters after the talks."
    """
    found = []
    paragraphs = list(_paragraphs(text_of(doc)))
    for (start, end), (next_start, next_end) in pairwise(paragraphs):
        if not speaks_without_marks(text_of(doc), (start, end), quoted):
            continue
        sentence = _first_sentence(doc, next_start, next_end)
        attribution = _attribute_to(sentence, (start, end), doc, lexicon, inside_quote)
        if attribution is not None:
            found.append(attribution)
    return found


def speaks_without_marks(text: str, paragraph: Offsets, quoted: list[QuotedSpan]) -> bool:
    """Whether the paragraph, which holds no marks, reads like speech: in the first person, or ended by no stop."""
    start, end = paragraph
    words = text[start:end]
    if any(span.start < end and span.end > start for span in quoted) or len(words.split()) < MINIMUM_WORDS:
        return False
    return bool(_FIRST_PERSON.search(words)) or not words.rstrip().endswith(_ENDS_SENTENCE)


def _paragraphs(text: str) -> Iterator[Offsets]:
    for match in re.finditer(r"[^\n]+", text):
        yield match.start(), match.end()


def _first_sentence(doc: Doc, start: int, end: int) -> Span | None:
    span = doc.char_span(start, end, alignment_mode="expand")
    return span[0].sent if span is not None and len(span) else None


def _attribute_to(
    sentence: Span | None, block: Offsets, doc: Doc, lexicon: CueLexicon, inside_quote: set[int]
) -> Attribution | None:
    if sentence is None or len(sentence) > MAXIMUM_SENTENCE_TOKENS:
        return None
    verb = sentence.root
    if not lexicon.takes(lexicon.lemma_of(verb), "quotation") or inside_quote & {token.i for token in sentence}:
        return None
    if any(child.dep_ in ("ccomp", "xcomp", "attr", "acomp") for child in verb.children):
        return None
    # "announced the plan" has its object; "told reporters" has only its hearers.
    objects = [child for child in verb.children if child.dep_ in ("dobj", "dative")]
    if objects and lexicon.lemma_of(verb) not in ("tell", "inform", "remind", "assure", "warn"):
        return None
    speaker = find_speaker(verb, inside_quote)
    segment = trim_offsets(text_of(doc), *block)
    if speaker is None or segment is None:
        return None
    return Attribution(
        segments=[segment],
        cue=(verb.idx, verb.idx + len(verb)),
        speaker=(speaker.start_char, speaker.end_char),
        pattern="block_quote",
        cue_index=verb.i,
        flags={"no_marks"},
    )
