"""Attributions that the dependency parse shows: a cue with the clause it reports."""

import re

from spacy.tokens import Doc, Span, Token

from tasks.annotate.attribution import (
    Attribution,
    Offsets,
    find_speaker,
    is_passive,
    phrase_of,
    text_of,
    trim_offsets,
)
from tasks.annotate.cues import CueLexicon

_LEADING_WORDS = ("that ", "That ")
# A stop that belongs to its word is no end of a sentence.
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|[ap]\.m|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|St))\.$")


def find_reported_clauses(doc: Doc, lexicon: CueLexicon, inside_quote: set[int]) -> list[Attribution]:
    """Attributions by cue verb, cue noun or cue phrase with its clause; cues inside quotation marks are skipped.

    `inside_quote` holds the indices of tokens between quotation marks.
    """
    found: list[Attribution] = []
    for token in doc:
        if token.i in inside_quote:
            continue
        if token.lower_ in ("according", "in"):
            attribution = _phrase_attribution(token, lexicon)
        elif token.pos_ in ("VERB", "AUX"):
            attribution = _verb_attribution(token, lexicon, inside_quote)
        elif token.pos_ == "NOUN" and lexicon.lemma_of(token) in lexicon.nouns:
            attribution = _noun_attribution(token, lexicon)
        else:
            attribution = None
        if attribution is not None:
            found.append(attribution)
    return found


def _verb_attribution(verb: Token, lexicon: CueLexicon, inside_quote: set[int]) -> Attribution | None:
    lemma = lexicon.lemma_of(verb)
    if lemma not in lexicon.frames or is_passive(verb):
        return None
    clause, frame = _clause_of(verb, lexicon, lemma)
    if clause is None:
        return None
    speaker = find_speaker(verb, inside_quote)
    if speaker is None:
        return None
    cue = _cue_span(verb)
    segments = _content_segments(verb.doc, clause, cue, speaker)
    if not segments:
        return None
    return Attribution(
        segments=segments,
        cue=(cue.start_char, cue.end_char),
        speaker=(speaker.start_char, speaker.end_char),
        pattern=f"verb_{frame}",
        cue_index=verb.i,
        is_thought=lexicon.is_thought(lemma, frame.removeprefix("parenthetical_")),
    )


def _clause_of(verb: Token, lexicon: CueLexicon, lemma: str) -> tuple[list[Token] | None, str]:
    """The tokens of the clause that `verb` reports, with the frame; None where there is none."""
    for child in verb.children:
        if child.dep_ == "ccomp" and lexicon.takes(lemma, "clause"):
            if child.pos_ not in ("VERB", "AUX", "NOUN", "ADJ", "PROPN", "PRON", "ADV"):
                continue
            return list(child.subtree), "clause"
    if lexicon.takes(lemma, "infinitive"):
        for child in verb.children:
            has_to = any(grandchild.lower_ == "to" and grandchild.dep_ == "aux" for grandchild in child.children)
            if child.dep_ in ("xcomp", "ccomp") and has_to:
                return list(child.subtree), "infinitive"
    if verb.dep_ == "parataxis" and verb.head is not verb and lexicon.takes(lemma, "clause"):
        inner = {token.i for token in verb.subtree}
        return [token for token in verb.head.subtree if token.i not in inner], "parenthetical_clause"
    return None, ""


def _cue_span(verb: Token) -> Span:
    """The verb with the auxiliaries, negation and particle that touch it."""
    first = last = verb.i
    beside = {child.i for child in verb.children if child.dep_ in ("aux", "neg", "prt", "advmod")}
    while first - 1 in beside:
        first -= 1
    while last + 1 in {child.i for child in verb.children if child.dep_ == "prt"}:
        last += 1
    while first < verb.i and verb.doc[first].dep_ == "advmod":
        first += 1
    return verb.doc[first : last + 1]


def _content_segments(doc: Doc, clause: list[Token], cue: Span, speaker: Span) -> list[Offsets]:
    """Offsets of the clause, split where cue and speaker stand in it."""
    inner = sorted(token.i for token in clause)
    first, last = inner[0], inner[-1]
    barred = [(span.start, span.end) for span in (cue, speaker) if span.start <= last and span.end > first]
    pieces = [(first, last + 1)]
    for start, end in barred:
        pieces = [
            piece
            for piece_start, piece_end in pieces
            for piece in ((piece_start, min(start, piece_end)), (max(end, piece_start), piece_end))
            if piece[0] < piece[1]
        ]
    kept = set(inner)
    segments = []
    for piece_start, piece_end in pieces:
        if not any(index in kept and doc[index].is_alpha for index in range(piece_start, piece_end)):
            continue
        segment = _trim_clause(text_of(doc), doc[piece_start].idx, doc[piece_end - 1].idx + len(doc[piece_end - 1]))
        if segment is not None:
            segments.append(segment)
    return segments


