"""Texts on which a regular expression takes longest, made of the expression itself, and how its time grows with them.

An expression that backtracks is slow on a text that repeats what one of its own parts matches and then ends otherwise
than it must: "aaaa!" for `(a+)+b`. So every part is written out, repeated, and put behind what leads to it.
"""

import random
import re
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from tests.faults.patterns import Found

# Characters from which those are chosen that an expression tells apart.
CHARACTERS = [chr(code) for code in range(128)] + list("\x85\xa0é“”’–—…½€ ，中\U0001f600\u200b\u2028ſ²")
CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
# Fewer times cannot make a text long.
MANY = 6
WRITTEN_OUT = 3
# More for one expression find no more; chosen by chance, the same for the same expression.
MAXIMUM_ATTACKS = 150
# What parts match, by their form and the flags that matter to it.
FITTING: dict[tuple[str, int], list[str]] = {}


class Grammar:
    """An expression taken apart: what its parts match, written out."""

    def __init__(self, found: Found) -> None:
        self.dice = random.Random(found.pattern.encode("utf-8", "surrogatepass"))
        self.flags = found.flags
        self.tree = re._parser.parse(found.pattern, found.flags)  # type: ignore[attr-defined]
        self.atoms: list[tuple[str, Any]] = []
        self.repeats: list[tuple[str, Any]] = []
        self._survey(self.tree, "")
        self.alphabet = self._choose_alphabet()

    def _survey(self, items: Any, before: str) -> str:
        """Notes the parts of a sequence, and what leads to each that repeats; what the sequence matches comes back."""
        for item in items:
            name, value = str(item[0]), item[1]
            if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
                self.atoms.append((name, value))
            elif name in REPEATS:
                if value[1] >= MANY:
                    self.repeats.append((before, value[2]))
                self._survey(value[2], before)
            elif name == "BRANCH":
                for choice in value[1]:
                    self._survey(choice, before)
            elif name in ("SUBPATTERN", "ATOMIC_GROUP", "ASSERT", "ASSERT_NOT", "GROUPREF_EXISTS"):
                for part in _parts_of(name, value):
                    self._survey(part, before)
            if name not in ("ASSERT", "ASSERT_NOT"):
                before += self.write([item])
        return before

    def matches(self, atom: tuple[str, Any], character: str) -> bool:
        """Whether one part for one character matches it."""
        name, value = atom
        code = ord(character)
        if name == "ANY":
            return bool(self.flags & re.DOTALL) or character != "\n"
        if name in ("LITERAL", "NOT_LITERAL"):
            same = code == value or (bool(self.flags & re.IGNORECASE) and character.lower() == chr(value).lower())
            return same == (name == "LITERAL")
        negated = str(value[0][0]) == "NEGATE"
        return any(self._in(part, character) for part in value[negated:]) != negated

    def _in(self, part: tuple[Any, Any], character: str) -> bool:
        name, value = str(part[0]), part[1]
        forms = {character, character.lower(), character.upper()} if self.flags & re.IGNORECASE else {character}
        codes = [ord(form) for form in forms if len(form) == 1]
        if name == "LITERAL":
            return value in codes
        if name == "RANGE":
            return any(value[0] <= code <= value[1] for code in codes)
        return re.match(CATEGORIES[str(value)], character) is not None

    def _choose_alphabet(self) -> list[str]:
        """One character of each kind that the expression tells apart."""
        named = {chr(part) for name, part in self._literals() if part < 0x110000}
        kinds: dict[tuple[bool, ...], str] = {}
        atoms = list({repr(atom): atom for atom in self.atoms}.values())
        for character in sorted(named & set(CHARACTERS)) + CHARACTERS + sorted(named - set(CHARACTERS)):
            kinds.setdefault(tuple(self.matches(atom, character) for atom in atoms), character)
        return list(kinds.values())

    def _literals(self) -> Iterator[tuple[str, int]]:
        for name, value in self.atoms:
            if name in ("LITERAL", "NOT_LITERAL"):
                yield name, value
            elif name == "IN":
                for part, inner in value:
                    if str(part) == "LITERAL":
                        yield name, inner
                    elif str(part) == "RANGE":
                        yield name, inner[0]

    def _fitting(self, atom: tuple[str, Any]) -> list[str]:
        """Characters that a part matches, of the usual ones or else of all; remembered, since few parts are new."""
        key = repr(atom), self.flags & (re.IGNORECASE | re.DOTALL)
        if key not in FITTING:
            usual = [character for character in CHARACTERS[32:] if self.matches(atom, character)]
            FITTING[key] = usual or [one for one in map(chr, range(0x3000)) if self.matches(atom, one)] or [""]
        return FITTING[key]

    def write(self, items: Any) -> str:
        """A text that the parts match, chosen by chance; what they look ahead and back for is not heeded."""
        return "".join(self._write(str(name), value) for name, value in items)

    def _write(self, name: str, value: Any) -> str:
        if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
            if name == "LITERAL":
                return chr(value)
            return self.dice.choice(self._fitting((name, value)))
        if name in REPEATS:
            least, most, part = value
            count = self.dice.randint(least, min(int(most), least + 2))
            return "".join(self.write(part) for _ in range(count))
        if name == "BRANCH":
            return self.write(self.dice.choice(value[1]))
        if name in ("SUBPATTERN", "ATOMIC_GROUP"):
            return self.write(_parts_of(name, value)[0])
        return ""


def _parts_of(name: str, value: Any) -> list[Any]:
    match name:
        case "SUBPATTERN":
            return [value[3]]
        case "ATOMIC_GROUP":
            return [value]
        case "GROUPREF_EXISTS":
            return [part for part in value[1:] if part]
        case _:
            return [value[1]]


