"""Quotations to speakers within an article: names, pronouns, roles, organisations and places that speak."""

import re
import tomllib
from bisect import bisect_left
from functools import cache
from pathlib import Path

from schemas import Quote
from tasks.resolve.people_in_article import Cluster
from tasks.resolve.titles import load_title_words, title_before

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
METHODS_FILE = Path(__file__).with_name("methods.toml")
_NOT_HEAD = re.compile(r"\b(?:for|to|of|with|by|from|on|at|and|over|against)\s+(?:the\s+|a\s+|an\s+)?$", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
# A pronoun reaches this many characters back: about three paragraphs of news.
PRONOUN_REACH = 1500


def resolve_speakers(quotes: list[Quote], clusters: list[Cluster], text: str) -> None:
    """Sets speaker_local_id, speaker_name, speaker_title, speaker_method, confidence and flags of each quote.

    Quotes are taken in the order of the text, since a pronoun most often stands for the last speaker.
    """
    resolver = _Resolver(clusters, text)
    for quote in sorted(quotes, key=lambda item: (item.speaker_start_char or item.start_char, item.start_char)):
        cluster, method = resolver.resolve(quote)
        if cluster is not None:
            quote.speaker_local_id = cluster.local_id
            quote.speaker_name = cluster.name
            quote.speaker_title = cluster.titles.most_common(1)[0][0] if cluster.titles else None
            resolver.note_speaker(cluster, quote)
        if method == "unnamed":
            quote.flags = ",".join(sorted({*filter(None, quote.flags.split(",")), "unnamed_source"}))
        if "speaker_inferred" in quote.flags and cluster is not None:
            method = "continuation"
        quote.speaker_method = method
        quote.confidence = round(quote.confidence * load_method_confidences()[method], 3)


class _Resolver:
    def __init__(self, clusters: list[Cluster], text: str) -> None:
        self.text = text
        placed = sorted(
            ((mention.start_char, mention.end_char, cluster) for cluster in clusters for mention in cluster.mentions),
            key=lambda item: item[0],
        )
        self.starts = [start for start, _, _ in placed]
        self.placed = placed
        self.clusters = clusters
        self.spoken: list[tuple[int, Cluster]] = []

    def note_speaker(self, cluster: Cluster, quote: Quote) -> None:
        """Remembers who spoke where."""
        position = quote.speaker_start_char if quote.speaker_start_char is not None else quote.start_char
        self.spoken.append((position, cluster))

    def resolve(self, quote: Quote) -> tuple[Cluster | None, str]:
        """The cluster that speaks and the method that found it."""
        if quote.speaker_text is None or quote.speaker_start_char is None or quote.speaker_end_char is None:
            return None, "unknown"
        start, end = quote.speaker_start_char, quote.speaker_end_char
        if (named := self._named_inside(start, end)) is not None:
            return named
        words = [word.lower() for word in _WORD.findall(quote.speaker_text)]
        if len(words) == 1 and words[0] in PRONOUN_GENDERS:
            return self._pronoun(PRONOUN_GENDERS[words[0]], start, quote)
        if words and words[0] in ("his", "her") and len(words) > 1 and not self._is_person_noun(words[-1]):
            # "According to his report": whose report it is.
            return self._pronoun(PRONOUN_GENDERS[words[0]], start, quote)
        if words and words[0] in ("the", "this", "that") and self._is_person_noun(self._head(words)):
            cluster = self._role(words, start)
            if cluster is not None:
                return cluster, "role"
        return None, "unnamed" if self._is_unnamed(words) else "unknown"

    def _inside(self, start: int, end: int) -> list[tuple[int, int, Cluster]]:
        first = bisect_left(self.starts, start)
        return [item for item in self.placed[first : bisect_left(self.starts, end)] if item[1] <= end + 2]

    def _named_inside(self, start: int, end: int) -> tuple[Cluster, str] | None:
        """The entity that the speaker phrase names as its head or in apposition to it."""
        inside = self._inside(start, end)
        for mention_start, mention_end, cluster in inside:
            if cluster.label != "PERSON":
                continue
            before, after = self.text[start:mention_start], self.text[mention_end:end]
            is_owner = after[:2] in ("'s", "’s") and after[2:].strip()
            if is_owner or (_NOT_HEAD.search(before) and not title_before(self.text, mention_start)):
                continue
            words = len(self.text[mention_start:mention_end].split())
            if words > 1:
                return cluster, "full_name"
            is_first = cluster.name.split()[0] == self.text[mention_start:mention_end] and " " in cluster.name
            return cluster, "first_name" if is_first else "surname"
        return self._organisation_or_place(inside, start, end)

    def _organisation_or_place(
        self, inside: list[tuple[int, int, Cluster]], start: int, end: int
    ) -> tuple[Cluster, str] | None:
        """The organisation or place that is the whole phrase, but for an article: "Russia", "the BBC"."""
        for mention_start, mention_end, cluster in inside:
            before = self.text[start:mention_start].strip().lower()
            after = self.text[mention_end:end].strip(" ’'s,.").lower()
            if before in ("", "the", "a") and not after and cluster.label in ("ORG", "PLACE", "GROUP"):
                return cluster, "place" if cluster.label == "PLACE" else "organisation"
        return None

    def _pronoun(self, gender: str, position: int, quote: Quote) -> tuple[Cluster | None, str]:
        """The person of that gender, or of none known, who stands out most before the pronoun."""
        best: tuple[float, Cluster] | None = None
        for cluster in self.clusters:
            if cluster.label != "PERSON" or cluster.gender not in (None, gender):
                continue
            score = self._salience(cluster, position, quote)
            if score is not None and cluster.gender == gender:
                score += 0.3
            if score is not None and (best is None or score > best[0]):
                best = (score, cluster)
        return (best[1], "pronoun") if best else (None, "unknown")

    def _salience(self, cluster: Cluster, position: int, quote: Quote) -> float | None:
        """How much the person stands out at `position`; None where not named within reach before it."""
        places = [
            mention.start_char
            for mention in cluster.mentions
            if mention.start_char < position and not quote.start_char <= mention.start_char < quote.end_char
        ]
        spoken = [place for place, speaker in self.spoken if speaker is cluster and place < position]
        if not places and not spoken:
            return None
        last = max(places + spoken)
        if position - last > PRONOUN_REACH:
            return None
        paragraph_breaks = self.text.count("\n\n", last, position)
        score = 1.0 - 0.35 * paragraph_breaks - (position - last) / (2 * PRONOUN_REACH)
        if spoken and self.spoken and self.spoken[-1][1] is cluster:
            score += 0.5
        if self._starts_sentence(last):
            score += 0.25
        return score

    def _starts_sentence(self, position: int) -> bool:
        """Whether little more than a title stands between the sentence's start and `position`."""
        before = self.text[max(0, position - 60) : position]
        sentence = re.split(r"[.!?]\s|\n", before)[-1]
        return len(sentence) < 45 and "," not in sentence

    @staticmethod
    def _head(words: list[str]) -> str:
        """The last word before a preposition."""
        for index, word in enumerate(words):
            if index and word in ("of", "for", "in", "at", "from", "on", "who", "with"):
                return words[index - 1]
        return words[-1]

    @staticmethod
    def _is_person_noun(word: str) -> bool:
        words = load_title_words()
        return word in words.person_nouns or word in words.heads

    @staticmethod
    def _is_unnamed(words: list[str]) -> bool:
        """Whether the phrase means people without naming them."""
        heads = load_title_words().heads | load_title_words().person_nouns
        singular = {word[:-1] if word.endswith("s") else word for word in words} | set(words)
        people = {"people", "some", "many", "others", "critics", "experts", "sources", "residents", "witnesses"}
        return bool(singular & heads or singular & people or {f"{word}s" for word in singular} & people)

    def _role(self, words: list[str], position: int) -> Cluster | None:
        """The person named before whose title holds the phrase's head, else the last one named in the paragraph."""
        head = self._head(words)
        people = [cluster for cluster in self.clusters if cluster.label == "PERSON"]
        earlier = [cluster for cluster in people if cluster.mentions[0].start_char < position]
        titled = [cluster for cluster in earlier if any(head in title.lower().split() for title in cluster.titles)]
        if titled:
            return max(titled, key=lambda cluster: self._last_place(cluster, position))
        paragraph_start = self.text.rfind("\n\n", 0, position) + 1
        here = [cluster for cluster in earlier if self._last_place(cluster, position) >= paragraph_start]
        return max(here, key=lambda cluster: self._last_place(cluster, position)) if here else None

    def _last_place(self, cluster: Cluster, position: int) -> int:
        return max(mention.start_char for mention in cluster.mentions if mention.start_char < position)


@cache
def load_method_confidences() -> dict[str, float]:
    """Factor of confidence by speaker_method, from methods.toml."""
    return tomllib.loads(METHODS_FILE.read_text("utf-8"))["confidence"]
