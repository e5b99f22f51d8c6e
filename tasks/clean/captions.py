"""Picture captions and credits that stand among the paragraphs of a text."""

import re
from dataclasses import dataclass
from functools import cache

from tasks.clean.dates import find_dates
from tasks.clean.lines import Line
from tasks.clean.rules import load_table

PREFIX = re.compile(
    r"(?:(?:(?:cover|file|main|lead|featured|top|representative|above|below|archive) )?"
    r"(?:photo(?:graph)?|image|picture|pic|illustration|screenshot|screengrab)s?"
    r"(?P<credit>\s+(?:credits?|source|by|courtesy(?: of)?|from))?(?: caption)?\s*(?:[:|]|\s[–—-]\s)\s*"
    r"|(?P<only_credit>(?:(?:photo|image|picture|video) )?credits?\s*:\s*)"
    r"|(?:image |photo |media )?caption\s*:\s*|FILE\s*(?:[–—-]|PHOTO)\s*:?\s*(?=\S))",
    re.IGNORECASE,
)
PREFIX_WORDS = ("photo", "image", "pic", "illustration", "screen", "credit", "caption", "file")
PREFIX_REACH = 40
PHOTO_BY = re.compile(
    r"[(\[]?(?:photos?|photograph(?:ed|s)?|pictures?|images?|illustrations?) (?:by|courtesy of|courtesy|via)\s+\S",
    re.IGNORECASE,
)
# "(Photo: Ada Cole, Harbour News)"
BRACKETED_CREDIT = re.compile(
    r"\(\s*(?:photo|image|picture)s?(?:\s*:\s*|\s+(?:by|credit|courtesy(?: of)?)\s*:?\s+)"
    r"(?P<credit>[^()\n]{2,90})\)\.?$",
    re.IGNORECASE,
)
PART = r"[A-Z][\w.&'’-]*(?:[ ](?:[A-Z\d][\w.&'’-]*|via|of|de|van|von|el|al|for|the)){0,6}"
CREDIT_START = r"(?:^|(?<=[.!?…”\"’)\]\d])[ \u00a0]*|[(\[])"
CREDIT = re.compile(rf"{CREDIT_START}(?P<credit>(?:©\s*)?{PART}(?:\s*[/|,]\s*{PART}){{0,6}})\s*[)\]]?\.?$")
# A credit is short; a longer one is a list of names.
CREDIT_REACH = 140
SIDE = re.compile(
    r",\s(?:(?:second|third) from )?(?:left|right|center|centre)\b|\((?:left|right|center|centre|[LRC])\)"
    r"|\b(?:pictured|seen here|clockwise)\b",
    re.IGNORECASE,
)
SPEECH = re.compile(r"[“”\"]|\b(?:said|says|told|added)\b")
FILE_PICTURE = re.compile(r"\bfile\b|\barchive\b|\bundated\b", re.IGNORECASE)
MAXIMUM_CAPTION_WORDS = 80
EDGE_LINES = 4


@dataclass(frozen=True, slots=True)
class FoundCaption:
    """A caption or credit: characters [start, end) of a draft, and the two parts of it."""

    start: int
    end: int
    text: str | None
    credit: str | None
    rule_name: str

    @property
    def category(self) -> str:
        """The removal category: caption, or credit where no words describe the picture."""
        return "caption" if self.text else "credit"

    @property
    def is_dated(self) -> bool:
        """Whether its date may tell when the article appeared: not where the picture is from the files."""
        return self.text is not None and not FILE_PICTURE.search(self.text)


@cache
def _agencies(key: str) -> frozenset[str]:
    return frozenset(load_table("agencies.toml")[key])


def find_captions(lines: list[Line]) -> list[FoundCaption]:
    """Captions and credits among the lines, in order."""
    found = []
    for index, line in enumerate(lines):
        is_edge = index < EDGE_LINES or index >= len(lines) - 2
        if caption := find_caption(line, is_edge=is_edge):
            found.append(caption)
    return found


