"""The figures an article gives: value, unit, what it counts and how exact it is said to be."""

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc, Span, Token

from schemas import Figure
from tasks.annotate.attribution import text_of
from tasks.annotate.numbers import Number, find_numbers, find_qualifier, number_words
from tasks.annotate.units import Unit, find_unit

NAME_ENTITIES = {"PRODUCT", "ORG", "FAC", "LAW", "PERSON", "GPE", "LOC", "EVENT", "WORK_OF_ART", "NORP"}
SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
MODIFIERS = {"ADJ", "NOUN", "PROPN", "VERB", "NUM"}
MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)|apr(?:il|\.)|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
DATE_BEFORE = re.compile(rf"\b{MONTH}\s+(?:the\s+)?$", re.IGNORECASE)
DATE_AFTER = re.compile(rf"^\s+(?:of\s+)?{MONTH}(?!\w)", re.IGNORECASE)
CLOCK_AFTER = re.compile(
    r"^\s?(?:[ap]\.?m\b|o['’]clock|(?:\d{2} )?(?:GMT|UTC|CET|hours GMT)\b|hrs\b(?= GMT))", re.IGNORECASE
)
NUMBER_SIGN = re.compile(r"\b(?:nos?\.|№)\s?$", re.IGNORECASE)
LIST_NUMBER = re.compile(r"^\(?\d{1,3}[.)](?:\s|$)")
YEARS = (1900, 2099)
QUANTITY_LENGTH = 200
TEXT_LENGTH = 300


def find_figures(doc: Doc, article_id: str) -> list[Figure]:
    """Figures of an article in the order of its text; none overlap.

    Offsets count characters of `doc.text`. Years, dates, clock times, distances from now
    ("two weeks ago"), ordinals, labels ("Article 5") and numbers in names are no figures, nor is
    a number of which nothing tells what it counts.
    """
    figures: list[Figure] = []
    for number in find_numbers(text_of(doc)):
        figure = _make_figure(doc, number, article_id)
        if figure and (not figures or figure.start_char >= figures[-1].end_char):
            figures.append(figure)
    return figures


def _make_figure(doc: Doc, number: Number, article_id: str) -> Figure | None:
    text = text_of(doc)
    unit = find_unit(text, number.start, number.end)
    start, end = (unit.start, unit.end) if unit else (number.start, number.end)
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or end - start > TEXT_LENGTH:
        return None
    qualifier = find_qualifier(text, start, end)
    if is_date_or_time(text, number, unit) or is_label_or_name(span, number, unit):
        return None
    if not unit and _is_bare_reference(doc, number, qualifier):
        return None
    quantity = find_quantity(span, unit)
    if not quantity or (_looks_like_year(text, number) and not unit and not qualifier):
        return None
    return Figure(
        figure_id=f"{article_id}:{start}:{end}",
        article_id=article_id,
        start_char=start,
        end_char=end,
        text=text[start:end],
        value=(number.low + number.high) / 2,
        low=number.low,
        high=number.high,
        unit=unit.name if unit else "count",
        quantity=quantity[:QUANTITY_LENGTH],
        qualifier="between" if number.is_range else qualifier,
        figure_group_id=None,
    )


@cache
def _relative_dates() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = number_words()["relative_dates"]
    return (
        re.compile(rf"\b(?:{'|'.join(words['before'])})\s+(?:few\s+)?$", re.IGNORECASE),
        re.compile(rf"^\s+(?:{'|'.join(words['after'])})\b", re.IGNORECASE),
    )


# Verbs that say nothing of what is measured.
EMPTY_VERBS = {"be", "have", "do", "say"}
TIME_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")


def is_date_or_time(text: str, number: Number, unit: Unit | None) -> bool:
    """Whether the number tells when, not how much: a date, a clock time, a distance from now."""
    before, after = text[max(0, number.start - 20) : number.start], text[number.end : number.end + 20]
    if DATE_BEFORE.search(before) or DATE_AFTER.match(after) or (not unit and CLOCK_AFTER.match(after)):
        return True
    if unit is None or unit.name not in TIME_UNITS or unit.is_compound:
        return False
    before_pattern, after_pattern = _relative_dates()
    return bool(before_pattern.search(before) or after_pattern.match(text[unit.end : unit.end + 20]))


