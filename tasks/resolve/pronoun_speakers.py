"""Pronouns that speak: "he", "they", "I", "it", "who" lead to whom they stand for, or say why they lead to nobody."""

import re
from dataclasses import dataclass

from schemas import Quote
from tasks.resolve.clusters import Cluster
from tasks.resolve.descriptions import find_described, find_organisation
from tasks.resolve.discourse import Discourse, Place, position_of
from tasks.resolve.phrases import load_phrase_words, read_phrase, singular
from tasks.resolve.pronouns import PRONOUN_GENDERS, Focus
from tasks.resolve.relatives import find_antecedent
from tasks.resolve.titles import load_title_words
from tasks.resolve.turns import find_turn
from tasks.resolve.unnamed import find_unnamed
from tasks.resolve.writers import find_writer

FIRST_PERSON = frozenset({"i", "me", "my", "myself"})
FIRST_PERSONS = frozenset({"we", "us", "our", "ourselves"})
HEARERS = frozenset({"you", "your"})
ANYBODY = frozenset(
    {"you", "your", "one", "anyone", "everyone", "nobody", "someone", "somebody", "everybody", "those", "others"}
)
THIRD_PERSONS = frozenset({"they", "them", "their", "themselves", "it", "its", "itself"})
RELATIVES = frozenset({"who", "whom", "whose", "which", "that"})
_HEARER = re.compile(r"\s+(?:the\s+)?(?:[A-Z][\w.]*\s+){0,3}$")
_PERSONAL = re.compile(r"\b(?:he|she)\b")
# What is put in beside the words of somebody who is speaking: "the tapes, which he said were lost".
_ASIDE = re.compile(r"(?:,\s|\b)which\s$")
_ASKED = re.compile(r"\b(?:asked|asks|pressed|questioned)\s+(?:[A-Z][\w.]*\s+){0,3}$")
_ASIDE_REACH = 12
# "Asked whether it rained, he said": the one who is speaking already.
_IS_ASKED = re.compile(r"(?:But |And )?(?:When )?(?:[Aa]sked|[Pp]ressed|[Qq]uestioned)\b(?! (?:him|her|[A-Z]))")
_OWN_PEOPLE = re.compile(r"(?:my|our)\s+", re.IGNORECASE)
# What stands between two people named together: "(D-Ohio) and Sen. ", " of the port and ".
_PAIR = re.compile(
    r"(?:\s*\([^)]*\)|,[^,.]{2,60},|\s(?:of|from|at)\s[^,.;]{2,80})?,?\s+(?:and|along with)\s+(?:[A-Z][\w.]*\s+){0,3}"
)
_OWN_PERSON = re.compile(r"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir)\s([a-z]+)\b(?!,? [A-Z]|[’'])")
_KIND_BEFORE = re.compile(r"\b([Tt]he (?:[a-z]+ )?[a-z]+), $")
_OWN = re.compile(r"(?:[Hh]is|[Hh]er)\s[a-z]")
_TO_OWN = re.compile(r"\s(?:in|on|at|for|over|with|during|and|about|against|after|before|from|into|by)\s")
_NOUN = re.compile(r"(?<=[.!?] )[A-Z][a-z]+\b|\b[a-z]+\b")
_WORD_BEHIND = re.compile(r"\s+([a-z-]+)\b(?![’'-])")
_PERSON_ENDINGS = ("ers", "ors", "ists", "ians", "ials", "men", "women", "als")
# "They" and "it" reach back so many sentences, and so does "he" for somebody without a name who spoke.
PLURAL_REACH = 2
# "He added" goes on for somebody who spoke at most so many sentences before.
ADDED_REACH = 5


@dataclass(frozen=True)
class Found:
    """Who speaks, by which method; without a cluster the reason says why."""

    cluster: Cluster | None
    method: str
    reason: str | None = None


UNNAMED = Found(None, "unnamed", "unnamed")


