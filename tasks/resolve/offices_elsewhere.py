"""Speakers whom an article calls by their office alone, told by the other articles of its story."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from schemas import Quote
from tasks.resolve.groups import ArticleContext, Group, titles_of
from tasks.resolve.phrases import Phrase, read_phrase
from tasks.resolve.speakers import load_method_confidences
from tasks.resolve.title_comparison import titles_agree
from tasks.resolve.titles import load_title_words, normalize_title


def name_officeholders(
    quotes: Iterable[Quote], groups: Mapping[str, Group], contexts: Mapping[str, ArticleContext]
) -> int:
    """Sets the speaker of unnamed quotations whose office one person of the story holds; how many come back.

    "The mayor of Ashby" is a person whom this article names without any office, if the story's other articles print
    that office for that person and for nobody else. Reads and sets the speaker columns but for `speaker_id`.
    """
    waiting: dict[str, list[tuple[Quote, Phrase]]] = defaultdict(list)
    for quote in quotes:
        story = contexts[quote.article_id].story_id
        if quote.no_speaker_reason == "unnamed" and quote.speaker_text and story is not None:
            phrase = read_phrase(quote.speaker_text)
            if _is_office(phrase):
                waiting[story].append((quote, phrase))
    named = 0
    for story, holders in _holders(groups, contexts, set(waiting)).items():
        for quote, phrase in waiting[story]:
            named += _name(quote, phrase, holders)
    return named


def _is_office(phrase: Phrase) -> bool:
    words = load_title_words()
    return phrase.is_definite and phrase.is_person and phrase.noun in words.heads - words.beside_office


def _holders(
    groups: Mapping[str, Group], contexts: Mapping[str, ArticleContext], stories: set[str]
) -> dict[str, list[tuple[Group, set[str]]]]:
    """People with the titles that a story's articles print for them, normalised, for the wanted stories."""
    holders: dict[str, list[tuple[Group, set[str]]]] = defaultdict(list)
    for group in groups.values():
        printed: dict[str, set[str]] = defaultdict(set)
        for item in group.members if group.label == "PERSON" else ():
            story = contexts[item.article_id].story_id
            if story in stories:
                printed[story] |= {normalize_title(title) for title in titles_of(item)}
        for story, titles in printed.items():
            holders[story].append((group, titles))
    return holders


def _name(quote: Quote, phrase: Phrase, holders: list[tuple[Group, set[str]]]) -> bool:
    office = normalize_title(" ".join((*phrase.words, *phrase.tail)))
    found = [group for group, titles in holders if any(titles_agree(office, title) for title in titles)]
    if len(found) != 1:
        return False
    named_here = [item for item in found[0].members if item.article_id == quote.article_id and not titles_of(item)]
    if not named_here:
        return False
    factors = load_method_confidences()
    quote.speaker_local_id = named_here[0].local_id
    quote.speaker_method, quote.no_speaker_reason = "role", None
    quote.confidence = round(quote.confidence / factors["unnamed"] * factors["role"], 3)
    quote.flags = ",".join(flag for flag in quote.flags.split(",") if flag not in ("", "unnamed_source"))
    return True
