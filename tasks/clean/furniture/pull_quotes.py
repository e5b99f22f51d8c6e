"""Sentences that a page prints a second time, large, between the paragraphs."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from rapidfuzz.fuzz import partial_ratio

from tasks.clean.draft import Span
from tasks.clean.lines import LETTERS, Line, fold

OPENING_MARKS = "“\"‘'"
# A pull quote: quoted words first, then at most a name and what the person is.
QUOTED = re.compile(r"[“\"‘'](?P<quoted>.{20,400}?)[”\"’'](?P<speaker>[^“”\"]{0,90})$")
# Behind the sentence a name and what the person is, without a stop: "It will stand. Jo Ford, mason"
NAMED = re.compile(
    r"[“\"‘']?(?P<quoted>.{20,400}?[.!?…])[”\"’']?\s+"
    r"(?P<speaker>[^.!?…“”\"/]{2,90}|[^.!?…“”\"/]{0,60}(?:[A-Z]\.)+[^.!?…“”\"/]{0,30})"
)
# "poet Ada Cole"
OFFICE_AND_NAME = re.compile(r"[a-z]+(?:[ -][a-z]+){0,3}(?: [A-Z][\w.'’-]*){2,4}")
# On the line below the quotation: "— Jo Ford", "Jo Ford, mason"
SPEAKER_LINE = re.compile(
    r"(?:[—–-]{1,2} ?|(?=[^\n]*,))(?P<name>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3})(?:, [^.!?;:“”\"\n]{2,80}(?<!\W))?"
)
MAXIMUM_SPEAKER_WORDS = 12
# A report filed in instalments says things twice under its hours.
HOUR = re.compile(r"\d{1,2}(?::\d\d)? ?[ap]\.?m\.?(?: [A-Z]{2,4})?\W*")
NOT_LETTERS = re.compile(r"[^\w ]+")
STRETCH = re.compile(r"[\w ]+")
# Of 31 to 41 characters, enough to stand in few other lines; more cost time.
LONG_STRETCH = re.compile(r"\w[\w ]{29,39}\w")
# The same behind shorter ones, each looked through once.
FIRST_LONG_STRETCH = re.compile(rf"(?:[\w ]{{0,30}}+[^\w ]++)*+ *+({LONG_STRETCH.pattern})")
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
# Few paragraphs of one text begin with the same words.
FIRST_WORDS = 5
# A longer paragraph without quotation marks is the report's own, whatever says the same.
MAXIMUM_SENTENCE_WORDS = 39
# Editors shorten what they set large: of the quotations without double marks in 2 400 reports, those this like a
# paragraph's words were pull quotes.
MINIMUM_LIKENESS = 84
PARTS_COMPARED = 5
MINIMUM_PART_WORDS = 2
# A sentence printed large is a part of its paragraph.
MINIMUM_TIMES_LONGER = 1.3
# An editor may leave out what stands between two sentences; a short one stands in any paragraph.
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
MINIMUM_SENTENCE_WORDS = 5
# It stands near it, and few say the same; to compare all lines with all costs the square of their number.
REACH = 60_000
MOST_HOLDERS = 30


class _Text:
    """All lines, with what finds those that say the same words."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.lowered = "\n".join([line.lowered for line in lines])
        self.starts = [0, *accumulate([len(line.lowered) + 1 for line in lines])]
        self.folded: dict[int, str] = {}
        self.most_words = max([line.word_count for line in lines], default=0)
        self.first_prose = next((number for number, line in enumerate(lines) if line.is_prose), len(lines))

    def find_holders(self, lowered: str, number: int) -> Iterator[tuple[Line, str]]:
        """Other lines not far from this one that may hold the words, given in lower case, each with its text folded.

        Quotation marks and apostrophes may differ between two copies: looked for is a long stretch without.
        """
        stretch = _choose_stretch(lowered)
        position, last = max(0, self.starts[number] - REACH), self.starts[number] + REACH
        for _ in range(MOST_HOLDERS):
            position = self.lowered.find(stretch, position, last)
            if position < 0:
                return
            holder = bisect_right(self.starts, position) - 1
            if holder != number:
                yield self.lines[holder], self._fold(holder)
            position = self.starts[holder + 1]

    def _fold(self, number: int) -> str:
        if number not in self.folded:
            self.folded[number] = fold(self.lines[number].text)
        return self.folded[number]