class PronounSpeakers:
    """Resolves pronouns in the order of the text; `said` holds the quotes resolved before, with who spoke."""

    def __init__(self, discourse: Discourse, focus: Focus, said: list[tuple[Quote, Found]]) -> None:
        self.discourse = discourse
        self.text = discourse.text
        self.focus = focus
        self.said = said

    def find(self, word: str, quote: Quote, start: int) -> Found | None:
        """Whom the lower-case word at `start`, the quote's source, stands for; None where it is no pronoun."""
        if word in PRONOUN_GENDERS:
            return self._person(PRONOUN_GENDERS[word], quote, start)
        if word in FIRST_PERSON:
            return self._first_person(quote, start)
        if word in FIRST_PERSONS:
            return Found(None, "unknown", "several" if self.discourse.is_speech(start) else "writer")
        if word in ANYBODY:
            turn = find_turn(self.discourse, start) if word in HEARERS else None
            return Found(turn.hearer, "pronoun") if turn and turn.hearer else UNNAMED
        if word in THIRD_PERSONS:
            return self._group(word, start)
        if word in RELATIVES:
            place = find_antecedent(self.discourse, word, start)
            return Found(place.cluster, "pronoun") if place else self._described_before(quote, start)
        return None

    # ------------------------------------------------------------ one person

    def _person(self, gender: str, quote: Quote, start: int) -> Found:
        """The person of that gender who stands out most, or else the next one named."""
        if self._goes_on_unnamed(gender, start) or self._follows_relative(gender, start):
            return UNNAMED
        speaking = self._owner_before(gender, start)
        speaking = speaking or self._speaking(gender, quote, start) or self._answers(gender, quote, start)
        speaking = speaking or self._is_asked(gender, start)
        speaking = speaking or self._goes_on(gender, quote, start)
        if speaking := speaking or self._adds(gender, quote, start):
            return Found(speaking, "pronoun")
        hearers = {place.cluster.local_id for place in self._hearers(quote)}
        ranked = self.focus.rank(gender, start, but=hearers, spoken_of=self.discourse.named_in(quote))
        behind = None
        if not ranked or self.discourse.opens_sentence(start):
            behind = self.focus.next_named(gender, start)
        if behind is not None and ranked and self._is_told_before(behind, start):
            behind = None
        cluster = behind or (ranked[0][1] if ranked else None)
        return Found(cluster, "pronoun") if cluster else Found(None, "unknown", "not_found")

    def _goes_on_unnamed(self, gender: str, start: int) -> bool:
        """Whether somebody without a name spoke last and nobody was named since: "a spokeswoman said. She added"."""
        if not self.said:
            return False
        other, found = self.said[-1]
        if found.reason != "unnamed" or other.speaker_text is None or other.speaker_end_char is None:
            return False
        if self.discourse.sentence_of(start) - self.discourse.sentence_of(position_of(other)) > PLURAL_REACH:
            return False
        phrase = read_phrase(other.speaker_text)
        is_known = phrase.gender in (None, gender) and find_unnamed(self.discourse, phrase) is not None
        if not is_known and not _may_be_one_person(other.speaker_text, gender):
            return False
        since = self.discourse.places_between(other.speaker_end_char, start)
        return not any(place.cluster.label == "PERSON" and not place.is_quoted for place in since)

    def _follows_relative(self, gender: str, start: int) -> bool:
        """Whether the sentence told of somebody's relative just before and of nobody by name: "My mother is old, but
        she says".
        """
        sentence = self.discourse.sentence_starts[self.discourse.sentence_of(start)]
        for match in reversed([*_OWN_PERSON.finditer(self.text, sentence, start)]):
            if load_phrase_words().genders.get(match.group(1)) == gender:
                named = self.discourse.places_between(match.start(), start)
                return not any(place.cluster.label == "PERSON" for place in named)
        return False

    def _owner_before(self, gender: str, start: int) -> Cluster | None:
        """Who is named right before what is theirs: "a shadow over Lind in her efforts"; else None."""
        if not _OWN.match(self.text, start):
            return None
        for place in reversed(self.discourse.places_between(max(0, start - 60), start)):
            if place.cluster.label != "PERSON":
                continue
            is_near = _TO_OWN.fullmatch(self.text[place.end : start]) and self.focus.may_be(place.cluster, gender)
            return place.cluster if is_near else None
        return None

    def _speaking(self, gender: str, quote: Quote, start: int) -> Cluster | None:
        """Who is speaking already where the pronoun is put in beside words of theirs; else None."""
        if not _ASIDE.search(self.text, max(0, start - 12), start):
            return None
        for other, found in reversed(self.said):
            is_near = other.start_char < start <= other.end_char + _ASIDE_REACH
            if other is not quote and is_near and found.cluster is not None:
                is_other = found.cluster.gender not in (None, gender)
                return None if found.cluster.label != "PERSON" or is_other else found.cluster
        return None

    def _answers(self, gender: str, quote: Quote, start: int) -> Cluster | None:
        """Who was asked right before what is quoted: "Roth asked Lind whether it rained. “It does,” he said."."""
        begins = min(quote.start_char, start)
        if quote.kind == "indirect" or not self.discourse.paragraph_starts:
            return None
        reach = self.discourse.sentence_starts[max(self.discourse.sentence_of(begins - 1) - 1, 0)]
        for place in reversed(self.discourse.places_between(reach, begins)):
            if place.cluster.label != "PERSON" or place.is_quoted:
                continue
            if _ASKED.search(self.text, max(reach, place.start - 60), place.start):
                return place.cluster if self.focus.may_be(place.cluster, gender) else None
            if not place.is_oblique:
                return None
        return None

    def _is_asked(self, gender: str, start: int) -> Cluster | None:
        """Who spoke last, where the sentence begins with what they were asked; else None."""
        sentence = self.discourse.sentence_of(start)
        if not self.said or not _IS_ASKED.match(self.text, self.discourse.sentence_starts[sentence], start):
            return None
        for other, found in reversed(self.said):
            if sentence - self.discourse.sentence_of(position_of(other)) > PLURAL_REACH:
                return None
            speaker = found.cluster
            if speaker is not None and speaker.label == "PERSON" and self.focus.may_be(speaker, gender):
                return speaker
        return None

    def _goes_on(self, gender: str, quote: Quote, start: int) -> Cluster | None:
        """Who spoke last, where quoted speech goes on and nobody else was subject of a sentence since; else None."""
        if not self.said or quote.kind == "indirect":
            return None
        other, found = self.said[-1]
        speaker, since = found.cluster, other.speaker_end_char
        if speaker is None or since is None or speaker.label != "PERSON" or other.kind == "indirect":
            return None
        if not self.focus.may_be(speaker, gender) or speaker.local_id in self.discourse.named_in(quote):
            return None
        for place in self.discourse.places_between(since, start):
            is_subject = not (place.is_quoted or place.is_oblique or place.is_owner or place.is_aside)
            is_other = place.cluster is not speaker and place.cluster.label == "PERSON"
            if is_subject and is_other and self.focus.may_be(place.cluster, gender):
                return None
        return speaker

    def _adds(self, gender: str, quote: Quote, start: int) -> Cluster | None:
        """Who spoke last, where the cue is that of going on, "he added", and the sentence names nobody; else None."""
        sentence = self.discourse.sentence_of(start)
        if quote.cue is None or load_phrase_words().going_on.isdisjoint(quote.cue.lower().split()):
            return None
        here = self.discourse.places_between(self.discourse.sentence_starts[sentence], start)
        if any(place.cluster.label == "PERSON" and not place.is_quoted for place in here):
            return None
        for other, found in reversed(self.said):
            if sentence - self.discourse.sentence_of(position_of(other)) > ADDED_REACH:
                return None
            speaker = found.cluster
            if speaker is not None and speaker.label == "PERSON" and self.focus.may_be(speaker, gender):
                return speaker
        return None

    def _is_told_before(self, behind: Cluster, start: int) -> bool:
        """Whether a pronoun is the sentence's subject before the name: "While he spoke, he looked at Lind"."""
        named = next((place.start for place in self.discourse.places if place.start > start), len(self.text))
        named = next((item.start_char for item in behind.mentions if item.start_char > start), named)
        pronouns = _PERSONAL.finditer(self.text, start + 3, named)
        return any(not self.discourse.is_speech(item.start()) for item in pronouns)

    def _hearers(self, quote: Quote) -> list[Place]:
        """Who is told: named right behind the cue."""
        cue_end = quote.cue_end_char
        if cue_end is None:
            return []
        places = self.discourse.places_between(cue_end, cue_end + 80)
        return [place for place in places[:1] if _HEARER.fullmatch(self.text[cue_end : place.start])]

    def _first_person(self, quote: Quote, start: int) -> Found:
        """In somebody's speech the one who speaks, else who wrote the article."""
        for other, found in self.said:
            if other is not quote and other.start_char <= start < other.end_char and other.kind != "indirect":
                return Found(found.cluster, "pronoun", found.reason)
        if self.discourse.is_speech(start):
            return Found(None, "unknown", "not_found")
        if turn := find_turn(self.discourse, start):
            return Found(turn.speaker, "pronoun") if turn.speaker else Found(None, "unknown", "writer")
        writer = find_writer(self.discourse, start)
        return Found(writer, "pronoun") if writer else Found(None, "unknown", "writer")

    def _described_before(self, quote: Quote, start: int) -> Found:
        """What the relative clause follows, where that is called by its kind: "the union, which", "the mayor, who"."""
        match = _KIND_BEFORE.search(self.text, max(0, start - 60), start)
        phrase = read_phrase(match.group(1)) if match else None
        if match is None or phrase is None:
            return UNNAMED
        if phrase.is_organisation and not phrase.is_plural:
            cluster, method = find_organisation(self.discourse, phrase, match.start(1)), "organisation"
        elif phrase.is_person:
            named = self.discourse.named_in(quote)
            cluster, method = find_described(self.discourse, self.focus, phrase, match.start(1), named), "role"
        else:
            return UNNAMED
        return Found(cluster, method) if cluster else UNNAMED

    # ------------------------------------------------------------ several, and things

    def _group(self, word: str, start: int) -> Found:
        """What "they" or "it" stands for: the group, organisation or people last named, or who just spoke."""
        sentence = self.discourse.sentence_of(start)
        is_plural = word.startswith("the")
        for other, found in reversed(self.said):
            if sentence - self.discourse.sentence_of(position_of(other)) > PLURAL_REACH:
                break
            if _is_same_number(other, found, is_plural=is_plural):
                since = other.speaker_end_char
                if is_plural and found.cluster and since is not None and self._names_people(since, start):
                    return UNNAMED
                return Found(found.cluster, "pronoun" if found.cluster else "unknown", found.reason)
        labels = ("GROUP", "ORG") if is_plural else ("ORG", "PLACE")
        near = [
            place
            for place in self.discourse.places
            if place.start < start and sentence - self.discourse.sentence_of(place.start) <= PLURAL_REACH
        ]
        if is_plural and self._names_pair(near):
            return Found(None, "unknown", "several")
        groups = [
            place for place in near if place.cluster.label in labels and not place.is_owner and not place.is_quoted
        ]
        groups = [place for place in groups if not self._is_modifier(place) and self._is_people(place)]
        best = max(groups, key=lambda place: (not place.is_oblique, place.start), default=None)
        if best is not None and is_plural and self._names_people(best.end, start):
            return UNNAMED
        if best is not None and not is_plural and self._names_law(best.end, start):
            return Found(None, "unknown", "document")
        return Found(best.cluster, "pronoun") if best else Found(None, "unknown", "not_found")

    def _names_people(self, since: int, start: int) -> bool:
        """Whether people without a name stand between, of whom "they" may tell: "the officials looked into it"."""
        words = load_phrase_words()
        for match in _NOUN.finditer(self.text, since, start):
            noun = singular(match.group().lower())
            if noun != match.group().lower() and not self.discourse.is_speech(match.start()):
                is_people = noun in words.people or noun in words.crowds or noun in words.organisations
                if is_people or noun in load_title_words().heads:
                    return True
        return False

    def _names_law(self, since: int, start: int) -> bool:
        """Whether a law stands between, of which "it" may tell: "the House passed the bill"."""
        words = load_phrase_words().laws
        return any(
            match.group().lower() in words and not self.discourse.is_speech(match.start())
            for match in _NOUN.finditer(self.text, since, start)
        )

    def _is_modifier(self, place: Place) -> bool:
        """Whether a noun for people follows the name: "Democratic lawmakers", "the Liberal candidate"."""
        match = _WORD_BEHIND.match(self.text, place.end)
        return match is not None and (match.group(1).endswith(_PERSON_ENDINGS) or read_phrase(match.group(1)).is_person)

    def _is_people(self, place: Place) -> bool:
        """Whether a group's name stands for its people: "Norwegians", "the British", but not "Norwegian"."""
        if place.cluster.label != "GROUP":
            return True
        name = self.text[place.start : place.end]
        has_article = self.text[max(0, place.start - 4) : place.start].lower() == "the "
        return name != singular(name) or (has_article and name.endswith(("sh", "ch", "ese", "ss")))

    def _names_pair(self, near: list[Place]) -> bool:
        """Whether two people joined by "and" were named last."""
        people = [place for place in near if place.cluster.label == "PERSON"]
        for one, other in zip(reversed(people[:-1]), reversed(people[1:]), strict=True):
            between = self.text[one.end : other.start]
            if _PAIR.fullmatch(between):
                return True
        return False


