"""Attributions from the tagger's spans: contents made whole by their quotation marks, quotations joined."""

import re
from functools import cache
from itertools import groupby

from spacy.tokens import Doc, Span

from tasks.annotate.attribution import Attribution, Offsets, paragraph_bounds, text_of, trim_offsets
from tasks.annotate.block_quotes import MAXIMUM_SENTENCE_TOKENS, speaks_without_marks
from tasks.annotate.cues import load_cues
from tasks.annotate.parted_speech import part_direct_speech
from tasks.annotate.quote_marks import QuotedSpan, quoted_share
from tasks.annotate.quoted_speech import attach_quotations
from tasks.annotate.tagger.labels import CONFIDENCES, SPANS_KEY

# Fewer words in marks that nobody is the source of are a name or held at a distance.
MINIMUM_UNSOURCED_WORDS = 5
# Words that a title leaves in lower case.
_SMALL_WORDS = re.compile(r"\b(?:a|an|the|of|in|on|at|to|for|and|or|by|with|from)\b")
_BREAKS_OFF = re.compile(r"(?<!\w)(?:and|but|or|the|an?|of|his|her|its|their|our)$")
# "His" may be a source by itself, an article may not; a capital may end a name: "Witness A".
_NAMES_NOBODY = re.compile(r"(?<![\w-])(?:the|an?|of)$|^(?:The|An?)$")
_WHO_SPEAKS = frozenset(["i", "we", "me", "us"])
_HELP_TO_TELL = frozenset(["am", "are", "be", "been", "being", "did", "had", "has", "have", "was", "were"])
_PARAGRAPH = re.compile(r"[^\n]+")
_NEXT_WORD = re.compile(r" [\w’'-]*\w")
# A source stands this near to its cue where it has no content of its own.
SOURCE_REACH = 40


def has_tags(doc: Doc) -> bool:
    """Whether the tagger read the doc."""
    return SPANS_KEY in doc.spans


def find_tagged_attributions(doc: Doc, quoted: list[QuotedSpan]) -> list[Attribution]:
    """Attributions of a doc that the tagger read, by place.

    The tagger says who says what; quotation marks say where it begins and ends. A quotation that goes on after its
    cue or in the next paragraph is one attribution; so is a paragraph that lost its marks with the sentence behind it
    that names its speaker.
    """
    text = text_of(doc)
    found = [_to_attribution(text, spans) for spans in _grouped(doc)]
    for attribution, confidence in zip(found, doc.user_data[CONFIDENCES], strict=True):
        attribution.confidence = confidence
    for attribution in found:
        if lost_marks(text, attribution, quoted):
            attribution.flags.add("no_marks")
    found += _block_quotes(doc, quoted, found)
    attributions = part_direct_speech(text, attach_quotations(text, found, quoted), quoted)
    return [item for item in attributions if not is_name_in_marks(text, item, quoted)]


def is_name_in_marks(text: str, attribution: Attribution, quoted: list[QuotedSpan]) -> bool:
    """Whether the content is all in marks and yet no quotation: a title after its verb, or words of nobody."""
    if len(attribution.segments) > 1 or quoted_share(quoted, attribution.segments, text) < 1:
        return False
    content = text[slice(*attribution.segments[0])]
    if attribution.speaker is None:
        is_sentence = content.rstrip()[-1:] in ".!?,…"
        return not is_sentence and len(content.split()) < MINIMUM_UNSOURCED_WORDS
    cue = text[slice(*attribution.cue)].lower().split() if attribution.cue else []
    words = _SMALL_WORDS.sub("", content).split()
    is_title = len(words) > 1 and all(word[0].isupper() or not word[0].isalpha() for word in words)
    return is_title and not load_cues().title_forms.isdisjoint(cue)


def _grouped(doc: Doc) -> list[list[Span]]:
    spans = sorted((span for span in doc.spans[SPANS_KEY] if span.id), key=lambda span: span.id)
    return [list(group) for _, group in groupby(spans, key=lambda span: span.id)]


def _to_attribution(text: str, spans: list[Span]) -> Attribution:
    parts = {span.label_: _offsets(text, span) for span in spans if span.label_ != "content"}
    cue, source = parts.get("cue"), parts.get("source")
    contents = [
        _with_last_word(text, _in_one_paragraph(text, _offsets(text, span), cue))
        for span in spans
        if span.label_ == "content"
    ]
    if source and _NAMES_NOBODY.search(text[slice(*source)]):
        longer = _with_next_word(text, source)
        others = [*contents, cue] if cue else contents
        source = source if any(start < longer[1] and end > source[1] for start, end in others) else longer
    return Attribution(
        segments=contents,
        cue=cue,
        speaker=source,
        pattern="tagged",
        is_thought=cue is not None and load_cues().reports_thought(text[slice(*cue)]),
    )


def _in_one_paragraph(text: str, content: Offsets, cue: Offsets | None) -> Offsets:
    """Of a content that goes over a paragraph's end the part next to its cue, without a cue the longest.

    What goes over it is a heading before what was said, or what another says next; a quotation that goes on in the
    next paragraph is joined by its marks.
    """
    places = (match.span() for match in _PARAGRAPH.finditer(text, *content))
    parts = [part for place in places if (part := trim_offsets(text, *place))]
    if len(parts) < 2:
        return content
    if cue is None:
        return max(parts, key=lambda part: part[1] - part[0])
    return min(parts, key=lambda part: max(part[0] - cue[1], cue[0] - part[1]))