def _choose_stretch(lowered: str) -> str:
    """The first long stretch of the words without a mark, cut to some length; the longest where none is long."""
    if found := FIRST_LONG_STRETCH.match(lowered):
        return found[1]
    if found := LONG_STRETCH.search(lowered):
        return found.group()
    return max(STRETCH.findall(lowered), key=len, default="").strip()


def find_pull_quotes(lines: list[Line]) -> list[Span]:
    """Lines that only repeat what another paragraph says, and paragraphs that stand twice; the first stays."""
    spans: list[Span] = []
    text = _Text(lines)
    again = _find_repeated_paragraphs(lines)
    is_filed_in_parts = sum(HOUR.fullmatch(line.text) is not None for line in lines if line.text[0].isdigit()) > 1
    gone = -1
    for number, line in enumerate(lines):
        if number in again:
            spans.append(Span(line.start, line.end, "pull_quote", "paragraph_repeated"))
        elif number == gone + 1 and number > text.first_prose and _names_speaker(line, text):
            spans.append(Span(line.start, line.end, "pull_quote", "speaker_of_pull_quote"))
        elif _may_be_pull_quote(line) and _is_pull_quote(number, text):
            gone = number
            spans.append(Span(line.start, line.end, "pull_quote", "pull_quote"))
        elif (
            MINIMUM_WORDS <= line.word_count <= MAXIMUM_SENTENCE_WORDS
            and not is_filed_in_parts
            and _stands_in_another(number, text)
        ):
            gone = number
            spans.append(Span(line.start, line.end, "pull_quote", "sentence_repeated"))
    return spans


def _names_speaker(line: Line, text: _Text) -> bool:
    """Whether the line below a pull quote is who said it: a name of the text behind a dash, or with an office."""
    match = SPEAKER_LINE.fullmatch(line.text) if line.word_count <= MAXIMUM_SPEAKER_WORDS else None
    return match is not None and text.lowered.count(match["name"].lower()) > 1


def _find_repeated_paragraphs(lines: list[Line]) -> set[int]:
    """Numbers of the paragraphs that stood before, word for word; quotation marks and dashes may be set otherwise."""
    counts = Counter([line.word_count for line in lines if line.word_count >= MINIMUM_REPEATED_WORDS])
    numbers_by_opening: dict[tuple[int, str], list[int]] = {}
    for number, line in enumerate(lines):
        if counts[line.word_count] > 1 and (first := LETTERS.search(line.text)):
            numbers_by_opening.setdefault((line.word_count, first.group().casefold()), []).append(number)
    again: set[int] = set()
    for numbers in numbers_by_opening.values():
        earlier: dict[str, list[str]] = {}
        for number in numbers if len(numbers) > 1 else ():
            text = lines[number].text
            alike = earlier.setdefault(fold(" ".join(text.split(maxsplit=FIRST_WORDS)[:FIRST_WORDS])), [])
            if alike and fold(text) in map(fold, alike):
                again.add(number)
            alike.append(text)
    return again


def _stands_in_another(number: int, text: _Text) -> bool:
    """Whether all of the line stands, word for word, in a longer paragraph."""
    line = text.lines[number]
    if line.text[-1] in ":,":
        return False
    least = line.word_count * MINIMUM_TIMES_LONGER
    if least > text.most_words:
        return False
    return any(
        other.word_count >= least and _says(folded, line.text)
        for other, folded in text.find_holders(line.lowered, number)
    )