def _trim_clause(text: str, start: int, end: int) -> Offsets | None:
    trimmed = trim_offsets(text, start, end)
    if trimmed and text[trimmed[1] - 1] == "." and not _ABBREVIATION.search(text, trimmed[0], trimmed[1]):
        trimmed = trim_offsets(text, trimmed[0], trimmed[1] - 1)
    if trimmed and text.startswith(_LEADING_WORDS, trimmed[0]):
        trimmed = trim_offsets(text, trimmed[0] + 5, trimmed[1])
    return trimmed


def _noun_attribution(noun: Token, lexicon: CueLexicon) -> Attribution | None:
    """ "Her warning that the dam was old": the possessor speaks, or who utters the noun."""
    clause = next(
        (
            child
            for child in noun.children
            if child.dep_ in ("acl", "ccomp") and any(word.lower_ == "that" for word in child.children)
        ),
        None,
    )
    if clause is None:
        return None
    owner = next((child for child in noun.children if child.dep_ == "poss"), None)
    if owner is not None:
        speaker: Span | None = phrase_of(owner)
    elif noun.dep_ in ("dobj", "pobj") and noun.head.pos_ == "VERB":
        speaker = find_speaker(noun.head, set())
    else:
        speaker = None
    if speaker is None:
        return None
    cue = noun.doc[noun.i : noun.i + 1]
    segments = _content_segments(noun.doc, list(clause.subtree), cue, speaker)
    if not segments:
        return None
    return Attribution(
        segments=segments,
        cue=(cue.start_char, cue.end_char),
        speaker=(speaker.start_char, speaker.end_char),
        pattern="noun_clause",
        cue_index=noun.i,
        is_thought=lexicon.lemma_of(noun) in lexicon.thought_nouns,
    )


def _phrase_attribution(token: Token, lexicon: CueLexicon) -> Attribution | None:
    """ "According to Lind, the ferry was late": the rest of the sentence is the content."""
    doc, sentence = token.doc, token.sent
    for words, kind in lexicon.phrases.items():
        end = token.i + len(words)
        if end >= sentence.end or tuple(doc[index].lower_ for index in range(token.i, end)) != words:
            continue
        speaker = _named_after(doc, end)
        if speaker is None:
            return None
        cue = doc[token.i : end]
        before, after = doc[sentence.start : token.i], doc[speaker.end : sentence.end]
        # At the head of its sentence the phrase attributes what follows, else what stands before.
        rest = after if len(before.text.strip(" ,;–—")) < 3 or token.is_title else before
        segment = _trim_clause(text_of(doc), rest.start_char, rest.end_char) if len(rest) else None
        if segment is None:
            return None
        return Attribution(
            segments=[segment],
            cue=(cue.start_char, cue.end_char),
            speaker=(speaker.start_char, speaker.end_char),
            pattern="phrase",
            cue_index=token.i,
            is_thought=kind == "thought",
        )
    return None


def _named_after(doc: Doc, index: int) -> Span | None:
    """The noun phrase that starts at token `index`, ended by a comma or by the next clause."""
    head = next((child for child in doc[index - 1].children if child.dep_ == "pobj" and child.i >= index), None)
    if head is None:
        head = doc[index]
        if head.pos_ not in ("PROPN", "NOUN", "PRON"):
            return None
    phrase = phrase_of(head)
    last = phrase.end
    root = doc[index].sent.root
    if not any(child.dep_ in ("nsubj", "nsubjpass", "expl") for child in root.children):
        # The parser took the subject of the sentence for an apposition: "to Lind, a rise would …".
        last = next((token.i for token in doc[index + 1 : last] if token.text == ","), last)
    for token in doc[index + 1 : phrase.end]:
        # Scraped text drops the comma: a capitalised article or pronoun starts the reported sentence.
        if token.is_title and token.pos_ in ("DET", "PRON"):
            last = token.i
            break
    return doc[index:last] if last > index else None
