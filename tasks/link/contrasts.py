"""When two sentences of like words are two statements: one denies the other, or they speak of two things."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from tasks.link.wordings import WORD, expand_negations, list_numbers, name_ideas, name_word

SETTINGS_FILE = Path(__file__).with_name("contrasts.toml")
PLAIN_WORD = re.compile(r"\w+")
CLAUSE = re.compile(r"(?<![,;:.!?—–])[,;:.!?—–]++\s")
# A word with a capital, none of its neighbours with one; the first of a text only before a small word.
LONE_CAPITAL = re.compile(r"(?:^(?=\S+ [a-z])|(?<=[a-z,;] ))([A-Z][^\W_]*)(?!\S*\s[A-Z])")
# Two words with capitals, and none beside them.
FULL_NAME = re.compile(r"(?<![A-Z]\w\s)(?<!\w)[A-Z][a-z]+\s[A-Z][a-z]+\b(?!\s[A-Z])")


@cache
def settings() -> dict:
    """The sections of contrasts.toml."""
    return tomllib.loads(SETTINGS_FILE.read_text("utf-8"))


def _compile_words(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})\b")


@cache
def _negations() -> dict[str, re.Pattern[str]]:
    negations = settings()["negations"]
    names = ("words", "denials", "limits", "beside", "behind")
    return {
        **{name: _compile_words(negations[name]) for name in names},
        "all": _compile_words([*negations["words"], *negations["denials"]]),
        "between": re.compile(rf"(?: (?:{'|'.join(negations['between'])}))*+ ?"),
    }


@cache
def _sides() -> dict[str, list[tuple[int, int]]]:
    """By idea or small word the numbers of the opposites it belongs to, with its side."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, pair in enumerate(settings()["opposites"]):
        for side, words in enumerate(pair["sides"]):
            for name in dict.fromkeys(name_word(word) or word for word in words):
                found[name].append((number, side))
    return dict(found)


@cache
def _told_apart() -> dict[str, list[tuple[tuple[str, int | str], re.Pattern[str]]]]:
    """Patterns of the members of each class, of orders, conditions and alternatives, each with its kind and name.

    By the words that they begin with: a text that has none of these as a word of its own does not match.
    """
    listed: list[tuple[tuple[str, int | str], Sequence[str]]] = [
        ((f"class {place}", number), words)
        for place, one in enumerate(settings()["classes"])
        for number, words in enumerate(one["members"])
    ]
    listed += [(("order", name), words) for name, words in settings()["orders"].items()]
    listed += [((name, name), settings()["negations"][name]) for name in ("conditions", "alternatives")]
    found = defaultdict(list)
    for named, words in listed:
        pattern = _compile_words(words)
        for first in {PLAIN_WORD.findall(word)[0] for word in words}:
            found[first].append((named, pattern))
    return dict(found)


def _tell_apart(plain: str) -> dict[str, frozenset]:
    """By kind the names of those that stand in the text; see `_told_apart`."""
    known = _told_apart()
    asked = {named: pattern for word in set(PLAIN_WORD.findall(plain)) for named, pattern in known.get(word, ())}
    found = defaultdict(set)
    for (kind, name), pattern in asked.items():
        if pattern.search(plain):
            found[kind].add(name)
    return {kind: frozenset(names) for kind, names in found.items()}


@cache
def _offices() -> tuple[re.Pattern[str], dict[str, int]]:
    offices = settings()["offices"]
    fields = {word: number for number, words in enumerate(offices["fields"]) for word in words}
    field, head = "|".join(fields), "|".join(offices["heads"])
    return re.compile(rf"\b({field}) (?:{head})\b|\b(?:{head}) (?:of|for)(?: the)? ({field})\b"), fields


@dataclass(frozen=True)
class Statement:
    """What a sentence says: its ideas in order, those it denies, and what tells of which things it speaks.

    `beside` are those denied by words such as "without". `turned` are words that a beginning or ending turns round,
    each with the ideas it denies if that is so. `sides` counts words that have opposites, `members` has those of each
    class, `orders` tells whether something is before or after, `fields` has those of offices. `topic` has its ideas,
    sorted, where opposites and what turns a word round make no difference.
    """

    ideas: tuple[str, ...]
    denied: frozenset[str]
    beside: frozenset[str]
    turned: tuple[tuple[frozenset[str], frozenset[str]], ...]
    sides: Counter[tuple[int, int, bool]]
    members: tuple[frozenset[int], ...]
    orders: frozenset[str]
    fields: frozenset[int]
    numbers: frozenset[float]
    topic: tuple[str, ...]
    is_condition: bool
    is_alternative: bool


