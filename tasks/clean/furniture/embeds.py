"""Posts of other services that a page embeds: their text and the signature below it."""

import re

from tasks.clean.draft import Span
from tasks.clean.furniture.rules import reports_speech
from tasks.clean.lines import Line

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
POST_DATE = rf"(?:{MONTH} \d{{1,2}}, 20\d\d|\d{{1,2}} {MONTH} 20\d\d)"
# "— Ada Cole (@acole) May 3, 2022": what the embedding script leaves where it does not run.
SIGNATURE = re.compile(rf"(?:^|(?<=\s)|(?<=\S))[—–-]{{1,2}}\s?[^\n@]{{0,80}}\(@\w{{1,30}}\)\s*{POST_DATE}$")
SHARED_BY = re.compile(
    rf"(?:A (?:post|photo|video) (?:shared|posted) by .{{1,120}} on {MONTH} .{{4,40}}"
    rf"|Posted by .{{1,80}} on (?:\w+day, )?{POST_DATE}|View this (?:post|photo) on Instagram.{{0,140}})"
)
SHARED = ("A ", "Posted by ", "View this ")
# Addresses that only these services' own posts carry.
SHORT_LINK = re.compile(r".*(?:https?://t\.co/\w{4,}|pic\.twitter\.com/\w{4,})[.…]?")
MARK = re.compile(r"(?:^|[\s.])[#@]\w{2,}|https?://t\.co/|pic\.twitter\.com/")
# The service's own limit of 280 characters, with room for its links.
POST_CHARS = 320
MAXIMUM_POST_LINES = 14
# Longer paragraphs in the third person are mostly the article's.
MAXIMUM_THIRD_PERSON_WORDS = 30
QUOTED = re.compile(r"“[^”]{0,400}”|\"[^\"]{0,400}\"")
OWN_VOICE = re.compile(
    r"\b(?:I|(?i:me|my|we|our|you|your)|us|BREAKING|NEW|UPDATE|JUST IN)\b|[!…]|\bhttps?:"
    r"|[\u2600-\u27bf\U0001f000-\U0001faff]"
)


def find_posts(lines: list[Line]) -> list[Span]:
    """Spans of embedded posts, in no order: signatures, the lines of the post above each, and lines with its links."""
    spans: list[Span] = []
    # The first line that is not part of a post found before.
    free = 0
    taken: set[int] = set()
    for index, line in enumerate(lines):
        if "(@" in line.text and (match := SIGNATURE.search(line.text)):
            start = _start_of_post(match.start())
            first = _first_line(lines, index, free) if match.start() == 0 else index
            spans += [_span(lines[number], "embedded_post") for number in range(first, index)]
            spans.append(Span(line.start + start, line.end, "embedded_post", "signature"))
            free = index + 1
            taken.update(range(first, free))
    for index, line in enumerate(lines):
        if index in taken:
            continue
        text = line.text
        may_be_post = text[0] == "#" or "t.co/" in text or "pic.twitter.com/" in text
        if may_be_post and len(text) <= POST_CHARS and _is_post(line):
            spans.append(_span(line, "post_link"))
        elif text.startswith(SHARED) and line.word_count <= 40 and SHARED_BY.fullmatch(text):
            spans.append(_span(line, "shared_by"))
    return spans


def _span(line: Line, rule_name: str) -> Span:
    return Span(line.start, line.end, "embedded_post", rule_name)


def _is_post(line: Line) -> bool:
    """Whether one of the service's links ends the line, or a tag stands alone in it."""
    last = line.text[line.text.rfind(" ") + 1 :]
    if "t.co/" in last or "pic.twitter.com/" in last:
        return SHORT_LINK.fullmatch(last.rsplit(None, 1)[-1]) is not None
    return line.text.startswith("#") and line.word_count == 1 and line.text[1:2].isalpha()


def _start_of_post(signature: int) -> int:
    """Where the post starts in the line of its signature: with the line, if that is no longer than a post."""
    return 0 if signature <= POST_CHARS else signature


def _first_line(lines: list[Line], signature: int, free: int) -> int:
    """Index of the post's first line above its signature.

    The line next to the signature is the post's unless it is too long, reports, leads up to it with a colon, or is an
    aside in square brackets.
    Lines above that belong to it only if they look like a post's: open-ended, or with a tag, a handle or a short link.
    """
    first, chars = signature, 0
    while first > free and signature - first < MAXIMUM_POST_LINES:
        line = lines[first - 1]
        chars += len(line.text)
        is_near = first == signature
        is_aside = line.text[0] == "[" and line.text[-1] == "]"
        if is_aside or chars > POST_CHARS or line.text.endswith(":") or (is_near and _is_report(line)):
            break
        if not is_near and not MARK.search(line.text) and (line.ends_sentence or line.word_count > 20):
            break
        first -= 1
    return first


def _is_report(line: Line) -> bool:
    """Whether the paragraph is an article's: in the third person, it says who spoke or is long."""
    own_words = QUOTED.sub("", line.text)
    if not line.ends_sentence or MARK.search(line.text) or OWN_VOICE.search(own_words):
        return False
    return line.word_count > MAXIMUM_THIRD_PERSON_WORDS or reports_speech(line.text)
