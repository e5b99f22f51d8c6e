"""Speaker phrases that describe: "the mayor", "the German diplomat", "the company" lead to whom they describe."""

import re

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse
from tasks.resolve.names import fold_word
from tasks.resolve.organisations import country_of, is_capital
from tasks.resolve.phrases import Phrase, load_phrase_words, read_phrase, singular
from tasks.resolve.pronouns import Focus
from tasks.resolve.title_fit import SYNONYM, fit_of_titles, holds_all_words, remember_description, says_of_what
from tasks.resolve.titles import load_title_words, normalize_title
from tasks.resolve.unnamed import is_unnamed

# Somebody without such a title must stand out so much: as one named as subject a paragraph before.
STANDS_OUT = 0.3
# "The agency" is an office or a bureau named at most so many paragraphs before.
KIND_REACH = 3
_ORDINALS = {"second", "third", "fourth", "other"}
# "A middle-aged cashier at the port"; "a clerk, Ada Lind" has a name.
_INTRODUCED = re.compile(r"\b(?:[Aa]n?|[Aa]nother|[Oo]ne)(?:\s[a-z]+(?:-[a-z]+)*){1,4}")
# "Ada Lind, a clerk", "Lind is a clerk": that is Lind.
_OF_THE_NAMED = re.compile(r"\b(?:is|was|as|remains|became|being|like)\s$")
_NAMED_BEHIND = re.compile(r"(?:\s[a-z]+){0,4},?\s[A-Z]")
_TITLE_WORD = re.compile(r"[\w-]+")


def find_described(
    discourse: Discourse, focus: Focus, phrase: Phrase, position: int, spoken_of: set[str]
) -> Cluster | None:
    """The person whom the phrase at `position` describes; None where nobody fits.

    "The second official" is one of several who were told of, and "the official" may be one who spoke without a name;
    an office needs somebody who holds it; "the man" or "the 43-year-old" is who stands out most. A noun without an
    article is a headline's: who is meant may be named behind it.
    """
    if not _ORDINALS.isdisjoint(phrase.words[:-1]):
        return None
    ranked = focus.rank(phrase.gender, position, spoken_of=spoken_of, is_pronoun=False)
    heights = {cluster.local_id: height for height, cluster in ranked}
    is_anybody = phrase.noun in _told_by_little()
    # "The mayor of Ashby" holds that office; a headline's noun needs the title as well.
    is_office = phrase.determiner is None or (phrase.tail[:1] == ("of",) and not is_anybody)
    is_of_what = is_office or says_of_what({singular(word) for word in phrase.words[:-1]}, [])
    fitting: list[tuple[float, Cluster]] = []
    for cluster in discourse.clusters:
        if cluster.label != "PERSON" or (phrase.gender and cluster.gender not in (None, phrase.gender)):
            continue
        height = heights.get(cluster.local_id, 0.0)
        fit = fit_of_titles(cluster, phrase, discourse)
        named_before = cluster.mentions[0].start_char < position or phrase.determiner is None
        if fit > 0 and named_before:
            fitting.append((fit + min(height, 1.0), cluster))
        elif (
            fit >= 0
            and height >= STANDS_OUT
            and ((is_anybody and not is_office) or not (is_of_what or _holds_office(cluster)))
        ):
            fitting.append((height, cluster))
    if not fitting:
        return None
    # "The NATO chief" is nobody who is chief of something else where somebody is called so.
    called_so = [item for item in fitting if holds_all_words(item[1], phrase)] if len(phrase.words) > 1 else []
    fit, described = max(called_so or fitting, key=lambda item: item[0])
    if is_anybody and fit < SYNONYM and _is_introduced(discourse, phrase, described, position):
        return None
    if is_unnamed(discourse, phrase, described, position):
        return None
    remember_description(described, phrase, discourse)
    return described


