"""What a figure counts or measures, read from the words around it; no tags and no parse are needed."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tasks.annotate.numbers import Number, find_qualifier_start, number_words
from tasks.annotate.units import Unit

QUANTITIES_FILE = Path(__file__).with_name("quantities.toml")
SENTENCE_BREAK = re.compile(
    r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?]['\"’”)]*\s+(?=['\"‘“(]?[A-Z0-9])|\n+"
)
WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d[\d.,]*|\S")
PARENTHESIS = re.compile(r"\s*\([^()\n]{1,40}\)")
CONTRACTIONS = ("'ve", "'re", "'ll", "'d", "n't", "'m")
REACH_BEFORE, REACH_AFTER = 160, 100
PHRASE_WORDS = 6
MODIFIERS = 3
MAXIMUM_ASIDE = 14


@dataclass(frozen=True)
class Lexicon:
    """The word lists of quantities.toml, ready to look up."""

    ends: frozenset[str]
    prepositions: frozenset[str]
    clause_ends: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    auxiliaries: frozenset[str]
    auxiliary_adverbs: frozenset[str]
    times: frozenset[str]
    singulars: frozenset[str]
    plurals: dict[str, str]
    person_verbs: frozenset[str]
    verbs: dict[str, str]
    lists: dict[str, frozenset[str]]


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read once."""
    data = tomllib.loads(QUANTITIES_FILE.read_text("utf-8"))
    ends = {name: frozenset(words) for name, words in data["ends"].items()}
    return Lexicon(
        ends=frozenset().union(*ends.values()),
        prepositions=ends["prepositions"],
        clause_ends=ends["conjunctions"] | {"said", "says", "after", "before", "since"},
        pronouns=ends["pronouns"],
        determiners=ends["determiners"],
        auxiliaries=ends["auxiliaries"] | ends["adverbs"],
        auxiliary_adverbs=ends["adverbs"],
        times=ends["times"],
        singulars=frozenset(data["singulars"]["words"]),
        plurals=data["plurals"],
        person_verbs=frozenset(data["person_verbs"]["words"]),
        verbs={form: lemma for lemma, forms in data["verbs"].items() for form in forms},
        lists={
            name: frozenset(next(iter(data[name].values())))
            for name in (
                "counting_verbs",
                "empty_verbs",
                "amounts",
                "tallies",
                "trailing_adjectives",
                "empty_nouns",
                "lengths",
            )
        },
    )


def words_before(text: str, start: int) -> list[str]:
    """The words and signs of the sentence before text[start], in its order."""
    return WORD.findall(SENTENCE_BREAK.split(text[max(0, start - REACH_BEFORE) : start])[-1])


def words_after(text: str, end: int) -> list[str]:
    """The words and signs of the sentence from text[end] on; a parenthesis at its start is left out."""
    following = SENTENCE_BREAK.split(text[end : end + REACH_AFTER])[0]
    # "a 2,650-hectare (6,540-acre) fire"
    if aside := PARENTHESIS.match(following):
        following = following[aside.end() :]
    return WORD.findall(following)


def is_plural(word: str) -> bool:
    """Whether a word looks like a noun in the plural."""
    lower, lexicon = word.lower(), load_lexicon()
    if lower in lexicon.plurals:
        return lower not in ("politics", "economics")
    if lower.endswith("men") and len(lower) > 5:
        return True
    # A possessive belongs to a noun that follows.
    is_possessive = lower.endswith(("'s", "’s"))
    ends_so = lower.endswith("s") and not lower.endswith(("ss", "us", "is", "'s", "’s"))
    return ends_so and len(lower) > 2 and lower not in lexicon.singulars and not is_possessive


def is_collective(word: str) -> bool:
    """Whether a plural is one by its meaning only, and may stand before another noun ("police", "staff")."""
    return load_lexicon().plurals.get(word.lower()) == word.lower()


def singular_of(word: str) -> str:
    """The noun in the singular and lower case; a word that is no plural stays."""
    lower = word.lower()
    if known := load_lexicon().plurals.get(lower):
        return known
    if lower.endswith("men") and len(lower) > 5:
        return lower[:-3] + "man"
    if not is_plural(lower):
        return lower
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes", "zes")):
        return lower[:-2]
    if lower.endswith("oes") and len(lower) > 5:
        return lower[:-2]
    return lower[:-1]


def verb_of(word: str) -> str | None:
    """The base form of a word that looks like a verb in the past, a participle or a listed form; None of others."""
    lower = word.lower()
    if known := load_lexicon().verbs.get(lower):
        return known
    if not re.fullmatch(r"[a-z]{2,}(?:ed|ing)", lower) or len(lower) < 5:
        return None
    stem = lower[:-2] if lower.endswith("ed") else lower[:-3]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "ls":
        return stem[:-1]
    return (
        stem + "e"
        if re.search(r"(?:[cuvz]|[^aeiou]s|[^aeou]at|[aeiou][gs]|[^aeiou]l|iv|ir|ur)$", stem)
        and not stem.endswith(("ss", "ill", "ell", "all", "oll", "ull"))
        else stem
    )


