"""A user's own word on who is who: a small file that wins over all that is found."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from schemas import LocalEntity
from schemas.attribution import ENTITY_LABELS

_FIELDS = {"name", "label", "aliases", "title"}


@dataclass(frozen=True)
class Alias:
    """One entry: whatever is printed as the name or an alias is the entity of that name.

    With `title` it is so only where the article prints a title that holds it: two people of one name can be told
    apart.
    """

    name: str
    label: str
    aliases: tuple[str, ...]
    title: str | None = None


@dataclass(frozen=True)
class Aliases:
    """The entries by label and name printed, in the order of the file."""

    by_name: dict[tuple[str, str], list[Alias]] = field(default_factory=dict)

    def find(self, entity: LocalEntity) -> Alias | None:
        """The first entry that speaks of what one article names; None where none does.

        A name of several words is looked up under other labels as well: where a person was taken for a company, the
        user's word says otherwise.
        """
        if not self.by_name:
            return None
        titles = entity.titles.lower()
        for name in [entity.name, *filter(None, entity.aliases.split("; "))]:
            others = [label for label in ENTITY_LABELS if label != entity.label] if " " in name else []
            labels = [entity.label, *others]
            for alias in [one for label in labels for one in self.by_name.get((label, name.casefold()), [])]:
                if alias.title is None or alias.title.lower() in titles:
                    return alias
        return None


def read_aliases(path: Path | None) -> Aliases:
    """The aliases of a TOML file with tables [[entity]]; none where there is no file.

    ValueError says which entry is wrong and what it should hold.
    """
    if path is None or not path.exists():
        return Aliases()
    entries = tomllib.loads(path.read_text("utf-8")).get("entity", [])
    by_name: dict[tuple[str, str], list[Alias]] = defaultdict(list)
    for number, entry in enumerate(entries, start=1):
        alias = _read_entry(entry, f"{path.name}: entity {number}")
        for name in (alias.name, *alias.aliases):
            by_name[alias.label, name.casefold()].append(alias)
    return Aliases(dict(by_name))


def _read_entry(entry: dict, place: str) -> Alias:
    name, label = entry.get("name"), entry.get("label", "PERSON")
    aliases, title = entry.get("aliases", []), entry.get("title")
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f'{place} has no name: write name = "Full Name"')
    if unknown := set(entry) - _FIELDS:
        raise ValueError(f"{place} ({name}) has unknown fields {sorted(unknown)}: known are {sorted(_FIELDS)}")
    if label not in ENTITY_LABELS:
        raise ValueError(f"{place} ({name}) has the label {label!r}: write one of {', '.join(ENTITY_LABELS)}")
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise ValueError(f"{place} ({name}): aliases is a list of names in quotation marks")
    if title is not None and not isinstance(title, str):
        raise ValueError(f"{place} ({name}): title is words of a title in quotation marks")
    return Alias(name, label, tuple(aliases), title)