def _looks_like_year(text: str, number: Number) -> bool:
    printed = text[number.start : number.end]
    return bool(re.fullmatch(r"\d{4}", printed)) and YEARS[0] <= number.low <= YEARS[1]


def is_label_or_name(span: Span, number: Number, unit: Unit | None) -> bool:
    """Whether the number belongs to a name or a list ("Article 5", "Boeing 737", "1. Introduction")."""
    doc, text = span.doc, text_of(span.doc)
    line_start = text.rfind("\n", 0, number.start) + 1
    if not text[line_start : number.start].strip(" (") and LIST_NUMBER.match(text[line_start : number.end + 2]):
        return True
    if unit:
        return False
    if NUMBER_SIGN.search(text[max(0, number.start - 6) : number.start]):
        return True
    before = doc[span.start - 1] if span.start else None
    if before is not None and not before.is_space and before.lower_ in number_words()["labels"]["nouns"]:
        # "the unit 40 soldiers joined" is rarer than "unit 40"; a noun that follows decides.
        return _find_counted_noun(span) is None or before.is_title
    if any(token.ent_type_ in NAME_ENTITIES for token in span):
        return True
    after = doc[span.end] if span.end < len(doc) else None
    is_named_before = before is not None and before.pos_ == "PROPN" and before.ent_type_ != "DATE"
    if is_named_before and _find_counted_noun(span) is None:
        return True
    return after is not None and after.tag_ == "NNP" and _find_counted_noun(span) is after


def _is_bare_reference(doc: Doc, number: Number, qualifier: str | None) -> bool:
    """Whether a small number in words points at things known ("one of them", "the two sides")."""
    if not number.is_word or number.is_range or qualifier or number.low >= 10:
        return False
    if number.low <= 1:
        return True
    before = re.search(r"([A-Za-z]+)\s+(?:other\s+|main\s+)?$", text_of(doc)[max(0, number.start - 20) : number.start])
    return bool(before) and before[1].lower() in {  # type: ignore[index]
        "the", "these", "those", "both", "all", "its", "their", "his", "her", "our", "your", "my", "other", "any"
    }  # fmt: skip


def find_quantity(span: Span, unit: Unit | None) -> str | None:
    """What the figure in `span` counts or measures, in lower case; None where nothing tells.

    The head noun's lemma comes last, after its modifiers: "striking docker".
    """
    if unit is None:
        noun = _find_counted_noun(span) or _find_subject(span, counting_only=True)
        is_named = noun is not None and noun.lemma_.lower() not in number_words()["empty_nouns"]["lemmas"]
        return _name_quantity(noun, span) if noun is not None and is_named else None
    noun = (
        _find_noun_after_of(span, unit)
        or _find_noun_described(span, unit)
        or _find_noun_before_of(span)
        or _find_object_of_spending(span, unit)
        or _find_subject(span)
    )
    if noun is not None and any(letter.isalpha() for letter in noun.lemma_):
        return _name_quantity(noun, span)
    verb = _governing_verb(span)
    return None if verb is None or verb.lemma_.lower() in EMPTY_VERBS else verb.lemma_.lower()


def _following(span: Span, limit: int) -> Iterator[Token]:
    for token in span.doc[span.end : span.end + limit]:
        if token.is_sent_start or (token.is_space and "\n" in token.text):
            return
        yield token


def _head_of_phrase(first: Token) -> Token:
    """The last noun of the run of adjectives and nouns that starts at `first`."""
    head = first
    for token in first.doc[first.i : first.i + 6]:
        if token.pos_ not in MODIFIERS and token.text not in ("-", "–"):
            break
        if token.is_sent_start and token.i != first.i:
            break
        if token.pos_ in ("NOUN", "PROPN"):
            # A noun in the plural closes the phrase: "100 soldiers Friday".
            head = token
            if token.tag_ in ("NNS", "NNPS"):
                break
    return head


