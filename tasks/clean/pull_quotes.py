"""Sentences that a page prints a second time, large, between the paragraphs."""

import re

from tasks.clean.draft import Span
from tasks.clean.lines import Line, fold

# A pull quote: quoted words first, then at most a name and what the person is.
QUOTED = re.compile(r"[“\"‘'](?P<quoted>.{20,400}?)[”\"’'](?P<speaker>[^“”\"]{0,90})$")
# One copy of two may have had its quotation marks set.
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
NOT_LETTERS = re.compile(r"[^\w ]+")
SPEECH = re.compile(r"\b(?:said|says|told|added|asked|wrote|tweeted|according)\b", re.IGNORECASE)
# Subheadings quote fewer words; live reports repeat a fact of one or two sentences.
MINIMUM_WORDS = 8
MINIMUM_REPEATED_WORDS = 25
MAXIMUM_WORDS = 60


def find_pull_quotes(lines: list[Line]) -> list[Span]:
    """Lines that only repeat what another paragraph says, and paragraphs that stand twice; the first stays."""
    spans: list[Span] = []
    seen: dict[str, Line] = {}
    for line in lines:
        if (
            line.word_count >= MINIMUM_REPEATED_WORDS
            and seen.setdefault(line.text.translate(STRAIGHT), line) is not line
        ):
            spans.append(Span(line.start, line.end, "pull_quote", "paragraph_repeated"))
        elif (quoted := _quoted_words(line)) and _is_repeated(quoted, line, lines):
            spans.append(Span(line.start, line.end, "pull_quote", "pull_quote"))
    return spans


def _is_repeated(quoted: str, line: Line, lines: list[Line]) -> bool:
    # Quotation marks and apostrophes may differ between the copies: a stretch without them is looked for first.
    stretch = max(NOT_LETTERS.split(quoted.lower()), key=len)
    words = fold(quoted)
    return any(stretch in other.lowered and words in fold(other.text) for other in lines if other is not line)


def _quoted_words(line: Line) -> str | None:
    """The quoted words of a line that is a quotation and at most a name; None where it is none."""
    if line.text[:1] not in "“\"‘'" or line.word_count > MAXIMUM_WORDS or line.text.isupper():
        return None
    match = QUOTED.fullmatch(line.text)
    if match is None or SPEECH.search(match["speaker"]):
        return None
    speaker = match["speaker"].strip()
    if speaker and not speaker.lstrip("—–- ")[:1].isupper():
        return None
    return match["quoted"] if len(match["quoted"].split()) >= MINIMUM_WORDS else None
