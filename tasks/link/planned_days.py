"""What of a sentence tells what was, and not what is planned or possible."""

import re
from functools import cache
from itertools import pairwise

from tasks.link.day_forms import DATES, IN_FIGURES, MONTH, NUMBERED, WEEKDAY, drop_names, rules

# What is planned is not the event: a verb of the future in the same sentence.
FUTURE = re.compile(r"\b(?:will|would|shall|is to|are to|due|scheduled|planned|expected|upcoming|set for|slated)\b")
# So is what may happen, but no more than its own part of the sentence: "fell on Monday, and more may follow". What one
# could see was.
MAY_BE = re.compile(r"\b(?:may|might|could) (?!have\b|not\b|see\b|hear\b)[a-z]")
A_DAY = rf"(?:{drop_names(re.compile(WEEKDAY))}|{drop_names(re.compile(MONTH))}|\d{{1,4}}(?:st|nd|rd|th)?)\b"
PARTS = re.compile(
    rf"(?:[,;:–—]|\s-)\s(?!(?:(?:or|and|on|the)\s){{0,2}}{A_DAY})|\s(?=(?:and|but|which|who|when|as|after|while|because|where)\s(?!(?:(?:or|and|on|the)\s){{0,2}}{A_DAY}))"
)
# "On Monday, January 10, the bridge may fall"
DAY_AT_HEAD = re.compile(rf"\W{{0,2}}(?:On|By|From)\s(?:(?:{A_DAY}|of|the)[,\s]{{1,2}}){{1,8}}")

# Beside a verb that tells of a day: no "will be announced"; what may stand between; no verb whose subject the day ends.
NOT_TO_COME = r"(?<!\bbe )(?<!\bhave )"
WORD = r"(?:\s(?!(?:will|would|may|might|could|shall|that|to|be)\b)[\w'’.-]{1,30})"
PLACE = rf"(?:\s(?:in|at|to|from|during|before|with)\b{WORD}{{1,5}}?)?"
NOT_ITS_SUBJECT = r"(?!\s(?:will|would|may|might|could|shall|is|are|was|were)\b)"


def drop_planned(sentence: str) -> str:
    """The parts of the sentence that tell what was, one behind the other.

    Of a sentence on what will be only the days remain on which that was said or decided ("said on Monday that it
    would"); of one on what may be its other parts as well.
    """
    if FUTURE.search(sentence):
        return " ; ".join(match[0] for match in _said_days().finditer(sentence))
    if not MAY_BE.search(sentence):
        return sentence
    head = DAY_AT_HEAD.match(sentence)
    cuts = [0, *(cut.end() for cut in PARTS.finditer(sentence, head.end() if head else 0)), len(sentence)]
    return "".join(_keep_said(sentence[start:end]) for start, end in pairwise(cuts))


def _keep_said(part: str) -> str:
    return " ; ".join(match[0] for match in _said_days().finditer(part)) if MAY_BE.search(part) else part


@cache
def _said_days() -> re.Pattern[str]:
    """Matches a day beside the verb that tells what was said or decided on it.

    "said on Monday", "told the council in Velm on Monday", "on Monday said", "On Monday police said"; not "said talks
    on Monday would", "said Monday may", "will be announced on Monday".
    """
    verbs = rf"(?:{'|'.join(rules()['said']['verbs'])})\b"
    dates = "|".join(drop_names(form) for form in (*DATES, NUMBERED, IN_FIGURES)).replace("(?P=sign)", "[-/.]")
    weekday = rf"(?:[Ll]ast\s)?{drop_names(re.compile(WEEKDAY))}\b(?!['’]s?\b)"
    day = rf"(?:{dates}|{weekday}|\b(?:[Yy]esterday|[Tt]oday|[Tt]his morning)\b)"
    part_of_day = r"(?:\s(?:night|morning|evening|afternoon))?"
    behind = rf"{NOT_TO_COME}\b{verbs}(?:(?<=told){WORD}{{1,3}}?)?{PLACE}\s(?:late |early |earlier )?(?:on )?{day}"
    before = rf"(?:[Oo]n\s)?{day}{part_of_day}\s{verbs}"
    head = rf"^\W{{0,2}}(?:(?:On|Late on|Early on)\s)?{day}{part_of_day},?{WORD}{{1,6}}?\s{verbs}"
    return re.compile(rf"{before}|{head}|{behind}{NOT_ITS_SUBJECT}")
