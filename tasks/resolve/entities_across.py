"""Who is who across articles and runs: local entities to entities with lasting ids."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

from schemas import Entity, LocalEntity
from tasks.resolve.aliases import Alias, Aliases
from tasks.resolve.groups import ArticleContext, Group, titles_of
from tasks.resolve.known import KnownEntities
from tasks.resolve.name_keys import entity_key
from tasks.resolve.names_across import join_names, with_usual_labels
from tasks.resolve.people import join_people
from tasks.resolve.titles import normalize_title


@dataclass(frozen=True)
class Joined:
    """Groups by entity_id, and ids of earlier runs that are another's now."""

    groups: dict[str, Group]
    merged: dict[str, str]


def join_entities(
    local: Iterable[LocalEntity],
    contexts: dict[str, ArticleContext],
    known: KnownEntities | None = None,
    aliases: Aliases | None = None,
) -> Joined:
    """Local entities of all articles as entities.

    What the user's aliases say is so. Else people of one full name are one, unless genders tell two, or offices in
    another story that names nobody and nothing else of theirs; spellings of a name are one within a story, or where
    the offices agree; a surname alone is the only person of that surname in its story or with that office, or who is
    well known by it, or else nobody but itself. Ids of `known` stay.
    """
    known, aliases = known or KnownEntities(), aliases or Aliases()
    ordered = sorted(local, key=lambda item: (contexts[item.article_id].seen_at, item.local_id))
    told: dict[Alias, Group] = {}
    rest = []
    for item in ordered:
        if alias := aliases.find(item):
            group = told.setdefault(alias, Group(alias=alias))
            group.add(item, contexts[item.article_id].story_id)
        else:
            rest.append(item)
    rest = with_usual_labels(rest)
    people = [item for item in rest if item.label == "PERSON"]
    others = [item for item in rest if item.label != "PERSON"]
    # Whom an alias knows by the title alone is nobody else: others of that name are left to themselves.
    open_to_others = [group for alias, group in told.items() if group.label == "PERSON" and alias.title is None]
    closed = [group for group in told.values() if not any(group is one for one in open_to_others)]
    groups = [*closed, *join_people(people, contexts, others, open_to_others), *join_names(others, contexts)]
    return _with_ids(groups, known, contexts)


def _with_ids(groups: list[Group], known: KnownEntities, contexts: dict[str, ArticleContext]) -> Joined:
    """The groups under their ids: those of earlier runs where they have one, else ids made of what was seen first."""
    ordered = sorted(groups, key=lambda item: -len(item.members))
    own, others = _share_out([_known_ids(group, known, contexts) for group in ordered], ordered, known, contexts)
    named: dict[str, Group] = {}
    taken = {*own.values(), *others}
    for number, group in enumerate(ordered):
        entity_id = own[number] if number in own else _new_id(group, taken, known, contexts)
        taken.add(entity_id)
        named[entity_id] = group
    # Who has another's id has one of its own already.
    return Joined(named, {other: own[owner] for other, owner in others.items()})


def _share_out(
    found: list[list[str]], groups: list[Group], known: KnownEntities, contexts: dict[str, ArticleContext]
) -> tuple[dict[int, str], dict[str, int]]:
    """By number of the group the id of an earlier run that is its own; and the ids left over, by whose they are now.

    `found` are the ids that each group may have. Namesakes are found by the ids of each other: the best fitting pairs
    of id and group are taken first, and no group takes a second id that another has to have.
    """
    pairs = [(number, entity_id) for number, ids in enumerate(found) for entity_id in ids]
    traits = {number: _Traits.of(groups[number], contexts) for number in {number for number, _ in pairs}}
    claims = {pair: traits[pair[0]].claim(known.by_id[pair[1]]) for pair in pairs}
    # Of equal claims that of the larger group, and on the id first seen.
    pairs.sort(key=lambda pair: claims[pair], reverse=True)
    own: dict[int, str] = {}
    given: set[str] = set()
    for number, entity_id in pairs:
        if number not in own and entity_id not in given:
            own[number] = entity_id
            given.add(entity_id)
    others: dict[str, int] = {}
    for number, entity_id in pairs:
        if entity_id not in given:
            others.setdefault(entity_id, number)
    return own, others


@dataclass(frozen=True)
class _Traits:
    """What of a group is compared with entities of earlier runs."""

    key: str | None
    titles: set[str]
    first_seen_at: datetime
    mentions: int

    @classmethod
    def of(cls, group: Group, contexts: dict[str, ArticleContext]) -> "_Traits":
        first_seen_at = min(contexts[article].seen_at for article in group.articles)
        mentions = sum(item.mention_count for item in group.members)
        return cls(entity_key(group.name, group.label), group.titles, first_seen_at, mentions)

    def claim(self, entity: Entity) -> tuple[int, float]:
        """How well an entity of an earlier run fits: what they agree in, and how near their mentions come.

        In the name ("Supreme Court" is one of "U.S. Supreme Court" as well), a title, and when they were seen first.
        The group may have grown since, or a part of it turned out to be another.
        """
        agreeing = (
            self.key == entity_key(entity.name, entity.label),
            entity.usual_title is not None and normalize_title(entity.usual_title) in self.titles,
            self.first_seen_at == entity.first_seen_at,
        )
        fewer, more = sorted((self.mentions, entity.mention_count))
        return sum(agreeing), fewer / max(more, 1)


def _known_ids(group: Group, known: KnownEntities, contexts: dict[str, ArticleContext]) -> list[str]:
    """Ids of earlier runs that may be the group's, the one to keep first."""
    if not known.by_id:
        return []
    ids = known.find(group.keys, [title for item in group.members for title in titles_of(item)])
    return list(dict.fromkeys([*ids, *_ids_alone(group, known, contexts)]))


def _ids_alone(group: Group, known: KnownEntities, contexts: dict[str, ArticleContext]) -> list[str]:
    """Ids of earlier runs that members had while nothing but their surname was known."""
    found = []
    for item in group.members:
        if entity_key(item.name, item.label) is None:
            story = contexts[item.article_id].story_id or item.article_id
            parts = (*sorted(map(normalize_title, titles_of(item))), story, item.local_id)
            found += [_id_of("person", f"{item.name}|{part}") for part in parts]
    return [id for id in dict.fromkeys(found) if id in known.by_id and known.by_id[id].merged_into is None]


def _id_of(kind: str, key: str) -> str:
    return f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _new_id(group: Group, taken: set[str], known: KnownEntities, contexts: dict[str, ArticleContext]) -> str:
    """An id made of the name seen first; a namesake's of its title or story as well.

    A surname alone is not looked up among those known; in its story it finds the id again that it had.
    """
    first = group.members[0]
    kind = "person" if group.label == "PERSON" else "entity"
    own = entity_key(first.name, group.label)
    story = contexts[first.article_id].story_id or first.article_id
    parts = (*sorted(group.titles)[:1], story, first.local_id)
    # An id that was another's, or is merged into it, is never given again: in the end they are numbered.
    numbered = (f"{first.local_id}|{number}" for number in count(2))
    keys = chain([own] if own else [], (f"{own or first.name}|{part}" for part in chain(parts, numbered)))

    def is_free(entity_id: str) -> bool:
        before = known.by_id.get(entity_id)
        is_itself = own is None and before is not None and before.name == first.name and before.merged_into is None
        return entity_id not in taken and (before is None or is_itself)

    return next(filter(is_free, (_id_of(kind, key) for key in keys)))
