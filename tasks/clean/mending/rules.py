"""Mendings as their data file declares them, and the words they go by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ahocorasick_rs import BytesAhoCorasick, Implementation

from schemas.articles import REPAIR_CATEGORIES
from tasks.clean.edits import Edit
from tasks.clean.tables import load_table

FILE_NAME = "mending/mendings.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """One entry of mendings.toml: what is broken, whether it can be told for certain, and how it is found.

    Either `code` names the code that finds it; or each match of `pattern`, in a text that holds one of `literals`,
    becomes `after`, which may name its groups, if the paragraph before the match holds `requires_before`. Of a mending
    that `is_rare` the literals alone tell whether a text has it.
    """

    name: str
    category: str
    certain: bool
    broken: str
    why: str
    code: str = ""
    pattern: re.Pattern[str] | None = None
    literals: tuple[str, ...] = ()
    is_rare: bool = False
    after: str = ""
    requires_before: str = ""
    mends: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    flags: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    leaves: tuple[str, ...] = field(default=(), repr=False)

    def edit(self, text: str, start: int, end: int, outcome: str) -> Edit:
        """The edit that makes `outcome` of characters [start, end) of the text, or flags them if uncertain."""
        if self.certain:
            return Edit(start, end, outcome, self.category, self.name)
        return Edit(start, end, text[start:end], self.category, self.name, proposal=outcome)

    def find(self, text: str) -> Iterator[Edit]:
        """Edits of a mending that has a pattern, left to right."""
        if self.pattern is None or not any(map(text.__contains__, self.literals)):
            return
        for match in self.pattern.finditer(text):
            if self.requires_before:
                paragraph = text.rfind("\n", 0, match.start()) + 1
                if text.find(self.requires_before, paragraph, match.start()) == -1:
                    continue
            outcome = match.expand(self.after) if match.re.groups else self.after
            yield self.edit(text, match.start(), match.end(), outcome)


@cache
def load_mendings() -> dict[str, Mending]:
    """All mendings by name, in the order of the file; ValueError names an entry that is wrong."""
    mendings: dict[str, Mending] = {}
    for entry in load_table(FILE_NAME)["mending"]:
        fields: dict[str, Any] = dict(entry)
        name = fields["name"]
        if (
            fields["category"] not in REPAIR_CATEGORIES
            or name in mendings
            or ("code" in fields) == ("pattern" in fields)
        ):
            raise ValueError(
                f"{FILE_NAME}: mending {name} has an unknown category, a name twice, or not one way to find it"
            )
        if "pattern" in fields:
            fields["pattern"] = re.compile(fields["pattern"])
            literal = fields.pop("literal")
            fields["literals"] = (literal,) if isinstance(literal, str) else tuple(literal)
        for key in ("mends", "flags", "leaves"):
            fields[key] = tuple(tuple(item) if isinstance(item, list) else item for item in fields.get(key, ()))
        mendings[name] = Mending(**fields)
    return mendings


@cache
def load_patterns(*, rare: bool) -> tuple[Mending, ...]:
    """The mendings that are a pattern: those whose literals alone tell whether a text has them, or the others."""
    return tuple(mending for mending in load_mendings().values() if mending.pattern and mending.is_rare is rare)


@cache
def _rare_literals() -> tuple[BytesAhoCorasick, tuple[Mending, ...]]:
    """One search for the literals of all rare mendings, and the mending of each literal."""
    pairs = [(literal, mending) for mending in load_patterns(rare=True) for literal in mending.literals]
    search = BytesAhoCorasick([literal.encode() for literal, _ in pairs], implementation=Implementation.DFA)
    return search, tuple(mending for _, mending in pairs)


def find_rare(text: str) -> Iterator[Edit]:
    """Edits of the rare mendings of which a literal stands in the text."""
    search, owners = _rare_literals()
    encoded = text.encode("utf-8", "surrogatepass")
    numbers = {number for number, _, _ in search.find_matches_as_indexes(encoded, overlapping=True)}
    for name in dict.fromkeys(owners[number].name for number in sorted(numbers)):
        yield from load_mendings()[name].find(text)


@cache
def words(key: str) -> frozenset[str]:
    """A list of words of mendings.toml."""
    return frozenset(load_table(FILE_NAME)["words"][key])
