"""Characters that stand in a text as programs write them: a backslash and a code."""

import re
import unicodedata
from collections.abc import Iterator

from tasks.clean.edits import Edit
from tasks.clean.mending.rules import load_mendings

# The codes of one run belong together: half a character is none.
UNITS = re.compile(r"(?:\\{1,2}u[0-9a-fA-F]{4})+")
BYTES = re.compile(r"(?:\\x[89a-f][0-9a-f])+")
MARK = re.compile(r"\\(?P<mark>[\"'])|(?<=[\w:/])\\(?P<stroke>/)(?=\S)")
# "It fell.\n\nThen it rose.": a sentence ends before it and another starts behind it.
LINE_BREAK = re.compile(r"(?:(?<=[.!?…”\"’)\]>]) ?|^)(?:\\r)?\\n(?:\\[nrt]|\s)*+(?=[A-Z“\"‘'(\[\d]|$)")


def find_escapes(text: str) -> Iterator[Edit]:
    """Edits that put characters and line breaks in place of their codes; of what is no character, none."""
    mending = load_mendings()
    for match in UNITS.finditer(text):
        if character := _read_units(match.group()):
            yield mending["escaped_character"].edit(text, match.start(), match.end(), character)
    for match in BYTES.finditer(text):
        yield mending["escaped_character"].edit(text, match.start(), match.end(), _read_bytes(match.group()))
    for match in MARK.finditer(text):
        mark = match["mark"] or match["stroke"]
        yield mending["escaped_character"].edit(text, match.start(), match.end(), mark)
    for match in LINE_BREAK.finditer(text):
        yield mending["escaped_line_break"].edit(text, match.start(), match.end(), "\n\n")


def _read_units(codes: str) -> str | None:
    """What the codes stand for; None where one is half a character or a control."""
    units = bytes.fromhex("".join(codes.replace("\\", "").split("u")))
    try:
        characters = units.decode("utf-16-be")
    except UnicodeDecodeError:
        return None
    return None if "Cc" in map(unicodedata.category, characters) else characters


def _read_bytes(codes: str) -> str:
    """What the bytes stand for, in UTF-8 or, where they are none, in latin-1."""
    data = bytes.fromhex(codes.replace("\\x", ""))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
