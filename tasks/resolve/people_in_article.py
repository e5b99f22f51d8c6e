"""Who is who within one article: mentions of one person, organisation or place under one local id."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from schemas import EntityMention, LocalEntity
from tasks.resolve.names import (
    fold_name,
    gender_of_first_name,
    may_be_same_person,
    name_words,
)
from tasks.resolve.titles import gender_of_title, honorific_before, title_after, title_before


@dataclass
class Cluster:
    """Mentions of one entity in an article, in the order of the text."""

    local_id: str
    label: str
    mentions: list[EntityMention] = field(default_factory=list)
    titles: Counter = field(default_factory=Counter)
    genders: Counter = field(default_factory=Counter)

    @property
    def names(self) -> Counter:
        """How often each name is printed."""
        return Counter(mention.text for mention in self.mentions)

    @property
    def name(self) -> str:
        """The fullest name, of those the one printed most, the first of those."""
        names = self.names
        order = {name: position for position, name in enumerate(names)}
        return max(names, key=lambda name: (min(len(name_words(name)), 4), names[name], -order[name]))

    @property
    def gender(self) -> str | None:
        """The gender that forms of address and titles tell, else the first name."""
        if self.genders:
            return self.genders.most_common(1)[0][0]
        return gender_of_first_name(self.name) if self.label == "PERSON" else None


def cluster_mentions(mentions: list[EntityMention], text: str, article_id: str) -> list[Cluster]:
    """Clusters of one article's mentions, by first mention; each mention's local_id is set.

    Full names come first, then shorter ones join the person they fit who was named last before them, or else
    next after. A name of another label joins what has the same folded name.
    """
    clusters: list[Cluster] = []
    people = [mention for mention in mentions if mention.label == "PERSON"]
    for mention in sorted(people, key=lambda item: (len(name_words(item.text)) < 2, item.start_char)):
        fitting = [cluster for cluster in clusters if _fits(cluster, mention, text)]
        if fitting:
            _nearest(fitting, mention.start_char).mentions.append(mention)
        else:
            clusters.append(Cluster("", "PERSON", [mention]))
    others: dict[tuple[str, str], Cluster] = {}
    for mention in mentions:
        if mention.label != "PERSON":
            key = (mention.label, fold_name(mention.text) or mention.text)
            others.setdefault(key, Cluster("", mention.label)).mentions.append(mention)
    clusters += others.values()
    for cluster in clusters:
        cluster.mentions.sort(key=lambda mention: mention.start_char)
    clusters.sort(key=lambda cluster: cluster.mentions[0].start_char)
    ends = sorted(mention.end_char for mention in people)
    for number, cluster in enumerate(clusters):
        cluster.local_id = f"{article_id}:{number}"
        for mention in cluster.mentions:
            mention.local_id = cluster.local_id
        if cluster.label == "PERSON":
            _read_titles(cluster, text, ends)
    return clusters


def _fits(cluster: Cluster, mention: EntityMention, text: str) -> bool:
    if not all(may_be_same_person(name, mention.text) for name in cluster.names):
        return False
    _, gender = honorific_before(text, mention.start_char)
    known = cluster.gender
    return gender is None or known is None or gender == known


def _nearest(clusters: list[Cluster], position: int) -> Cluster:
    """The cluster mentioned last before `position`, else first after it."""

    def distance(cluster: Cluster) -> tuple[bool, int]:
        before = [position - mention.start_char for mention in cluster.mentions if mention.start_char < position]
        if before:
            return False, min(before)
        return True, min(abs(mention.start_char - position) for mention in cluster.mentions)

    return min(clusters, key=distance)


def _read_titles(cluster: Cluster, text: str, ends: list[int]) -> None:
    """Counts the titles and genders printed at the mentions; `ends` are where people's mentions end, ascending."""
    for mention in cluster.mentions:
        place = bisect_right(ends, mention.start_char)
        floor = ends[place - 1] if place else 0
        _, gender = honorific_before(text, mention.start_char)
        if gender:
            cluster.genders[gender] += 1
        for title in (title_before(text, mention.start_char, floor=floor), title_after(text, mention.end_char)):
            if title and len(title) <= 300:
                cluster.titles[title] += 1
                if told := gender_of_title(title):
                    cluster.genders[told] += 1


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
