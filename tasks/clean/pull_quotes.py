"""Sentences that a page prints a second time, large, between the paragraphs."""

import re

from tasks.clean.draft import Span
from tasks.clean.lines import Line, fold

# A pull quote: quoted words first, then at most a name and what the person is.
QUOTED = re.compile(r"[“\"‘'](?P<quoted>.{20,400}?)[”\"’'](?P<speaker>[^“”\"]{0,90})$")
# Behind the sentence a name and what the person is, without a stop: "It will stand. Jo Ford, mason"
NAMED = re.compile(
    r"[“\"‘']?(?P<quoted>.{20,400}?[.!?…])[”\"’']?\s+"
    r"(?P<speaker>[^.!?…“”\"/]{2,90}|[^.!?…“”\"/]{0,60}(?:[A-Z]\.)+[^.!?…“”\"/]{0,30})"
)
# "poet Ada Cole"
OFFICE_AND_NAME = re.compile(r"[a-z]+(?:[ -][a-z]+){0,3}(?: [A-Z][\w.'’-]*){2,4}")
# A report filed in instalments says things twice under its hours.
HOUR = re.compile(r"\d{1,2}(?::\d\d)? ?[ap]\.?m\.?(?: [A-Z]{2,4})?\W*")
NOT_LETTERS = re.compile(r"[^\w ]+")
SPEECH = re.compile(r"\b(?:said|says|told|added|asked|wrote|tweeted|according)\b", re.IGNORECASE)
DOUBLE_MARK = re.compile(r"[“”\"]")
CLAUSE_END = re.compile(r"[.!?…,;:—–]+")
# The page may cut a quotation short, or the report break it with "he said".
MINIMUM_SHARE_REPEATED = 0.8
# Subheadings quote fewer words; live reports repeat a fact of one or two sentences.
MINIMUM_WORDS = 8
# Between single marks a short quotation is a subheading.
SHORT_QUOTED = re.compile(r"[“\"](?P<quoted>[^“”\"]{15,80})[”\"]")
MINIMUM_SHORT_WORDS = 5
MINIMUM_CLAUSE_WORDS = 6
MINIMUM_REPEATED_WORDS = 25
MAXIMUM_WORDS = 60
# A sentence printed large is a part of its paragraph.
MINIMUM_TIMES_LONGER = 1.3


def find_pull_quotes(lines: list[Line]) -> list[Span]:
    """Lines that only repeat what another paragraph says, and paragraphs that stand twice; the first stays."""
    spans: list[Span] = []
    seen: dict[str, Line] = {}
    whole = "\n".join(line.lowered for line in lines)
    is_filed_in_parts = sum(HOUR.fullmatch(line.text) is not None for line in lines) > 1
    for line in lines:
        if (
            line.word_count >= MINIMUM_REPEATED_WORDS
            and seen.setdefault(_with_straight_marks(line.text), line) is not line
        ):
            spans.append(Span(line.start, line.end, "pull_quote", "paragraph_repeated"))
        elif _is_pull_quote(line, lines):
            spans.append(Span(line.start, line.end, "pull_quote", "pull_quote"))
        elif not is_filed_in_parts and _stands_in_another(line, lines, whole):
            spans.append(Span(line.start, line.end, "pull_quote", "sentence_repeated"))
    return spans


def _stands_in_another(line: Line, lines: list[Line], whole: str) -> bool:
    """Whether all of the line stands, word for word, in a longer paragraph; `whole` are the lines in lower case."""
    if not MINIMUM_WORDS <= line.word_count <= MAXIMUM_WORDS or line.text.endswith((":", ",")):
        return False
    stretch = max(NOT_LETTERS.split(line.lowered), key=len)
    # Most lines stand nowhere else; one search tells.
    if whole.find(stretch, whole.find(stretch) + 1) < 0:
        return False
    least = line.word_count * MINIMUM_TIMES_LONGER
    words = fold(line.text)
    return any(
        other is not line
        and other.word_count >= least
        and stretch in other.lowered
        and f" {words} " in f" {fold(other.text)} "
        for other in lines
    )


def _is_pull_quote(line: Line, lines: list[Line]) -> bool:
    if quoted := _quoted_words(line):
        return _is_repeated(quoted, line, lines)
    quoted = _few_quoted_words(line)
    return quoted is not None and _is_quoted_below_the_head(quoted, line, lines)


def _few_quoted_words(line: Line) -> str | None:
    """The words of a line that is nothing but a short quotation; None where it is more or another thing."""
    if not MINIMUM_SHORT_WORDS <= line.word_count < MINIMUM_WORDS or line.text.isupper():
        return None
    match = SHORT_QUOTED.fullmatch(line.text)
    return match["quoted"] if match else None


def _is_quoted_below_the_head(quoted: str, line: Line, lines: list[Line]) -> bool:
    """Whether a paragraph says the words one after another, and one stands above: before the text it is a headline."""
    if not any(other.is_prose for other in lines if other.start < line.start):
        return False
    words = f" {fold(quoted)} "
    stretch = max(NOT_LETTERS.split(quoted.lower()), key=len).strip()
    return any(other.is_prose and stretch in other.lowered and words in f" {fold(other.text)} " for other in lines)


def _with_straight_marks(text: str) -> str:
    """The text for comparing copies: one of two may have had its quotation marks set."""
    # str.translate with such a table takes many times as long.
    return text.replace("“", '"').replace("”", '"').replace("‘", "'").replace("’", "'")


def _is_repeated(quoted: str, line: Line, lines: list[Line]) -> bool:
    # Quotation marks and apostrophes may differ between the copies: a stretch without them is looked for first.
    stretch = max(NOT_LETTERS.split(quoted.lower()), key=len).strip()
    words = fold(quoted)
    if any(stretch in other.lowered and words in fold(other.text) for other in lines if other is not line):
        return True
    if DOUBLE_MARK.search(quoted):
        return False
    clauses = [clause for clause in map(fold, CLAUSE_END.split(quoted)) if clause]
    longest = max(clauses, key=len)
    return len(longest.split()) >= MINIMUM_CLAUSE_WORDS and any(
        _share_repeated(clauses, fold(other.text)) >= MINIMUM_SHARE_REPEATED
        for other in lines
        if other is not line and stretch in other.lowered
    )


def _share_repeated(clauses: list[str], text: str) -> float:
    counts = [(len(clause.split()), clause in text) for clause in clauses]
    return sum(count for count, found in counts if found) / sum(count for count, _ in counts)


def _quoted_words(line: Line) -> str | None:
    """The quoted words of a line that is a quotation and at most a name; None where it is none."""
    if line.word_count > MAXIMUM_WORDS or line.text.isupper():
        return None
    match = QUOTED.fullmatch(line.text) if line.text[:1] in "“\"‘'" else None
    if match is None and not line.ends_sentence:
        match = NAMED.fullmatch(line.text)
    if match is None or SPEECH.search(match["speaker"]):
        return None
    speaker = match["speaker"].strip()
    if speaker and not (speaker.lstrip("—–- ")[:1].isupper() or OFFICE_AND_NAME.fullmatch(speaker)):
        return None
    return match["quoted"] if len(match["quoted"].split()) >= MINIMUM_WORDS else None