@lru_cache(maxsize=50_000)
def _name_topic(word: str) -> str | None:
    """The idea of a word, the same for opposites and for what turns a word round; None of one that says little."""
    idea = name_word(word)
    if idea is None:
        return None
    known = [name for name in (idea, *sorted(filter(None, map(name_word, _strip_turns(word))))) if name in _sides()]
    if known:
        return f"opposites {_sides()[known[0]][0][0]}"
    return min((name for base in _strip_turns(word) if (name := name_word(base))), default=idea)


@lru_cache(maxsize=20_000)
def read_statement(text: str) -> Statement:
    """What the text says."""
    plain = expand_negations(text.casefold())
    ideas: list[str] = []
    reached: tuple[set[int], set[int]] = set(), set()
    turned: list[tuple[int, frozenset[str]]] = []
    sides: list[tuple[str, int]] = []
    for clause in CLAUSE.split(plain):
        first, words = len(ideas), [(match[0], name_word(match[0])) for match in WORD.finditer(clause)]
        own = [idea for _, idea in words if idea is not None]
        ideas.extend(own)
        for kind, ends in enumerate(
            (_find_denials(clause), [one.end() for one in _negations()["beside"].finditer(clause)])
        ):
            for end in ends:
                reached[kind].update(_reach(first, own, clause[end:]))
        for match in _negations()["behind"].finditer(clause):
            before = first + len(name_ideas(clause[: match.start()]))
            reached[0].update(range(max(first, before - 1), before))
        start = first
        for word, named in words:
            at, start = start, start + (named is not None)
            if bases := _strip_turns(word):
                turned.append((start, frozenset(filter(None, map(name_word, bases)))))
            if (idea := named or word) in _sides():
                sides.append((idea, at))
    said = {idea for at, idea in enumerate(ideas) if at not in reached[0] | reached[1]}
    denied, beside = ({ideas[at] for at in places} - said for places in reached)
    reach = settings()["negations"]["reach"]
    office, fields = _offices()
    told, none = _tell_apart(plain), frozenset[Any]()
    return Statement(
        ideas=tuple(ideas),
        denied=frozenset(denied),
        beside=frozenset(beside),
        turned=tuple((bases, bases | frozenset(ideas[at : at + reach])) for at, bases in turned),
        sides=Counter((number, side, at in reached[0]) for idea, at in sides for number, side in _sides()[idea]),
        members=tuple(told.get(f"class {place}", none) for place in range(len(settings()["classes"]))),
        orders=told.get("order", none),
        fields=frozenset(fields[match[1] or match[2]] for match in office.finditer(plain)),
        numbers=list_numbers(text),
        topic=tuple(sorted(filter(None, map(_name_topic, WORD.findall(plain))))),
        is_condition="conditions" in told,
        is_alternative="alternatives" in told,
    )


def _find_denials(clause: str) -> list[int]:
    """Where the negations of a clause end; one that denies a denial says what is denied ("cannot rule out")."""
    found: list[re.Match[str]] = []
    for match in _negations()["all"].finditer(clause):
        if (
            found
            and _negations()["denials"].fullmatch(match[0])
            and not _negations()["denials"].fullmatch(found[-1][0])
            and _negations()["between"].fullmatch(clause, found[-1].end(), match.start())
        ):
            found.pop()
        else:
            found.append(match)
    return [match.end() for match in found]


def _reach(first: int, own: Sequence[str], rest: str) -> range:
    """The places of the ideas that a negation denies which stands before `rest` in a clause of the ideas `own`."""
    start = len(own) - len(name_ideas(rest))
    return range(first + start, first + min(start + settings()["negations"]["reach"], len(own)))


@lru_cache(maxsize=50_000)
def _strip_turns(word: str) -> frozenset[str]:
    """What a word may be without a beginning or an ending that turns it round."""
    negations = settings()["negations"]
    found = [word.removeprefix(prefix) for prefix in negations["prefixes"] if word.startswith(prefix)]
    found += [word.removesuffix(end) + instead for end, instead in negations["suffixes"] if word.endswith(end)]
    return frozenset(base for base in found if len(base) >= negations["shortest_base"])


def are_opposed(first: str, second: str) -> bool:
    """Whether one of two texts denies what the other says, or says the opposite."""
    if _tell_one_order(first, second):
        return False
    return _say_the_opposite(first, second) and _say_the_opposite(*map(_drop_limits, (first, second)))


def _tell_one_order(first: str, second: str) -> bool:
    """Whether one of two texts denies that something is before, and the other says that it is after."""
    one, other = (read_statement(_drop_limits(text)) for text in (first, second))
    return any(
        denying.denied and not saying.denied and denying.orders == {"before"} and saying.orders == {"after"}
        for denying, saying in ((one, other), (other, one))
    )