def _is_end(word: str) -> bool:
    lower = word.lower().replace("’", "'")
    return not word[0].isalpha() or lower in load_lexicon().ends or lower.endswith(CONTRACTIONS)


def read_phrase(words: Sequence[str], *, plural: bool) -> list[str] | None:
    """The words of the noun phrase that `words` begin with, its head last; None where none is seen.

    Where things are counted the head is the first noun in the plural; else the last word before the phrase ends.
    """
    phrase: list[str] = []
    for position, word in enumerate(words[:PHRASE_WORDS]):
        if not phrase and word in ("-", "–", "“", '"', "‘", "'"):
            continue
        is_name_after_noun = bool(phrase) and word[0].isupper() and not phrase[-1][0].isupper()
        if _is_end(word) or is_name_after_noun:
            break
        if word.lower().endswith("ly") and len(word) > 4:
            if phrase:
                break
            continue
        if phrase and not plural and _is_verb_after_noun(word, words[position + 1 :]):
            break
        phrase.append(word)
        # A noun in the plural closes the phrase ("100 soldiers march"), but for "police officers".
        if is_plural(word) and not (is_collective(word) and any(map(is_plural, words[position + 1 : position + 2]))):
            return phrase
    while phrase and (phrase[-1].endswith(("'s", "’s")) or phrase[-1].lower() in load_lexicon().lists["lengths"]):
        phrase.pop()
    return phrase if phrase and not plural else None


def _is_verb_after_noun(word: str, following: Sequence[str]) -> bool:
    """Whether a word ends a noun phrase as its verb; "cut" and "meeting" may be nouns that go on with it."""
    lower = word.lower()
    if lower.endswith("ing"):
        return bool(following) and (_is_number(following[0]) or following[0].lower() in load_lexicon().determiners)
    verb = verb_of(word)
    return verb is not None and verb != lower


def name_phrase(phrase: Sequence[str]) -> str:
    """The phrase in lower case, its head in the singular, with the modifiers right before it."""
    kept = [word for word in phrase[-1 - MODIFIERS :] if not word.endswith(("'s", "’s"))]
    return " ".join([*(word.lower() for word in kept[:-1]), singular_of(kept[-1])]) if kept else ""


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
        return read_phrase(_skip_number(words), plural=True)
    return read_phrase(words, plural=number.high > 1 if plural is None else plural)


def _skip_second_number(words: list[str]) -> list[str]:
    """The words without what goes between a number and its noun: "or more", "or possibly 100", "to 12"."""
    if words[:1] and words[0].lower() in ("or", "and", "to"):
        if words[1:2] and words[1].lower() in ("more", "so", "fewer"):
            return words[2:]
        for skipped in (1, 2):
            if words[skipped : skipped + 1] and _is_number(words[skipped]):
                return _skip_number(words[skipped:])
    return words


def _skip_number(words: list[str]) -> list[str]:
    while words and _is_number(words[0]):
        words = words[1:]
    return words


def _is_number(word: str) -> bool:
    listed = number_words()
    return word[0].isdigit() or word.lower() in listed["small"] or word.lower() in listed["scales"]


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
    after = words_after(text, unit.end)
    if after[:1] == ["later"]:
        return "interval"
    phrase = (
        _after_of(after, unit)
        or _described(after, unit)
        or _before_of(before)
        or _spent_on(after, unit)
        or _subject_of(before)
        or _lasting(before)
    )
    if phrase:
        return name_phrase(phrase) or None
    return _nearest_word(before)


def _name_count(text: str, number: Number, before: list[str]) -> str | None:
    phrase = find_counted(text, number)
    lexicon = load_lexicon()
    if phrase:
        named = name_phrase(phrase)
        return None if named.split()[-1] in lexicon.lists["empty_nouns"] else named
    after = [word.lower() for word in words_after(text, number.end)[:4]]
    if (before and before[-1].lower() in lexicon.person_verbs) or _next_word(after) in lexicon.person_verbs:
        return "people"
    subject = _subject_of(before, counting_only=True)
    if not subject or _is_end(subject[-1]):
        return None
    return name_phrase(subject)


def _next_word(words: Sequence[str]) -> str | None:
    return next((word for word in words if word not in load_lexicon().auxiliaries), None)


def _after_of(after: list[str], unit: Unit) -> list[str] | None:
    """The noun in "eight hours of talks", "$2 billion in aid"."""
    links = ("of", "in", "worth") if unit.is_currency else ("of",)
    words = after[1:] if after[:1] and after[0] in links else []
    if words and words[0].lower() == "of":
        words = words[1:]
    words = _skip_determiners(_skip_number(_skip_determiners(words)))
    phrase = read_phrase(words, plural=False) if words and words[0].lower() not in load_lexicon().times else None
    return None if not phrase or _is_amount(phrase) else phrase


