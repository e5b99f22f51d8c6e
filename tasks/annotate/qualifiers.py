"""How exact a figure is said to be: "about", "more than", "at least", "up to"."""

import re
from functools import cache

from tasks.number_words import number_words


@cache
def _qualifier_patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], dict[str, str]]:
    words = number_words()
    before = {phrase: name for name, phrases in words["qualifiers"].items() for phrase in phrases}
    after = {phrase: name for name, phrases in words["trailing_qualifiers"].items() for phrase in phrases}

    def alternatives(phrases: dict[str, str]) -> str:
        return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(phrases, key=len, reverse=True))

    return (
        # "Less than the 40 boats wanted" says of another figure how it stands to this one.
        re.compile(rf"(?:(?<=\W)|^)({alternatives(before)})\s*(?:(?<!than\s)the\s+|a\s+)?\W?$", re.IGNORECASE),
        re.compile(rf"^[\s-]+({alternatives(after)})\b", re.IGNORECASE),
        before,
        after,
    )


@cache
def _extent_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(number_words()['extents']['verbs'])})(?:\s+out)?\s+$", re.IGNORECASE)


def _tells_extent(text: str, start: int, phrase: str) -> bool:
    """Whether "over" at text[start] tells how far something goes ("stretched over seven hours")."""
    return phrase.lower() == "over" and _extent_before().search(text[max(0, start - 16) : start]) is not None


def find_qualifier_start(text: str, start: int) -> int:
    """Where the words that say how exact the figure at text[start] is begin; `start` where there are none."""
    reach = max(0, start - 30)
    match = _qualifier_patterns()[0].search(text[reach:start])
    return reach + match.start(1) if match else start


def find_qualifier(text: str, start: int, end: int) -> str | None:
    """How exact the figure at text[start:end] is said to be, by the words before it or after it."""
    before_pattern, after_pattern, before, after = _qualifier_patterns()
    head = text[max(0, start - 30) : start]
    if (match := before_pattern.search(head)) and not _tells_extent(
        text, max(0, start - 30) + match.start(1), match[1]
    ):
        return before[" ".join(match[1].lower().split())]
    if "+" in text[start : end + 1]:
        return "at least"
    if match := after_pattern.match(text[end : end + 20]):
        return after[" ".join(match[1].lower().split())]
    return None