def _may_be_one_person(speaker_text: str, gender: str) -> bool:
    """Whether a source without a name is one person of that gender: "my father", "a spokeswoman", "he" again.

    "Her daughter" and "the clerk" leave it open: somebody named may be meant by what follows.
    """
    if speaker_text.lower() in PRONOUN_GENDERS:
        return PRONOUN_GENDERS[speaker_text.lower()] == gender
    phrase = read_phrase(_OWN_PEOPLE.sub("one ", speaker_text, count=1))
    is_spokesman = phrase.noun in load_phrase_words().spokespeople
    is_sure = phrase.determiner in ("a", "an", "one", "another") or (is_spokesman and not phrase.is_owned)
    return is_sure and phrase.is_person and phrase.gender in (None, gender)


def _is_same_number(other: Quote, found: Found, *, is_plural: bool) -> bool:
    """Whether "they" or "it" can go on for who spoke."""
    if found.cluster is not None:
        return found.cluster.label in (("GROUP", "ORG") if is_plural else ("ORG", "PLACE"))
    if other.speaker_text is None:
        return False
    phrase = read_phrase(other.speaker_text)
    if is_plural:
        return found.reason == "several" or (found.reason == "unnamed" and phrase.is_plural)
    words = load_phrase_words()
    if found.reason == "document":
        return not phrase.is_plural
    # "The Lind team has said so. It says"
    return found.reason == "unnamed" and phrase.is_definite and phrase.noun in words.organisations | words.sides
