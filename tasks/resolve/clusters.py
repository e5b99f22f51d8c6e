"""What one article names: mentions of one entity, with its names, titles and gender."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from schemas import EntityMention, LocalEntity
from tasks.resolve.names import CACHED_NAMES, gender_of_first_name, has_first_name, name_words


@dataclass
class Cluster:
    """Mentions of one entity in an article, in the order of the text.

    `known_as` is a fuller name than any mention has: a country's, of which its capital alone is named, or that of a
    national body with the country beside it.
    """

    local_id: str
    label: str
    mentions: list[EntityMention] = field(default_factory=list)
    titles: Counter[str] = field(default_factory=Counter)
    genders: Counter[str] = field(default_factory=Counter)
    known_as: str | None = None

    @property
    def names(self) -> Counter[str]:
        """How often each name is printed."""
        return Counter(mention.text for mention in self.mentions)

    @property
    def name(self) -> str:
        """What it is known as, else the fullest name, of those the one printed most, the first of those."""
        return self.known_as or _fullest(tuple(mention.text for mention in self.mentions))

    @property
    def gender(self) -> str | None:
        """The gender that forms of address and titles tell, else the first name."""
        if self.genders:
            return self.genders.most_common(1)[0][0]
        return gender_of_first_name(self.name) if self.label == "PERSON" else None


# The resolver asks for the same clusters' names over and over; a batch of articles has some thousand.
@lru_cache(maxsize=CACHED_NAMES)
def _fullest(printed: tuple[str, ...]) -> str:
    """Of names in the order of the text the fullest, of those the one printed most, the first of those."""
    names = Counter(printed)
    order = {name: position for position, name in enumerate(names)}
    return max(
        names,
        key=lambda name: (min(len(name_words(name)), 4), *_fullness(name), names[name], -order[name]),
        default="",
    )


def _fullness(name: str) -> tuple[bool, bool]:
    """Whether the first of several words is more than an initial, and whether the name stands in small letters."""
    return has_first_name(name), not name.isupper()


def local_entity_row(cluster: Cluster, article_id: str) -> LocalEntity:
    """The cluster as a row."""
    name = cluster.name
    return LocalEntity(
        local_id=cluster.local_id,
        article_id=article_id,
        name=name,
        label=cluster.label,
        aliases="; ".join(alias for alias in sorted(cluster.names) if alias != name),
        titles="; ".join(title for title, _ in cluster.titles.most_common()),
        gender=cluster.gender,
        mention_count=len(cluster.mentions),
    )
