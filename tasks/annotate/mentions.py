"""Mentions of people, organisations, places and groups: the model's, repaired where scraped text breaks them."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc, Span

from schemas import EntityMention
from tasks.annotate.attribution import Offsets, text_of
from tasks.annotate.mention_circles import find_circles
from tasks.annotate.mention_extents import set_extents
from tasks.annotate.mention_labels import settle_labels
from tasks.annotate.mention_refusals import FIELD_OF_OFFICE, without_refused
from tasks.annotate.mention_repairs import Candidate, NameWords, cut_person, find_lower_words, is_work, load_lexicon
from tasks.annotate.mention_turns import find_labelled
from tasks.annotate.whole_words import find_names
from tasks.first_names import load_every_first_name, load_sure_first_names

_LEADING = re.compile(
    r"(?:the|The|a|an|A|An)\s+|[A-Z][\w.]{1,20}-based\s+"
    r"|(?:Most|Some|Many|All|Both|None) [Oo]f\s+|(?:pro|anti|ex|non)-(?=[A-Z])"
    r"|[\s“”\"‘(\[#>$–—.,-]+"
)
# Words in lower case at the end are no part of a name: "Okello was", "Bank plan".
_TRAILING = re.compile(r"(?:[’'‘]s|[’'])?(?:\s+(?!(?:al|el|ul|ash)-[A-Z])[a-zà-ÿ][\w’'-]*)*[\s“”\"’(\[)\].,;:–—-]*$")
# Of a longer stretch no more is looked at: no name is so long.
_LONGEST_TRAILING = 100
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\.[A-Z]|\b(?:Jr|Sr|Inc|Corp|Co|Ltd))$")
_TITLED_NAME = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lady|Lord|Sen|Rep|Gov|President|Senator|Governor)\.?[ ]"
    r"((?:[A-Z][\w’'-]*[\w])(?:[ ](?:[A-Z]\.|[A-Z][\w’'-]*\w)){0,2})"
)
_FORM_OF_ADDRESS = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lady|Lord)\.?\s+[A-Z]")
# The capital comes first: the search leaps from one to the next.
_FIRST_AND_LAST = re.compile(
    r"((?:[A-Z](?<![\w’'-][A-Z])[a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?:[ ][A-Z]\.)?[ ]"
    r"(?:[A-Z](?:[a-zà-ÿ]*+(?:[’'][A-Z]?|[A-Z])[a-zà-ÿ]++|[a-zà-ÿ]++))(?:-[A-Z][a-zà-ÿ]+)?)"
    r"(?![\w-])(?![ ][A-Z])"
)
_WORD_BEFORE = re.compile(r"(?<![\w’'-])([A-Z]\.|[A-Z][a-zà-ÿ]+) $")
_NAME_BEFORE = re.compile(r"([A-Z][\w’-]+)\s$")
_WORD_BEHIND = re.compile(r" ([A-Z][a-z]+)(?![\w’'-])")
_POSSESSIVE = re.compile(r"[’']s?$|‘s$")
_OWNS = re.compile(r"[’']s\s")
_ENDS_WITH_INITIAL = re.compile(r" [A-Z]\.?$")
# 'Ana “Nini” Berg', 'Ana J. “Nini” Berg': what stands between the first name and the last.
_NICKNAME = re.compile(r" [“\"‘'(][A-Z][\w. -]{1,18}[”\"’')] ")
_HYPHENATED = re.compile(r"-[A-Z][\w’'-]+")
# "Co-operation" and "Re-insurance" in a name, of which the model found the first letters.
_REST_OF_WORD = re.compile(r"-[a-z]{5,}")
_ENDS_SHORT = re.compile(r" [A-Z][a-z]$")
_SECOND_GROUP = re.compile(r"[- ][A-Z][\w’'-]+")
_PARTY_AND_STATE = re.compile(r"[DRI]-[A-Z][\w.]*(?: [A-Z][\w.]*)*")
# "Osama bin Laden": what goes on behind a first name.
_PARTICLE_BEHIND = re.compile(r" (?:bin|ibn|von|van|de|der|del|di|da) (?:la |der )?[A-Z][\w’'-]*\w")
_CAPITALISED = re.compile(r"\b[A-Z]\w*")
# The agency that sent a report stands in brackets behind its place.
_AGENCY = re.compile(r"\((AP|UN|EU)\)")
_PLURAL = re.compile(r"\b[A-Z][\w-]+(?:s|men)\b")
# A company's code at an exchange: "ACME.N".
_TICKER = re.compile(r"[A-Z]{2,5}\.[A-Z]{1,2}")
_PARTNER = re.compile(r"(?<=[\w.])-((?:[A-Z]\.){2,}|[A-Z]\w+)(?![\w’'-])")
# Half of the world, and no corner of a country or a city.
_THE_WEST = re.compile(r"(?:(?<=\bthe )|(?<=\bThe ))West(?![\w’'-]| [A-Z])")
_NO_NAME = re.compile(r"[<>{}|=_/\\@#$\[\]:;]|^&")
# Behind an abbreviation the sentence goes on: the stop is no sentence's end.
_GOES_ON = re.compile(r"\.(?:[,;)]| [a-z(])")
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
    candidates = _without_leading_places(text, _parted_places(text, candidates))
    lower_words = find_lower_words(text)
    candidates += _names_missed(text, candidates, _TITLED_NAME)
    candidates += _names_missed(text, candidates, _FIRST_AND_LAST, after_first_name=lower_words)
    candidates = _whole_names(text, candidates)
    candidates = set_extents(text, [item for item in candidates if not is_work(text, item)])
    people = [text[item.start : item.end] for item in candidates if item.label == "PERSON"]
    names = NameWords.of_people(text, people, lower_words)
    candidates = [cut_person(text, item, names) if item.label == "PERSON" else item for item in candidates]
    settled = settle_labels(text, without_refused(text, candidates, names), names)
    labelled, labels = find_labelled(text, names.surnames)
    settled = [*labelled, *(item for item in settled if not any(a < item.end and item.start < b for a, b in labels))]
    settled += _missed_people(text, settled, names)
    settled += _missed_names(text, settled)
    settled += find_circles(text, settled)
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
        end = start + len(_person_alone(text[start:end]))
    else:
        start, end = _without_office(text, start, end)
        if label == "ORG" and (person := _person_behind_field(text, start, end)) is not None:
            start, label = person, "PERSON"
    if trailing := _TRAILING.search(text, max(start, end - _LONGEST_TRAILING), end):
        end = trailing.start()
    name = text[start:end]
    if label != "PERSON" and name.lower() in STOP_WORDS and not name.isupper():
        return None
    if label in ("PLACE", "GROUP") and name.partition("-")[0] in lexicon.known:
        # "U.S.-backed", "Norway-Sweden": the first place is named.
        name = name.partition("-")[0]
        end = start + len(name)
    # An initial or an abbreviation keeps its stop.
    is_state = name in lexicon.states and _GOES_ON.match(text, end) is not None
    if text[end : end + 1] == "." and (_ABBREVIATED.search(name) or is_state):
        end, name = end + 1, text[start : end + 1]
    if label == "PERSON" and name in lexicon.offices_before and _WORD_BEHIND.match(text, end):
        # "Vice" of "Vice President Ada Cole".
        return None
    if not _is_name(name) or (name in lexicon.pageants and text[max(0, start - 5) : start] == "Miss "):
        return None
    if span.label_ == "MISC" and not lexicon.is_group(name):
        # Events and works are no entities of ours; a person or place under this label is found by its other mentions.
        label = "OTHER"
    return Candidate(start, end, lexicon.label_of(name, label))


def _person_behind_field(text: str, start: int, end: int) -> int | None:
    """Where a person's name begins that is joined to the field of an office: "Secretary of [Trade Ada Cole]"."""
    words = text[start:end].split(" ")
    if (
        len(words) < 3
        or words[-2].lower() not in load_every_first_name()
        or not FIELD_OF_OFFICE.search(text, max(0, start - 80), start)
    ):
        return None
    return end - len(" ".join(words[-2:]))