@lru_cache(maxsize=20_000)
def _drop_limits(text: str) -> str:
    plain, count = _negations()["limits"].subn(" ", text.casefold())
    return " ".join(plain.split()) if count else text


def _say_the_opposite(first: str, second: str) -> bool:
    one, other = read_statement(first), read_statement(second)
    if (one.is_condition and other.is_alternative) or (other.is_condition and one.is_alternative):
        return False
    clashes = set(_find_clashes(one, other))
    if clashes:
        return True in clashes
    denied, said = zip(*(_apply_turns(*pair) for pair in ((one, other), (other, one))), strict=True)
    if not (one.beside and other.beside):
        denied = denied[0] | one.beside, denied[1] | other.beside
    return bool(denied[0] & said[1]) != bool(denied[1] & said[0])


def _apply_turns(own: Statement, other: Statement) -> tuple[frozenset[str], frozenset[str]]:
    """What a statement denies and what it names, if words are turned round that the other has as they are."""
    denied, said = set(own.denied), set(own.ideas)
    for bases, reached in own.turned:
        if bases & set(other.ideas) - set(own.ideas):
            denied |= reached
            said |= bases
    return frozenset(denied), frozenset(said)


def _find_clashes(one: Statement, other: Statement) -> Iterator[bool]:
    """For each pair of opposites of which each text has a word the other lacks: whether they say the opposite by it.

    They do not where one denies its word.
    """
    common = {number for number, _, _ in one.sides} & {number for number, _, _ in other.sides}
    for number in sorted(common):
        pair = settings()["opposites"][number]
        for side in (0, 1):
            own, others = _excess(one, other, number, side), _excess(other, one, number, 1 - side)
            if own is not None and others is not None:
                yield own == others or not pair.get("complementary", False)


def _excess(one: Statement, other: Statement, number: int, side: int) -> bool | None:
    """Whether the words of a side that one text has more often than the other are denied; None where it has no more."""
    counts = [[some.sides[number, side, denied] for denied in (False, True)] for some in (one, other)]
    return None if sum(counts[0]) <= sum(counts[1]) else counts[0][1] > counts[1][1]


def are_apart(first: str, second: str) -> bool:
    """Whether two texts speak of two things: other numbers, days, parts, offices, an order or a name turned round."""
    one, other = read_statement(first), read_statement(second)
    named: list[tuple[frozenset, frozenset]] = [(one.numbers, other.numbers), (one.fields, other.fields)]
    named += zip(one.members, other.members, strict=True)
    if not _tell_one_order(first, second):
        named.append((one.orders, other.orders))
    return any(own and others and not own & others for own, others in named) or _differ_by_name(first, second)


def _differ_by_name(first: str, second: str) -> bool:
    texts = first, second
    ideas = [frozenset(read_statement(text).ideas) for text in texts]
    only = [ideas[0] - ideas[1], ideas[1] - ideas[0]]
    if len(ideas[0] & ideas[1]) < settings()["names"]["common_ideas"] or not 1 <= len(only[0]) == len(only[1]) <= 2:
        return False
    if len(only[0]) == 2:
        return _differ_by_full_name(texts, only)
    (one,), (other,) = only
    if not all(name in _list_names(text) for name, text in zip((one, other), texts, strict=True)):
        return False
    if any({one, other} <= names for names in _same_names()):
        return False
    return Levenshtein.normalized_similarity(one, other) < settings()["names"]["one_name"]


def _differ_by_full_name(texts: Sequence[str], only: Sequence[frozenset[str]]) -> bool:
    """Whether what each text has alone is the name of somebody in two words, unlike each other in both."""
    names = [
        {frozenset(pair): pair for match in FULL_NAME.finditer(text) if len(pair := tuple(name_ideas(match[0]))) == 2}
        for text in texts
    ]
    if not all(own in known for own, known in zip(only, names, strict=True)):
        return False
    pairs = zip(names[0][only[0]], names[1][only[1]], strict=True)
    return all(Levenshtein.normalized_similarity(*pair) < settings()["names"]["one_name"] for pair in pairs)


@cache
def _same_names() -> list[frozenset[str]]:
    return [frozenset(name_word(name) or name for name in names) for names in settings()["names"]["same"]]


def _list_names(text: str) -> frozenset[str]:
    """The ideas of words with a capital that stand alone: one of several may be worded in many ways ("General Plan").

    The first word of a text is taken for a name too, unless it is marked off or ends as words of other kinds do.
    """
    endings = tuple(settings()["names"]["no_name_endings"])
    names = [match[1] for match in LONE_CAPITAL.finditer(text) if match.start() or not match[1].endswith(endings)]
    return frozenset(idea for name in names for idea in name_ideas(name))
