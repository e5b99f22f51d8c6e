"""Rows of entities and of the titles printed for them."""

from collections import Counter, defaultdict
from datetime import timedelta

from schemas import Entity, EntityTitle
from tasks.resolve.groups import ArticleContext, Group, titles_of
from tasks.resolve.names import name_words
from tasks.resolve.title_comparison import holds_office, titles_conflict
from tasks.resolve.titles import normalize_title, office_and_country

# What is told of an office is compared over so long a time: few change theirs within a year, many within several.
OFFICE_LASTS = timedelta(days=365)


def entity_row(entity_id: str, group: Group, contexts: dict[str, ArticleContext], quote_count: int) -> Entity:
    """The row of one entity."""
    members, name = group.members, group.name
    aliases = {alias for item in members for alias in (item.name, *filter(None, item.aliases.split("; ")))} - {name}
    labels = Counter(item.label for item in members)
    seen = [contexts[item.article_id].seen_at for item in members]
    return Entity(
        entity_id=entity_id,
        name=name,
        label=group.label if group.alias else min(labels, key=lambda label: (-labels[label], label)),
        aliases="; ".join(sorted(aliases, key=lambda alias: (-len(name_words(alias)), alias))),
        alias_count=len(aliases),
        mention_count=sum(item.mention_count for item in members),
        article_count=len({item.article_id for item in members}),
        quote_count=quote_count,
        usual_title=_usual_title(group, contexts),
        first_seen_at=min(seen),
        last_seen_at=max(seen),
    )


def _usual_title(group: Group, contexts: dict[str, ArticleContext], *, of_office: bool = False) -> str | None:
    """The title that most outlets print, then most articles; of its wordings the one printed most.

    Offices that do not conflict bear each other out, and what is no office, "diplomat", only its like; with
    `of_office` that is left out.
    """
    outlets: dict[str, set[str]] = defaultdict(set)
    wordings: dict[str, Counter[str]] = defaultdict(Counter)
    for item in group.members:
        for title in titles_of(item):
            office = normalize_title(title)
            outlets[office].add(contexts[item.article_id].outlet)
            wordings[office][title] += 1
    offices = {office for office in outlets if holds_office(office)}
    wanted = offices if of_office else outlets.keys()
    if not wanted:
        return None

    def support(office: str) -> tuple[int, bool, int, int]:
        # "Deputy minister" is borne out by outlets that print "Russian deputy minister" as well.
        like = offices if office in offices else outlets.keys() - offices
        agreeing = [other for other in like if not titles_conflict(office, other)]
        backing = set().union(*(outlets[other] for other in agreeing))
        return len(backing), office in offices, sum(wordings[office].values()), len(office)

    office = max(sorted(wanted), key=support)
    return min(wordings[office], key=lambda title: (-wordings[office][title], title))


def _may_contradict(one: ArticleContext, other: ArticleContext) -> bool:
    is_same_story = one.story_id is not None and one.story_id == other.story_id
    return one.outlet != other.outlet and (is_same_story or abs(one.seen_at - other.seen_at) <= OFFICE_LASTS)


def title_rows(entity_id: str, group: Group, contexts: dict[str, ArticleContext]) -> list[EntityTitle]:
    """One row per title and article; a title conflicts when another outlet prints one of another office.

    It does so of the same story, or of about the same time: a vice-president may be president years later.
    `is_usual` tells whether it may be the office that most outlets print, whatever they call the person besides.
    """
    printed = {(item.article_id, title): normalize_title(title) for item in group.members for title in titles_of(item)}
    usual = normalize_title(_usual_title(group, contexts, of_office=True) or "")
    rows = []
    for (article_id, title), normalized in sorted(printed.items()):
        context = contexts[article_id]
        rivals = {other for (rival, _), other in printed.items() if _may_contradict(contexts[rival], context)}
        office, country = office_and_country(title)
        rows.append(
            EntityTitle(
                entity_id=entity_id,
                article_id=article_id,
                title=title,
                normalized_title=normalized,
                office=office,
                country=country,
                is_usual=not titles_conflict(normalized, usual),
                conflicts=any(titles_conflict(normalized, other) for other in rivals),
            )
        )
    return rows