@dataclass(frozen=True)
class Attack:
    """A text of any length: `before`, then `pump` over and over, then `after`."""

    before: str
    pump: str
    after: str

    def text(self, length: int) -> str:
        """The text, of about so many characters."""
        return self.before + self.pump * max(1, length // len(self.pump)) + self.after


def make_attacks(found: Found) -> list[Attack]:
    """The texts to try, each once."""
    grammar = Grammar(found)
    pumps: dict[tuple[str, str], None] = {}
    for character in grammar.alphabet:
        pumps[("", character)] = None
    for before, part in grammar.repeats:
        for _ in range(WRITTEN_OUT):
            written = grammar.write(part)
            # The second is slow where a search begins anew at each repetition.
            pumps |= {(before, written): None, ("", before + written): None, ("", before): None}
        for character in grammar.alphabet:
            pumps[(before, character)] = None
    wholes = [grammar.write(grammar.tree) for _ in range(WRITTEN_OUT)]
    for whole in wholes:
        pumps |= {("", whole): None, ("", whole[:-1]): None, ("", whole + grammar.dice.choice(grammar.alphabet)): None}
    ends = ["", *(one for one in ("\0", "!", "\n", "a") if one in grammar.alphabet)][:3]
    attacks = [Attack(before, pump, after) for before, pump in pumps if pump for after in ends]
    return attacks if len(attacks) <= MAXIMUM_ATTACKS else grammar.dice.sample(attacks, MAXIMUM_ATTACKS)


Use = Callable[[re.Pattern, Any], Any]
USES: dict[str, Use] = {
    "search": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
}
# Lengths at which an expression that doubles its work with every character, or takes the cube of them, shows it
# without taking minutes; and the seconds beyond which it does.
RISING = (*((length, 0.02) for length in (12, 18, 24, 48, 160)), (400, 0.05), (1_000, 0.05))
# What a stretch of bounded length may take, and for each of its characters: hundreds are looked at in an article.
BOUNDED_SECONDS, BOUNDED_SECONDS_BY_CHARACTER = 0.002, 0.000_005
LONG, LONGER = 3_000, 12_000
# In so short a time no expression looks at every character of the long text once for every other.
SURELY_FEW_SECONDS = 0.0007
# Four times the text: four times the work where it is linear, sixteen times where it is quadratic.
MAXIMUM_GROWTH = 10.0
# Four times the text takes four times as long where time is in proportion, sixteen times where it is its square.
SUSPECT_GROWTH = 6.0
TRIES = 4


@dataclass(frozen=True)
class Slow:
    """An attack under which an expression takes more than its length's share: `growth` for four times the text."""

    found: Found
    use: str
    attack: Attack
    length: int
    seconds: float
    growth: float


def find_slow(
    found: Found,
    uses: Collection[str] = tuple(USES),
    longest: int | None = None,
    prepare: Callable[[str], str] = str,
) -> Slow | None:
    """The first attack under which the expression's time grows faster than the text; None where it never does.

    Measured is the thread's own processor time, the least of several tries. With `longest` the expression is given
    that many characters at most, and has to be done with them in no time. `prepare` is what is done to a text before
    the expression is given it.
    """
    trial = Trial(found, longest, prepare)
    # A match that fails at the first character is part of a search.
    tried = [use for use in USES if use in uses and (use != "match" or "search" not in uses)]
    return next((slow for attack in make_attacks(found) for use in tried if (slow := trial.attack(use, attack))), None)


class Trial:
    """One expression, timed."""

    def __init__(self, found: Found, longest: int | None = None, prepare: Callable[[str], str] = str) -> None:
        self.found, self.pattern, self.longest, self.prepare = found, found.compile(), longest, prepare

    def attack(self, use: str, attack: Attack) -> Slow | None:
        """What the attack does to the expression; None where it takes time in proportion."""
        # From short to long: what grows fast shows itself before it takes minutes.
        for length, allowed in RISING:
            if self.longest is None or length < self.longest:
                seconds = self.measure(use, attack, length, enough=allowed)
                if seconds > allowed:
                    return Slow(self.found, use, attack, length, seconds, float("inf"))
        if self.longest is not None:
            allowed = BOUNDED_SECONDS + BOUNDED_SECONDS_BY_CHARACTER * self.longest
            seconds = self.measure(use, attack, self.longest, enough=allowed)
            return Slow(self.found, use, attack, self.longest, seconds, 1) if seconds > allowed else None
        if self.measure(use, attack, LONG, enough=SURELY_FEW_SECONDS) <= SURELY_FEW_SECONDS:
            return None
        long = self.measure(use, attack, LONG)
        longer = self.measure(use, attack, LONGER, enough=long * MAXIMUM_GROWTH)
        if long * SUSPECT_GROWTH < longer <= long * MAXIMUM_GROWTH:
            # The shorter one may have been measured while the machine was busy.
            long = min(long, self.measure(use, attack, LONG))
        if longer <= long * MAXIMUM_GROWTH:
            return None
        return Slow(self.found, use, attack, LONGER, longer, longer / long)

    def measure(self, use: str, attack: Attack, length: int, *, enough: float = 0.0) -> float:
        """The least processor time of some tries, in seconds; no more tries once it is `enough` or less."""
        text: Any = self.prepare(attack.text(length))
        if self.found.is_bytes:
            text = text.encode("latin-1", "replace")
        least = float("inf")
        for _ in range(TRIES):
            started = time.thread_time()
            USES[use](self.pattern, text)
            least = min(least, time.thread_time() - started)
            if least <= enough:
                break
        return least
