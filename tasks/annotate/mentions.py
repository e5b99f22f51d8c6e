"""Mentions of people, organisations, places and groups: the model's, repaired where scraped text breaks them."""

import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc, Span

from schemas import EntityMention
from tasks.annotate.attribution import text_of

MENTIONS_FILE = Path(__file__).with_name("mentions.toml")
_LEADING = re.compile(r"(?:the|The|a|an|A|An)\s+|(?:pro|anti|ex|non)-(?=[A-Z])|[\s“”\"‘(\[@#–—-]+")
_TRAILING = re.compile(r"(?:[’']s|[’'])?[\s“”\"’)\].,;:–—-]*$")
_GLUED = re.compile(r"([A-Z][a-z]+)([A-Z][a-z]+)$")
_TITLED_NAME = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lady|Lord)\.?[ ]((?:[A-Z][\w’'-]+)(?:[ ](?:[A-Z]\.|[A-Z][\w’'-]+)){0,2})"
)
_HONORIFIC = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lady|Lord|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt)\.?\s+")


# What the tagger takes for a common word is one, whatever the entity model says: "Videos", "However".
_NO_NAME_TAGS = {"NOUN", "VERB", "ADV", "AUX", "PRON", "DET", "ADP", "CCONJ", "SCONJ"}


@dataclass
class _Candidate:
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class _Lexicon:
    labels: dict[str, str]
    not_names: frozenset[str]
    known: dict[str, str]


@cache
def _load_lexicon() -> _Lexicon:
    data = tomllib.loads(MENTIONS_FILE.read_text("utf-8"))
    return _Lexicon(
        labels=data["labels"],
        not_names=frozenset(data["not_names"]["words"]),
        known={name: label for label, names in data["known"].items() for name in names},
    )


def find_mentions(doc: Doc, article_id: str) -> list[EntityMention]:
    """Mentions in the order of the text, without overlaps; offsets count characters of the text.

    A name carries one label in the whole article. Surnames of people named in full are found wherever
    they stand, also where the model missed them.
    """
    candidates = [candidate for span in doc.ents if (candidate := _trim(doc, span)) is not None]
    candidates = _without_leading_places(text_of(doc), candidates)
    candidates += _titled_names(text_of(doc), candidates)
    surnames = _surnames(text_of(doc), candidates)
    candidates = [_cut_to_name(text_of(doc), candidate, surnames) for candidate in candidates]
    candidates = _settle_labels(text_of(doc), candidates, surnames)
    candidates += _missed_surnames(text_of(doc), candidates, surnames)
    return [
        EntityMention(
            article_id=article_id,
            start_char=candidate.start,
            end_char=candidate.end,
            text=text_of(doc)[candidate.start : candidate.end],
            label=candidate.label,
            local_id=None,
            entity_id=None,
        )
        for candidate in _without_overlaps(candidates)
    ]


def _trim(doc: Doc, span: Span) -> _Candidate | None:
    """The entity without article, form of address, possessive and punctuation; None where no name is left."""
    lexicon = _load_lexicon()
    label = lexicon.labels.get(span.label_)
    if label is None or (len(span) == 1 and span[0].pos_ in _NO_NAME_TAGS):
        return None
    text, start = text_of(doc), span.start_char
    end = span.end_char
    if (line_break := text.find("\n", start, end)) >= 0:
        end = line_break
    while match := _LEADING.match(text, start, end):
        start = match.end()
    if match := _HONORIFIC.match(text, start, end):
        start, label = match.end(), "PERSON"
    end = start + _TRAILING.search(text[start:end]).start()  # type: ignore[union-attr]
    name = text[start:end]
    # An initial or an abbreviation keeps its stop.
    if text[end : end + 1] == "." and re.search(r"(?:\b[A-Z]|\.[A-Z]|\b(?:Jr|Sr|Inc|Corp|Co|Ltd))$", name):
        end, name = end + 1, text[start : end + 1]
    if len(name) < 2 or name in lexicon.not_names or not any(letter.isupper() for letter in name):
        return None
    if any(character in name for character in "<>{}|=_/\\") or sum(map(str.isdigit, name)) > 3:
        return None
    return _Candidate(start, end, lexicon.known.get(name, label))


def _titled_names(text: str, candidates: list[_Candidate]) -> list[_Candidate]:
    """People that the model missed, told by the form of address before the name."""
    taken = [(item.start, item.end) for item in candidates]
    return [
        _Candidate(*match.span(1), "PERSON")
        for match in _TITLED_NAME.finditer(text)
        if not any(start < match.end(1) and end > match.start(1) for start, end in taken)
    ]


def _without_leading_places(text: str, candidates: list[_Candidate]) -> list[_Candidate]:
    """The candidates; a person of three words or more loses a first word that is a place elsewhere in the text."""
    places = {text[item.start : item.end] for item in candidates if item.label in ("PLACE", "GROUP")}
    for item in candidates:
        words = text[item.start : item.end].split(" ")
        if item.label == "PERSON" and len(words) > 2 and words[0] in places:
            item.start += len(words[0]) + 1
    return candidates


