"""Speaker phrases that describe: "the mayor", "the German diplomat", "the company" lead to whom they describe."""

import re

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
_TITLE_WORD = re.compile(r"[\w-]+")


def find_described(
    discourse: Discourse, focus: Focus, phrase: Phrase, position: int, spoken_of: set[str]
) -> Cluster | None:
    """The person whom the phrase at `position` describes; None where nobody fits.

    An office needs somebody who holds it; "the man" or "the 43-year-old" is who stands out most.
    """
    ranked = focus.rank(phrase.gender, position, spoken_of=spoken_of)
    heights = {cluster.local_id: height for height, cluster in ranked}
    fitting: list[tuple[float, Cluster]] = []
    for cluster in discourse.clusters:
        if cluster.label != "PERSON" or (phrase.gender and cluster.gender not in (None, phrase.gender)):
            continue
        height = heights.get(cluster.local_id, 0.0)
        fit = fit_of_titles(cluster, phrase, discourse)
        named_before = cluster.mentions[0].start_char < position
        if fit > 0 and named_before:
            fitting.append((fit + min(height, 1.0), cluster))
        elif fit >= 0 and height >= STANDS_OUT and (phrase.noun in _told_by_little() or not _holds_office(cluster)):
            fitting.append((height, cluster))
    return max(fitting, key=lambda item: item[0])[1] if fitting else None


def _told_by_little() -> frozenset[str]:
    return load_phrase_words().people | {"year-old"}


def _holds_office(cluster: Cluster) -> bool:
    """Whether an office is printed for the person: a mayor is not "the judge" as well."""
    return any(not load_title_words().heads.isdisjoint(title.lower().split()) for title in cluster.titles)


def fit_of_titles(cluster: Cluster, phrase: Phrase, discourse: Discourse) -> float:
    """How well the titles printed for the person fit the phrase; 0 where they say nothing, below where they differ."""
    wanted = {phrase.noun, *load_phrase_words().same.get(phrase.noun, ())}
    modifiers = {singular(word) for word in phrase.words[:-1]} | {singular(word) for word in phrase.tail}
    country = next((found for word in [*phrase.words, *phrase.tail] if (found := country_of(word))), None)
    best = 0.0
    countries = set()
    for title in cluster.titles:
        words = [singular(word) for word in _TITLE_WORD.findall(title.lower())]
        countries |= {found for word in _TITLE_WORD.findall(title) if (found := country_of(word))}
        if wanted.isdisjoint(words):
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


def _ranks(words: list[str] | set[str]) -> set[str]:
    return set(words) & load_title_words().ranks


def _countries_near(cluster: Cluster, discourse: Discourse) -> set[str]:
    """Countries named right behind the person's first full mention, as in "who was Germany's ambassador"."""
    mention = max(cluster.mentions, key=lambda item: len(item.text.split()))
    stop = discourse.text.find(".", mention.end_char, mention.end_char + 120)
    places = discourse.places_between(mention.end_char, stop if stop > 0 else mention.end_char + 120)
    names = [discourse.text[place.start : place.end] for place in places if place.cluster.label in ("PLACE", "GROUP")]
    return {country for name in names[:1] if (country := country_of(name))}


def find_organisation(discourse: Discourse, phrase: Phrase, position: int) -> Cluster | None:
    """The organisation that the phrase calls by its kind: the last one before `position` whose name holds the noun.

    "The company" may be any organisation named before, the last one that is subject of a sentence first.
    """
    organisations = [place for place in discourse.places if place.cluster.label == "ORG" and place.start < position]
    noun = fold_word(phrase.noun)
    for place in reversed(organisations):
        if noun in {fold_word(singular(word.lower())) for word in re.findall(r"\w+", place.cluster.name)}:
            return place.cluster
    if phrase.noun not in load_phrase_words().any_organisation:
        return None
    near = [
        place for place in organisations if discourse.paragraph_of(position) - discourse.paragraph_of(place.start) <= 1
    ]
    subjects = [place for place in near if not (place.is_oblique or place.is_owner or place.is_quoted)]
    return (subjects or near)[-1].cluster if near else None
