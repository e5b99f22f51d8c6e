"""Which mentions of one article are one person: full names, surnames, first names."""

import math
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from schemas import EntityMention
from tasks.resolve.clusters import Cluster
from tasks.resolve.names import (
    PARTICLES,
    agree_in_full,
    fold_word,
    folded_words,
    is_close,
    name_words,
    split_name,
)
from tasks.resolve.titles import (
    gender_of_apposition,
    gender_of_title,
    honorific_before,
    title_after,
    title_before,
    title_before_comma,
)


@dataclass
class _Person:
    """A person under construction: the full names, and where named in full and by one name alone."""

    cluster: Cluster
    full_names: set[str] = field(default_factory=set)
    full_places: list[int] = field(default_factory=list)
    short_places: list[int] = field(default_factory=list)
    short_names: list[str] = field(default_factory=list)

    def add(self, mention: EntityMention, *, is_full: bool) -> None:
        """Takes the mention in."""
        self.cluster.mentions.append(mention)
        if is_full:
            self.full_names.add(mention.text)
            self.full_places.append(mention.start_char)
        else:
            self.short_places.append(mention.start_char)
            self.short_names.append(fold_word(mention.text))


def cluster_people(mentions: list[EntityMention], text: str) -> list[Cluster]:
    """Clusters of the people among an article's mentions, each with its titles and genders.

    Full names come first; a surname or a first name alone then joins the person it fits. Where it fits several,
    that one is meant who is mostly called by it, who came first, and who was named last.
    """
    found = [mention for mention in mentions if mention.label == "PERSON"]
    people: list[_Person] = []
    for mention in found:
        if _is_full(mention.text):
            same = [person for person in people if _fits_full(person, mention, text)]
            person = same[-1] if same else _added(people)
            person.add(mention, is_full=True)
    # "Mr. Lind" beside Ann Lind alone is somebody else, to whom "Lind" may lead as well.
    for mention in sorted(found, key=lambda item: honorific_before(text, item.start_char)[1] is None):
        if not _is_full(mention.text):
            fitting = [person for person in people if _fits_short(person, mention, text)]
            person = _meant(fitting, mention) if fitting else _added(people)
            person.add(mention, is_full=False)
    ends = sorted(mention.end_char for mention in found)
    starts = sorted(mention.start_char for mention in found)
    for person in people:
        person.cluster.mentions.sort(key=lambda mention: mention.start_char)
        _read_titles(person.cluster, text, starts, ends)
    return [person.cluster for person in people]


def _added(people: list[_Person]) -> _Person:
    people.append(_Person(Cluster("", "PERSON")))
    return people[-1]


def _is_full(name: str) -> bool:
    words = name_words(name)
    # "Al Reyes" and "Van Moor" have a first name; "al Reyes" and "De Moor" have none.
    return len(words) > 1 and (words[0] in ("Al", "Van") or words[0].lower() not in PARTICLES)


def _fits_full(person: _Person, mention: EntityMention, text: str) -> bool:
    if not person.full_names or not all(agree_in_full(name, mention.text) for name in person.full_names):
        return False
    return _fits_gender(person.cluster, mention, text)


def _fits_short(person: _Person, mention: EntityMention, text: str) -> bool:
    short = mention.text
    if not person.full_names:
        is_same = all(fold_word(name) == fold_word(short) or is_close(name, short) for name in person.cluster.names)
        return is_same and _fits_gender(person.cluster, mention, text)
    is_named = any(_ends_with(name, short) or _is_first_of(name, short) for name in person.full_names)
    return is_named and _fits_gender(person.cluster, mention, text)


def _ends_with(full_name: str, short: str) -> bool:
    """Whether the short name is the surname, one of two surnames, or a slip of the pen in one."""
    words, wanted = folded_words(full_name), folded_words(short)
    if not wanted:
        return False
    if len(wanted) > 1:
        return words[-len(wanted) :] == wanted
    return wanted[0] in words[1:] or is_close(words[-1], wanted[0])


def _is_first_of(full_name: str, short: str) -> bool:
    first, _ = split_name(full_name)
    return bool(first) and fold_word(first[0]) == fold_word(short)


def _fits_gender(cluster: Cluster, mention: EntityMention, text: str) -> bool:
    _, gender = honorific_before(text, mention.start_char)
    if gender is None:
        return True
    if any(honorific_before(text, other.start_char)[1] not in (None, gender) for other in cluster.mentions):
        return False
    return cluster.gender in (None, gender)


# How much speaks for a person where a short name fits several: being mostly called by it, having come first, and
# having been named lately, at this many characters' distance a third as much. Chosen on data/gold/speakers.
_CALLED_SO, _NAMED_IN_FULL, _CAME_FIRST, _LATELY, _LATELY_REACH = 1.0, 0.3, 0.6, 0.8, 600


def _meant(fitting: list[_Person], mention: EntityMention) -> _Person:
    """Of several people the one whom the short name means."""
    if len(fitting) == 1:
        return fitting[0]
    position, name = mention.start_char, fold_word(mention.text)
    first = min(fitting, key=lambda person: min(person.full_places + person.short_places))

    def score(person: _Person) -> float:
        before = [place for place in person.full_places + person.short_places if place < position]
        in_full = sum(place < position for place in person.full_places)
        called = math.log2(1 + person.short_names.count(name))
        lately = math.exp((max(before) - position) / _LATELY_REACH) if before else 0.0
        return _CALLED_SO * called + _NAMED_IN_FULL * in_full**0.5 + _CAME_FIRST * (person is first) + _LATELY * lately

    return max(fitting, key=score)


def _read_titles(cluster: Cluster, text: str, starts: list[int], ends: list[int]) -> None:
    """Counts the titles and genders printed at the mentions; `starts` and `ends` are people's mentions', ascending."""
    for mention in cluster.mentions:
        place = bisect_right(ends, mention.start_char)
        floor = ends[place - 1] if place else 0
        following = bisect_right(starts, mention.start_char)
        ceiling = starts[following] if following < len(starts) else len(text)
        _, gender = honorific_before(text, mention.start_char)
        if gender:
            cluster.genders[gender] += 2
        if told := gender_of_apposition(text, mention.end_char):
            cluster.genders[told] += 1
        for title in (
            title_before(text, mention.start_char, floor=floor),
            title_before_comma(text, mention.start_char, mention.end_char),
            title_after(text, mention.end_char, ceiling=ceiling, is_full=_is_full(mention.text)),
        ):
            if title and len(title) <= 300:
                cluster.titles[title] += 1
                if told := gender_of_title(title):
                    cluster.genders[told] += 1


def read_caption_titles(people: list[Cluster], caption: str) -> None:
    """Counts the titles that a picture's caption prints for people of the article, named in full there."""
    found = []
    for cluster in people:
        for name in filter(_is_full, cluster.names):
            found += [(*match.span(), cluster) for match in re.finditer(rf"\b{re.escape(name)}\b", caption)]
    end_of_last = 0
    for start, end, cluster in sorted(found, key=lambda item: item[:2]):
        titles = (title_before(caption, start, floor=end_of_last), title_after(caption, end))
        cluster.titles.update(title for title in titles if title and len(title) <= 300)
        end_of_last = end
