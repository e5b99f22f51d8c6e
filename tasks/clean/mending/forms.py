"""The kinds of a text's characters, and the forms that damage has in them: a few kinds one after another."""

from functools import lru_cache
from itertools import product
from string import ascii_lowercase, ascii_uppercase, digits

from ahocorasick_rs import BytesAhoCorasick, Implementation

# Each character of a text as its kind: small letter, capital, digit, mark between clauses or sentences, sign of money,
# bracket, or itself; one that latin-1 lacks becomes a mark. A form in them is found at a fraction of what a pattern
# costs in the text.
KINDS = (
    (ascii_lowercase, b"a"),
    (ascii_uppercase, b"A"),
    (digits, b"0"),
    (".!?,;", b"."),
    ("()]", b")"),
    ("$£", b"$"),
)
KIND_OF_BYTE = bytes.maketrans(
    "".join(characters for characters, _ in KINDS).encode("latin-1"),
    b"".join(kind * len(characters) for characters, kind in KINDS),
)
# Each with the place in it of the character that is looked at.
CAPITALS = ((b"aA", 1), (b"0A", 1))
ABBREVIATION = b"AAaa"
COMMA = b"a.a"
POINTS = (b"a.A", b"a.)A", b"a..A", b"a.))A", b"a..)A")
NUMBER = b"0aa"
AMOUNTS = (b"a$0", b"a.0")
INITIALS = b".A.aa"
STRAIGHT_MARKS = tuple(b'%b"%b' % around for around in product((b"a", b"A", b".", b":"), (b"a", b"A")))
LETTERS_APART = tuple(b" %b %b %b" % letters for letters in product((b"a", b"A"), repeat=3))
# What an end of line or a space behind a hyphen may look like, and the start of a line in small letters.
HYPHENS = (b"-\n", b"-\r", b"-\t", b"- a", b"-  ", b"- \n", b"- \r", b"- \t")
SMALL_LINES = (b"\na", b"\n ", b"\n\t")
ALL_FORMS = (
    *(form for form, _ in CAPITALS),
    ABBREVIATION,
    COMMA,
    *POINTS,
    NUMBER,
    *AMOUNTS,
    INITIALS,
    *STRAIGHT_MARKS,
    *LETTERS_APART,
    *HYPHENS,
    *SMALL_LINES,
)
SEARCH = BytesAhoCorasick(ALL_FORMS, implementation=Implementation.DFA)


@lru_cache(maxsize=1)
def read_forms(text: str) -> dict[bytes, list[int]]:
    """Where each of ALL_FORMS that the text has starts, left to right; those of the text asked for last are kept."""
    kinds = text.encode("latin-1", "replace").translate(KIND_OF_BYTE)
    starts: dict[bytes, list[int]] = {}
    for number, start, _ in SEARCH.find_matches_as_indexes(kinds, overlapping=True):
        form = ALL_FORMS[number]
        if form in starts:
            starts[form].append(start)
        else:
            starts[form] = [start]
    return starts


def has_form(text: str, *forms: bytes) -> bool:
    """Whether the text has one of the forms."""
    return not read_forms(text).keys().isdisjoint(forms)
