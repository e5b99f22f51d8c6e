"""Rules that name page furniture, read from TOML files."""

import re
import sys
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from ahocorasick_rs import BytesAhoCorasick, Implementation

from schemas.articles import REMOVAL_CATEGORIES
from tasks.clean.draft import Span
from tasks.clean.lines import Line
from tasks.clean.tables import load_table

FOLDER = Path(__file__).parent
RULE_FILES = (
    "shortcodes.toml",
    "boilerplate.toml",
    "notes.toml",
    "trailers.toml",
    "posts.toml",
    "notices.toml",
    "buttons.toml",
)
PARTS = ("line_start", "line_end", "anywhere")
PLACES = ("whole_line", "head", "tail", *PARTS)
# Bullets, arrows and rules drawn around a line of furniture.
DECORATION = " \t\u00a0>»›→←↑↓•·|*#–—-_«‹<~=+▶►▼▲✓✉★➡➜➤👉🔗🔴📲📰🖨▪👁⏱👍\ufe0f"
# Mending takes it out of all texts; a line that was not mended may hold it.
BETWEEN_LINES = "\0"
SPACES_IN_A_ROW = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, as its entry in a TOML file says.

    `where` limits it: whole_line, head and tail match a whole line, bare of decoration and with single spaces;
    line_start and line_end match one edge of a line, anywhere any part. A rule for whole lines takes none of more than
    `longest` characters.
    `literals` are in lower case; a line without one of them cannot match. With `spares_reports` the rule for whole
    lines leaves a sentence that reports speech.
    With `runs_on` the line is a sentence that may go on in the next lines, and these go with it.
    `opens_block` tells that what follows in the tail of a text belongs to it.
    """

    name: str
    category: str
    where: str
    pattern: re.Pattern[str]
    literals: tuple[str, ...] = ()
    longest: int = 0
    opens_block: bool = False
    runs_on: bool = False
    spares_reports: bool = False
    why: str = ""
    matches: tuple[str, ...] = field(default=(), repr=False)
    ignores: tuple[str, ...] = field(default=(), repr=False)

    def takes(self, line: str, bare: str) -> bool:
        """Whether the rule for whole lines takes the line; `bare` is the line without its decoration."""
        if len(bare) > self.longest:
            return False
        # With its decoration a line may be twice as long, no more.
        decorated = line if bare != line and len(line) <= 2 * self.longest else None
        if not (self.pattern.fullmatch(bare) or (decorated and self.pattern.fullmatch(decorated))):
            return False
        return not (self.spares_reports and reports_speech(line))

    def find(self, line: str) -> list[tuple[int, int]]:
        """Parts of the line that the rule takes, left to right."""
        if self.where in ("whole_line", "head", "tail"):
            return [(0, len(line))] if self.takes(*make_bare(line)) else []
        if self.where == "line_start":
            match = self.pattern.match(line)
            return [match.span()] if match else []
        spans = [match.span() for match in self.pattern.finditer(line)]
        if self.where == "line_end":
            return [span for span in spans[-1:] if span[1] == len(line)]
        return spans


def strip_decoration(line: str) -> str:
    """What stands in the line between its decoration; all of it where it is nothing else."""
    return line.strip(DECORATION) or line


def make_bare(line: str) -> tuple[str, str]:
    """The line as rules for whole lines are given it, single spaces between its words; and that less its decoration.

    No rule counts spaces, and an expression that may part a long row of them in many ways takes long to fail.
    """
    # The plain space is the only white space that can be printed.
    plain = line if line.isprintable() and "  " not in line else SPACES_IN_A_ROW.sub(" ", line)
    return plain, strip_decoration(plain)


def read_rules(path: Path) -> list[Rule]:
    """Rules of one file; ValueError names the rule that is wrong."""
    rules = []
    for entry in tomllib.loads(path.read_text("utf-8"))["rule"]:
        name = entry["name"]
        if entry["category"] not in REMOVAL_CATEGORIES or entry["where"] not in PLACES:
            raise ValueError(f"{path.name}: rule {name} has an unknown category or place")
        if entry["where"] not in PARTS and entry.get("longest", 0) < 1:
            raise ValueError(f"{path.name}: rule {name} takes whole lines and needs `longest`, in characters")
        pattern = re.compile(entry.pop("pattern"), re.IGNORECASE)
        texts: dict[str, Any] = {key: tuple(entry.pop(key, ())) for key in ("literals", "matches", "ignores")}
        rules.append(Rule(pattern=pattern, **texts, **entry))
    return rules


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules, in the order of the files and of their entries; read once."""
    return tuple(rule for name in RULE_FILES for rule in read_rules(FOLDER / name))


# For a line: the rules that may take parts of it, and those that may take the whole of it wherever it stands.
LineRules = tuple[Sequence[Rule], Sequence[Rule]]
NO_RULES: LineRules = ((), ())


@cache
def _report() -> re.Pattern[str]:
    verbs = "|".join(map(re.escape, load_table("words.toml")["reporting"]))
    # Behind a comma or a quotation: "the clerk of the town told him", "wrote the clerk", "said Cole".
    return re.compile(
        rf"[,?!:”’\"'] (?:(?:[\w.’'-]+ ){{1,5}}?(?:{verbs})\b|(?:{verbs}) (?:the|an?|his|her|my|our|their|[A-Z])\b)"
    )


