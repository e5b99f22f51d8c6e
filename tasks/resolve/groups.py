"""Local entities that are one entity: their names, titles and articles together."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from schemas import LocalEntity
from tasks.resolve.aliases import Alias
from tasks.resolve.name_keys import entity_key, tells_country
from tasks.resolve.names import has_first_name, split_name
from tasks.resolve.organisations import country_of, is_capital, printed_country
from tasks.resolve.phrases import singular
from tasks.resolve.titles import normalize_title


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
        """The user's name for it, else the one printed most of those that say most.

        A person's has a first name, in full if any has, an organisation's two words or more and, of a national body,
        the country; a country's is the usual one, a group's its people.
        """
        if self.alias:
            return self.alias.name
        names, label = dict(self.names), self.members[0].label
        if label == "PLACE":
            country = next((found for name in names if not is_capital(name) and (found := country_of(name))), None)
            if country:
                return printed_country(country)
        if label in ("PERSON", "ORG"):
            names = {name: count for name, count in names.items() if split_name(name)[0]} or names
        if label == "PERSON":
            names = {name: count for name, count in names.items() if has_first_name(name)} or names
        if label == "ORG":
            names = {name: count for name, count in names.items() if tells_country(name)} or names
        if label == "GROUP":
            names = {name: count for name, count in names.items() if singular(name) != name} or names
        return min(names, key=lambda name: (-names[name], name))

    @property
    def label(self) -> str:
        """What the user says it is, else what was found first."""
        return self.alias.label if self.alias else self.members[0].label

    @property
    def keys(self) -> set[str]:
        """Keys of its names."""
        return {key for name in [self.name, *self.names] if (key := entity_key(name, self.label)) is not None}


def titles_of(item: LocalEntity) -> list[str]:
    """The titles that the article prints for it."""
    return [title for title in item.titles.split("; ") if title] if item.titles else []
