"""People without a name who have spoken: whom "the official" means behind "a senior official said"."""

import re

from schemas import Quote
from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse
from tasks.resolve.phrases import Phrase, read_phrase
from tasks.resolve.title_fit import is_called

_INDEFINITE = {"a", "an", "one", "another"}
_RELATIVES = {"who", "that"}
# "A lawmaker who": the clause's source says no more than "who".
_WHOM = re.compile(r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother)\s(?:[\w.’'-]+\s){0,3}[a-z]+(?:-[a-z]+)*\s$")


def note_unnamed(discourse: Discourse, quote: Quote) -> None:
    """Remembers that somebody without a name, told of for the first time, speaks in the quote."""
    words, start = quote.speaker_text, quote.speaker_start_char
    if words is None or start is None:
        return
    if words.split(" ")[0].lower() in _RELATIVES:
        match = _WHOM.search(discourse.text, max(0, start - 60), start)
        words = match.group() if match else words
    phrase = read_phrase(words)
    if phrase.determiner in _INDEFINITE and phrase.is_person:
        discourse.unnamed.append((start, phrase))


def find_unnamed(discourse: Discourse, phrase: Phrase) -> int | None:
    """Where somebody without a name began to speak whom the phrase calls by the same noun; None where nobody did."""
    for start, other in reversed(discourse.unnamed):
        says_no_more = set(phrase.words) <= set(other.words) and phrase.tail in ((), other.tail)
        if phrase.is_definite and phrase.noun == other.noun and says_no_more:
            return start
    return None


def is_unnamed(discourse: Discourse, phrase: Phrase, described: Cluster, position: int) -> bool:
    """Whether the phrase at `position` means somebody without a name rather than the person whom it may describe.

    The person is meant where that very noun is printed as theirs and they were named since the other spoke.
    """
    start = find_unnamed(discourse, phrase)
    if start is None:
        return False
    is_named_since = any(start < mention.start_char < position for mention in described.mentions)
    return not (is_named_since and is_called(described, phrase.noun, discourse))
