"""Quotations to speakers within an article: names, pronouns, descriptions, organisations and countries that speak."""

import re
import tomllib
from functools import cache
from pathlib import Path

from schemas import Quote
from tasks.resolve.clusters import Cluster
from tasks.resolve.descriptions import find_described, find_land, find_organisation, find_spokesperson
from tasks.resolve.discourse import Discourse, position_of
from tasks.resolve.named_sources import find_named
from tasks.resolve.organisations import country_of, is_capital, printed_country
from tasks.resolve.phrases import Phrase, load_phrase_words, read_phrase
from tasks.resolve.pronoun_speakers import FIRST_PERSON, UNNAMED, Found, PronounSpeakers
from tasks.resolve.pronouns import Focus
from tasks.resolve.turns import find_turn, is_answer, is_question
from tasks.resolve.unnamed import note_unnamed

METHODS_FILE = Path(__file__).with_name("methods.toml")
_WORD = re.compile(r"[\w-]+")
_NAME = re.compile(r"(?:[Tt]he )?[A-Z][\w’'.-]*(?: (?:of|the|and|for|[A-Z][\w’'.-]*))*")
# A name that nothing was found for is no other organisation's: "the Organisation for Rights and Trade".
_NAME_OF_BODY = re.compile(r"[Tt]he (?:[A-Z][\w’'-]* )*(?:of|for|on) (?:the )?[A-Z].*", re.DOTALL)
# A title and a subtitle.
HEADLINES = 2
_SEVERAL = re.compile(r"\b(?:both|the two|the three|the pair)\b", re.IGNORECASE)


def resolve_speakers(quotes: list[Quote], clusters: list[Cluster], text: str) -> None:
    """Sets the speaker columns, confidence and flags of each quote.

    Quotes are taken in the order of the text, since a pronoun most often stands for the last speaker; "I" comes after
    the others, since who says it may be named behind. A country that speaks by its capital or its people, and is not
    named itself, is added to `clusters`.
    """
    resolver = _Resolver(clusters, text, quotes)
    for quote in sorted(quotes, key=lambda item: (_says_i(item), position_of(item), item.start_char)):
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


def _says_i(quote: Quote) -> bool:
    return quote.speaker_text is not None and quote.speaker_text.lower() in FIRST_PERSON


class _Resolver:
    def __init__(self, clusters: list[Cluster], text: str, quotes: list[Quote]) -> None:
        self.discourse = Discourse.of_article(text, clusters, quotes)
        self.focus = Focus.of(self.discourse)
        self.text = text
        self.clusters = clusters
        self.said: list[tuple[Quote, Found]] = []
        self.pronouns = PronounSpeakers(self.discourse, self.focus, self.said)

    def note(self, quote: Quote, found: Found) -> None:
        """Remembers who spoke."""
        self.said.append((quote, found))
        if found.reason == "unnamed":
            note_unnamed(self.discourse, quote)
        if found.cluster is not None:
            self.focus.note_speaker(found.cluster, position_of(quote), quote.start_char)

    def resolve(self, quote: Quote) -> Found:
        """Who speaks and how that is known."""
        if quote.speaker_text is None or quote.speaker_start_char is None or quote.speaker_end_char is None:
            return Found(None, "unknown", "not_printed")
        start, end = quote.speaker_start_char, quote.speaker_end_char
        words = [word.lower() for word in _WORD.findall(quote.speaker_text)]
        if is_question(quote.speaker_text) or is_answer(quote.speaker_text):
            return self._turn(quote.speaker_text, start)
        if len(words) == 1 and (found := self.pronouns.find(words[0], quote, start)):
            return found
        if _SEVERAL.match(quote.speaker_text):
            return Found(None, "unknown", "several")
        if (named := find_named(self.discourse, start, end)) is not None:
            cluster = named.cluster
            phrase = read_phrase(quote.speaker_text)
            if named.speaks_for and cluster is not None and phrase.determiner in (None, "the"):
                spokesperson = find_spokesperson(self.discourse, phrase, cluster, start)
                if spokesperson is not None:
                    return Found(spokesperson, "role")
            if named.country and cluster is not None:
                cluster = self._country(named.country, cluster)
            return Found(cluster, named.method, named.reason)
        phrase = read_phrase(quote.speaker_text)
        if phrase.noun in load_phrase_words().anonymous:
            return UNNAMED
        return self._apposed(phrase, start) or self._described(quote, phrase, start)

    def _turn(self, label: str, start: int) -> Found:
        """Who gives an interview's answer; whoever asks is the article's writer, or nobody named."""
        if is_question(label):
            return Found(None, "unknown", "writer")
        turn = find_turn(self.discourse, start)
        return Found(turn.speaker, "role") if turn is not None and turn.speaker is not None else UNNAMED

    def _apposed(self, phrase: Phrase, start: int) -> Found | None:
        """Somebody named right before what describes them: "Lind, a clerk at the port,"."""
        is_one = phrase.determiner in ("a", "an", "the") and phrase.is_person
        before = self.discourse.places_between(max(0, start - 60), start) if is_one else []
        if not before or before[-1].cluster.label != "PERSON" or before[-1].is_oblique:
            return None
        return Found(before[-1].cluster, "role") if self.text[before[-1].end : start] == ", " else None

    def _described(self, quote: Quote, phrase: Phrase, start: int) -> Found:
        if phrase.is_owned and (phrase.is_document or phrase.noun in load_phrase_words().documents):
            return self.pronouns.find(phrase.determiner or "", quote, start) or Found(None, "unknown", "document")
        is_one = phrase.is_definite or self._is_headline(phrase, start)
        if is_one and not phrase.is_plural and (phrase.is_person or self._is_aged(phrase)):
            cluster = find_described(self.discourse, self.focus, phrase, start, self.discourse.named_in(quote))
            return Found(cluster, "role") if cluster else UNNAMED
        owner = read_phrase(quote.speaker_text.split("’s ")[0].split("'s ")[0]) if quote.speaker_text else phrase
        if owner != phrase and owner.is_organisation and phrase.is_document:
            phrase = owner
        if phrase.noun in ("state", "country") and phrase.is_definite and not phrase.is_plural and not phrase.tail:
            land = find_land(self.discourse, phrase, start) if len(phrase.words) == 1 else None
            return Found(land, "place") if land else UNNAMED
        is_name = quote.speaker_text is not None and _NAME_OF_BODY.fullmatch(quote.speaker_text) is not None
        if phrase.is_organisation and phrase.is_definite and not phrase.is_plural and not is_name:
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
        return UNNAMED

    def _is_headline(self, phrase: Phrase, start: int) -> bool:
        """Whether a noun opens one of the first lines without an article, as headlines do: "Senator presses agenda"."""
        opens_line = start == 0 or self.text[start - 1] == "\n"
        return phrase.determiner is None and opens_line and self.discourse.paragraph_of(start) < HEADLINES

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
