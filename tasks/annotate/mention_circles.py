"""Those called after the one whom they serve: "the Lind administration", "Ada Cole campaign", "the Cole family"."""

import re
from collections.abc import Iterable
from functools import cache

from tasks.annotate.mention_repairs import Candidate, load_lexicon


def find_circles(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Organisations and families: a person's name among the candidates with a noun of [circles] behind it.

    A word that no candidate holds is somebody's name too where "the" stands before it and the noun leaves no doubt:
    "the Lind administration". "Lind campaign trail" is nothing of Lind's, nor is "the county administration".
    """
    nouns = load_lexicon().circles
    behind, missed = _patterns()
    found = []
    for item in candidates:
        match = behind.match(text, item.end) if item.label == "PERSON" else None
        if match:
            found.append(Candidate(item.start, match.end(), nouns[match.group(1).lower()]))
    for match in missed.finditer(text):
        start, end = match.span(1)
        name = match.group(1).split(" ")[0]
        if _may_be_surname(name) and not any(item.start < end and start < item.end for item in candidates):
            found.append(Candidate(start, end, "ORG"))
    return found


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The noun behind a name; and a name with a noun that leaves no doubt."""
    lexicon = load_lexicon()
    stop = rf"(?![\w’'-]| (?:{'|'.join(lexicon.not_of_circles)})\b)"
    behind = re.compile(rf" ({'|'.join(_printed(lexicon.circles))}){stop}")
    return behind, re.compile(rf"\b[Tt]he ([A-Z][\w-]*[a-z] (?:{'|'.join(_printed(lexicon.sure_circles))})){stop}")


def _printed(nouns: Iterable[str]) -> list[str]:
    """The nouns as they stand, and as headlines have them."""
    return [form for noun in nouns for form in (noun, noun.capitalize())]


def _may_be_surname(word: str) -> bool:
    """False for a month, an office, a people, and what is known as a place or an organisation."""
    lexicon = load_lexicon()
    taken = word in lexicon.not_names or word in lexicon.known or word in lexicon.offices_before
    return not taken and not lexicon.is_group(word)
