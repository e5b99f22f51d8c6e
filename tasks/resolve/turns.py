"""Whose turn it is in interviews and transcripts, where lines say who speaks: "Q:", "A:", "LIND:"."""

import re
from dataclasses import dataclass

from tasks.resolve.clusters import Cluster
from tasks.resolve.discourse import Discourse

_QUESTION = re.compile(r"(?:Q|Question|QUESTION)(?:\s*[:.]\s|(?=[A-Z][a-z’'][^\n]*\?))")
_ANSWER = re.compile(r"(?:A|Answer|ANSWER)\s*[:.]\s")
_QUESTION_LABELS = {"Q", "Question", "QUESTION", "Interviewer", "INTERVIEWER"}
_ANSWER_LABELS = {"A", "Answer", "ANSWER"}
_COLON = re.compile(r"(?:\s*\([^)\n]*\))?:\s")
# A turn goes on over so many paragraphs, up to the next.
_REACH = 3


@dataclass(frozen=True)
class Turn:
    """One turn: whose it is, where the line says so or the interview is with one person, and to whom it is said."""

    speaker: Cluster | None
    hearer: Cluster | None = None


def is_question(label: str) -> bool:
    """Whether a turn's label says that its speaker asks."""
    return label in _QUESTION_LABELS


def is_answer(label: str) -> bool:
    """Whether a turn's label says that its speaker is asked."""
    return label in _ANSWER_LABELS


def find_turn(discourse: Discourse, start: int) -> Turn | None:
    """The turn that holds `start`; None where nobody's turn is.

    In an interview of questions and answers whoever the headline names first is asked, else who is named first above
    the first question. A line that opens with a person's name and a colon is that person's.
    """
    number = discourse.paragraph_of(start)
    for paragraph in range(number, max(number - _REACH, 0) - 1, -1):
        if (turn := _turn_of(discourse, paragraph)) is not None:
            is_own = paragraph == number or _is_followed(discourse, number)
            return turn if is_own else None
    return None


def _is_followed(discourse: Discourse, paragraph: int) -> bool:
    """Whether another turn begins soon behind the paragraph, which then belongs to the one before it."""
    following = range(paragraph + 1, min(paragraph + 1 + _REACH, len(discourse.paragraph_starts)))
    return any(_turn_of(discourse, number) is not None for number in following)


def _turn_of(discourse: Discourse, paragraph: int) -> Turn | None:
    """The turn that begins with the paragraph."""
    text, begin = discourse.text, discourse.paragraph_starts[paragraph]
    is_question, is_answer = _QUESTION.match(text, begin), _ANSWER.match(text, begin)
    if (is_question or is_answer) and (first := _first_question(discourse)) is not None:
        asked = _asked(discourse, first)
        return Turn(None, asked) if is_question else Turn(asked)
    for place in discourse.places_between(begin, begin + 60)[:1]:
        is_head = place.start == begin or text[begin : place.start].istitle()
        if is_head and place.cluster.label == "PERSON" and _COLON.match(text, place.end):
            return Turn(place.cluster)
    return None


def _first_question(discourse: Discourse) -> int | None:
    """Where the first question stands, in a text that holds answers as well."""
    text, starts = discourse.text, discourse.paragraph_starts
    questions = (start for start in starts if _QUESTION.match(text, start))
    return next(questions, None) if any(_ANSWER.match(text, start) for start in starts) else None


def _asked(discourse: Discourse, first_question: int) -> Cluster | None:
    people = [
        place
        for place in discourse.places_between(0, first_question)
        if place.cluster.label == "PERSON" and not place.is_aside
    ]
    return people[0].cluster if people else None
