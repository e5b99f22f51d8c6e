"""What a figure counts or measures, read from the words around it; no tags and no parse are needed."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.annotate.noun_phrases import (
    ends_phrase,
    is_number,
    is_plural,
    load_lexicon,
    name_phrase,
    read_phrase,
    read_phrase_backwards,
    singular_of,
    skip_determiners,
    skip_number,
    verb_of,
    words_after,
    words_before,
)
from tasks.annotate.numbers import Number
from tasks.annotate.qualifiers import find_qualifier_start
from tasks.annotate.units import SHARES, Unit, find_unit

MAXIMUM_ASIDE = 14
# "6.3 percent", "$ 2.5 billion", "two and a half million crowns"
LATER_VALUE = 4


def find_counted(text: str, number: Number, *, plural: bool | None = None) -> list[str] | None:
    """The noun phrase right after a number without unit: "300 striking dockers", "40 of the men"."""
    words = _skip_second_number(words_after(text, number.end))
    if words[:1] == ["of"]:
        words = words[1:]
        if words[:1] and words[0].lower() in (
            "them",
            "whom",
            "these",
            "those",
            "the",
            "its",
            "their",
            "his",
            "her",
            "our",
        ):
            words = words[1:]
        return read_phrase(skip_number(words), plural=True)
    return read_phrase(words, plural=number.high > 1 if plural is None else plural)


def _skip_second_number(words: list[str]) -> list[str]:
    """The words without what goes between a number and its noun: "or more", "or possibly 100", "to 12", "-odd", "+"."""
    if words[:1] == ["+"]:
        return words[1:]
    if [word.lower() for word in words[:2]] == ["-", "odd"]:
        return words[2:]
    if words[:1] and words[0].lower() in ("or", "and", "to"):
        if words[1:2] and words[1].lower() in ("more", "so", "fewer"):
            return words[2:]
        for skipped in (1, 2):
            if words[skipped : skipped + 1] and is_number(words[skipped]):
                return skip_number(words[skipped:])
    return words


def find_quantity(text: str, number: Number, unit: Unit | None) -> str | None:
    """What the figure counts or measures, in lower case; None where nothing tells.

    The head noun comes last and in the singular, after its modifiers: "striking docker".
    """
    start = find_qualifier_start(text, unit.start if unit else number.start)
    before = words_before(text, start)
    while before and (before[-1].lower() in load_lexicon().auxiliary_adverbs or before[-1].lower().endswith("ly")):
        before = before[:-1]
    if unit is None:
        return _name_count(text, number, before)
    before = _skip_later_value(before)
    after = words_after(text, unit.end)
    if after[:1] == ["later"]:
        return "interval"
    phrase = (
        _after_of(after, unit)
        or _described(after, unit)
        or _before_of(before)
        or _long_aside(before, after)
        or _time_in(after, unit)
        or _spent_on(after, unit)
        or _subject_of(before)
        or _lasting(before)
        or (_described(after, replace(unit, is_compound=True)) if unit.is_glued else None)
    )
    if not phrase or find_unit(phrase[-1], 0, 0):
        side = load_lexicon().sides.get(after[0].lower() if after else "")
        if side:
            # "a wall 40 feet tall"
            noun = _noun_next_to(before)
            return name_phrase(noun) if noun else side
    if phrase:
        return name_phrase(phrase) or None
    return _nearest_word(before) or _verb_behind(after)


def _name_count(text: str, number: Number, before: list[str]) -> str | None:
    phrase = _members(text, number) or find_counted(text, number)
    lexicon = load_lexicon()
    after = [word.lower() for word in words_after(text, number.end)[:4]]
    if after[:1] in (["others"], ["more"]) and _next_word(after[1:]) in lexicon.person_verbs:
        # "Two died and 12 others were injured."
        return "people"
    if phrase:
        named = name_phrase(phrase)
        return None if named.split()[-1] in lexicon.lists["empty_nouns"] else named
    if (before and before[-1].lower() in lexicon.person_verbs) or _next_word(after) in lexicon.person_verbs:
        return "people"
    subject = _subject_of(before, counting_only=True)
    if not subject or ends_phrase(subject[-1]):
        return None
    return name_phrase(subject)


def _members(text: str, number: Number) -> list[str] | None:
    """The noun in "a 100,000-strong army", whose members are counted."""
    words = words_after(text, number.end)
    is_strength = [word.lower() for word in words[:2]] == ["-", "strong"]
    return read_phrase(words[2:], plural=False) if is_strength else None


def _next_word(words: Sequence[str]) -> str | None:
    return next((word for word in words if word not in load_lexicon().auxiliaries), None)


def _after_of(after: list[str], unit: Unit) -> list[str] | None:
    """The noun in "eight hours of talks", "$2 billion in aid"."""
    links = ("of", "in", "worth") if unit.is_currency else ("of",)
    words = after[1:] if after[:1] and after[0] in links else []
    if words and words[0].lower() == "of":
        words = words[1:]
    words = skip_determiners(skip_number(skip_determiners(words)))
    phrase = read_phrase(words, plural=False) if words and words[0].lower() not in load_lexicon().times else None
    return None if not phrase or _is_amount(phrase) else phrase


def _described(after: list[str], unit: Unit) -> list[str] | None:
    """The noun that a compound, an amount of money or a share describes: "seven-hour meeting", "$2 billion loan"."""
    if not (unit.is_compound or unit.is_currency or unit.name in SHARES):
        return None
    words = skip_determiners(after) if unit.name in SHARES else after
    while words and words[0].lower() in ("-", "–", *load_lexicon().lists["lengths"]):
        words = words[1:]
    if not words or (verb_of(words[0]) and not unit.is_compound) or words[0].lower() in load_lexicon().times:
        return None
    return read_phrase(words, plural=False)


def _is_amount(phrase: Sequence[str]) -> bool:
    return singular_of(phrase[-1]) in load_lexicon().lists["amounts"]


def _before_of(before: list[str]) -> list[str] | None:
    """The noun in "a length of about 6 kilometres", "a loan worth $5 million", "a rise in fares of 5 percent"."""
    words = before
    if words and words[-1].lower() in ("a", "an", "the"):
        words = words[:-1]
    if not words or words[-1].lower() not in ("of", "worth"):
        return None
    phrase = read_phrase_backwards(words[:-1])
    # "The mayor spoke of 5 million" does not tell what they are for.
    return None if not phrase or _is_amount(phrase) or _is_past(phrase[-1]) else phrase


def _long_aside(before: list[str], after: list[str]) -> list[str] | None:
    """The noun before the comma in "the tunnel, 12 km long, costs"."""
    if not after or after[0].lower() not in load_lexicon().lists["lengths"] or before[-1:] != [","]:
        return None
    return read_phrase_backwards(before[:-1])


def _skip_later_value(before: list[str]) -> list[str]:
    """The words before "6.3 percent" in "The rate is 6.3 percent, up from 5.9 percent": both are of one thing."""
    words = before[:-2]
    if words and words[-1] == ",":
        words = words[:-1]
    numbers = [at for at in range(max(0, len(words) - LATER_VALUE), len(words)) if is_number(words[at])]
    if [word.lower() for word in before[-2:]] not in (["up", "from"], ["down", "from"]) or not numbers:
        return before
    words = words[: numbers[0]]
    return words[:-1] if words and words[-1] in ("$", "£", "€") else words


def _noun_next_to(before: list[str]) -> list[str] | None:
    """The noun phrase right before a figure that describes it, with its article or in the plural."""
    phrase = read_phrase_backwards(before)
    if not phrase or verb_of(phrase[-1]) or find_unit(phrase[-1], 0, 0):
        return None
    article = before[-len(phrase) - 1 : -len(phrase)]
    is_named = bool(article) and article[0].lower() in load_lexicon().determiners
    return phrase if is_named or is_plural(phrase[-1]) else None


def _is_past(word: str) -> bool:
    verb = verb_of(word)
    return verb is not None and verb != word.lower() and not word.lower().endswith("ing")


def _time_in(after: list[str], unit: Unit) -> list[str] | None:
    """The noun in "three years in prison", "12 days in hospital": what the time was spent in, whoever spent it."""
    if unit.name not in load_lexicon().lists["stays"] or after[:1] not in (["in"], ["behind"]) or len(after) < 2:
        return None
    noun = after[1].lower()
    return [noun] if after[1].islower() and noun in load_lexicon().lists["states"] else None


def _spent_on(after: list[str], unit: Unit) -> list[str] | None:
    """The noun in "spent $5 million on schools", "$5 million will go to schools"."""
    after = _skip_auxiliaries(after)
    if after[:1] and after[0].islower() and (verb_of(after[0]) or after[0] == "go"):
        # "will go to schools", "was allotted for roads"
        after = after[1:]
    if (
        not unit.is_currency
        or not after[:1]
        or after[0].lower() not in ("on", "for", "toward", "towards", "into", "to")
    ):
        return None
    words = skip_determiners(after[1:])
    if not words or words[0].lower() in load_lexicon().times or verb_of(words[0]) or is_number(words[0]):
        return None
    return read_phrase(words, plural=False)


def _skip_auxiliaries(words: list[str]) -> list[str]:
    while words and words[0].lower() in load_lexicon().auxiliaries:
        words = words[1:]
    return words


def _verb_behind(after: list[str]) -> str | None:
    """The verb in "3 trillion yen was spent", "$5 million were lost", where no noun tells what it is."""
    words = _skip_auxiliaries(after)
    verb = verb_of(words[0]) if words and len(words) < len(after) else None
    return None if verb in load_lexicon().lists["empty_verbs"] else verb


def _subject_of(before: list[str], *, counting_only: bool = False) -> list[str] | None:
    """The subject of the verb before a figure: "The meeting lasted 7.5 hours", "Net income fell to $5 million".

    With an object between verb and figure it is the object: "doubled its stake to $5 million".
    """
    words = [word for word in before if word not in ("“", "”", '"')]
    while words and words[-1].lower() in (
        "to",
        "by",
        "at",
        "a",
        "an",
        "the",
        "from",
        "between",
        "is",
        "was",
        "were",
        "are",
    ):
        tail = words[-1].lower()
        if tail in ("is", "was", "were", "are"):
            phrase = _subject_before(words[:-1])
            tallies = load_lexicon().lists["tallies"]
            return phrase if phrase and (not counting_only or singular_of(phrase[-1]) in tallies) else None
        words = words[:-1]
        if tail in ("to", "from", "by") and words and not verb_of(words[-1]):
            return None if counting_only else _object_before(words)
    if len(words) > 1 and words[-2].lower() in load_lexicon().determiners and not counting_only:
        # "put the cost at $5 million"
        return read_phrase_backwards(words) if len(words) < len(before) else None
    verb = verb_of(words[-1]) if words else None
    if verb is None or (counting_only and verb not in load_lexicon().lists["counting_verbs"]):
        return None
    return _subject_before(words[:-1])


def _object_before(words: list[str]) -> list[str] | None:
    """The object of the last verb of `words`, which it must directly follow."""
    for position in range(len(words) - 1, max(-1, len(words) - 8), -1):
        if verb_of(words[position]) and words[position].islower():
            rest = skip_determiners(words[position + 1 :])
            return read_phrase(rest, plural=False) or _subject_before(words[:position])
        if not words[position][0].isalnum():
            return None
    return None


def _subject_before(words: list[str]) -> list[str] | None:
    """The noun phrase that a clause begins with, which ends right before its verb."""
    lexicon = load_lexicon()
    while words and (words[-1].lower() in lexicon.auxiliaries or words[-1].lower().endswith("ly")):
        words = words[:-1]
    if words and words[-1].lower() in ("which", "that", "who"):
        words = words[:-1]
        if words and words[-1] == ",":
            words = words[:-1]
        return read_phrase_backwards(words)
    if words and words[-1] == "," and "," in words[-MAXIMUM_ASIDE:-1]:
        # "The meeting, arranged by the union, lasted"
        words = words[: max(at for at, word in enumerate(words[:-1]) if word == ",")]
    clause = skip_determiners(_cut_clause(words))
    if not clause or clause[-1].lower() in lexicon.pronouns:
        return None
    cut = next((at for at, word in enumerate(clause) if word.lower() in lexicon.prepositions), len(clause))
    return read_phrase_backwards(clause[:cut]) or read_phrase_backwards(clause)


def _cut_clause(words: list[str]) -> list[str]:
    """The words since the clause began; "and" between two nouns does not begin one."""
    lexicon = load_lexicon()
    begin = len(words)
    while begin and words[begin - 1][0].isalnum():
        word = words[begin - 1].lower()
        if word in lexicon.clause_ends and not (word in ("and", "or") and not _has_verb(words[: begin - 1])):
            break
        begin -= 1
    return words[begin:]


def _has_verb(words: list[str]) -> bool:
    """Whether a verb stands in the last clause of `words`."""
    for word in reversed(words):
        if not word[0].isalnum() or word.lower() in load_lexicon().clause_ends:
            return False
        is_verb = word.islower() and not word.endswith("ing") and verb_of(word) is not None
        if is_verb or word.lower() in load_lexicon().auxiliaries:
            return True
    return False


def _lasting(before: list[str]) -> list[str] | None:
    """What goes on in "was put on leave for three days", "They talked for eight hours"."""
    if not before or before[-1].lower() not in ("for", "in", "within", "after", "over"):
        return None
    word = before[-2] if len(before) > 1 else None
    if word is None or ends_phrase(word):
        return None
    if verb := verb_of(word):
        return None if verb in load_lexicon().lists["empty_verbs"] else [verb]
    return read_phrase_backwards(before[:-1])


def _nearest_word(before: list[str]) -> str | None:
    """The verb before the figure or, where that says nothing, the noun next to it."""
    lexicon = load_lexicon()
    for word in reversed(before[-8:]):
        if not word[0].isalnum():
            return None
        if ends_phrase(word) or is_number(word) or word.lower().endswith("ly") or singular_of(word) in lexicon.times:
            continue
        verb = verb_of(word)
        if verb in lexicon.lists["empty_verbs"]:
            continue
        return verb or singular_of(word)
    return None
