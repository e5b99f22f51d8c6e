"""Speaker phrases that describe: "the mayor", "the German diplomat", "the company" lead to whom they describe."""

import re
from itertools import takewhile

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse
from tasks.resolve.names import fold_word
from tasks.resolve.organisations import country_of
from tasks.resolve.phrases import Phrase, load_phrase_words, singular
from tasks.resolve.pronouns import Focus
from tasks.resolve.titles import load_title_words

# What a title that holds the noun, a word more of it, its country and having held office before speak for somebody,
# beside how much the person stands out. Chosen on data/gold/speakers.
TITLE, MODIFIER, COUNTRY, TENURE = 2.0, 0.7, 1.2, 0.8
# Somebody without such a title must stand out so much: as one named as subject a paragraph before.
STANDS_OUT = 0.3
# "The agency" is an office or a bureau named at most so many paragraphs before.
KIND_REACH = 3
_TITLE_WORD = re.compile(r"[\w-]+")


def find_described(
    discourse: Discourse, focus: Focus, phrase: Phrase, position: int, spoken_of: set[str]
) -> Cluster | None:
    """The person whom the phrase at `position` describes; None where nobody fits.

    An office needs somebody who holds it; "the man" or "the 43-year-old" is who stands out most.
    """
    ranked = focus.rank(phrase.gender, position, spoken_of=spoken_of)
    heights = {cluster.local_id: height for height, cluster in ranked}
    is_anybody = phrase.noun in _told_by_little()
    says_of_what = _says_of_what({singular(word) for word in phrase.words[:-1]}, [])
    fitting: list[tuple[float, Cluster]] = []
    for cluster in discourse.clusters:
        if cluster.label != "PERSON" or (phrase.gender and cluster.gender not in (None, phrase.gender)):
            continue
        height = heights.get(cluster.local_id, 0.0)
        fit = fit_of_titles(cluster, phrase, discourse)
        named_before = cluster.mentions[0].start_char < position
        if fit > 0 and named_before:
            fitting.append((fit + min(height, 1.0), cluster))
        elif fit >= 0 and height >= STANDS_OUT and (is_anybody or not (says_of_what or _holds_office(cluster))):
            fitting.append((height, cluster))
    return max(fitting, key=lambda item: item[0])[1] if fitting else None


def _told_by_little() -> frozenset[str]:
    return load_phrase_words().people | {"year-old"}


def _holds_office(cluster: Cluster) -> bool:
    """Whether an office is printed for the person: a mayor is not "the judge" as well."""
    offices = load_title_words().heads - load_title_words().beside_office
    return any(not offices.isdisjoint(title.lower().split()) for title in cluster.titles)


def fit_of_titles(cluster: Cluster, phrase: Phrase, discourse: Discourse) -> float:
    """How well the titles printed for the person fit the phrase; 0 where they say nothing, below where they differ."""
    wanted = {phrase.noun, *load_phrase_words().same.get(phrase.noun, ())}
    before = {singular(word) for word in phrase.words[:-1]}
    modifiers = before | {singular(word) for word in phrase.tail}
    country = next((found for word in [*phrase.words, *phrase.tail] if (found := country_of(word))), None)
    best = 0.0
    countries = set()
    for title in cluster.titles:
        words = [singular(word) for word in _TITLE_WORD.findall(title.lower())]
        countries |= {found for word in _TITLE_WORD.findall(title) if (found := country_of(word))}
        if wanted.isdisjoint(words):
            continue
        # "The band leader" is no party's leader, nor a president: a word for what is led says so.
        if phrase.noun not in words and _says_of_what(before, words):
            continue
        exact = TITLE if phrase.noun in words else TITLE - 0.5
        shared = len(modifiers & set(words)) - len(_ranks(words) ^ _ranks(modifiers)) * 0.5
        best = max(best, exact + MODIFIER * shared)
        if ("former" in modifiers) == ("former" in words):
            best += TENURE if "former" in modifiers else 0.0
    if country is not None:
        countries |= _countries_near(cluster, discourse)
        if country in countries:
            best += COUNTRY
        elif countries:
            best -= COUNTRY
    return best


def _says_of_what(modifiers: set[str], words: list[str]) -> bool:
    """Whether the phrase has a noun before its head that the title lacks."""
    known = load_title_words()
    said = modifiers - set(words) - known.modifiers - known.heads - known.ranks - load_phrase_words().people
    return any(country_of(word) is None and not word.endswith(("ed", "ing", "ive", "al", "an", "ic")) for word in said)


def _ranks(words: list[str] | set[str]) -> set[str]:
    return set(words) & load_title_words().ranks


def _countries_near(cluster: Cluster, discourse: Discourse) -> set[str]:
    """Countries named right behind the person's first full mention, as in "who was Germany's ambassador"."""
    mention = max(cluster.mentions, key=lambda item: len(item.text.split()))
    stop = discourse.text.find(".", mention.end_char, mention.end_char + 120)
    places = discourse.places_between(mention.end_char, stop if stop > 0 else mention.end_char + 120)
    # What stands behind somebody else's name is theirs.
    places = list(takewhile(lambda place: place.cluster.label != "PERSON" or place.cluster is cluster, places))
    names = [discourse.text[place.start : place.end] for place in places if place.cluster.label in ("PLACE", "GROUP")]
    return {country for name in names[:1] if (country := country_of(name))}


def _name_nouns(cluster: Cluster) -> set[str]:
    """The words of an organisation's name, singular and folded, and as they stand: "Times"."""
    words = [word.lower() for word in _TITLE_WORD.findall(cluster.name)]
    return {fold_word(form) for word in words for form in (word, singular(word))}


def find_organisation(discourse: Discourse, phrase: Phrase, position: int) -> Cluster | None:
    """The organisation that the phrase calls by its kind: the last one before `position` whose name holds the noun.

    "The company" may be any organisation named before, the last one that is subject of a sentence first.
    """
    organisations = [place for place in discourse.places if place.cluster.label == "ORG" and place.start < position]
    reach = discourse.paragraph_of(position) - KIND_REACH
    kinds = {fold_word(word) for word in load_phrase_words().kinds.get(phrase.noun, ())}
    for wanted, first in (({fold_word(phrase.noun)}, 0), (kinds, reach)):
        for place in reversed(organisations):
            if discourse.paragraph_of(place.start) >= first and not wanted.isdisjoint(_name_nouns(place.cluster)):
                return place.cluster
    if phrase.noun not in load_phrase_words().any_organisation:
        return None
    near = [
        place for place in organisations if discourse.paragraph_of(position) - discourse.paragraph_of(place.start) <= 1
    ]
    subjects = [place for place in near if not (place.is_oblique or place.is_owner or place.is_quoted)]
    return (subjects or near)[-1].cluster if near else None
