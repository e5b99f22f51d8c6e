"""Which organisations, places and groups of several articles are one, and what each name is."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from schemas import LocalEntity
from tasks.resolve.groups import ArticleContext, Group
from tasks.resolve.name_keys import entity_key, is_company_short, read_national
from tasks.resolve.organisations import country_of, is_acronym
from tasks.resolve.titles import load_title_words

# So many articles, and so large a share of them, tell what a name is that others take for something else. Chosen by
# reading the names of two labels among 298 posts of a blog.
TOLD_BY, USUAL_SHARE = 3, 0.75
# A country must be named so much more often than another for a body named without one to be its.
CLEARLY_MORE = 2.0


def with_usual_labels(local: Iterable[LocalEntity]) -> list[LocalEntity]:
    """The local entities; where nearly all articles take a name for one thing, it is that in the others as well.

    One word that is a person's name in most articles may be a place's elsewhere.
    """
    items = list(local)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        votes[item.name.casefold()][item.label] += 1
    labels = [_usual_label(item, votes[item.name.casefold()]) for item in items]
    return [
        item if label == item.label else replace(item, label=label) for item, label in zip(items, labels, strict=True)
    ]


def _usual_label(item: LocalEntity, votes: Counter[str]) -> str:
    label, count = votes.most_common(1)[0]
    is_told = count >= TOLD_BY and count >= USUAL_SHARE * votes.total()
    return label if is_told and (" " in item.name or label in ("ORG", "PLACE")) else item.label


def join_names(others: list[LocalEntity], contexts: dict[str, ArticleContext]) -> list[Group]:
    """Groups of what is no person: by name, and acronyms and companies' short names with the one full name.

    A national body without a country is the one whose country its article names, or names most.
    """
    groups: dict[str, Group] = {}
    full_names: dict[str, set[str]] = defaultdict(set)
    for item in others:
        key = entity_key(item.name, item.label) or item.name
        groups.setdefault(key, Group()).add(item, contexts[item.article_id].story_id)
        for alias in filter(None, item.aliases.split("; ")):
            if item.label == "ORG" and (is_acronym(alias, item.name) or is_company_short(alias, item.name)):
                full_names[entity_key(alias, item.label) or alias].add(key)
    for short, full in full_names.items():
        (target,) = full if len(full) == 1 else (None,)
        if target is not None and target != short and short in groups:
            for item in groups.pop(short).members:
                groups[target].add(item, contexts[item.article_id].story_id)
    _place_national_bodies(groups, others, contexts)
    return list(groups.values())


def _place_national_bodies(
    groups: dict[str, Group], others: list[LocalEntity], contexts: dict[str, ArticleContext]
) -> None:
    """Moves bodies without a country into the groups of the countries that their articles tell of."""
    of_country: dict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups.values():
        national = read_national(group.members[0].name) if group.members[0].label == "ORG" else None
        if national and national.country:
            of_country[national.body][national.country] = group
    named = _count_countries(others)
    for body, by_country in of_country.items():
        bare = groups.pop(f"entity:{body}", None)
        left = Group()
        for item in bare.members if bare else ():
            country = _clearly_named(named[item.article_id], by_country)
            (by_country[country] if country else left).add(item, contexts[item.article_id].story_id)
        if left.members:
            groups[f"entity:{body}"] = left


def _count_countries(others: list[LocalEntity]) -> dict[str, Counter[str]]:
    """How often each article names a country: by its name, people, capital, states and bodies."""
    states = set(load_title_words().states.values())
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for item in others:
        national = read_national(item.name) if item.label == "ORG" else None
        country = national.country if national else country_of(item.name)
        if item.label == "PLACE" and item.name in states:
            country = "us"
        if country:
            counts[item.article_id][country] += max(item.mention_count, 1)
    return counts


def _clearly_named(counts: Counter[str], countries: Iterable[str]) -> str | None:
    """Of the countries the one that is named clearly more often than the others; None where none is."""
    ranked = sorted(((counts[country], country) for country in countries), reverse=True)
    others = ranked[1][0] if len(ranked) > 1 else 0
    count, country = ranked[0]
    return country if count > 0 and count >= CLEARLY_MORE * others else None