def _says(folded: str, words: str) -> bool:
    """Whether the folded paragraph holds the words unbroken, or each of their sentences, one behind another."""
    if f" {fold(words)} " in f" {folded} ":
        return True
    sentences = [fold(sentence) for sentence in SENTENCE_END.split(words)]
    if len(sentences) < 2 or min(len(sentence.split()) for sentence in sentences) < MINIMUM_SENTENCE_WORDS:
        return False
    rest = f" {folded} "
    for sentence in sentences:
        _, found, rest = rest.partition(f" {sentence} ")
        if not found:
            return False
        rest = f" {rest}"
    return True


def _may_be_pull_quote(line: Line) -> bool:
    """Whether the line opens with a quotation mark, or may end with a name."""
    return line.word_count <= MAXIMUM_WORDS and (not line.ends_sentence or line.text[0] in OPENING_MARKS)


def _is_pull_quote(number: int, text: _Text) -> bool:
    if quoted := _quoted_words(text.lines[number]):
        return _is_repeated(quoted, number, text)
    quoted = _few_quoted_words(text.lines[number])
    return quoted is not None and _is_quoted_below_the_head(quoted, number, text)


def _few_quoted_words(line: Line) -> str | None:
    """The words of a line that is nothing but a short quotation; None where it is more or another thing."""
    if not MINIMUM_SHORT_WORDS <= line.word_count < MINIMUM_WORDS or line.text.isupper():
        return None
    match = SHORT_QUOTED.fullmatch(line.text)
    return match["quoted"] if match else None


def _is_quoted_below_the_head(quoted: str, number: int, text: _Text) -> bool:
    """Whether a paragraph says the words one after another, and one stands above: before the text it is a headline."""
    if number <= text.first_prose:
        return False
    words = f" {fold(quoted)} "
    return any(other.is_prose and words in f" {folded} " for other, folded in text.find_holders(quoted.lower(), number))


def _is_repeated(quoted: str, number: int, text: _Text) -> bool:
    holders = [folded for _, folded in text.find_holders(quoted.lower(), number)]
    words = fold(quoted) if holders else ""
    if any(words in folded for folded in holders):
        return True
    if DOUBLE_MARK.search(quoted):
        return False
    if text.lines[number].text[0] not in '“"' and _is_nearly_repeated(quoted, number, text):
        return True
    if not holders:
        return False
    clauses = [clause for clause in map(fold, CLAUSE_END.split(quoted)) if clause]
    return len(max(clauses, key=len).split()) >= MINIMUM_CLAUSE_WORDS and any(
        _share_repeated(clauses, folded) >= MINIMUM_SHARE_REPEATED for folded in holders
    )


def _is_nearly_repeated(quoted: str, number: int, text: _Text) -> bool:
    """Whether a longer paragraph says the words with few changes; a part of them stands there unchanged."""
    words = fold(quoted)
    stretch = max(NOT_LETTERS.split(quoted.lower()), key=len).split()
    size = len(stretch) // PARTS_COMPARED
    return size >= MINIMUM_PART_WORDS and any(
        other.is_prose and len(folded) > len(words) and partial_ratio(words, folded) >= MINIMUM_LIKENESS
        for start in range(0, size * PARTS_COMPARED, size)
        for other, folded in text.find_holders(" ".join(stretch[start : start + size]), number)
    )


def _share_repeated(clauses: list[str], text: str) -> float:
    counts = [(len(clause.split()), clause in text) for clause in clauses]
    return sum(count for count, found in counts if found) / sum(count for count, _ in counts)


def _quoted_words(line: Line) -> str | None:
    """The quoted words of a line that is a quotation and at most a name; None where it is none."""
    match = QUOTED.fullmatch(line.text) if line.text[0] in OPENING_MARKS else None
    if match is None and not line.ends_sentence:
        match = NAMED.fullmatch(line.text)
    if match is None or line.text.isupper() or SPEECH.search(match["speaker"]):
        return None
    speaker = match["speaker"].strip()
    if speaker and not (speaker.lstrip("—–- ")[:1].isupper() or OFFICE_AND_NAME.fullmatch(speaker)):
        return None
    return match["quoted"] if len(match["quoted"].split()) >= MINIMUM_WORDS else None
