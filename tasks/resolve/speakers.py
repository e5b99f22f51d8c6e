"""Quotations to speakers within an article: names, pronouns, descriptions, organisations and countries that speak."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas import Quote
from tasks.resolve.clusters import Cluster
from tasks.resolve.descriptions import find_described, find_organisation
from tasks.resolve.discourse import Discourse
from tasks.resolve.named_sources import find_named
from tasks.resolve.organisations import country_of, is_capital, printed_country
from tasks.resolve.phrases import Phrase, load_phrase_words, read_phrase
from tasks.resolve.pronouns import PRONOUN_GENDERS, Focus

METHODS_FILE = Path(__file__).with_name("methods.toml")
_WORD = re.compile(r"[\w-]+")
_HEARER = re.compile(r"\s+(?:the\s+)?(?:[A-Z][\w.]*\s+){0,3}$")
_OPENING = re.compile(
    r"(?:But |And |Yet )?"
    r"(?:Despite|While|Although|Though|When|As|After|Before|If|Since|Because|In|With|At|Unlike|Until|Once)\s"
    r"(?:[a-z]+\s){0,3}"
)
_NAME = re.compile(r"(?:[Tt]he )?[A-Z][\w’'.-]*(?: (?:of|the|and|for|[A-Z][\w’'.-]*))*")
_SEVERAL = re.compile(r"\b(?:both|the two|the three|the pair)\b", re.IGNORECASE)
# "They" and "it" reach back so many sentences.
PLURAL_REACH = 2


@dataclass(frozen=True)
class Found:
    """Who speaks, by which method; without a cluster the reason says why."""

    cluster: Cluster | None
    method: str
    reason: str | None = None


def resolve_speakers(quotes: list[Quote], clusters: list[Cluster], text: str) -> None:
    """Sets the speaker columns, confidence and flags of each quote.

    Quotes are taken in the order of the text, since a pronoun most often stands for the last speaker. A country that
    speaks by its capital or its people, and is not named itself, is added to `clusters`.
    """
    resolver = _Resolver(clusters, text, quotes)
    for quote in sorted(quotes, key=lambda item: (_position(item), item.start_char)):
        found = resolver.resolve(quote)
        cluster, method = found.cluster, found.method
        if cluster is not None:
            quote.speaker_local_id = cluster.local_id
            quote.speaker_name = cluster.name
            quote.speaker_title = cluster.titles.most_common(1)[0][0] if cluster.titles else None
        quote.no_speaker_reason = None if cluster is not None else found.reason
        resolver.note(quote, found)
        if found.reason == "unnamed":
            quote.flags = ",".join(sorted({*filter(None, quote.flags.split(",")), "unnamed_source"}))
        if "speaker_inferred" in quote.flags and cluster is not None:
            method = "continuation"
        quote.speaker_method = method
        quote.confidence = round(quote.confidence * load_method_confidences()[method], 3)


def _position(quote: Quote) -> int:
    return quote.speaker_start_char if quote.speaker_start_char is not None else quote.start_char


class _Resolver:
    def __init__(self, clusters: list[Cluster], text: str, quotes: list[Quote]) -> None:
        self.discourse = Discourse.of_article(text, clusters, quotes)
        self.focus = Focus.of(self.discourse)
        self.text = text
        self.clusters = clusters
        self.said: list[tuple[Quote, Found]] = []

    def note(self, quote: Quote, found: Found) -> None:
        """Remembers who spoke."""
        self.said.append((quote, found))
        if found.cluster is not None:
            self.focus.note_speaker(found.cluster, _position(quote))

    def resolve(self, quote: Quote) -> Found:
        """Who speaks and how that is known."""
        if quote.speaker_text is None or quote.speaker_start_char is None or quote.speaker_end_char is None:
            return Found(None, "unknown", "not_printed")
        start, end = quote.speaker_start_char, quote.speaker_end_char
        words = [word.lower() for word in _WORD.findall(quote.speaker_text)]
        if len(words) == 1 and (found := self._pronoun(words[0], quote, start)):
            return found
        if _SEVERAL.match(quote.speaker_text):
            return Found(None, "unknown", "several")
        if (named := find_named(self.discourse, start, end)) is not None:
            cluster = named.cluster
            if named.country and cluster is not None:
                cluster = self._country(named.country, cluster)
            return Found(cluster, named.method, named.reason)
        return self._described(quote, read_phrase(quote.speaker_text), start)

    # ------------------------------------------------------------ pronouns

    def _pronoun(self, word: str, quote: Quote, start: int) -> Found | None:
        if word in PRONOUN_GENDERS:
            return self._person(PRONOUN_GENDERS[word], quote, start)
        if word in ("i", "me", "my", "myself"):
            return self._first_person(quote, start)
        if word in ("we", "us", "our", "ourselves"):
            return Found(None, "unknown", "several" if self.discourse.is_speech(start) else "writer")
        if word in ("you", "your", "one", "anyone", "everyone", "nobody", "someone", "somebody", "everybody"):
            return Found(None, "unnamed", "unnamed")
        if word in ("they", "them", "their", "themselves", "it", "its", "itself"):
            return self._group(word, start)
        if word in ("who", "whom", "whose", "which", "that"):
            return self._relative(start)
        return None

    def _person(self, gender: str, quote: Quote, start: int) -> Found:
        """The person of that gender who stands out most, or else the next one named."""
        hearers = {place.cluster.local_id for place in self._hearers(quote)}
        ranked = self.focus.rank(gender, start, but=hearers, spoken_of=self._spoken_of(quote))
        behind = self.focus.next_named(gender, start) if not ranked or self._opens_sentence(start) else None
        cluster = behind or (ranked[0][1] if ranked else None)
        return Found(cluster, "pronoun") if cluster else Found(None, "unknown", "not_found")

    def _opens_sentence(self, start: int) -> bool:
        """Whether the pronoun stands in a clause before the sentence's subject: "Despite his age, Lind"."""
        sentence = self.discourse.sentence_starts[self.discourse.sentence_of(start)]
        return _OPENING.fullmatch(self.text[sentence:start]) is not None

    def _hearers(self, quote: Quote) -> list:
        """Who is told: named right behind the cue."""
        cue_end = quote.cue_end_char
        if cue_end is None:
            return []
        places = self.discourse.places_between(cue_end, cue_end + 80)
        return [place for place in places[:1] if _HEARER.fullmatch(self.text[cue_end : place.start])]

    def _spoken_of(self, quote: Quote) -> set[str]:
        """Who is named in the words said; people seldom name themselves."""
        places = self.discourse.places_between(quote.start_char, quote.end_char)
        return {place.cluster.local_id for place in places if not place.is_owner}

    def _first_person(self, quote: Quote, start: int) -> Found:
        """In somebody's speech the one who speaks, else who wrote the article."""
        for other, found in self.said:
            if other is not quote and other.start_char <= start < other.end_char and other.kind != "indirect":
                return Found(found.cluster, "pronoun", found.reason)
        return Found(None, "unknown", "not_found" if self.discourse.is_speech(start) else "writer")

    def _group(self, word: str, start: int) -> Found:
        """What "they" or "it" stands for: the group, organisation or people last named, or who just spoke."""
        sentence = self.discourse.sentence_of(start)
        is_plural = word.startswith("the")
        for other, found in reversed(self.said):
            if sentence - self.discourse.sentence_of(_position(other)) > PLURAL_REACH:
                break
            if self._is_same_number(other, found, is_plural):
                return Found(found.cluster, "pronoun" if found.cluster else "unknown", found.reason)
        labels = ("GROUP", "ORG") if is_plural else ("ORG", "PLACE")
        near = [
            place
            for place in self.discourse.places
            if place.start < start and sentence - self.discourse.sentence_of(place.start) <= PLURAL_REACH
        ]
        if is_plural and (pair := self._pair(near, start)):
            return pair
        groups = [
            place for place in near if place.cluster.label in labels and not place.is_owner and not place.is_quoted
        ]
        groups = [place for place in groups if not self._is_modifier(place.end)]
        best = max(groups, key=lambda place: (not place.is_oblique, place.start), default=None)
        return Found(best.cluster, "pronoun") if best else Found(None, "unknown", "not_found")

    def _is_same_number(self, other: Quote, found: Found, is_plural: bool) -> bool:
        if found.cluster is not None:
            return found.cluster.label in (("GROUP", "ORG") if is_plural else ("ORG", "PLACE"))
        if not is_plural or other.speaker_text is None:
            return False
        return found.reason == "several" or (found.reason == "unnamed" and read_phrase(other.speaker_text).is_plural)

    def _pair(self, near: list, start: int) -> Found | None:
        """Several people, where two joined by "and" were named last."""
        people = [place for place in near if place.cluster.label == "PERSON"]
        for one, other in zip(reversed(people[:-1]), reversed(people[1:]), strict=True):
            between = self.text[one.end : other.start]
            if re.fullmatch(r"(?:\s*\([^)]*\)|,[^,.]{2,40},)?\s+and\s+(?:[A-Z][\w.]*\s+){0,3}", between):
                return Found(None, "unknown", "several")
        return None

    def _is_modifier(self, end: int) -> bool:
        """Whether a noun follows the name: "Democratic lawmakers"."""
        return re.match(r"\s+[a-z-]+(?:ers|ors|ists|ians|ials|men|women|als)\b", self.text[end : end + 30]) is not None

    def _relative(self, start: int) -> Found:
        """Whom "who" follows: the last one named in the sentence before it."""
        sentence = self.discourse.sentence_starts[self.discourse.sentence_of(start)]
        before = self.discourse.places_between(sentence, start)
        if not before or not re.fullmatch(r"(?:\s*\([^)]*\)|,[^,]{2,80})?,?\s*", self.text[before[-1].end : start]):
            return Found(None, "unnamed", "unnamed")
        return Found(before[-1].cluster, "pronoun")

    # ------------------------------------------------------------ descriptions

    def _described(self, quote: Quote, phrase: Phrase, start: int) -> Found:
        if phrase.is_owned and (phrase.is_document or phrase.noun in load_phrase_words().documents):
            return self._pronoun(phrase.determiner or "", quote, start) or Found(None, "unknown", "document")
        if phrase.is_definite and not phrase.is_plural and (phrase.is_person or self._is_aged(phrase)):
            cluster = find_described(self.discourse, self.focus, phrase, start, self._spoken_of(quote))
            return Found(cluster, "role") if cluster else Found(None, "unnamed", "unnamed")
        owner = read_phrase(quote.speaker_text.split("’s ")[0].split("'s ")[0]) if quote.speaker_text else phrase
        if owner != phrase and owner.is_organisation and phrase.is_document:
            phrase = owner
        if phrase.is_organisation and phrase.is_definite:
            cluster = find_organisation(self.discourse, phrase, start)
            if cluster is not None:
                return Found(cluster, "organisation")
        if phrase.is_document:
            return Found(None, "unknown", "document")
        country = country_of(phrase.words[0]) if phrase.words else None
        if country and phrase.noun in load_phrase_words().sides:
            return Found(self._country(country, None), "place")
        if quote.speaker_text and _NAME.fullmatch(quote.speaker_text) and not (phrase.is_person or phrase.is_plural):
            return Found(None, "unknown", "not_found")
        return Found(None, "unnamed", "unnamed")

    def _is_aged(self, phrase: Phrase) -> bool:
        return any(word.endswith("year-old") for word in phrase.words) or bool(phrase.gender)

    def _country(self, country: str, named: Cluster | None) -> Cluster:
        """The article's cluster of the country, or a new one; places that are no country's stay as they are."""
        for cluster in self.clusters:
            if cluster.label == "PLACE" and country_of(cluster.name) == country and not is_capital(cluster.name):
                return cluster
        if named is not None and named.label == "PLACE" and not is_capital(named.name):
            return named
        prefix = self.clusters[0].local_id.rsplit(":", 1)[0] if self.clusters else ""
        added = Cluster(f"{prefix}:{len(self.clusters)}", "PLACE", known_as=printed_country(country))
        self.clusters.append(added)
        return added


@cache
def load_method_confidences() -> dict[str, float]:
    """Factor of confidence by speaker_method, from methods.toml."""
    return tomllib.loads(METHODS_FILE.read_text("utf-8"))["confidence"]