def _without_office(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds without half a bracket, and without the office of the person whose name follows: "House Speaker"."""
    before, closing, behind = text[start:end].partition(")")
    if closing and behind.strip() and "(" not in before:
        start = end - len(behind.lstrip())
    opening = text.rfind("(", start, end)
    if opening > text.rfind(")", start, end):
        end = opening
    words = text[start:end].split(" ")
    while len(words) > 1 and words[-1] in load_lexicon().last_offices:
        end -= len(words.pop()) + 1
    return start, end


def _person_alone(name: str) -> str:
    """The name without what it owns ("Lind's Harbour") and without an office that belongs to the next name."""
    if owns := _OWNS.search(name):
        name = name[: owns.start()]
    words = name.split(" ")
    while len(words) > 1 and words[-1].rstrip(".") in load_lexicon().short_offices:
        words.pop()
    return " ".join(words)


def _is_name(name: str) -> bool:
    if len(name) < 2 or not any(map(str.isupper, name)) or _NO_NAME.search(name) or _PARTY_AND_STATE.fullmatch(name):
        return False
    if _TICKER.fullmatch(name):
        return False
    return name.rstrip(".") not in load_lexicon().not_names and sum(map(str.isdigit, name)) <= 3


def _names_missed(
    text: str,
    candidates: list[Candidate],
    pattern: re.Pattern[str],
    *,
    after_first_name: frozenset[str] | None = None,
) -> list[Candidate]:
    """People that the model missed, told by the form of address or the first name before the surname.

    What the model takes for nothing of ours, or for one word of the name, gives way. `after_first_name` asks for a
    first name: it holds the text's words in lower case, which are no surnames.
    """
    ours = [item for item in candidates if item.label != "OTHER"]
    found = []
    for match in pattern.finditer(text):
        start, end = match.span(1)
        name = _POSSESSIVE.sub("", _person_alone(match.group(1)))
        end, words = start + len(name), name.split()
        is_told = after_first_name is None or (
            words[0].lower() in load_sure_first_names() and words[-1].lower() not in after_first_name
        )
        if words[0] in load_lexicon().pageants and text[max(0, start - 5) : start] == "Miss ":
            continue
        if not is_told or not _is_name(name) or not _is_name(words[-1]):
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
            behind = _behind_part(text, item, by_start)
            item.end = behind.end if behind else item.end
            particle = _PARTICLE_BEHIND.match(text, item.end)
            if particle and text[item.start : item.end].lower() in load_every_first_name():
                item.end = particle.end()
            before = _WORD_BEFORE.search(text, max(0, item.start - 25), item.start)
            if before and (before.group(1).endswith(".") or before.group(1).lower() in load_every_first_name()):
                item.start = before.start(1)
        elif item.label == "GROUP" and (rest := _SECOND_GROUP.match(text, item.end)):
            item.end = rest.end() if lexicon.is_group(text[item.start : rest.end()]) else item.end
        if item.label in ("ORG", "PLACE", "OTHER", "GROUP"):
            rest = _REST_OF_WORD.match(text, item.end)
            item.end = rest.end() if rest and _ENDS_SHORT.search(text, max(0, item.end - 5), item.end) else item.end
            word = _WORD_BEHIND.match(text, item.end)
            if word and word.group(1) in lexicon.organisation_words:
                item.end, item.label = word.end(), "ORG"
    return candidates


def _behind_part(text: str, item: Candidate, by_start: dict[int, Candidate]) -> Candidate | None:
    """The rest of a name whose first part the model found alone: behind a hyphen, or behind a nickname."""
    hyphen, nickname = _HYPHENATED.match(text, item.end), _NICKNAME.match(text, item.end)
    name = text[item.start : item.end]
    if " " in name and not _ENDS_WITH_INITIAL.search(name):
        nickname = None
    start = nickname.end() if nickname else hyphen.end() + 1 if hyphen else -1
    behind = by_start.get(start)
    return behind if behind and behind.label == "PERSON" else None


def _parted_places(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates; "Norway Sweden", what stood between them lost, is two, and so is "U.N. Syria" of an envoy."""
    known, parted = load_lexicon().known, []
    for item in candidates:
        name = text[item.start : item.end]
        first, _, last = name.partition(" ")
        if item.label in ("PLACE", "ORG") and name not in known and known.get(last) == "PLACE" and first in known:
            parted += [
                Candidate(item.start, item.start + len(first), known[first]),
                Candidate(item.end - len(last), item.end, "PLACE"),
            ]
        else:
            parted.append(item)
    return parted


def _without_leading_places(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates; a person of three words or more loses a first word that is a place elsewhere in the text."""
    places = {text[item.start : item.end] for item in candidates if item.label in ("PLACE", "GROUP")}
    for item in candidates:
        words = text[item.start : item.end].split(" ")
        if item.label == "PERSON" and len(words) > 2 and words[0] in places:
            item.start += len(words[0]) + 1
    return candidates


def _missed_people(text: str, candidates: list[Candidate], names: NameWords) -> list[Candidate]:
    """Further mentions of people by their surname, with the first name where one stands before it."""
    counted = Counter(text[item.start : item.end] for item in candidates if item.label == "PERSON")
    alone = {name for name, count in counted.items() if names.called_alone(text, name, count)}
    alone |= names.sure_first_names() - {text[item.start : item.end] for item in candidates if item.label != "PERSON"}
    missed = []
    for start, end in _places_of(text, names.surnames.keys() | alone, candidates):
        name = text[start:end]
        before = _NAME_BEFORE.search(text[max(0, start - 30) : start])
        if before and name in names.surnames and names.is_first_name_of(before.group(1), name):
            start -= len(before.group(0))
        missed.append(Candidate(start, end, "PERSON"))
    return missed


def _missed_names(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Further mentions of organisations and places found elsewhere in the text, and of well-known ones and peoples."""
    lexicon = load_lexicon()
    labels = {text[item.start : item.end]: item.label for item in candidates}
    sure = {
        name: label
        for name, label in labels.items()
        if (label in ("ORG", "PLACE") and len(name) > 2 and (" " in name or name[1:] != name[1:].lower()))
        or label == "GROUP"
    }
    # Acronyms of two letters may be words of a line in capitals.
    capitalised = set(_CAPITALISED.findall(text))
    for word in capitalised & lexicon.known_by_first_word.keys():
        sure |= {name: lexicon.known[name] for name in lexicon.known_by_first_word[word] if len(name) > 2}
    sure |= {match.group(1): lexicon.known[match.group(1)] for match in _AGENCY.finditer(text)}
    sure |= dict.fromkeys(lexicon.peoples & set(_PLURAL.findall(text)), "GROUP")
    missed = [(place, sure[text[slice(*place)]]) for place in _places_of(text, sure, candidates)]
    people = {item.start for item in candidates if item.label == "PERSON"}
    adjectives = lexicon.adjectives & capitalised
    missed += [
        (place, "GROUP")
        for place in _places_of(text, adjectives - sure.keys(), candidates)
        if not _is_part_of_name(text, *place, people)
    ]
    missed += [(match.span(), "PLACE") for match in _THE_WEST.finditer(text)]
    partners = _partners(text, candidates, labels)
    return [*partners, *(Candidate(*place, label) for place, label in missed)]


def _partners(text: str, candidates: list[Candidate], labels: dict[str, str]) -> list[Candidate]:
    """Places and unions joined to another by a hyphen: the second one of "Norway-Sweden border"."""
    known = {**labels, **load_lexicon().known}
    ends = {item.end for item in candidates if item.label in ("PLACE", "ORG", "GROUP")}
    return [
        Candidate(match.start(1), match.end(1), known[match.group(1)])
        for match in _PARTNER.finditer(text)
        if match.start() in ends and known.get(match.group(1)) in ("PLACE", "ORG")
    ]


def _is_part_of_name(text: str, start: int, end: int, people: Collection[int]) -> bool:
    """Whether the adjective stands in capitals beside others: "Norwegian Harbour Fund", "Kelm Republican Club".

    A person's name or office behind it, another people, and a small word in a sentence's capitals before are no part:
    "The Democrat Ada Cole", "Republican Senator Cole".
    """
    is_group = load_lexicon().is_group
    before, behind = _WORD_BEFORE.search(text, max(0, start - 25), start), _WORD_BEHIND.match(text, end)
    if before is not None and before.group(1).lower() not in STOP_WORDS and not is_group(before.group(1)):
        return True
    if behind is None or end + 1 in people:
        return False
    return not (behind.group(1) in load_lexicon().offices_before or is_group(behind.group(1)))


def _places_of(text: str, names: Iterable[str], candidates: list[Candidate]) -> list[Offsets]:
    """Where one of the names stands as a whole word and no candidate does."""
    bounds = sorted((item.start, item.end) for item in candidates)
    starts = [start for start, _ in bounds]
    found = []
    for first, last in find_names(text, names):
        near = bounds[max(0, bisect_left(starts, first) - 1) : bisect_left(starts, last)]
        inside = [pair for pair in near if pair[1] > first]
        # A part of the name, as "Fox" of "Fox News", gives way.
        if all((first <= start and end < last) or (first < start and end <= last) for start, end in inside):
            found.append((first, last))
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