def reports_speech(line: str) -> bool:
    """Whether the line is a sentence that says who spoke: "Download the app, the police told drivers."

    A headline reports as well, but ends without a full stop.
    """
    return line.rstrip('"”’')[-1:] in (".", "?", "!") and _report().search(line) is not None


class RuleSet:
    """Some of the rules, and one search for the literals of all of them.

    Those for parts of lines come first. Rules without literals are for lines of marks: they are asked only where a
    line begins with one.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.where not in PARTS))
        self._part_count = sum(rule.where in PARTS for rule in self.rules)
        literals = sorted({literal for rule in self.rules for literal in rule.literals})
        # Bytes: a text may hold half a surrogate pair, which only they can say.
        self._search = BytesAhoCorasick([literal.encode() for literal in literals], implementation=Implementation.DFA)
        self._rules_of_literal = [
            tuple(number for number, rule in enumerate(self.rules) if literal in rule.literals) for literal in literals
        ]
        self._unconditional = tuple(number for number, rule in enumerate(self.rules) if not rule.literals)
        # The longest line that a rule with the literal may take, and that any of the rules may; rules for parts of
        # lines have no limit.
        self._reach = [self._longest(self.rules[number] for number in rules) for rules in self._rules_of_literal]
        self._reach_of_marks = self._longest(self.rules[number] for number in self._unconditional)
        self.reach = self._longest(self.rules)

    @staticmethod
    def _longest(rules: Iterable[Rule]) -> int:
        return max((rule.longest or sys.maxsize for rule in rules), default=0)

    def choose(self, lowered: str) -> Sequence[Rule]:
        """The rules that may match a text, given in lower case: one of their literals stands in it; order is kept."""
        numbers = set() if lowered[:1].isalnum() else set(self._unconditional)
        encoded = lowered.encode("utf-8", "surrogatepass")
        for literal, _, _ in self._search.find_matches_as_indexes(encoded, overlapping=True):
            numbers.update(self._rules_of_literal[literal])
        return [self.rules[number] for number in sorted(numbers)]

    def choose_for_all(self, lines: Sequence[Line]) -> list[LineRules]:
        """For each line what `choose` gives, less rules that take none so long; one search serves all lines."""
        numbers: dict[int, set[int]] = {}
        # A line may be all decoration, and hold a literal at each place.
        lengths = [_bare_length(line.text) for line in lines]
        for index, line in enumerate(lines):
            if not line.text[:1].isalnum() and lengths[index] <= self._reach_of_marks:
                numbers[index] = set(self._unconditional)
        joined, ends = _join_encoded(lines)
        for literal, start, _ in self._search.find_matches_as_indexes(joined, overlapping=True):
            index = bisect_right(ends, start)
            if lengths[index] <= self._reach[literal]:
                if index in numbers:
                    numbers[index].update(self._rules_of_literal[literal])
                else:
                    numbers[index] = set(self._rules_of_literal[literal])
        chosen: list[LineRules] = [NO_RULES] * len(lines)
        for index, found in numbers.items():
            ordered = sorted(found)
            part_count = bisect_left(ordered, self._part_count)
            rules = [self.rules[number] for number in ordered]
            chosen[index] = (rules[:part_count], rules[part_count:])
        return chosen


def _join_encoded(lines: Sequence[Line]) -> tuple[bytes, list[int]]:
    """All lines in small letters as bytes of one text, and for each where the next one starts."""
    joined = BETWEEN_LINES.join([line.lowered for line in lines]).encode("utf-8", "surrogatepass")
    pieces = joined.split(BETWEEN_LINES.encode())
    if len(pieces) != len(lines):
        pieces = [line.lowered.encode("utf-8", "surrogatepass") for line in lines]
    return joined, list(accumulate([len(piece) + 1 for piece in pieces]))


def _bare_length(text: str) -> int:
    """Characters of a line between its decoration."""
    return len(strip_decoration(text)) if text[:1] in DECORATION or text[-1:] in DECORATION else len(text)


@cache
def load_rule_set(*places: str, opening: bool = False) -> RuleSet:
    """The rules of these places, or those of them that open a block."""
    return RuleSet(rule for rule in load_rules() if rule.where in places and (rule.opens_block or not opening))


def find_line_rule(line: Line, place: str, *, opening: bool = False) -> Rule | None:
    """The first rule of a place for whole lines that takes the line; None where none does.

    With `opening` only the rules that open a block are asked.
    """
    rules = load_rule_set(place, opening=opening)
    if len(line.text) > rules.reach and _bare_length(line.text) > rules.reach:
        return None
    return take_whole(line, rules.choose(line.lowered))


def choose_line_rules(lines: Sequence[Line]) -> list[LineRules]:
    """What each line may be taken by. For lines of many documents at once this is twice as fast as one by one."""
    return load_rule_set("whole_line", *PARTS).choose_for_all(lines)


def take_whole(line: Line, rules: Sequence[Rule]) -> Rule | None:
    """The first of the rules for whole lines that takes the line; None where none does."""
    if not rules:
        return None
    plain, bare = make_bare(line.text)
    for rule in rules:
        if rule.takes(plain, bare):
            return rule
    return None


def take_parts(line: Line, rules: Sequence[Rule]) -> list[Span]:
    """The parts of the line that the rules take, in the draft's offsets."""
    return [
        Span(line.start + start, line.start + end, rule.category, rule.name)
        for rule in rules
        for start, end in rule.find(line.text)
    ]
