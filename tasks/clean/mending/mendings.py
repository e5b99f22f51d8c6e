"""What is broken in a text, character by character: markup left in it, and all that mendings.toml names."""

import html
import re
from collections.abc import Iterator
from itertools import chain

from tasks.clean.edits import Edit
from tasks.clean.mending.cut_words import find_cut_lines, find_cut_words, find_spaced_letters
from tasks.clean.mending.escapes import find_escapes
from tasks.clean.mending.forms import read_forms
from tasks.clean.mending.glued import find_glued, find_glued_pairs
from tasks.clean.mending.mojibake import RARE, find_wrong_characters
from tasks.clean.mending.rules import choose_mendings, load_mendings
from tasks.clean.mending.whitespace import INVISIBLE, drop_plain, find_invisible

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
ENTITY = re.compile(r"&(?:amp;){0,4}(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,30});")
# Names that scrapers leave without their semicolon; longer words and addresses go on where these end.
UNTERMINATED = re.compile(
    r"&(?:#(?:8\d{3}|\d{2,3}|[xX]20[0-9a-fA-F]{2})|amp|quot|nbsp|[lr][sd]quo|[mn]dash|hellip|apos)(?![\w;=])"
)
WITHOUT_AMPERSAND = re.compile(r"#(?:8[0-9]{3}|039|39|x27);")
MOST_ESCAPES = 5


def find_mendings(text: str) -> list[Edit]:
    """Edits that mend what is certainly broken, flag what may be, and take leftover markup out.

    Invisible characters go as well; a block tag becomes an empty line. Where two edits would overlap, the earlier one
    stands; a flag never stands in the way of an edit.
    """
    encoded = text.encode("utf-8", "surrogatepass")
    special = drop_plain(encoded)
    patterns, codes = choose_mendings(encoded)
    has_markup = "<" in text
    if not (special or patterns or codes or has_markup or read_forms(text)):
        return []
    edits = find_invisible(text) if INVISIBLE.search(special) else []
    if has_markup:
        edits += _find_markup(text)
    if "entities" in codes:
        edits += _find_entities(text)
    if RARE.search(special):
        edits += find_wrong_characters(text)
    for mending in patterns:
        edits += mending.find(text)
    if "escapes" in codes:
        edits += find_escapes(text)
    edits += find_glued(text)
    if "glued pairs" in codes:
        edits += find_glued_pairs(text)
    edits += find_spaced_letters(text)
    edits += find_cut_words(text)
    edits += find_cut_lines(text)
    return _drop_overlapping(edits) if edits else edits


def _find_markup(text: str) -> Iterator[Edit]:
    for match in HIDDEN_ELEMENT.finditer(text):
        yield Edit(match.start(), match.end(), "", "markup", "hidden_element")
    for match in TAG.finditer(text):
        if match["block"]:
            yield Edit(match.start(), match.end(), "\n\n", "whitespace", "block_tag")
        else:
            yield Edit(match.start(), match.end(), "", "markup", "inline_tag")


def _find_entities(text: str) -> Iterator[Edit]:
    mending = load_mendings()
    for match in ENTITY.finditer(text):
        character = _unescape(match.group())
        if len(character) <= 2 and not character.startswith("&#") and character != "\ufffd":
            yield mending["html_entity"].edit(text, match.start(), match.end(), character)
    for match in chain(UNTERMINATED.finditer(text), WITHOUT_AMPERSAND.finditer(text)):
        character = html.unescape("&" + match.group().strip("&;") + ";")
        if len(character) == 1:
            yield mending["unterminated_entity"].edit(text, match.start(), match.end(), character)


def _unescape(reference: str) -> str:
    """What the reference stands for, however often it was escaped."""
    for _ in range(MOST_ESCAPES):
        plain = html.unescape(reference)
        if plain == reference:
            break
        reference = plain
    return reference


def _drop_overlapping(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.proposal is not None, -edit.end)):
        if kept and kept[-1].proposal is not None and edit.proposal is None and edit.start < kept[-1].end:
            kept.pop()
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
