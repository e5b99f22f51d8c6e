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

    Either `code` names the code that finds it; or each match of `pattern` becomes `after`, which may name its groups,
    if the paragraph before the match holds `requires_before`. A text without any of its `literals` has none of it.
    """

    name: str
    category: str
    certain: bool
    broken: str
    why: str
    code: str = ""
    pattern: re.Pattern[str] | None = None
    literals: tuple[str, ...] = ()
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
        for match in self.pattern.finditer(text) if self.pattern else ():
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
            or ("pattern" in fields and not fields.get("literals"))
        ):
            raise ValueError(
                f"{FILE_NAME}: mending {name} has an unknown category, a name twice, not one way to find it, "
                "or a pattern without literals"
            )
        if "pattern" in fields:
            fields["pattern"] = re.compile(fields["pattern"])
        for key in ("literals", "mends", "flags", "leaves"):
            fields[key] = tuple(tuple(item) if isinstance(item, list) else item for item in fields.get(key, ()))
        mendings[name] = Mending(**fields)
    return mendings


@cache
def _literals() -> tuple[BytesAhoCorasick, tuple[Mending, ...]]:
    """One search for the literals of all mendings, and the mending of each literal."""
    pairs = [(literal, mending) for mending in load_mendings().values() for literal in mending.literals]
    search = BytesAhoCorasick([literal.encode() for literal, _ in pairs], implementation=Implementation.DFA)
    return search, tuple(mending for _, mending in pairs)


def choose_mendings(encoded: bytes) -> tuple[list[Mending], frozenset[str]]:
    """The mendings with a pattern of which a literal stands in the text, given in UTF-8; and the others' codes."""
    search, owners = _literals()
    numbers = {number for number, _, _ in search.find_matches_as_indexes(encoded, overlapping=True)}
    found = {owners[number].name: owners[number] for number in sorted(numbers)} if numbers else {}
    patterns = [mending for mending in found.values() if mending.pattern]
    return patterns, frozenset(mending.code for mending in found.values())


@cache
def words(key: str) -> frozenset[str]:
    """A list of words of mendings.toml."""
    return frozenset(load_table(FILE_NAME)["words"][key])