def _is_introduced(discourse: Discourse, phrase: Phrase, described: Cluster, position: int) -> bool:
    """Whether somebody without a name whom the phrase may mean was told of since: "a cashier was shaken"."""
    last = max((item.end_char for item in described.mentions if item.end_char <= position), default=0)
    for match in _INTRODUCED.finditer(discourse.text, last, position):
        if discourse.is_speech(match.start()) or _NAMED_BEHIND.match(discourse.text, match.end()):
            continue
        is_apposition = discourse.text[last : match.start()] == ", "
        if is_apposition or _OF_THE_NAMED.search(discourse.text, max(0, match.start() - 10), match.start()):
            continue
        words = match.group().split()
        others = [read_phrase(" ".join(words[:count])) for count in range(2, len(words) + 1)]
        if any(other.is_person and phrase.gender in (None, other.gender or phrase.gender) for other in others):
            return True
    return False


def find_spokesperson(discourse: Discourse, phrase: Phrase, spoken_for: Cluster, position: int) -> Cluster | None:
    """The person named last before `position` whose title says that they speak for it: "the Kremlin spokesman".

    A spokeswoman is no man, and nobody who is called a spokesman.
    """
    wanted = set(normalize_title(phrase.noun).split())
    wanted |= {word for name in spoken_for.names for word in normalize_title(name).split()}
    speaking: list[tuple[int, Cluster]] = []
    for cluster in discourse.clusters:
        titles = cluster.titles if cluster.label == "PERSON" else ()
        genders = {_gender_of_title(title) for title in titles if wanted <= set(normalize_title(title).split())}
        if phrase.gender:
            genders &= {None, phrase.gender}
        if not genders or (phrase.gender and cluster.gender not in (None, phrase.gender)):
            continue
        last = max((item.start_char for item in cluster.mentions if item.start_char < position), default=None)
        speaking += [(last, cluster)] if last is not None else []
    return max(speaking, key=lambda item: item[0])[1] if speaking else None


def _gender_of_title(title: str) -> str | None:
    return next((gender for word in title.split() if (gender := read_phrase(word).gender)), None)


def _told_by_little() -> frozenset[str]:
    return load_phrase_words().people | {"year-old"}


def _holds_office(cluster: Cluster) -> bool:
    """Whether an office is printed for the person: a mayor is not "the judge" as well."""
    offices = load_title_words().heads - load_title_words().beside_office
    return any(not offices.isdisjoint(title.lower().split()) for title in cluster.titles)


def _name_nouns(cluster: Cluster) -> set[str]:
    """The words of an organisation's name, singular and folded, and as they stand: "Times"."""
    words = [word.lower() for word in _TITLE_WORD.findall(cluster.name)]
    return {fold_word(form) for word in words for form in (word, singular(word))}


def find_land(discourse: Discourse, phrase: Phrase, position: int) -> Cluster | None:
    """The state or country named last before "the state" or "the country", in its sentence or the one before."""
    sentence = discourse.sentence_of(position)
    states = set(load_title_words().states.values())
    for place in reversed(discourse.places_between(0, position)):
        if sentence - discourse.sentence_of(place.start) > 1:
            return None
        name = place.cluster.name
        is_one = name in states if phrase.noun == "state" else country_of(name) is not None and not is_capital(name)
        if place.cluster.label == "PLACE" and is_one and not place.is_quoted:
            return place.cluster
    return None


def _names_owner(text: str, noun: str) -> bool:
    """Whether the text speaks of somebody's: "his campaign", "Lind's team"."""
    return re.search(rf"(?:[’']s?|\b[Hh]is|\b[Hh]er) (?:[a-z]+ )?{re.escape(noun)}\b", text) is not None


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
                is_other = _names_owner(discourse.text[place.end : position], phrase.noun)
                return None if is_other else place.cluster
    if phrase.noun not in load_phrase_words().any_organisation:
        return None
    near = [
        place for place in organisations if discourse.paragraph_of(position) - discourse.paragraph_of(place.start) <= 1
    ]
    subjects = [place for place in near if not (place.is_oblique or place.is_owner or place.is_quoted)]
    return (subjects or near)[-1].cluster if near else None
