"""Mentions of people, organisations, places and groups: the model's, repaired where scraped text breaks them."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

from spacy.tokens import Doc, Span

from schemas import EntityMention
from tasks.annotate.attribution import text_of
from tasks.annotate.mention_repairs import Candidate, NameWords, cut_person, find_lower_words, is_work, load_lexicon
from tasks.first_names import load_every_first_name, load_sure_first_names

_LEADING = re.compile(r"(?:the|The|a|an|A|An)\s+|(?:pro|anti|ex|non)-(?=[A-Z])|[\s“”\"‘(\[#>$–—.,-]+")
# Words in lower case at the end are no part of a name: "Okello was", "Bank plan".
_TRAILING = re.compile(r"(?:[’'‘]s|[’'])?(?:\s+[a-zà-ÿ][\w’'-]*)*[\s“”\"’(\[)\].,;:–—-]*$")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\.[A-Z]|\b(?:Jr|Sr|Inc|Corp|Co|Ltd))$")
_TITLED_NAME = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lady|Lord|Sen|Rep|Gov|President|Senator|Governor)\.?[ ]"
    r"((?:[A-Z][\w’'-]*[\w])(?:[ ](?:[A-Z]\.|[A-Z][\w’'-]*\w)){0,2})"
)
_FORM_OF_ADDRESS = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lady|Lord)\.?\s+[A-Z]")
_FIRST_AND_LAST = re.compile(
    r"(?<![\w’'-])((?:[A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?:[ ][A-Z]\.)?[ ]"
    r"(?:[A-Z][a-zà-ÿ]*[’']?[A-Z]?[a-zà-ÿ]+)(?:-[A-Z][a-zà-ÿ]+)?)"
    r"(?![\w-])(?![ ][A-Z])"
)
_BEFORE_PLACE = re.compile(
    r"(?:\b[Ii]n|\b(?:mayor|city|town|village|council|capital|government|people|envoys?|president|minister) of)"
    r" (?:\w+ and )?$"
)
_WORD_BEFORE = re.compile(r"(?<![\w’'-])([A-Z]\.|[A-Z][a-zà-ÿ]+) $")
_WORD_BEHIND = re.compile(r" ([A-Z][a-z]+)(?![\w’'-])")
_POSSESSIVE = re.compile(r"[’']s?$|‘s$")
_HYPHENATED = re.compile(r"-[A-Z][\w’'-]+")
_PARTY_AND_STATE = re.compile(r"[DRI]-[A-Z][\w.]*\.?")
_PLURAL = re.compile(r"\b[A-Z][\w-]+(?:s|men)\b")
# A company's code at an exchange: "ACME.N".
_TICKER = re.compile(r"[A-Z]{2,5}\.[A-Z]{1,2}")
# A place that opens a report: "ASHBY, Maine (Wire) - ".
_DATELINE = re.compile(r"(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?)?(?: \([A-Z][\w ]{1,20}\))? ?[–—-]{1,2} ")
_NO_NAME = re.compile(r"[<>{}|=_/\\@#$]")
# What a part-of-speech tagger takes for a common word is one: "Videos". Pipelines without one leave pos_ empty.
_NO_NAME_TAGS = {"NOUN", "VERB", "ADV", "AUX", "PRON", "DET", "ADP", "CCONJ", "SCONJ"}


def find_mentions(doc: Doc, article_id: str) -> list[EntityMention]:
    """Mentions in the order of the text, without overlaps; offsets count characters of the text.

    Labels of CoNLL-2003 and of OntoNotes 5 are understood; part-of-speech tags are used where they are. A name
    carries one label in the whole article. Names found once are found wherever they stand, also where the model
    missed them.
    """
    text = text_of(doc)
    candidates = [candidate for span in doc.ents if (candidate := _trim(doc, span)) is not None]
    candidates = _without_leading_places(text, candidates)
    candidates += _names_missed(text, candidates, _TITLED_NAME)
    candidates += _names_missed(text, candidates, _FIRST_AND_LAST, after_first_name=True)
    candidates = _whole_names(text, candidates)
    candidates = [item for item in candidates if not is_work(text, item)]
    names = NameWords.of_people(text, [text[item.start : item.end] for item in candidates if item.label == "PERSON"])
    candidates = [cut_person(text, item, names) if item.label == "PERSON" else item for item in candidates]
    settled = _settle_labels(text, candidates, names)
    settled += _missed_people(text, settled, names)
    settled += _missed_names(text, settled)
    return [
        EntityMention(
            article_id=article_id,
            start_char=item.start,
            end_char=item.end,
            text=text[item.start : item.end],
            label=item.label,
            local_id=None,
            entity_id=None,
        )
        for item in _without_overlaps(settled)
    ]


def _trim(doc: Doc, span: Span) -> Candidate | None:
    """The entity without article, office, possessive and punctuation; None where no name is left."""
    lexicon, text = load_lexicon(), text_of(doc)
    label = lexicon.labels.get(span.label_)
    if label is None or (len(span) == 1 and span[0].pos_ in _NO_NAME_TAGS):
        return None
    start, end = span.start_char, span.end_char
    if (line_break := text.find("\n", start, end)) >= 0:
        end = line_break
    while match := _LEADING.match(text, start, end):
        start = match.end()
    if _FORM_OF_ADDRESS.match(text, start, end):
        label = "PERSON"
    if label == "PERSON":
        start = lexicon.after_offices(text, start, end)
    if trailing := _TRAILING.search(text[start:end]):
        end = start + trailing.start()
    name = text[start:end]
    # An initial or an abbreviation keeps its stop.
    if text[end : end + 1] == "." and _ABBREVIATED.search(name):
        end, name = end + 1, text[start : end + 1]
    if not _is_name(name):
        return None
    if span.label_ == "MISC" and not lexicon.is_group(name):
        # Events and works are no entities of ours; a person or place under this label is found by its other mentions.
        label = "OTHER"
    return Candidate(start, end, lexicon.label_of(name, label))


def _is_name(name: str) -> bool:
    if len(name) < 2 or not any(map(str.isupper, name)) or _NO_NAME.search(name) or _PARTY_AND_STATE.fullmatch(name):
        return False
    if _TICKER.fullmatch(name):
        return False
    return name.rstrip(".") not in load_lexicon().not_names and sum(map(str.isdigit, name)) <= 3


def _names_missed(
    text: str, candidates: list[Candidate], pattern: re.Pattern[str], *, after_first_name: bool = False
) -> list[Candidate]:
    """People that the model missed, told by the form of address or the first name before the surname.

    What the model takes for nothing of ours, or for one word of the name, gives way.
    """
    ours = [item for item in candidates if item.label != "OTHER"]
    lower_words = find_lower_words(text) if after_first_name else frozenset()
    found = []
    for match in pattern.finditer(text):
        start, end = match.span(1)
        name = _POSSESSIVE.sub("", match.group(1))
        end, words = start + len(name), name.split()
        is_told = words[0].lower() in load_sure_first_names() and words[-1].lower() not in lower_words
        if (after_first_name and not is_told) or not _is_name(name) or not _is_name(words[-1]):
            continue
        inside = [item for item in ours if item.start < end and item.end > start]
        if all(start <= item.start and item.end <= end and item.end - item.start < end - start for item in inside):
            found.append(Candidate(start, end, load_lexicon().label_of(name, "PERSON")))
    return [item for item in found if item.label == "PERSON"]


def _whole_names(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, widened where the model found a part.

    "Jo" of "Jo-Renee Formicola", "African" of "African-Americans", "O'Reilly" of "Bill O'Reilly", "Hofstra" of
    "Hofstra University".
    """
    lexicon = load_lexicon()
    by_start = {item.start: item for item in candidates}
    for item in candidates:
        if item.label == "PERSON":
            rest = _HYPHENATED.match(text, item.end)
            behind = by_start.get(rest.end() + 1) if rest else None
            if behind and behind.label == "PERSON":
                item.end = behind.end
            before = _WORD_BEFORE.search(text, max(0, item.start - 25), item.start)
            if before and (before.group(1).endswith(".") or before.group(1).lower() in load_every_first_name()):
                item.start = before.start(1)
        elif item.label == "GROUP" and (rest := _HYPHENATED.match(text, item.end)):
            item.end = rest.end() if lexicon.is_group(text[item.start : rest.end()]) else item.end
        elif item.label in ("ORG", "PLACE", "OTHER"):
            word = _WORD_BEHIND.match(text, item.end)
            if word and word.group(1) in lexicon.organisation_words:
                item.end, item.label = word.end(), "ORG"
    return candidates


