"""An article as those see it who look for who is meant: sentences, speech, and where everybody is named, and how."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas import Quote
from tasks.resolve.clusters import Cluster
from tasks.resolve.phrases import Phrase

_BREAK = re.compile(r"[.!?][\"”’')\]]*\s+(?=[A-Z“\"‘'(])|\n+")
_ABBREVIATIONS = {
    "mr", "mrs", "ms", "dr", "prof", "sen", "sens", "rep", "reps", "gov", "gen", "lt", "col", "capt", "sgt", "adm",
    "rev", "st", "jr", "sr", "vs", "no", "u.s", "u.n", "e.u", "d.c", "del", "atty",
}  # fmt: skip
# What is left open ends with its line, or with the text.
_SPEECH = re.compile(r"“[^”\n]*+(?:[”\n]|\Z)|\"[^\"\n]*+(?:[\"\n]|\Z)|''(?:[^'\n]|'(?!'))*+(?:''|\n|\Z)")
_OBLIQUE = re.compile(
    r"\b(?:of|for|to|by|with|from|on|at|against|over|about|like|than|under|into|toward|towards|between|including|in|"
    r"behind|beside|after|before|versus|vs\.?|told|tells|asked|urged|called|met|beat|beats|defeated|joined|replaced|"
    r"criticized|criticised|attacked|accused|supported|backed|thanked|saw|give|gave|gives|praised|blamed|endorsed|slammed|"
    r"mocked|blasted|dismissed|defended|challenged|questioned|interviewed|warned|reminded|pressed|nominated|sued|helped|"
    r"mentioned|quoted|named|hired|fired|and)\s+(?:[a-z]+\s+)?(?:[A-Z][\w.]*\s+){0,3}$"
)
_OWNS = re.compile(r"[’']s?\s+\w")
# "A Lind supporter", "the Lind aides": the name says whose, as an owner's does.
_ARTICLE_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Aa]nother|[Tt]his|[Ee]very)\s$")
_WORD_BEHIND = re.compile(r"\s[a-z]")
# A name alone in its line signs what stands above, in a text that ends so; else it heads what stands below.
_SIGNED = re.compile(r"\.?[ \t]*(?:\n|\Z)")
_ENDS_SIGNED = re.compile(r"(?:\A|\n)[A-Z][\w.’'-]*+(?:[ \t]++[A-Z][\w.’'-]*+){1,4}+\s*+\Z")
# Who wrote, photographed or distributes a text is no person of it.
_ASIDE_BEFORE = re.compile(
    r"(?:^|\n)(?:By|BY|Written by|Story by)\s[^\n]{0,80}$"
    r"|\b(?:Photo|Photos|Photograph|Picture|Image|Credit|Photo by|Reporting by|Editing by|Writing by|Photography by)\b"
    r"[^\n.]{0,60}$"
)
_ASIDE_AFTER = re.compile(
    r"\s*/\s*(?:AP|AFP|Reuters|REUTERS|Getty|EPA|Bloomberg|Shutterstock|TASS|dpa)\b"
    r"|,?\s+(?:via|for)\s+(?:Getty|Reuters|AP)\b"
    r"|[^\n.]{0,80}\b(?:contributed to this|can be reached at"
    r"|is a (?:staff )?(?:writer|reporter|columnist|contributor)\b"
    r"|reported from|contributed reporting)"
)


_OPENING = re.compile(
    r"(?:But |And |Yet )?"
    r"(?:Despite|While|Although|Though|When|As|After|Before|If|Since|Because|In|With|At|Unlike|Until|Once)\s"
    r"(?:[a-z]+\s){0,3}"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One mention of somebody or something: where, and in what position of its sentence."""

    start: int
    end: int
    cluster: Cluster
    is_quoted: bool
    is_oblique: bool
    is_owner: bool
    is_aside: bool


