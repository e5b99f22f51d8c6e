"""What the model takes for a name and is none: common words with a capital, headlines in capitals, common acronyms."""

import re
from functools import lru_cache

from tasks.annotate.common_words import is_common
from tasks.annotate.mention_repairs import Candidate, NameWords, load_lexicon
from tasks.annotate.whole_words import find_whole

# Where a capital says nothing: at the start of a line, a sentence or a quotation.
_OPENS = re.compile(r"(?:^|[\n.!?:;…•*\[(“”\"‘–—-]|(?<!\w)['’])[\s“\"‘'(\[]*$")
_OPENING_REACH = 8
_SENTENCE_END = (".", "!", "?", "”", '"', "’", "…", ";", ",", ":")
# A line is a heading where so large a share of its longer words has a capital.
HEADING_SHARE = 0.6
_LONGER_WORD = re.compile(r"[A-Za-z][\w’'-]{3,}")
# Participles and adverbs that open a sentence.
_VERBAL = re.compile(r"[A-Z][a-z]{5,}ing|[A-Z][a-z]{3,}(?:ous|ed|ing|ent|ant)ly")
_INITIALS = re.compile(r"[A-Z]\.?")
# An office, of which what follows is the field: "Secretary of Housing and ", "Deputy Director of ".
FIELD_OF_OFFICE = re.compile(
    r"\b(?:[Ss]ecretary|[Mm]inister|[Dd]irector|[Uu]ndersecretary|[Pp]resident|[Hh]ead|[Mm]anager|[Cc]hair|[Cc]ommissioner)"
    r"(?: of [Ss]tate)? (?:of|for)(?: the)? (?:[A-Z]\w+,? (?:and )?){0,3}$"
)


def without_refused(text: str, candidates: list[Candidate], names: NameWords) -> list[Candidate]:
    """The candidates that are names; people named in full elsewhere and what is known by name always are."""
    capitals = _Capitals(text, names)
    return [item for item in candidates if item.label == "GROUP" or not capitals.is_no_name(item)]


class _Capitals:
    def __init__(self, text: str, names: NameWords) -> None:
        self.text = text
        self.names = names
        self.told: dict[str, bool] = {}

    def is_no_name(self, item: Candidate) -> bool:
        """Whether nothing but a capital speaks for the name, or it is one of a common thing."""
        name, lexicon = self.text[item.start : item.end], load_lexicon()
        if name in lexicon.known or self.names.is_person(name):
            return False
        if name in lexicon.things or _INITIALS.fullmatch(name):
            return True
        words = name.split()
        if item.label == "ORG" and (self._is_shouted(words) or self._is_field(item, words)):
            return True
        return len(words) == 1 and (is_common(name) or bool(_VERBAL.fullmatch(name))) and not self._stands_inside(name)

    def _is_shouted(self, words: list[str]) -> bool:
        """Whether words in capitals, one of them a common one, are a heading's: "GLIDE PATH", but not "ASHBY NEWS"."""
        if (
            len(words) < 2
            or not all(map(str.isupper, words))
            or words[-1].capitalize() in load_lexicon().organisation_words
        ):
            return False
        longer = [word.strip("'‘’“”\"") for word in words if len(word) > 3]
        return any(is_common(word) or self.names.stands_in_lower_case(word) for word in longer)

    def _is_field(self, item: Candidate, words: list[str]) -> bool:
        """Whether common words say of what somebody holds an office: "Secretary of State for Political Affairs"."""
        fields = load_lexicon().fields
        return all(word == "and" or word in fields or is_common(word) for word in words) and (
            FIELD_OF_OFFICE.search(self.text, max(0, item.start - 80), item.start) is not None
        )

    def _stands_inside(self, name: str) -> bool:
        """Whether the word has its capital inside a sentence somewhere."""
        if name not in self.told:
            found = find_whole(self.text, name, not_before="’'-", not_behind="-")
            self.told[name] = any(not self._is_open(start, start + len(name)) for start in found)
        return self.told[name]

    def _is_open(self, start: int, end: int) -> bool:
        text = self.text
        if start == 0 or _OPENS.search(text, max(0, start - _OPENING_REACH), start):
            return True
        begins, ends = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        return _is_heading(text[begins : ends if ends >= 0 else len(text)])


@lru_cache(maxsize=1_000)
def _is_heading(line: str) -> bool:
    """Whether the line ends with no stop and most of its longer words have capitals."""
    if len(line) > 200 or line.rstrip().endswith(_SENTENCE_END):
        return False
    words = _LONGER_WORD.findall(line)
    return sum(word[0].isupper() for word in words) >= HEADING_SHARE * len(words)
