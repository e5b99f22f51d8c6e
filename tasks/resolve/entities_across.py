"""Who is who across articles and runs: local entities to entities with lasting ids."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from schemas import LocalEntity
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
    """The groups under their ids: those of earlier runs where they have one, else ids made of what was seen first.

    Of namesakes an id is that one's for whom most articles print the title that went with it, else the larger one's.
    """
    ordered = sorted(groups, key=lambda item: -len(item.members))
    found = [_known_ids(group, known, contexts) for group in ordered]
    rivals: dict[str, list[int]] = defaultdict(list)
    for number, ids in enumerate(found):
        for entity_id in ids:
            rivals[entity_id].append(number)
    owners = {
        entity_id: max(numbers, key=lambda number: _count_title(ordered[number], known.by_id[entity_id].usual_title))
        for entity_id, numbers in rivals.items()
    }
    named: dict[str, Group] = {}
    merged: dict[str, str] = {}
    taken = set(owners)
    for number, group in enumerate(ordered):
        ids = [entity_id for entity_id in found[number] if owners[entity_id] == number]
        entity_id = ids[0] if ids else _new_id(group, taken, known, contexts)
        merged |= dict.fromkeys(ids[1:], entity_id)
        taken.add(entity_id)
        named[entity_id] = group
    return Joined(named, merged)


def _known_ids(group: Group, known: KnownEntities, contexts: dict[str, ArticleContext]) -> list[str]:
    """Ids of earlier runs that may be the group's, the one to keep first."""
    ids = known.find(group.keys, [title for item in group.members for title in titles_of(item)])
    return list(dict.fromkeys([*ids, *_ids_alone(group, known, contexts)]))


def _count_title(group: Group, title: str | None) -> int:
    """How many members the title is printed for."""
    if title is None:
        return 0
    wanted = normalize_title(title)
    return sum(wanted in map(normalize_title, titles_of(item)) for item in group.members)


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
    keys = [own] if own else []
    keys += [f"{own or first.name}|{part}" for part in (*sorted(group.titles)[:1], story, first.local_id)]
    for key in keys:
        entity_id = _id_of(kind, key)
        before = known.by_id.get(entity_id)
        is_itself = own is None and before is not None and before.name == first.name and before.merged_into is None
        if entity_id not in taken and (before is None or is_itself):
            return entity_id
    raise AssertionError(f"no id is free for {first.local_id}")
