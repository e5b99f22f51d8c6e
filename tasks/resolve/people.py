"""Who is who across articles and runs: local entities to entities with lasting ids."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from schemas import Entity, EntityTitle, LocalEntity
from tasks.resolve.names import fold_name, may_be_same_person, name_words, split_name
from tasks.resolve.titles import load_countries, normalize_title, titles_conflict


@dataclass(frozen=True)
class ArticleContext:
    """What joining needs to know of an article; `seen_at` is when it was published, else fetched."""

    story_id: str | None
    outlet: str
    seen_at: datetime


@dataclass
class Group:
    """Local entities that are one."""

    members: list[LocalEntity] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def names(self) -> Counter:
        """Mentions by name, the fullest of each article counting for all its mentions."""
        counted: Counter = Counter()
        for member in self.members:
            counted[member.name] += max(member.mention_count, 1)
        return counted

    @property
    def name(self) -> str:
        """The usual full name: of the names with a first name, the one printed most; ties go by the alphabet."""
        full = {name: count for name, count in self.names.items() if split_name(name)[0]} or dict(self.names)
        return min(full, key=lambda name: (-full[name], name))

    @property
    def genders(self) -> set[str]:
        """Genders that the articles tell."""
        return {member.gender for member in self.members if member.gender}


def join_entities(
    local: Iterable[LocalEntity], contexts: dict[str, ArticleContext], known_ids: dict[str, str]
) -> dict[str, list[LocalEntity]]:
    """Local entities by entity_id.

    `known_ids` gives the entity_id that earlier runs gave to a key (see `entity_keys`): ids do not change when more
    is read. People of one full name are one; spellings of a name are one within a story; a surname alone is the
    only person of that surname in its story, or else nobody but itself.
    """
    ordered = sorted(local, key=lambda item: (contexts[item.article_id].seen_at, item.local_id))
    people = [item for item in ordered if item.label == "PERSON"]
    groups = _join_people(people, contexts)
    groups += _join_by_name([item for item in ordered if item.label != "PERSON"])
    named: dict[str, list[LocalEntity]] = {}
    for group in groups:
        entity_id = _entity_id(group, known_ids)
        named.setdefault(entity_id, []).extend(group.members)
    return named


def entity_keys(entity: Entity) -> list[str]:
    """Keys under which a later run finds this entity again."""
    kind = "person" if entity.label == "PERSON" else "entity"
    names = [entity.name, *filter(None, entity.aliases.split("; "))]
    if kind == "person":
        names = [name for name in names if split_name(name)[0]]
    return [f"{kind}:{_name_key(name, entity.label)}" for name in names]


def _name_key(name: str, label: str) -> str:
    folded = fold_name(name) or name.lower()
    if label == "PLACE":
        plain = name.lower().removeprefix("the ")
        return load_countries().get(plain, folded)
    return folded


def _join_people(people: list[LocalEntity], contexts: dict[str, ArticleContext]) -> list[Group]:
    full = [item for item in people if split_name(item.name)[0]]
    short = [item for item in people if not split_name(item.name)[0]]
    groups: list[Group] = []
    by_key: dict[str, Group] = {}
    by_story: dict[str | None, list[Group]] = defaultdict(list)
    for item in full:
        key = f"person:{fold_name(item.name)}"
        story = contexts[item.article_id].story_id
        group = by_key.get(key)
        if group is None and story is not None:
            group = next((other for other in by_story[story] if _is_spelling(other, item)), None)
        if group is None:
            group = Group()
            groups.append(group)
        by_key[key] = group
        group.keys.add(key)
        group.members.append(item)
        if not any(group is other for other in by_story[story]):
            by_story[story].append(group)
    for item in short:
        story = contexts[item.article_id].story_id
        fitting = [group for group in by_story[story] if story is not None and _is_spelling(group, item)]
        if len(fitting) == 1:
            fitting[0].members.append(item)
            continue
        key = f"person:{fold_name(item.name)}:{story or item.article_id}"
        if key not in by_key:
            by_key[key] = Group(keys={key})
            groups.append(by_key[key])
        by_key[key].members.append(item)
    return groups


def _is_spelling(group: Group, item: LocalEntity) -> bool:
    if item.gender and group.genders and item.gender not in group.genders:
        return False
    return all(may_be_same_person(name, item.name) for name in group.names)


def _join_by_name(others: list[LocalEntity]) -> list[Group]:
    groups: dict[str, Group] = {}
    for item in others:
        key = f"entity:{_name_key(item.name, item.label)}"
        group = groups.setdefault(key, Group(keys={key}))
        group.members.append(item)
    return list(groups.values())


def _entity_id(group: Group, known_ids: dict[str, str]) -> str:
    """The id of earlier runs where a key has one, else one made of the key seen first."""
    keys = sorted(group.keys)
    for key in keys:
        if key in known_ids:
            return known_ids[key]
    first = group.members[0]
    kind = "person" if first.label == "PERSON" else "entity"
    own = f"{kind}:{_name_key(first.name, first.label)}"
    key = own if own in group.keys else keys[0]
    return f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def entity_row(
    entity_id: str, members: list[LocalEntity], contexts: dict[str, ArticleContext], quote_count: int
) -> Entity:
    """The row of one entity."""
    group = Group(members=members)
    name = group.name
    aliases = {alias for item in members for alias in (item.name, *filter(None, item.aliases.split("; ")))} - {name}
    labels = Counter(item.label for item in members)
    titles = Counter(title for item in members for title in filter(None, item.titles.split("; ")))
    seen = [contexts[item.article_id].seen_at for item in members]
    return Entity(
        entity_id=entity_id,
        name=name,
        label=min(labels, key=lambda label: (-labels[label], label)),
        aliases="; ".join(sorted(aliases, key=lambda alias: (-len(name_words(alias)), alias))),
        alias_count=len(aliases),
        mention_count=sum(item.mention_count for item in members),
        article_count=len({item.article_id for item in members}),
        quote_count=quote_count,
        usual_title=min(titles, key=lambda title: (-titles[title], title)) if titles else None,
        first_seen_at=min(seen),
        last_seen_at=max(seen),
    )


def title_rows(entity_id: str, members: list[LocalEntity], contexts: dict[str, ArticleContext]) -> list[EntityTitle]:
    """One row per title and article; a title conflicts when another outlet prints one of another office."""
    printed = {
        (item.article_id, title): normalize_title(title)
        for item in members
        for title in filter(None, item.titles.split("; "))
    }
    rows = []
    for (article_id, title), normalized in sorted(printed.items()):
        outlet = contexts[article_id].outlet
        rivals = {other for (other_article, _), other in printed.items() if contexts[other_article].outlet != outlet}
        rows.append(
            EntityTitle(
                entity_id=entity_id,
                article_id=article_id,
                title=title,
                normalized_title=normalized,
                conflicts=any(titles_conflict(normalized, other) for other in rivals),
            )
        )
    return rows
