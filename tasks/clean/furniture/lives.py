"""Paragraphs that present an article's author: who writes, for whom, about what."""

import re
from typing import NamedTuple

from tasks.clean.furniture.rules import reports_speech
from tasks.clean.lines import Line

MAXIMUM_BIOGRAPHY_WORDS = 90
# Among the paragraphs of a text one is shorter.
MAXIMUM_WORDS_BETWEEN = 60
# Above it stand the headline and the lead.
FIRST_LINE = 3
BIOGRAPHY = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){2,4}(?:is|was) (?:a|an|the|our|(?:[A-Z][\w.]*[ ]){0,3}[A-Z][\w.]*['’]s) [^.“\"]{0,60}"
    r"\b(?:reporter|staff writer|freelance \w+|freelancer|contributor|correspondent|columnist|intern|bureau chief)"
    r",? (?:at|for|with|in|based|who|covering|focusing)\b"
    r"|(?:[A-Z][\w.'’-]+ ){2,3}(?:covers|writes about|reports on) "
    r"(?!(?:his|her|their|its|my|our|up)\b)[^“”\"]{5,160}\.$"
)
# What befalls somebody is news, not a life.
NEWS_OF_PERSON = re.compile(
    r"\bwho (?:was|were|had been|has been|is|is being) (?:\w+ly )?"
    r"(?:abducted|accused|arrested|attacked|beaten|charged|detained|fined|fired|found|held|injured|jailed|kidnapped|killed"
    r"|questioned|robbed|sacked|shot|sued|taken|wounded)\b"
)
# "[Ms. Cole is the author of “Salt”. Her email address is …]", "Jo Ford (@jford) is the former editor of the Herald."
SHORT_LIFE = re.compile(
    r"[\[(]?(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?(?P<name>(?:[A-Z][\w.'’-]+ ){1,3}[A-Z][\w'’-]+|(?<=\. )[A-Z][\w'’-]+)"
    r"(?: \(@\w+\))? is (?:(?:a|an|the|our) |co-|(?:[A-Z][\w.]* ){0,3}[A-Z][\w.]*['’]s )"
    r"(?:[^.“\"]{0,60}\b(?:correspondent|columnist|reporter|editor|contributor|staff writer|bureau chief|essayist)\b"
    r"|(?:[\w-]+ ){0,3}author of (?:[“\"‘'‹«]|[A-Z]|the (?:book|novel|forthcoming|new)\b|(?:\w+ )?(?:books|novels)\b))"
)
# Every life begins so.
NAME_AND_VERB = re.compile(
    r"[\[(]?(?:[A-Z][\w.'’-]* ){1,6}(?:\(@\w+\) )?(?:is|was|has been|covers|writes about|reports on) "
)
NAME = re.compile(r"(?:[A-Z][\w.'’-]+ ){1,3}[A-Z][\w'’-]+")
PERSON_LINE = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,2}")
# Below a line that is a name: "Ada is a freelance writer who lives by the sea."
LIFE_BELOW_NAME = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){1,4}(?:is|was|has been) (?:a|an|the|our)\b[^.“\"]{0,80}"
    r"\b(?:reporter|journalist|writer|author|editor|correspondent|columnist|contributor|blogger|freelance\w*|producer|intern)\b"
)


class Life(NamedTuple):
    """A person's name, and the lines that present the person: at most a line with the name, and a paragraph."""

    name: str
    lines: list[Line]


def is_biography(line: Line, others: list[Line]) -> bool:
    """Whether the paragraph presents the author; one with less to tell it by only if no other names the person."""
    if line.word_count > MAXIMUM_BIOGRAPHY_WORDS:
        return False
    if BIOGRAPHY.match(line.text):
        return not NEWS_OF_PERSON.search(line.text)
    life = SHORT_LIFE.match(line.text)
    if life is None or NEWS_OF_PERSON.search(line.text) or reports_speech(line.text):
        return False
    return _is_stranger(life["name"], others)


def find_lives(lines: list[Line]) -> list[Life]:
    """The lives of authors that stand anywhere below the lead, each with the line of its name where one is above it.

    Nobody that another paragraph names is taken for an author: the report may be about them.
    """
    lives = []
    for index in range(FIRST_LINE, len(lines)):
        line, above = lines[index], lines[index - 1]
        if not _may_be_life(line):
            continue
        has_name_above = PERSON_LINE.fullmatch(above.text) is not None
        if not _presents(line, above.text if has_name_above else None):
            continue
        found = NAME.match(line.text.lstrip("[("))
        name = above.text if has_name_above else found.group() if found else line.text.split(" ", 1)[0]
        own = [above, line] if has_name_above else [line]
        if _is_stranger(name, [other for other in lines if other not in own]):
            lives.append(Life(name, own))
    return lives


def _may_be_life(line: Line) -> bool:
    return 4 <= line.word_count <= MAXIMUM_WORDS_BETWEEN and NAME_AND_VERB.match(line.text) is not None


def _presents(line: Line, name_above: str | None) -> bool:
    is_named = name_above is not None and line.text.startswith(name_above.split()[0])
    is_life = BIOGRAPHY.match(line.text) or SHORT_LIFE.match(line.text)
    if not is_life and not (is_named and LIFE_BELOW_NAME.match(line.text)):
        return False
    return not NEWS_OF_PERSON.search(line.text) and not reports_speech(line.text)


def _is_stranger(name: str, others: list[Line]) -> bool:
    """Whether none of the other lines holds the person's last name."""
    surname = name.split()[-1]
    return not any(surname in other.text for other in others)
