"""Who stands out where: the people that a pronoun or a description may mean, sentence by sentence.

After Lappin and Leass (1994): a mention raises its person, more as a subject than elsewhere, and all sink with each
sentence. Genders that nothing prints are learned from pronouns that can mean only one person.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse, Place
from tasks.resolve.phrases import Phrase, read_phrase
from tasks.resolve.title_fit import fit_of_titles
from tasks.resolve.titles import load_title_words

PRONOUN_GENDERS = {
    "he": "male",
    "him": "male",
    "his": "male",
    "himself": "male",
    "she": "female",
    "her": "female",
    "hers": "female",
    "herself": "female",
}
_INTRODUCTION = re.compile(r",\s(?:\d\d|an?|the|who|[a-z]{4,})\b")
_PRONOUN = re.compile(rf"\b(?:{'|'.join(PRONOUN_GENDERS)})\b", re.IGNORECASE)

_DESCRIPTION = re.compile(r"\b[Tt]he ((?:[A-Za-z]+[ -]){0,3}[A-Za-z]+)")
_NOT_BEHIND = re.compile(r"[’'-]| [A-Z]")
_CLAUSE_BEFORE = re.compile(
    r"(?:But |And |Yet )?(?:While|Although|Though|When|As|After|Before|If|Since|Because|Once|Until)\s"
    r"[^,;:“”\"]{5,160},\s(?:[A-Z][\w.]*\s){0,3}"
)
_OPENING_WORDS = {"", "But", "And", "Yet", "So", "Still", "Then"}

# How far a mention raises its person, and what is left of it a sentence and a paragraph later. Chosen on
# data/gold/speakers and on pronouns of PolNeAR's training articles.
FIRST_SUBJECT, SUBJECT, OBJECT, OWNER, QUOTED = 1.0, 0.75, 0.45, 0.5, 0.1
# Added where somebody is first named, with what they are behind the name.
INTRODUCED = 0.5
SUBJECT_PRONOUN, OTHER_PRONOUN, SPEAKER, DESCRIBED = 0.7, 0.3, 0.5, 0.8
SENTENCE_DECAY, PARAGRAPH_DECAY = 0.6, 0.8
# How much more somebody stands out as the subject of the pronoun's own sentence, and of the one before it.
OF_THIS_SENTENCE, OF_LAST_SENTENCE = 1.7, 2.0
# The same where words said stand before the pronoun, since who spoke before may go on.
BEHIND_SPEECH = 1.2
# What is left where the gender is not known, is learned to be the other, or where the words name the person.
UNKNOWN_GENDER, LEARNED_OTHER, NAMED_IN_SPEECH = 0.6, 0.1, 0.3
# A pronoun teaches a gender where the next person stands out half as much at most.
SURE_MARGIN = 2.0


def _described_people(text: str) -> list[tuple[int, Phrase]]:
    """Where "the" and a noun for somebody in office stand: "the mayor", "the Vermont senator"."""
    nouns = load_title_words().person_nouns | load_title_words().heads
    found = []
    for match in _DESCRIPTION.finditer(text):
        for word in re.finditer(r"[A-Za-z]+", match.group(1)):
            end = match.start(1) + word.end()
            # "The senator’s aide" and "the minister Ann Roe" are somebody else, or named.
            if word.group().lower() in nouns and not _NOT_BEHIND.match(text, end):
                found.append((match.start(), read_phrase(text[match.start() : end])))
                break
    return found


def _read_events(discourse: Discourse) -> list[tuple[int, Place | Phrase | str]]:
    """Mentions of people, descriptions and pronouns outside speech, each with its place, in the text's order."""
    people = [place for place in discourse.places if place.cluster.label == "PERSON" and not place.is_aside]
    pronouns = [item for item in _PRONOUN.finditer(discourse.text) if not discourse.is_speech(item.start())]
    described = [item for item in _described_people(discourse.text) if not discourse.is_speech(item[0])]
    events: list[tuple[int, Place | Phrase | str]] = [
        *((place.start, place) for place in people),
        *((item.start(), item.group().lower()) for item in pronouns),
        *described,
    ]
    return sorted(events, key=lambda event: event[0])


@dataclass
class _Height:
    value: float
    sentence: int
    paragraph: int


