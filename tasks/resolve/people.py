"""Who is who across articles and runs: local entities to entities with lasting ids."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from schemas import LocalEntity
from tasks.resolve.aliases import Alias, Aliases
from tasks.resolve.known import KnownEntities, entity_key
from tasks.resolve.names import agree_in_full, fold_name, split_name
from tasks.resolve.organisations import is_acronym
from tasks.resolve.titles import normalize_title, titles_agree, titles_conflict


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
    alias: Alias | None = None
    articles: set[str] = field(default_factory=set)
    stories: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)
    genders: set[str] = field(default_factory=set)

    def add(self, item: LocalEntity, story_id: str | None) -> None:
        """Takes one in."""
        self.members.append(item)
        self.articles.add(item.article_id)
        if story_id is not None:
            self.stories.add(story_id)
        self.titles |= {normalize_title(title) for title in titles_of(item)}
        self.names[item.name] += max(item.mention_count, 1)
        if item.gender:
            self.genders.add(item.gender)

    @property
    def name(self) -> str:
        """The user's name for it, else the usual full one: of those with a first name the one printed most."""
        if self.alias:
            return self.alias.name
        full = {name: count for name, count in self.names.items() if split_name(name)[0]} or dict(self.names)
        return min(full, key=lambda name: (-full[name], name))

    @property
    def label(self) -> str:
        """What the user says it is, else what was found first."""
        return self.alias.label if self.alias else self.members[0].label

    @property
    def keys(self) -> set[str]:
        """Keys of its names."""
        return {key for name in [self.name, *self.names] if (key := entity_key(name, self.label)) is not None}


@dataclass(frozen=True)
class Joined:
    """Groups by entity_id, and ids of earlier runs that are another's now."""

    groups: dict[str, Group]
    merged: dict[str, str]


def titles_of(item: LocalEntity) -> list[str]:
    """The titles that the article prints for it."""
    return [title for title in item.titles.split("; ") if title]


