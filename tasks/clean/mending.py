"""Characters broken on the way: markup and entities left in text, mojibake, doubled punctuation."""

import html
import re
from collections.abc import Iterator

from tasks.clean.edits import Edit
from tasks.clean.whitespace import find_invisible

BLOCK_TAGS = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|"
    "main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
INLINE_TAGS = (
    "a|abbr|acronym|amp-ad|amp-img|b|big|bdi|bdo|body|button|cite|code|del|dfn|em|embed|font|head|html|i|iframe|img|"
    "input|ins|kbd|label|link|mark|meta|noscript|object|param|picture|q|s|samp|small|source|span|strike|strong|sub|"
    "sup|time|tt|u|var|video"
)
TAG = re.compile(
    rf"</?(?:(?P<block>{BLOCK_TAGS})|{INLINE_TAGS})(?:[\s/][^<>]*)?>|<!doctype[^<>]*>",
    re.IGNORECASE,
)
# The inner look-ahead keeps the search linear where an element is opened many times and never closed.
HIDDEN_ELEMENT = re.compile(
    r"<(?P<name>script|style|noscript)\b[^<>]*>(?:(?!<(?P=name)\b).)*?</(?P=name)\s*>|<!--(?:(?!<!--).)*?-->",
    re.IGNORECASE | re.DOTALL,
)
ENTITY = re.compile(r"&(?:amp;)?(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,11});")

# Python's cp1252 leaves five bytes undefined; browsers and old databases pass them through.
CP1252 = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
HIGH = "".join(re.escape(character) for character, byte in CP1252.items() if byte < 0xC0)
# A capital with circumflex or tilde before a quotation mark or dash may be honest text; before these it is not.
SYMBOLS = "".join(re.escape(c) for c, byte in CP1252.items() if byte < 0xC0 and c not in "‘’“”–—…‚„‹›«» \u00a0")
MOJIBAKE = re.compile(
    f"â[€‚„†‡ˆ‰˜™„¬][{HIGH}]|ð[Ÿ][{HIGH}]{{2}}|[ÂÃÅ][{SYMBOLS}](?![€‚])|Â\u00a0|Ã\u00a0(?=[ ,.;:!?\n])"
)

# Each: its name, a string that must stand in the text, what is broken, and what it becomes.
PUNCTUATION = (
    # ". ." is a full stop moved on by a machine translation; a spaced ellipsis has three.
    (
        "doubled_full_stop",
        ".",
        re.compile(r"\.[ \u00a0]\.(?<![.\s].\s\.)(?<!\. \.\s\.)(?![ \u00a0]?\.)(?=\s|$|[\"”’])"),
        ".",
    ),
    ("doubled_comma", ",", re.compile(r",[ ]?,(?=[ \n])"), ","),
    ("space_before_comma", " ,", re.compile(r"(?<=[a-z])[ \u00a0],(?=[ ][a-z])"), ","),
    # A word of seven or more small letters is no abbreviation.
    ("stop_and_comma", ".,", re.compile(r"(?<=[a-z]{7})\.,(?=[ ][a-z])"), ","),
    ("stop_and_comma", ".,", re.compile(r"(?<=[a-z]{7})\.,(?=[ ][A-Z])"), "."),
)


def find_mendings(text: str) -> list[Edit]:
    """Edits that mend what is certainly broken, and take leftover markup and invisible characters out.

    A block tag becomes an empty line. Where two edits would overlap, the earlier one stands.
    """
    edits = list(find_invisible(text))
    if "<" in text:
        edits += _find_markup(text)
    if "&" in text:
        edits += _find_entities(text)
    if "â" in text or "Ã" in text or "Â" in text or "Å" in text or "ð" in text:
        edits += _find_mojibake(text)
    edits += _find_punctuation(text)
    return _drop_overlapping(edits)


def _find_markup(text: str) -> Iterator[Edit]:
    position = 0
    for match in HIDDEN_ELEMENT.finditer(text):
        yield Edit(match.start(), match.end(), "", "markup", "hidden_element")
    for match in TAG.finditer(text, position):
        if match["block"]:
            yield Edit(match.start(), match.end(), "\n\n", "whitespace", "block_tag")
        else:
            yield Edit(match.start(), match.end(), "", "markup", "inline_tag")


def _find_entities(text: str) -> Iterator[Edit]:
    for match in ENTITY.finditer(text):
        character = html.unescape(html.unescape(match.group()))
        if len(character) <= 2 and character != "\ufffd":
            yield Edit(match.start(), match.end(), character, "entity", "html_entity")


def _find_mojibake(text: str) -> Iterator[Edit]:
    for match in MOJIBAKE.finditer(text):
        received = bytes(CP1252.get(character, 0) for character in match.group())
        try:
            character = received.decode("utf-8")
        except UnicodeDecodeError:
            continue
        yield Edit(match.start(), match.end(), character, "mojibake", "utf8_read_as_cp1252")


def _find_punctuation(text: str) -> Iterator[Edit]:
    for rule_name, literal, pattern, replacement in PUNCTUATION:
        if literal not in text:
            continue
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.end(), replacement, "punctuation", rule_name)


def _drop_overlapping(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