@dataclass
class Discourse:
    """The article's text with its mentions by place, its breaks and its speech."""

    text: str
    clusters: list[Cluster]
    places: list[Place] = field(default_factory=list)
    sentence_starts: list[int] = field(default_factory=list)
    paragraph_starts: list[int] = field(default_factory=list)
    speech: list[tuple[int, int]] = field(default_factory=list)
    # What is printed beside each person's name, by local id, once somebody has looked.
    words_near: dict[str, frozenset[str]] = field(default_factory=dict)
    # Who has spoken without a name so far: where, and what they were called.
    unnamed: list[tuple[int, Phrase]] = field(default_factory=list)

    @classmethod
    def of_article(cls, text: str, clusters: list[Cluster], quotes: Iterable[Quote]) -> "Discourse":
        """Read from the text; contents of direct quotations are speech where marks were lost."""
        made = cls(text, clusters)
        made.sentence_starts, made.paragraph_starts = _breaks(text)
        spans = [match.span() for match in _SPEECH.finditer(text)]
        spans += [(quote.start_char, quote.end_char) for quote in quotes if "no_marks" in quote.flags]
        made.speech = _merged(spans)
        # What is said takes nobody further from who is told of: sentences within speech do not count.
        made.sentence_starts = [start for start in made.sentence_starts if not made.is_speech(start - 1) or start == 0]
        mentions = [(item.start_char, item.end_char, one) for one in clusters for item in one.mentions]
        made.places = [made._place(*mention) for mention in sorted(mentions, key=lambda item: item[0])]
        return made

    def _place(self, start: int, end: int, cluster: Cluster) -> Place:
        sentence = self.sentence_starts[self.sentence_of(start)]
        before = self.text[max(sentence, start - 60) : start]
        line = self.text[max(self.text.rfind("\n", 0, start), start - 90, 0) : start]
        is_person = cluster.label == "PERSON"
        return Place(
            start,
            end,
            cluster,
            is_quoted=self.is_speech(start),
            is_oblique=_OBLIQUE.search(before) is not None,
            is_owner=_OWNS.match(self.text, end) is not None or (is_person and self._says_whose(start, end)),
            is_aside=is_person
            and (
                _ASIDE_BEFORE.search(line) is not None
                or _ASIDE_AFTER.match(self.text, end) is not None
                or (
                    start > 0
                    and self.text[start - 1] == "\n"
                    and _SIGNED.match(self.text, end) is not None
                    and _ENDS_SIGNED.search(self.text, max(0, len(self.text) - 120)) is not None
                )
            ),
        )

    def _says_whose(self, start: int, end: int) -> bool:
        before = _ARTICLE_BEFORE.search(self.text, max(0, start - 10), start)
        return before is not None and _WORD_BEHIND.match(self.text, end) is not None

    def sentence_of(self, position: int) -> int:
        """Number of the sentence that holds the position."""
        return bisect_right(self.sentence_starts, position) - 1

    def paragraph_of(self, position: int) -> int:
        """Number of the paragraph that holds the position."""
        return bisect_right(self.paragraph_starts, position) - 1

    def is_speech(self, position: int) -> bool:
        """Whether the position lies in quotation marks."""
        number = bisect_right(self.speech, (position, len(self.text) + 1)) - 1
        return number >= 0 and self.speech[number][0] <= position < self.speech[number][1]

    def unspoken(self, start: int, end: int) -> str:
        """What of the text in [start, end) stands outside quotation marks."""
        parts, place = [], start
        for number in range(max(bisect_right(self.speech, (start, 0)) - 1, 0), len(self.speech)):
            begin, stop = self.speech[number]
            if begin >= end:
                break
            parts.append(self.text[place : max(begin, place)])
            place = max(place, min(stop, end))
        return "".join([*parts, self.text[place:end]])

    def opens_sentence(self, start: int) -> bool:
        """Whether a pronoun at `start` stands in a clause before the sentence's subject: "Despite his age, Lind"."""
        sentence = self.sentence_starts[self.sentence_of(start)]
        return _OPENING.fullmatch(self.text[sentence:start]) is not None

    def places_between(self, start: int, end: int) -> list[Place]:
        """Mentions that lie in [start, end), by place; a possessive ending may stick out."""
        first = bisect_right(self.places, start - 1, key=lambda item: item.start)
        found = []
        for place in self.places[first:]:
            if place.start >= end:
                break
            if place.end <= end + 2:
                found.append(place)
        return found

    def named_in(self, quote: Quote) -> set[str]:
        """Local ids of those named in the words said, owners left out; people seldom name themselves."""
        places = self.places_between(quote.start_char, quote.end_char)
        return {place.cluster.local_id for place in places if not place.is_owner}


def position_of(quote: Quote) -> int:
    """Where the quote's speaker stands, else its content."""
    return quote.speaker_start_char if quote.speaker_start_char is not None else quote.start_char


def _breaks(text: str) -> tuple[list[int], list[int]]:
    sentences, paragraphs = [0], [0]
    for match in _BREAK.finditer(text):
        if match.group()[0] == "\n" or "\n" in match.group():
            paragraphs.append(match.end())
        elif match.group()[0] == "." and _is_abbreviation(text, match.start()):
            continue
        sentences.append(match.end())
    return sentences, paragraphs


def _is_abbreviation(text: str, stop: int) -> bool:
    word = re.search(r"[\w.]*$", text[max(0, stop - 8) : stop])
    found = word.group().lower() if word else ""
    return found in _ABBREVIATIONS or (len(found) == 1 and found.isalpha())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