def _surnames(text: str, candidates: list[_Candidate]) -> dict[str, Counter]:
    """Surnames of people named in full, each with the full names it ends."""
    alone = {text[candidate.start : candidate.end] for candidate in candidates}
    alone |= set(re.findall(r"\b[A-Z][a-z]+\b", text)) if any(map(_GLUED.search, alone)) else set()
    surnames: dict[str, Counter] = defaultdict(Counter)
    groups = {text[candidate.start : candidate.end] for candidate in candidates if candidate.label == "GROUP"}
    for candidate in candidates:
        words = text[candidate.start : candidate.end].split()
        if candidate.label != "PERSON" or not 2 <= len(words) <= 5 or words[-1] in groups:
            continue
        if re.search(rf"\b{re.escape(words[-1].lower())}\b", text):
            # What also stands in lower case is a word that the scraper glued to a name.
            continue
        surname = words[-1]
        if (glued := _GLUED.match(surname)) and (glued.group(1) in alone or glued.group(2).lower() in STOP_WORDS):
            surname = glued.group(1)
        if len(surname) > 2 and surname[0].isupper():
            surnames[surname][" ".join([*words[:-1], surname])] += 1
    return surnames


def _cut_to_name(text: str, candidate: _Candidate, surnames: dict[str, Counter]) -> _Candidate:
    """A person's mention cut where a glued or following word is no part of the name.

    "BergmanDirector" ends with the surname that stands alone elsewhere; "Lind Talks" with the surname
    of a person named in full.
    """
    if candidate.label != "PERSON":
        return candidate
    name = text[candidate.start : candidate.end]
    words = list(re.finditer(r"\S+", name))
    glued = _GLUED.match(words[-1].group())
    if glued and (glued.group(1) in surnames or glued.group(2).lower() in STOP_WORDS):
        return _Candidate(candidate.start, candidate.start + words[-1].start() + glued.end(1), "PERSON")
    if len(words) == 2 and words[0].group() in surnames and words[1].group() not in surnames:
        full_names = surnames[words[0].group()]
        if name not in full_names:
            return _Candidate(candidate.start, candidate.start + words[0].end(), "PERSON")
    return candidate


def _settle_labels(text: str, candidates: list[_Candidate], surnames: dict[str, Counter]) -> list[_Candidate]:
    """The candidates with one label for one name: a known surname is a person, else the usual label."""
    lexicon = _load_lexicon()
    votes: dict[str, Counter] = defaultdict(Counter)
    for candidate in candidates:
        votes[text[candidate.start : candidate.end]][candidate.label] += 1
    groups = {name for name, count in votes.items() if count.most_common(1)[0][0] == "GROUP"} - surnames.keys()
    settled = []
    for candidate in candidates:
        name = text[candidate.start : candidate.end]
        label = "PERSON" if name in surnames else votes[name].most_common(1)[0][0]
        label = lexicon.known.get(name, label)
        words = name.split()
        # "Proud Italian" is nobody; nor is a name of one of its words in the lower case.
        if label == "PERSON" and (words[-1] in groups or len(words) > 5):
            continue
        if label == "PERSON" and len(words) == 1 and re.search(rf"\b{re.escape(name.lower())}\b", text):
            continue
        settled.append(_Candidate(candidate.start, candidate.end, label))
    return settled


def _missed_surnames(text: str, candidates: list[_Candidate], surnames: dict[str, Counter]) -> list[_Candidate]:
    """Further mentions of people by their surname, with the first name where one stands before it."""
    if not surnames:
        return []
    covered = [(candidate.start, candidate.end) for candidate in candidates]
    alternatives = "|".join(map(re.escape, sorted(surnames, key=len, reverse=True)))
    missed = []
    for match in re.finditer(rf"(?<![\w’'-])(?:{alternatives})(?![\w-])", text):
        if any(start < match.end() and end > match.start() for start, end in covered):
            continue
        start = match.start()
        before = re.search(r"([A-Z][\w’-]+)\s$", text[max(0, start - 30) : start])
        if before and before.group(1) not in surnames and _may_be_first_name(before.group(1), surnames[match.group()]):
            start -= len(before.group(0))
        missed.append(_Candidate(start, match.end(), "PERSON"))
    return missed


def _may_be_first_name(word: str, full_names: Counter) -> bool:
    """Whether the word is the first name in one of the full names, or a spelling of it: three letters agree."""
    return any(word[:3] == name.split()[0][:3] for name in full_names)


def _without_overlaps(candidates: list[_Candidate]) -> list[_Candidate]:
    """By place; of overlapping ones the longer stays."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda item: (item.start, -(item.end - item.start))):
        if kept and candidate.start < kept[-1].end:
            if candidate.end - candidate.start > kept[-1].end - kept[-1].start:
                kept[-1] = candidate
            continue
        kept.append(candidate)
    return kept