class Focus:
    """How much each person of an article stands out, read along the text."""

    def __init__(self, discourse: Discourse) -> None:
        self.discourse = discourse
        self.learned: dict[str, Counter[str]] = defaultdict(Counter)
        self._genders: dict[str, str | None] = {}
        self._events = _read_events(discourse)
        self._begin()

    @classmethod
    def of(cls, discourse: Discourse) -> "Focus":
        """At the text's start, with the genders that a first reading of the whole text learned."""
        focus = cls(discourse)
        focus.advance(len(discourse.text))
        focus._begin()
        return focus

    def _begin(self) -> None:
        self._heights: dict[str, _Height] = {}
        self._people: dict[str, Cluster] = {}
        self._subject: tuple[int, str] | None = None
        self._next = 0

    def advance(self, position: int) -> None:
        """Reads on to `position`; what stands behind it is not known yet."""
        while self._next < len(self._events) and self._events[self._next][0] < position:
            start, event = self._events[self._next]
            self._next += 1
            if isinstance(event, Place):
                self._read_mention(event)
            elif isinstance(event, Phrase):
                self._read_description(event, start)
            else:
                self._read_pronoun(event, start)

    def _read_mention(self, place: Place) -> None:
        sentence = self.discourse.sentence_of(place.start)
        if place.is_quoted:
            weight = QUOTED
        elif place.is_owner:
            weight = OWNER
        elif place.is_oblique:
            weight = OBJECT
        elif self._subject and self._subject[0] == sentence and not self._opens_main_clause(place, sentence):
            weight = SUBJECT
        else:
            weight, self._subject = FIRST_SUBJECT, (sentence, place.cluster.local_id)
        is_first = place.start == place.cluster.mentions[0].start_char
        if is_first and not place.is_quoted and _INTRODUCTION.match(self.discourse.text, place.end):
            weight += INTRODUCED
        self._people[place.cluster.local_id] = place.cluster
        self._raise(place.cluster, place.start, weight)

    def _opens_main_clause(self, place: Place, sentence: int) -> bool:
        """Whether a clause with a subject of its own ends before the place: "As Lind spoke, Ada Cole"."""
        before = self.discourse.text[self.discourse.sentence_starts[sentence] : place.start]
        return _CLAUSE_BEFORE.fullmatch(before) is not None

    def _read_description(self, phrase: Phrase, start: int) -> None:
        """Raises the one person among those named whose title is the phrase: "the senator"."""
        fits = [(fit_of_titles(cluster, phrase, self.discourse), cluster) for cluster in self._people.values()]
        best = max(fits, key=lambda item: item[0], default=None)
        if best is None or best[0] <= 0 or sum(fit >= best[0] for fit, _ in fits) > 1:
            return
        self._raise(best[1], start, DESCRIBED)
        sentence = self.discourse.sentence_of(start)
        if not (self._subject and self._subject[0] == sentence):
            self._subject = (sentence, best[1].local_id)

    def _read_pronoun(self, word: str, start: int) -> None:
        sentence = self.discourse.sentence_of(start)
        if self.discourse.opens_sentence(start):
            # "As he has before, Torrance": who is meant comes behind, if not before.
            return
        # "Torrance told him": somebody else.
        other = {self._subject[1]} if word == "him" and self._subject and self._subject[0] == sentence else ()
        is_subject = word in ("he", "she")
        ranked = self.rank(PRONOUN_GENDERS[word], start, but=other, is_pronoun=is_subject)
        if not ranked:
            return
        height, cluster = ranked[0]
        if self._gender_of(cluster) is None and (len(ranked) == 1 or height >= SURE_MARGIN * ranked[1][0]):
            self.learned[cluster.local_id][PRONOUN_GENDERS[word]] += 1
        self._raise(cluster, start, SUBJECT_PRONOUN if is_subject else OTHER_PRONOUN)
        if is_subject and not (self._subject and self._subject[0] == sentence):
            self._subject = (sentence, cluster.local_id)

    def _raise(self, cluster: Cluster, position: int, weight: float) -> None:
        sentence, paragraph = self.discourse.sentence_of(position), self.discourse.paragraph_of(position)
        value = self.height(cluster, position) + weight
        self._heights[cluster.local_id] = _Height(min(value, 2.0), sentence, paragraph)

    def height(self, cluster: Cluster, position: int) -> float:
        """How much the person stands out at `position`; 0 where not named yet."""
        sentence, paragraph = self.discourse.sentence_of(position), self.discourse.paragraph_of(position)
        return self._height(cluster.local_id, sentence, paragraph)

    def _height(self, local_id: str, sentence: int, paragraph: int) -> float:
        height = self._heights.get(local_id)
        if height is None:
            return 0.0
        sentences, paragraphs = max(sentence - height.sentence, 0), max(paragraph - height.paragraph, 0)
        return height.value * SENTENCE_DECAY**sentences * PARAGRAPH_DECAY**paragraphs

    def rank(
        self,
        gender: str | None,
        position: int,
        *,
        but: Collection[str] = (),
        spoken_of: Collection[str] = (),
        is_pronoun: bool = True,
    ) -> list[tuple[float, Cluster]]:
        """People whom a pronoun or description of that gender at `position` may mean, who stands out most first.

        `but` holds local ids of people who cannot be meant, `spoken_of` of those named in the words themselves.
        """
        self.advance(position)
        sentence, paragraph = self.discourse.sentence_of(position), self.discourse.paragraph_of(position)
        subject = self._subject[1] if is_pronoun and self._subject else None
        ranked = []
        for local_id, cluster in self._people.items():
            agreement = 0.0 if local_id in but else self._agreement(cluster, gender)
            if not agreement:
                continue
            weight = self._height(local_id, sentence, paragraph) * agreement
            if local_id in spoken_of:
                weight *= NAMED_IN_SPEECH
            if local_id == subject:
                weight *= self._likeness(sentence, position)
            if weight:
                ranked.append((weight, cluster))
        return sorted(ranked, key=lambda item: -item[0])

    def _likeness(self, sentence: int, position: int) -> float:
        """How much more a pronoun means the subject of its own sentence, or, opening one, that of the one before."""
        assert self._subject is not None
        if self._subject[0] == sentence:
            return OF_THIS_SENTENCE
        begin = self.discourse.sentence_starts[sentence]
        before = self.discourse.unspoken(begin, position)
        if self._subject[0] != sentence - 1 or before.strip(" ,") not in _OPENING_WORDS:
            return 1.0
        return OF_LAST_SENTENCE if len(before) == position - begin else BEHIND_SPEECH

    def _agreement(self, cluster: Cluster, gender: str | None) -> float:
        if gender is None:
            return 1.0
        if (printed := self._gender_of(cluster)) is not None:
            return float(printed == gender)
        learned = self.learned.get(cluster.local_id)
        if not learned:
            return UNKNOWN_GENDER
        return 1.0 if learned.most_common(1)[0][0] == gender else LEARNED_OTHER

    def _gender_of(self, cluster: Cluster) -> str | None:
        """The cluster's gender, which stays as it is while the text is read."""
        if cluster.local_id not in self._genders:
            self._genders[cluster.local_id] = cluster.gender
        return self._genders[cluster.local_id]

    def may_be(self, cluster: Cluster, gender: str | None) -> bool:
        """Whether nothing speaks against the person's being of that gender."""
        return self._agreement(cluster, gender) > LEARNED_OTHER

    def note_speaker(self, cluster: Cluster, position: int, said_at: int) -> None:
        """Raises somebody who speaks at `position`; their words begin at `said_at`."""
        if cluster.label == "PERSON":
            self.advance(position + 1)
            self._people[cluster.local_id] = cluster
            self._raise(cluster, position, SPEAKER)
            # "Lind is right, Roe said. He": who speaks is told of, more than whom the words name first.
            sentence = self.discourse.sentence_of(position)
            if said_at < position and self.discourse.sentence_of(said_at) == sentence:
                self._subject = (sentence, cluster.local_id)

    def next_named(self, gender: str | None, position: int) -> Cluster | None:
        """The first subject named behind `position`, in its paragraph, who can be of that gender.

        None where a pronoun is the subject before.
        """
        places = self.discourse.places
        paragraph = self.discourse.paragraph_of(position)
        for place in places[bisect_left(places, position, key=lambda item: item.start) :]:
            if self.discourse.paragraph_of(place.start) != paragraph:
                return None
            is_subject = not (place.is_quoted or place.is_oblique or place.is_owner or place.is_aside)
            if place.cluster.label == "PERSON" and is_subject and self.may_be(place.cluster, gender):
                return place.cluster
        return None