def _without_leading_places(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates; a person of three words or more loses a first word that is a place elsewhere in the text."""
    places = {text[item.start : item.end] for item in candidates if item.label in ("PLACE", "GROUP")}
    for item in candidates:
        words = text[item.start : item.end].split(" ")
        if item.label == "PERSON" and len(words) > 2 and words[0] in places:
            item.start += len(words[0]) + 1
    return candidates


def _settle_labels(text: str, candidates: list[Candidate], names: NameWords) -> list[Candidate]:
    """The candidates with one label for one name: a known person's is a person, else the usual label."""
    lexicon = load_lexicon()
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for item in candidates:
        votes[text[item.start : item.end]][item.label] += 1
    settled = []
    for item in candidates:
        name = text[item.start : item.end]
        is_person = names.is_person(name) or _is_called_by_surname(name, votes, names)
        label = "PERSON" if is_person else _usual_label(votes[name])
        if label == "PERSON" and " " not in name and not names.is_person(name) and _stands_as_place(text, name):
            label = "PLACE"
        label = lexicon.label_of(name, label)
        if label == "OTHER" or (label == "PERSON" and not _may_be_person(text, name, names)):
            continue
        settled.append(Candidate(item.start, item.end, label))
    return settled


def _is_called_by_surname(name: str, votes: dict[str, Counter[str]], names: NameWords) -> bool:
    """Whether a name of two words that the model takes for no person's ends with what it takes for one alone."""
    first, _, last = name.partition(" ")
    is_name = (
        last.isalpha() and first.isalpha() and first[0].isupper() and last not in load_lexicon().organisation_words
    )
    if not is_name or names.surnames.get(last) or first in votes or load_lexicon().is_group(first):
        return False
    return votes[last]["PERSON"] > votes[last].total() / 2 if last in votes else False


def _stands_as_place(text: str, name: str) -> bool:
    """Whether the one-word name stands somewhere as only a place does: "in Ravensford", "the mayor of Ravensford"."""
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?![\w’'-])", text):
        start, end = match.span()
        opens_line = start == 0 or text[start - 1] == "\n"
        if _BEFORE_PLACE.search(text, max(0, start - 30), start) or (opens_line and _DATELINE.match(text, end)):
            return True
    return False


def _usual_label(votes: Counter[str]) -> str:
    """The label given most; any other before OTHER, and a person before an organisation of as many votes."""
    order = ("PERSON", "PLACE", "ORG", "GROUP")
    named = {label: votes[label] for label in order if votes[label]}
    return max(named, key=lambda label: named[label]) if named else "OTHER"


def _may_be_person(text: str, name: str, names: NameWords) -> bool:
    """False for "Proud Italian", for six words, and for one word that also stands in lower case."""
    words = name.split()
    if load_lexicon().is_group(words[-1]) or len(words) > 5:
        return False
    return len(words) > 1 or names.is_person(name) or not names.stands_in_lower_case(name)


def _missed_people(text: str, candidates: list[Candidate], names: NameWords) -> list[Candidate]:
    """Further mentions of people by their surname, with the first name where one stands before it."""
    counted = Counter(text[item.start : item.end] for item in candidates if item.label == "PERSON")
    alone = {name for name, count in counted.items() if names.called_alone(name, count)}
    missed = []
    for match in _places_of(text, names.surnames.keys() | alone, candidates):
        start = match.start()
        before = re.search(r"([A-Z][\w’-]+)\s$", text[max(0, start - 30) : start])
        if before and match.group() in names.surnames and names.is_first_name_of(before.group(1), match.group()):
            start -= len(before.group(0))
        missed.append(Candidate(start, match.end(), "PERSON"))
    return missed


def _missed_names(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Further mentions of organisations and places found elsewhere in the text, and of well-known ones and peoples."""
    lexicon = load_lexicon()
    labels = {text[item.start : item.end]: item.label for item in candidates}
    sure = {
        name: label
        for name, label in labels.items()
        if (label in ("ORG", "PLACE") and len(name) > 2 and (" " in name or name.isupper())) or label == "GROUP"
    }
    # Acronyms of two letters may be words of a line in capitals.
    sure |= {name: label for name, label in lexicon.known.items() if len(name) > 2 and name in text}
    sure |= dict.fromkeys(lexicon.peoples & set(_PLURAL.findall(text)), "GROUP")
    return [Candidate(match.start(), match.end(), sure[match.group()]) for match in _places_of(text, sure, candidates)]


def _places_of(text: str, names: Iterable[str], candidates: list[Candidate]) -> list[re.Match[str]]:
    """Where one of the names stands as a whole word and no candidate does."""
    if not names:
        return []
    alternatives = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    bounds = sorted((item.start, item.end) for item in candidates)
    starts = [start for start, _ in bounds]
    found = []
    for match in re.finditer(rf"(?<![\w’'-])(?:{alternatives})(?![\w-])", text):
        near = bounds[max(0, bisect_left(starts, match.start()) - 1) : bisect_left(starts, match.end())]
        inside = [pair for pair in near if pair[1] > match.start()]
        # A part of the name, as "Fox" of "Fox News", gives way.
        if all(
            (match.start() <= start and end < match.end()) or (match.start() < start and end <= match.end())
            for start, end in inside
        ):
            found.append(match)
    return found


def _without_overlaps(candidates: list[Candidate]) -> list[Candidate]:
    """By place; of overlapping ones the longer stays."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda item: (item.start, -(item.end - item.start))):
        if kept and candidate.start < kept[-1].end:
            if candidate.end - candidate.start > kept[-1].end - kept[-1].start:
                kept[-1] = candidate
            continue
        kept.append(candidate)
    return kept
