"""Entities that earlier runs published, so that ids stay and what proves to be one keeps all its ids."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from schemas import Entity
from tasks.resolve.name_keys import entity_key, read_national, tells_country
from tasks.resolve.title_comparison import titles_conflict
from tasks.resolve.titles import normalize_title


@dataclass(frozen=True)
class KnownEntities:
    """Published entities by id and by the keys under which they are found again."""

    by_id: dict[str, Entity] = field(default_factory=dict)
    ids_by_key: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, entities: Iterable[Entity]) -> "KnownEntities":
        """The given rows; those of one key come with the first seen first."""
        by_id = {entity.entity_id: entity for entity in entities}
        ids_by_key: dict[str, list[str]] = defaultdict(list)
        for entity in sorted(by_id.values(), key=lambda item: (item.first_seen_at, item.entity_id)):
            for key in entity_keys(entity):
                ids_by_key[key].append(entity.entity_id)
        return cls(by_id, {key: tuple(ids) for key, ids in ids_by_key.items()})

    def find(self, keys: Iterable[str], titles: Iterable[str]) -> list[str]:
        """Ids that earlier runs gave under these keys, those first seen first.

        Left out are those merged into others, and people whose usual title conflicts with all of `titles`: namesakes.
        """
        normalized = [normalize_title(title) for title in titles]
        found = []
        for entity_id in dict.fromkeys(id for key in sorted(keys) for id in self.ids_by_key.get(key, ())):
            entity = self.by_id[entity_id]
            usual = normalize_title(entity.usual_title) if entity.usual_title else None
            is_other = usual and normalized and all(titles_conflict(usual, title) for title in normalized)
            if entity.merged_into is None and not is_other:
                found.append(entity_id)
        return sorted(found, key=lambda id: (self.by_id[id].first_seen_at, id))

    def merged_rows(self, merged: dict[str, str]) -> list[Entity]:
        """Rows of the ids that stand for others now: those in `merged` and those of earlier runs.

        Counts are zero, since all mentions are the other's; an id merged into one that was merged itself leads to
        the last one.
        """
        into = {id: entity.merged_into for id, entity in self.by_id.items() if entity.merged_into} | merged
        rows = []
        for entity_id in sorted(into):
            target = into[entity_id]
            passed = {entity_id}
            while target in into and target not in passed:
                passed.add(target)
                target = into[target]
            rows.append(
                replace(
                    self.by_id[entity_id],
                    aliases="",
                    alias_count=0,
                    mention_count=0,
                    article_count=0,
                    quote_count=0,
                    usual_title=None,
                    merged_into=target,
                )
            )
        return rows


def entity_keys(entity: Entity) -> list[str]:
    """Keys under which a later run finds this entity again.

    A national body of some country is not found by a name without it: "Foreign Ministry" is another's as well.
    """
    names = [entity.name, *filter(None, entity.aliases.split("; "))]
    if entity.label == "ORG" and any(tells_country(name) for name in names):
        names = [name for name in names if tells_country(name) or not read_national(name)]
    return list(dict.fromkeys(key for name in names if (key := entity_key(name, entity.label)) is not None))