def _skip_determiners(words: list[str]) -> list[str]:
    while words and words[0].lower() in (
        "$",
        "£",
        "€",
        "the",
        "a",
        "an",
        "its",
        "their",
        "his",
        "her",
        "all",
        "registered",
        "convertible",
    ):
        words = words[1:]
    return words


def _described(after: list[str], unit: Unit) -> list[str] | None:
    """The noun that a compound, an amount of money or a share describes: "seven-hour meeting", "$2 billion loan"."""
    if not (unit.is_compound or unit.is_currency or unit.name == "percent"):
        return None
    words = after
    while words and words[0].lower() in ("-", "–", *load_lexicon().lists["lengths"]):
        words = words[1:]
    if not words or (verb_of(words[0]) and not unit.is_compound) or words[0].lower() in load_lexicon().times:
        return None
    return read_phrase(words, plural=False)


def _noun_phrase_ending(words: list[str]) -> list[str] | None:
    """The noun phrase at the end of `words`."""
    phrase: list[str] = []
    for word in reversed(words):
        if _is_end(word) or len(phrase) > MODIFIERS or (phrase and (verb_of(word) or _is_number(word))):
            break
        if phrase and word[0].islower() and phrase[0][0].isupper():
            break
        phrase.insert(0, word)
    while len(phrase) > 1 and phrase[-1].lower() in load_lexicon().lists["trailing_adjectives"]:
        phrase.pop()
    return phrase or None


def _is_amount(phrase: Sequence[str]) -> bool:
    return singular_of(phrase[-1]) in load_lexicon().lists["amounts"]


def _before_of(before: list[str]) -> list[str] | None:
    """The noun in "a length of about 6 kilometres", "a loan worth $5 million", "a rise in fares of 5 percent"."""
    words = before
    if words and words[-1].lower() in ("a", "an", "the"):
        words = words[:-1]
    if not words or words[-1].lower() not in ("of", "worth"):
        return None
    phrase = _noun_phrase_ending(words[:-1])
    # "The mayor spoke of 5 million" does not tell what they are for.
    return None if not phrase or _is_amount(phrase) or _is_past(phrase[-1]) else phrase


def _is_past(word: str) -> bool:
    verb = verb_of(word)
    return verb is not None and verb != word.lower() and not word.lower().endswith("ing")


def _spent_on(after: list[str], unit: Unit) -> list[str] | None:
    """The noun in "spent $5 million on schools", "$5 million will go to schools"."""
    while after and (after[0].lower() in load_lexicon().auxiliaries or verb_of(after[0]) == "go" or after[0] == "go"):
        after = after[1:]
    if (
        not unit.is_currency
        or not after[:1]
        or after[0].lower() not in ("on", "for", "toward", "towards", "into", "to")
    ):
        return None
    words = _skip_determiners(after[1:])
    if not words or words[0].lower() in load_lexicon().times or verb_of(words[0]) or _is_number(words[0]):
        return None
    return read_phrase(words, plural=False)


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
        return _noun_phrase_ending(words) if len(words) < len(before) else None
    verb = verb_of(words[-1]) if words else None
    if verb is None or (counting_only and verb not in load_lexicon().lists["counting_verbs"]):
        return None
    return _subject_before(words[:-1])


def _object_before(words: list[str]) -> list[str] | None:
    """The object of the last verb of `words`, which it must directly follow."""
    for position in range(len(words) - 1, max(-1, len(words) - 8), -1):
        if verb_of(words[position]) and words[position].islower():
            rest = _skip_determiners(words[position + 1 :])
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
        return _noun_phrase_ending(words)
    if words and words[-1] == "," and "," in words[-MAXIMUM_ASIDE:-1]:
        # "The meeting, arranged by the union, lasted"
        words = words[: max(at for at, word in enumerate(words[:-1]) if word == ",")]
    clause = _skip_determiners(_cut_clause(words))
    if not clause or clause[-1].lower() in lexicon.pronouns:
        return None
    cut = next((at for at, word in enumerate(clause) if word.lower() in lexicon.prepositions), len(clause))
    return _noun_phrase_ending(clause[:cut]) or _noun_phrase_ending(clause)


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
    if word is None or _is_end(word):
        return None
    if verb := verb_of(word):
        return None if verb in load_lexicon().lists["empty_verbs"] else [verb]
    return _noun_phrase_ending(before[:-1])


def _nearest_word(before: list[str]) -> str | None:
    """The verb before the figure or, where that says nothing, the noun next to it."""
    lexicon = load_lexicon()
    for word in reversed(before[-8:]):
        if not word[0].isalnum():
            return None
        if _is_end(word) or _is_number(word) or word.lower().endswith("ly") or singular_of(word) in lexicon.times:
            continue
        verb = verb_of(word)
        if verb in lexicon.lists["empty_verbs"]:
            continue
        return verb or singular_of(word)
    return None