def _find_counted_noun(span: Span) -> Token | None:
    """The noun right after a number: "300 striking dockers", "dozens of boats", "40 of the men"."""
    following = list(_following(span, 7))
    if (
        following
        and following[0].lower_ in ("or", "and")
        and len(following) > 2
        and following[1].lower_ in ("more", "so")
    ):
        following = following[2:]
    if following and following[0].lower_ == "of":
        return _object_of(following[0])
    for position, token in enumerate(following):
        if token.pos_ in ("NOUN", "PROPN") or (token.pos_ in MODIFIERS and token.dep_ in ("amod", "compound", "nmod")):
            head = _head_of_phrase(token)
            return head if head.pos_ in ("NOUN", "PROPN") else None
        if token.pos_ not in ("ADJ", "ADV", "VERB", "X") or position > 2 or token.is_punct:
            break
    return None


def _object_of(preposition: Token) -> Token | None:
    for child in preposition.children:
        if child.dep_ == "pobj" and child.pos_ in ("NOUN", "PROPN"):
            return child
    for token in preposition.doc[preposition.i + 1 : preposition.i + 4]:
        if token.pos_ in ("NOUN", "PROPN"):
            return _head_of_phrase(token)
    return None


def _find_noun_after_of(span: Span, unit: Unit) -> Token | None:
    """The noun in "eight hours of talks", "$2 billion in aid"."""
    following = next(_following(span, 1), None)
    links = ("of", "in", "worth") if unit.is_currency else ("of",)
    return _object_of(following) if following is not None and following.lower_ in links else None


def _find_noun_described(span: Span, unit: Unit) -> Token | None:
    """The noun that a hyphenated unit or an amount of money describes: "seven-hour meeting", "$2 billion loan"."""
    following = list(_following(span, 4))
    while following and following[0].lower_ in ("-", "long", "old", "wide", "deep", "high"):
        following.pop(0)
    if not following or following[0].pos_ not in MODIFIERS:
        return None
    head = _head_of_phrase(following[0])
    if head.pos_ not in ("NOUN", "PROPN"):
        return None
    return (
        head if unit.is_compound or span.root.head == head or span.root.dep_ in ("compound", "nmod", "nummod") else None
    )


def _find_noun_before_of(span: Span) -> Token | None:
    """The noun in "a length of about 6 kilometres", "a loan worth $5 million"."""
    for token in (span.root, span.root.head):
        if token.dep_ in ("pobj", "npadvmod", "pcomp") and token.head.lower_ in ("of", "worth"):
            noun = token.head.head
            return noun if noun.pos_ in ("NOUN", "PROPN") and noun.i < span.start else None
    return None


def _find_object_of_spending(span: Span, unit: Unit) -> Token | None:
    """The noun in "spent $5 million on schools"."""
    following = next(_following(span, 1), None)
    is_spending = unit.is_currency and following is not None and following.lower_ in ("on", "for")
    noun = _object_of(following) if following is not None and is_spending else None
    return noun if noun is not None and noun.ent_type_ not in ("DATE", "TIME") else None


def _governing_verb(span: Span) -> Token | None:
    for token in (span.root, *span.root.ancestors):
        if token.pos_ in ("VERB", "AUX"):
            return token
    return None


def _find_subject(span: Span, *, counting_only: bool = False) -> Token | None:
    """The subject noun of the verb that the figure belongs to: "The meeting lasted 7.5 hours"."""
    verb = _governing_verb(span)
    if verb is None or (counting_only and verb.lemma_.lower() not in number_words()["counting_verbs"]["lemmas"]):
        return None
    if counting_only and span.root.head is not verb and span.root.head.head is not verb:
        return None
    for candidate in (verb, verb.head):
        for child in candidate.children:
            if (
                child.dep_ in SUBJECTS
                and child.pos_ in ("NOUN", "PROPN")
                and child.i not in range(span.start, span.end)
            ):
                return child
        if candidate.dep_ not in ("conj", "xcomp"):
            break
    return None


def _name_quantity(noun: Token, span: Span) -> str:
    """The noun's lemma after those of the modifiers right before it, lower case, the figure itself left out."""
    words = [noun.lemma_]
    for token in reversed(list(noun.doc[max(0, noun.i - 4) : noun.i])):
        is_inside = span.start <= token.i < span.end
        if is_inside or token.pos_ not in ("ADJ", "NOUN", "PROPN") or (token.is_sent_start and token.i > span.end):
            break
        words.append(token.lemma_)
    return " ".join(" ".join(reversed(words)).lower().split())