def find_caption(line: Line, *, is_edge: bool) -> FoundCaption | None:
    """The caption or credit that the line is, or that its end is glued to; None where there is none.

    `is_edge` tells that the line stands where lead pictures stand; there a picture description
    needs no credit to be told from prose.
    """
    if prefixed := _read_prefixed(line):
        return prefixed
    body, credit = split_credit(line.text)
    if credit and not body:
        return FoundCaption(line.start, line.end, None, credit, "credit_line")
    if (
        credit
        and line.word_count <= MAXIMUM_CAPTION_WORDS
        and (is_edge or _describes_picture(body))
        and not _is_speech(body)
    ):
        return FoundCaption(line.start, line.end, body, credit, "caption_with_credit")
    if credit:
        start = line.start + len(body)
        return FoundCaption(start, line.end, None, credit, "glued_credit")
    if is_edge and line.word_count <= 45 and _describes_picture(body, strictly=True) and not SPEECH.search(body):
        return FoundCaption(line.start, line.end, line.text, None, "picture_description")
    return None


def _read_prefixed(line: Line) -> FoundCaption | None:
    opening = line.lowered[:PREFIX_REACH]
    if not any(word in opening for word in PREFIX_WORDS):
        return None
    match = PREFIX.match(line.text)
    if match and (rest := line.text[match.end() :].strip()) and line.word_count <= MAXIMUM_CAPTION_WORDS:
        if match["credit"] or match["only_credit"]:
            return FoundCaption(line.start, line.end, None, rest, "credit_prefix") if len(rest.split()) <= 15 else None
        body, credit = split_credit(rest)
        return FoundCaption(line.start, line.end, body or None, credit, "caption_prefix")
    if PHOTO_BY.match(line.text) and line.word_count <= 15:
        return FoundCaption(line.start, line.end, None, line.text.strip("()[]. "), "photo_by")
    return None


def split_credit(text: str) -> tuple[str, str | None]:
    """The text without the credit at its end, and the credit; None where none ends it.

    A credit names an agency, or a photographer and an agency parted by strokes, or says in brackets that it is one.
    """
    offset = max(0, len(text) - CREDIT_REACH)
    tail = text[offset:]
    # A credit ends in a name: most paragraphs end in a word in small letters.
    last_word = tail.rstrip(" .)]").rpartition(" ")[2].rpartition("/")[2]
    if not last_word[:1].isupper():
        return text, None
    if bracketed := BRACKETED_CREDIT.search(tail):
        return text[: offset + bracketed.start()].rstrip(), bracketed["credit"].strip()
    match = CREDIT.search(tail)
    while match and not _is_credit(
        match["credit"],
        in_brackets=match.group().lstrip()[:1] in "([",
        is_glued=match.start() > 0 and match.group()[:1].isalpha(),
    ):
        match = CREDIT.search(tail, match.start() + 1)
    # A match at the cut is no start of a line.
    if match is None or (offset and match.start() == 0):
        return text, None
    return text[: offset + match.start()].rstrip(), match["credit"].strip(" ©.")


def _is_credit(text: str, *, in_brackets: bool, is_glued: bool) -> bool:
    # "…on 3 May 2021.Jo Ford/Coast Wire": no sentence starts without a space and has a stroke.
    if is_glued and "/" in text:
        return True
    parts = [part.strip(" .©").lower() for part in re.split(r"\s*[/|,]\s*|\svia\s", text)]
    named = [part for part in parts if part in _agencies("pictures") or part.startswith(("ap photo", "getty"))]
    strong = [part for part in named if part not in _agencies("weak")]
    if "/" not in text and "|" not in text and " via " not in text and not in_brackets:
        # Without a stroke only the bare name of a picture agency counts.
        return len(parts) == 1 and bool(strong) and len(strong[0]) > 3
    return bool(strong) or (len(parts) >= 2 and bool(named) and "/" in text)


def _describes_picture(body: str, *, strictly: bool = False) -> bool:
    sided = SIDE.search(body) is not None
    if sided != strictly:
        # Enough where a credit stands beside it; without one, no picture.
        return sided
    return bool(find_dates(body)) or not _agencies("caption_verbs").isdisjoint(re.findall(r"[a-z]+", body))


def _is_speech(body: str) -> bool:
    return len(SPEECH.findall(body)) >= 2
