"""Rules that name page furniture, read from TOML files."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from schemas.articles import REMOVAL_CATEGORIES
from tasks.clean.draft import Span
from tasks.clean.lines import Line

FOLDER = Path(__file__).parent
RULE_FILES = ("shortcodes.toml", "boilerplate.toml", "notes.toml", "trailers.toml")
PLACES = ("whole_line", "line_start", "line_end", "anywhere", "head", "tail")
# Most furniture is shorter; most paragraphs are longer.
SHORT_LINE = 250
# Bullets, arrows and rules drawn around a line of furniture.
DECORATION = " \t\u00a0>»›→•·|*#–—-_«‹<~=+▶►▼▲✓✉★"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, as its entry in a TOML file says.

    `where` limits it: whole_line, head and tail match a whole line, bare of decoration; line_start and line_end match
    one edge of a line, anywhere any part. A rule for whole lines takes none of more than `longest` characters.
    `literals` are in lower case; a line without one of them cannot match.
    `opens_block` tells that what follows in the tail of a text belongs to it.
    """

    name: str
    category: str
    where: str
    pattern: re.Pattern[str]
    literals: tuple[str, ...] = ()
    longest: int = 0
    opens_block: bool = False
    why: str = ""
    matches: tuple[str, ...] = field(default=(), repr=False)
    ignores: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_short(self) -> bool:
        """Whether only short lines can match: half of a text need not be searched for its literals."""
        return 0 < self.longest <= SHORT_LINE

    def find(self, line: str) -> list[tuple[int, int]]:
        """Parts of the line that the rule takes, left to right."""
        if self.where in ("whole_line", "head", "tail"):
            bare = line.strip(DECORATION) or line
            if len(bare) > self.longest:
                return []
            return [(0, len(line))] if self.pattern.fullmatch(bare) or self.pattern.fullmatch(line) else []
        if self.where == "line_start":
            match = self.pattern.match(line)
            return [match.span()] if match else []
        spans = [match.span() for match in self.pattern.finditer(line)]
        if self.where == "line_end":
            return [span for span in spans[-1:] if span[1] == len(line)]
        return spans


def read_rules(path: Path) -> list[Rule]:
    """Rules of one file; ValueError names the rule that is wrong."""
    rules = []
    for entry in tomllib.loads(path.read_text("utf-8"))["rule"]:
        name = entry["name"]
        if entry["category"] not in REMOVAL_CATEGORIES or entry["where"] not in PLACES:
            raise ValueError(f"{path.name}: rule {name} has an unknown category or place")
        pattern = re.compile(entry.pop("pattern"), re.IGNORECASE)
        texts: dict[str, Any] = {key: tuple(entry.pop(key, ())) for key in ("literals", "matches", "ignores")}
        rules.append(Rule(pattern=pattern, **texts, **entry))
    return rules


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules, in the order of the files and of their entries; read once."""
    return tuple(rule for name in RULE_FILES for rule in read_rules(FOLDER / name))


@cache
def load_table(file_name: str) -> dict:
    """A data file of this folder as TOML says it; read once."""
    return tomllib.loads((FOLDER / file_name).read_text("utf-8"))


def choose_rules(text: str, *places: str) -> list[Rule]:
    """Rules of these places of which a literal stands in the text."""
    return [rule for rule in _rules_for(text) if rule.where in places]


# A document is asked for the rules of one place after another; it is searched for literals once.
@lru_cache(maxsize=1)
def _rules_for(text: str) -> tuple[Rule, ...]:
    lowered = text.lower()
    short = "\n".join(
        line for line in lowered.splitlines() if len(line) <= SHORT_LINE or len(line.strip(DECORATION)) <= SHORT_LINE
    )
    found = {literal for literal in _literals(is_short=False) if literal in lowered}
    found_short = {literal for literal in _literals(is_short=True) if literal in short}
    return tuple(
        rule
        for rule in load_rules()
        if not rule.literals or not (found_short if rule.is_short else found).isdisjoint(rule.literals)
    )


@cache
def _literals(*, is_short: bool) -> tuple[str, ...]:
    rules = [rule for rule in load_rules() if rule.is_short == is_short]
    return tuple(dict.fromkeys(literal for rule in rules for literal in rule.literals))


def _may_match(rule: Rule, lowered: str) -> bool:
    for literal in rule.literals:
        if literal in lowered:
            return True
    return not rule.literals


def find_whole_line(line: Line, rules: list[Rule]) -> Rule | None:
    """The first rule that takes the whole line; None where none does."""
    lowered = line.lowered
    length = len(line.text.strip(DECORATION))
    for rule in rules:
        if length > rule.longest:
            continue
        for literal in rule.literals or ("",):
            if literal in lowered:
                if rule.find(line.text):
                    return rule
                break
    return None


def find_line_parts(line: Line, rules: list[Rule]) -> list[Span]:
    """Parts of the line that rules take, in the draft's offsets."""
    lowered = line.lowered
    return [
        Span(line.start + start, line.start + end, rule.category, rule.name)
        for rule in rules
        if _may_match(rule, lowered)
        for start, end in rule.find(line.text)
    ]
