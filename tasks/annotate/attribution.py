"""What annotation works with while it collects who said what."""

from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

Offsets = tuple[int, int]
"""Half-open character offsets in the article's text."""


@dataclass
class Attribution:
    """One attribution under construction; offsets count characters of the article's text.

    `pattern` names how it was found; where `confidence` is None it comes from patterns.toml.
    """

    segments: list[Offsets]
    cue: Offsets | None
    speaker: Offsets | None
    pattern: str
    cue_index: int | None = None
    is_thought: bool = False
    flags: set[str] = field(default_factory=set)
    confidence: float | None = None

    @property
    def start(self) -> int:
        """First character of the content."""
        return min(start for start, _ in self.segments)

    @property
    def end(self) -> int:
        """One past the last character of the content."""
        return max(end for _, end in self.segments)


CONTENT_EDGE = " \n\t,;:.–—-"
_PHRASE_CUTS = {"relcl", "advcl", "parataxis", "ccomp"}
_SUBJECTS = {"nsubj"}


def read_text(nlp: Language, text: str) -> Doc:
    """The text as the pipeline reads it; the doc knows its text, which spaCy would join anew from all tokens."""
    doc = nlp.make_doc(text)
    doc.user_data["text"] = text
    return nlp(doc)


def text_of(doc: Doc) -> str:
    """The doc's text, built once: spaCy joins all tokens anew at each `doc.text`."""
    if "text" not in doc.user_data:
        doc.user_data["text"] = doc.text
    return doc.user_data["text"]


def trim_offsets(text: str, start: int, end: int, edge: str = CONTENT_EDGE) -> Offsets | None:
    """The offsets without white space and separators at both ends; None where nothing is left."""
    while start < end and text[start] in edge:
        start += 1
    while end > start and text[end - 1] in " \n\t,;:–—-":
        end -= 1
    return (start, end) if start < end else None


def phrase_of(head: Token, *, before: int | None = None) -> Span:
    """The noun phrase around `head` without relative clauses; apposition stays.

    `before` is a token index that the phrase must not reach.
    """
    kept = {head.i}
    stack = [head]
    while stack:
        token = stack.pop()
        for child in token.children:
            is_clause = child.dep_ in _PHRASE_CUTS or (child.dep_ == "acl" and child.i > head.i)
            if not is_clause and child.sent == head.sent:
                kept.add(child.i)
                stack.append(child)
    first = last = head.i
    while first - 1 in kept and not head.doc[first - 1].is_space:
        first -= 1
    while last + 1 in kept and not head.doc[last + 1].is_space and (before is None or last + 1 < before):
        last += 1
    while first < head.i and (head.doc[first].is_punct or head.doc[first].dep_ == "cc"):
        first += 1
    while last > head.i and (head.doc[last].is_punct or head.doc[last].dep_ in ("cc", "punct")):
        last -= 1
    return head.doc[first : last + 1]


def find_speaker(cue: Token, inside_quote: set[int]) -> Span | None:
    """The phrase of whoever utters `cue`: its subject, its antecedent, or the subject it shares."""
    token = cue
    for _ in range(4):
        subjects = [child for child in token.children if child.dep_ in _SUBJECTS and child.i not in inside_quote]
        if subjects:
            subject = min(subjects, key=lambda child: abs(child.i - token.i))
            if subject.lower_ in ("who", "which", "that") and token.dep_ == "relcl":
                return phrase_of(token.head, before=subject.i)
            if subject.lower_ in ("it", "there", "what", "this", "which") and subject.pos_ != "PROPN":
                return phrase_of(subject) if subject.lower_ == "it" else None
            return phrase_of(subject, before=token.i if subject.i < token.i else None)
        if (agent := _agent_of(token)) is not None:
            return phrase_of(agent)
        if token.dep_ in ("conj", "xcomp", "advcl", "parataxis", "dep") and token.head is not token:
            token = token.head
        elif token.dep_ in ("acl", "relcl") and token.head.pos_ in ("NOUN", "PROPN", "PRON"):
            return phrase_of(token.head, before=token.i)
        elif token.dep_ == "pcomp" and token.head.head is not token.head:
            token = token.head.head
        else:
            return None
    return None


def _agent_of(token: Token) -> Token | None:
    for child in token.children:
        if child.dep_ == "agent":
            return next((grandchild for grandchild in child.children if grandchild.dep_ == "pobj"), None)
    return None


def is_passive(token: Token) -> bool:
    """Whether the verb is a passive: its subject is told, it does not tell."""
    return any(child.dep_ in ("nsubjpass", "auxpass") for child in token.children)


def paragraph_bounds(text: str, position: int) -> Offsets:
    """Offsets of the paragraph that holds `position`."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return start, len(text) if end < 0 else end


def tokens_between(doc: Doc, start: int, end: int) -> list[Token]:
    """Tokens that start in [start, end), white space left out."""
    span = doc.char_span(start, max(end, start + 1), alignment_mode="expand")
    return [token for token in span or () if start <= token.idx < end and not token.is_space]