def _with_last_word(text: str, content: Offsets) -> Offsets:
    """The content; one that breaks off after "but" or "the" goes on to the end of the word behind."""
    start, end = content
    return _with_next_word(text, content) if _BREAKS_OFF.search(text, max(start, end - 6), end) else content


def _with_next_word(text: str, part: Offsets) -> Offsets:
    word = _NEXT_WORD.match(text, part[1])
    return (part[0], word.end()) if word else part


def _offsets(text: str, span: Span) -> Offsets:
    return trim_offsets(text, span.start_char, span.end_char) or (span.start_char, span.end_char)


def lost_marks(text: str, attribution: Attribution, quoted: list[QuotedSpan]) -> bool:
    """Whether the content is a whole paragraph of speech without marks, its cue in the next paragraph."""
    if attribution.cue is None or len(attribution.segments) > 1:
        return False
    paragraph = paragraph_bounds(text, attribution.start)
    is_whole = trim_offsets(text, *paragraph) == trim_offsets(text, *attribution.segments[0])
    is_next = _paragraph_before(text, paragraph_bounds(text, attribution.cue[0])[0]) == paragraph
    return is_whole and is_next and speaks_without_marks(text, paragraph, quoted)


def _block_quotes(doc: Doc, quoted: list[QuotedSpan], found: list[Attribution]) -> list[Attribution]:
    """Paragraphs without marks before a short sentence whose cue has no content: what they hold is what was said."""
    text = text_of(doc)
    spans = [span for span in doc.spans[SPANS_KEY] if not span.id]
    blocks = []
    for cue in (span for span in spans if span.label_ == "cue"):
        start, end = paragraph_bounds(text, cue.start_char)
        before = _paragraph_before(text, start)
        if before is None or len(_first_sentence(text, start, end).split()) > MAXIMUM_SENTENCE_TOKENS:
            continue
        is_first = cue.start_char < start + len(_first_sentence(text, start, end))
        is_taken = any(
            item.start < end and item.end > before[0] and not _is_of_the_speaker(text, item, before) for item in found
        )
        if is_first and not is_taken and speaks_without_marks(text, before, quoted):
            source = _nearest_source(spans, cue)
            if source is not None:
                blocks.append(_block(text, before, _offsets(text, cue), source))
    return blocks + _announced_blocks(text, quoted, [*found, *blocks])


def _announced_blocks(text: str, quoted: list[QuotedSpan], found: list[Attribution]) -> list[Attribution]:
    """Such paragraphs before a sentence of name and verb in which the tagger saw nothing: "Lind declared here."."""
    blocks = []
    for paragraph in re.finditer(r"[^\n]+", text):
        start, end = paragraph.span()
        sentence = _first_sentence(text, start, end)
        before = _paragraph_before(text, start)
        match = _name_and_verb().match(sentence)
        if before is None or match is None or len(sentence.split()) > MAXIMUM_SENTENCE_TOKENS:
            continue
        is_taken = any(item.start < start + len(sentence) and item.end > before[0] for item in found)
        if not is_taken and speaks_without_marks(text, before, quoted):
            cue, source = ((start + match.start(group), start + match.end(group)) for group in ("cue", "source"))
            blocks.append(_block(text, before, cue, source))
    return blocks


def _is_of_the_speaker(text: str, item: Attribution, paragraph: Offsets) -> bool:
    """Whether in the paragraph "I" finds or hopes something: it is whoever speaks the paragraph.

    "I asked" and "we had been told" is who wrote it.
    """
    if item.speaker is None or item.cue is None or not paragraph[0] <= item.start < item.end <= paragraph[1]:
        return False
    words = [word for word in text[slice(*item.cue)].lower().split() if word not in _HELP_TO_TELL]
    tells = bool(words) and words[0] in load_cues().speech_forms
    return text[slice(*item.speaker)].lower() in _WHO_SPEAKS and not tells


@cache
def _name_and_verb() -> re.Pattern[str]:
    verbs = "|".join(sorted(load_cues().speech_forms, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w’'-])(?P<source>[A-Z][\w’'-]++(?: [A-Z][\w’'-]++){{0,3}}) (?P<cue>{verbs})\b(?! that\b| to\b)"
    )


def _block(text: str, paragraph: Offsets, cue: Offsets, source: Offsets) -> Attribution:
    segment = trim_offsets(text, *paragraph) or paragraph
    return Attribution([segment], cue, source, "block_quote", flags={"no_marks"})


def _paragraph_before(text: str, start: int) -> Offsets | None:
    end = len(text[:start].rstrip())
    return (paragraph_bounds(text, end - 1)[0], end) if end else None


def _first_sentence(text: str, start: int, end: int) -> str:
    match = re.search(r"[.!?](?=\s+[A-Z“\"])", text[start:end])
    return text[start : start + match.end()] if match else text[start:end]


def _nearest_source(spans: list[Span], cue: Span) -> Offsets | None:
    sources = [span for span in spans if span.label_ == "source"]
    gaps = [(max(span.start_char - cue.end_char, cue.start_char - span.end_char), span) for span in sources]
    near = [(gap, span.start_char, span.end_char) for gap, span in gaps if gap <= SOURCE_REACH]
    return min(near)[1:] if near else None