def join_entities(
    local: Iterable[LocalEntity],
    contexts: dict[str, ArticleContext],
    known: KnownEntities | None = None,
    aliases: Aliases | None = None,
) -> Joined:
    """Local entities of all articles as entities.

    What the user's aliases say is so. Else people of one full name are one, unless genders or offices in another
    story tell two; spellings of a name are one within a story, or where the offices agree; a surname alone is the
    only person of that surname in its story or with that office, or else nobody but itself. Ids of `known` stay.
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
    groups = [*told.values(), *_People(contexts).join([item for item in rest if item.label == "PERSON"])]
    groups += _join_names([item for item in rest if item.label != "PERSON"], contexts)
    return _with_ids(groups, known, contexts)


class _People:
    """Joins people; groups are looked up by folded name, by surname, and by story."""

    def __init__(self, contexts: dict[str, ArticleContext]) -> None:
        self.contexts = contexts
        self.groups: list[Group] = []
        self.by_name: dict[str, list[Group]] = defaultdict(list)
        self.by_surname: dict[str, list[Group]] = defaultdict(list)
        self.by_story: dict[str | None, list[Group]] = defaultdict(list)

    def join(self, people: list[LocalEntity]) -> list[Group]:
        """Groups of the people, those with a full name first."""
        for item in people:
            if split_name(item.name)[0]:
                self._put(item, self._find_full(item))
        for item in people:
            if not split_name(item.name)[0]:
                self._put(item, self._find_short(item))
        return self.groups

    def _put(self, item: LocalEntity, group: Group | None) -> None:
        story = self.contexts[item.article_id].story_id
        if group is None:
            group = Group()
            self.groups.append(group)
        group.add(item, story)
        surname = fold_name(split_name(item.name)[1]).split()
        for index, key in (
            (self.by_name, fold_name(item.name)),
            (self.by_surname, surname[-1] if surname else ""),
            (self.by_story, story),
        ):
            if not any(group is other for other in index[key]):  # type: ignore[index]
                index[key].append(group)  # type: ignore[index]

    def _find_full(self, item: LocalEntity) -> Group | None:
        story = self.contexts[item.article_id].story_id
        same = [group for group in self.by_name[fold_name(item.name)] if self._may_be(group, item, story)]
        if same:
            # Of namesakes the one in this story, else the one of this office.
            return max(same, key=lambda group: (story in group.stories, self._offices_agree(group, item)))
        if initialled := self._find_initialled(item, story):
            return initialled
        near = self.by_story[story] if story is not None else []
        near = [group for group in near if item.article_id not in group.articles and self._roles_fit(group, item)]
        spelled = [group for group in near if self._is_spelling(group, item)]
        surname = fold_name(split_name(item.name)[1]).split()
        others = self.by_surname[surname[-1]] if surname else []
        spelled += [group for group in others if self._offices_agree(group, item) and self._is_spelling(group, item)]
        return spelled[0] if spelled else None

    def _find_initialled(self, item: LocalEntity, story: str | None) -> Group | None:
        """The only person of that first name and surname, where initials between them are printed for one alone."""
        key = _without_initials(item.name)
        surname = key.split()[-1:]
        others = self.by_surname[surname[0]] if surname else []
        same = [
            group
            for group in others
            if any(_without_initials(name) == key for name in group.names) and self._may_be(group, item, story)
        ]
        return same[0] if len(same) == 1 else None

    def _find_short(self, item: LocalEntity) -> Group | None:
        story = self.contexts[item.article_id].story_id
        if story is not None:
            near = [group for group in self.by_story[story] if self._is_spelling(group, item)]
            if near:
                full = [group for group in near if split_name(group.name)[0]] or near
                return full[0] if len(full) == 1 and item.article_id not in full[0].articles else None
        surname = fold_name(item.name).split()
        others = self.by_surname[surname[-1]] if surname else []
        fitting = [group for group in others if self._offices_agree(group, item) and self._is_spelling(group, item)]
        return fitting[0] if len(fitting) == 1 and item.article_id not in fitting[0].articles else None

    def _may_be(self, group: Group, item: LocalEntity, story: str | None) -> bool:
        """Whether a person of that very name is the group's: not a father's son, nor a namesake of another office."""
        if item.gender and group.genders and item.gender not in group.genders:
            return False
        if not all(agree_in_full(name, item.name) for name in group.names):
            return False
        if story is not None and story in group.stories:
            return True
        return self._roles_fit(group, item)

    def _roles_fit(self, group: Group, item: LocalEntity) -> bool:
        """Whether some office printed for the one can be an office of the other, or none is printed."""
        titles = {normalize_title(title) for title in titles_of(item)}
        return not titles or not group.titles or not all(titles_conflict(a, b) for a in titles for b in group.titles)

    def _is_spelling(self, group: Group, item: LocalEntity) -> bool:
        if item.gender and group.genders and item.gender not in group.genders:
            return False
        return all(agree_in_full(name, item.name) for name in group.names)

    def _offices_agree(self, group: Group, item: LocalEntity) -> bool:
        titles = {normalize_title(title) for title in titles_of(item)}
        return any(titles_agree(one, other) for one in titles for other in group.titles)


def _without_initials(name: str) -> str:
    """The folded name without initials behind the first name."""
    first, *rest = fold_name(name).split() or [""]
    return " ".join([first, *(word for word in rest if len(word) > 1)])


def _join_names(others: list[LocalEntity], contexts: dict[str, ArticleContext]) -> list[Group]:
    """Groups of what is no person: by name, and acronyms with the one full name that they stand for."""
    groups: dict[str, Group] = {}
    full_names: dict[str, set[str]] = defaultdict(set)
    for item in others:
        key = entity_key(item.name, item.label) or item.name
        groups.setdefault(key, Group()).add(item, contexts[item.article_id].story_id)
        for alias in filter(None, item.aliases.split("; ")):
            if is_acronym(alias, item.name) and item.label == "ORG":
                full_names[entity_key(alias, item.label) or alias].add(key)
    for short, full in full_names.items():
        (target,) = full if len(full) == 1 else (None,)
        if target is not None and target != short and short in groups:
            for item in groups.pop(short).members:
                groups[target].add(item, contexts[item.article_id].story_id)
    return list(groups.values())


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
