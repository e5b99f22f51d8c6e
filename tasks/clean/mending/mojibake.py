"""Characters that came out of a wrong encoding, or stand for plain ones by another code."""

import re
import unicodedata
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from tasks.clean.edits import Edit
from tasks.clean.mending.rules import load_mendings

# What the first byte of a UTF-8 sequence is in the encodings of western and central Europe.
LEADS = "ÂÃÄÅĂĹÐðâđ"
LEAD = re.compile(f"[{LEADS}]|[Aa][\u0302\u0303]")
# What a further byte is there, less what an honest word may have after such a letter.
HONEST = "‘’“”–—…‚„‹›«» \u00a0"
SECONDS = "".join(
    sorted(
        {
            character
            for encoding in ("cp1252", "latin-1", "cp1250", "iso8859-2")
            for character in bytes(range(0x80, 0xC0)).decode(encoding, "ignore")
        }.difference(HONEST)
    )
)
# Misread, then normalised: what "Ã¼" and "Ã¨" become where ¼ and ¨ are taken to pieces.
TAKEN_APART = {"1⁄4": "¼", "1⁄2": "½", "3⁄4": "¾", " \u0304": "¯", " \u0308": "¨", " \u0301": "´", " \u0327": "¸"}
PIECES = re.compile("(?<=[ÂÃ])(?:" + "|".join(TAKEN_APART) + ")")
ACCENTED_LEAD = re.compile("[Aa][\u0302\u0303]")
# A closing quotation mark whose third byte, which cp1252 has no character for, was lost.
CLOSING_MARK = re.compile("â€(?=[\\s.,;:!?)]|$)")
STILL_MISREAD = re.compile(f"â€|[ÂÃ][ÂÃ]|(?<=[a-z])[ÂÃ](?=\\s)|[ÂÃ][{re.escape(SECONDS)}]")
SUSPECT = re.compile(f"[{LEADS}][{re.escape(SECONDS)}]|[ÂÃĂ]\u00a0(?=[\\s,.;:!?]|\\w)|Ã (?=[a-z])")
# A misread word; one that is well goes by at its first letters.
TOKEN = re.compile(f"(?<![^\\s{LEADS}])[^\\s{LEADS}]*+[{LEADS}][^ \\n]*")
LINE = re.compile(r"[^\n]+")
# Windows' punctuation as control characters; U+0085 is a line break of some systems.
CONTROL = re.compile(f"[\u0080-\u0084\u0086-\u009f](?<![{LEADS}\u0302\u0303].)")
# Half of a no-break space; whole, it is misread.
STRAY_LEAD = re.compile(r"Â(?=[ \t\r\n.,;:!?)’“”–—…]|$)(?<=[a-z0-9.,;:!?”’)].)")
LOST = re.compile("\ufffd+")
ENDING_AFTER_APOSTROPHE = re.compile(r"(?:s|t|re|ve|ll|d|m)(?!\w)")

LIGATURES = "\ufb00-\ufb06"
FULL_WIDTH = "\uff01-\uff5e"
MATHEMATICAL = "\U0001d400-\U0001d7ff"
COMPATIBLE = re.compile(f"[{LIGATURES}]|[{FULL_WIDTH}]{{2,}}|[{MATHEMATICAL}]+|[A-Za-z][\u0300-\u036f]+")
# One look tells whether a text has anything of all this: most have nothing.
RARE = re.compile(f"[{LEADS}\u0080-\u0084\u0086-\u009f\u0300-\u036f\ufffd{LIGATURES}{FULL_WIDTH}{MATHEMATICAL}]")
# Scripts that print Latin letters and signs in full width among their own.
FULL_WIDTH_SCRIPT = re.compile("[\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
# What is mended is compared with what was at a cost that grows with the square of the length.
SEGMENT_LENGTH = 400


def find_wrong_characters(text: str) -> list[Edit]:
    """Edits that put characters as meant in place of misread ones and compatibility forms, and flags of lost ones."""
    return [*find_mojibake(text), *find_compatibility_forms(text)]


def find_mojibake(text: str) -> Iterator[Edit]:
    """Edits that undo a wrong decoding word by word, and flags where a character is lost."""
    mending = load_mendings()
    if LEAD.search(text):
        yield from _find_misread(text)
    for match in STRAY_LEAD.finditer(text) if "Â" in text else ():
        yield mending["stray_lead"].edit(text, match.start() - 1, match.end(), text[match.start() - 1])
    for match in CONTROL.finditer(text):
        character = match.group().encode("latin-1").decode("cp1252", "ignore")
        if character:
            yield mending["control_read_as_latin"].edit(text, match.start(), match.end(), character)
    if "\ufffd" in text:
        for match in LOST.finditer(text):
            is_apostrophe = (
                match.end() - match.start() == 1
                and text[match.start() - 1 : match.start()].isalpha()
                and ENDING_AFTER_APOSTROPHE.match(text, match.end()) is not None
            )
            proposal = "’" if is_apostrophe else match.group()
            yield mending["lost_character"].edit(text, match.start(), match.end(), proposal)


def find_compatibility_forms(text: str) -> Iterator[Edit]:
    """Edits that put plain letters in place of ligatures, full-width and mathematical ones, and composed accents."""
    mending = load_mendings()["compatibility_form"]
    for match in COMPATIBLE.finditer(text):
        found = match.group()
        if found[0].isascii():
            plain = unicodedata.normalize("NFC", found)
            if len(plain) > 1:
                continue
        else:
            plain = unicodedata.normalize("NFKC", found)
        if "\uff01" <= found[0] <= "\uff5e" and _is_among_wide(text, match.start(), match.end()):
            continue
        if plain != found:
            yield mending.edit(text, match.start(), match.end(), plain)


def _is_among_wide(text: str, start: int, end: int) -> bool:
    return FULL_WIDTH_SCRIPT.search(text, max(0, start - 20), end + 20) is not None


def _find_misread(text: str) -> Iterator[Edit]:
    mending = load_mendings()["encoding_misread"]
    for line in LINE.finditer(text):
        if not LEAD.search(line.group()):
            continue
        for start, end in _cut_into_segments(text, line.start(), line.end()):
            damaged = text[start:end]
            composed = PIECES.sub(_join_pieces, ACCENTED_LEAD.sub(_compose, damaged))
            if not SUSPECT.search(composed):
                continue
            # Whole, for then every character tells; then word by word, for a text may be misread in part.
            mended = _undo(CLOSING_MARK.sub("”", composed))
            mended = TOKEN.sub(lambda token: _undo(token.group()), mended)
            if mended == composed:
                continue
            for first, last, replacement in _compare(damaged, mended):
                yield mending.edit(text, start + first, start + last, replacement)


def _cut_into_segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > SEGMENT_LENGTH:
        cut = text.rfind(" ", start + 1, start + SEGMENT_LENGTH) + 1 or start + SEGMENT_LENGTH
        yield start, cut
        start = cut
    yield start, end


def _compare(damaged: str, mended: str) -> Iterator[tuple[int, int, str]]:
    """Characters of `damaged` that differ, and what stands in their place in `mended`; never a removal."""
    if damaged == mended:
        return
    clusters: list[list[int]] = []
    for operation in Levenshtein.opcodes(damaged, mended):
        if operation.tag == "equal":
            continue
        span = [operation.src_start, operation.src_end, operation.dest_start, operation.dest_end]
        # A single character between two changes is too little for both to lean on.
        if clusters and span[0] - clusters[-1][1] < 2:
            clusters[-1][1], clusters[-1][3] = span[1], span[3]
        else:
            clusters.append(span)
    for first, last, new_first, new_last in clusters:
        if first == last or new_first == new_last:
            # Rows of repairs have characters on both sides: a neighbour comes along.
            first, new_first = (first - 1, new_first - 1) if first and new_first else (first, new_first)
            last, new_last = (last, new_last) if new_first < new_last else (last + 1, new_last + 1)
        yield first, last, mended[new_first:new_last]


def _compose(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match.group())


def _join_pieces(match: re.Match[str]) -> str:
    return TAKEN_APART[match.group()]


def _undo(damaged: str) -> str:
    # Loading it takes a tenth of a second, and most texts are whole.
    from ftfy import TextFixerConfig, fix_encoding

    # What stood where a character is lost is not guessed.
    mended = fix_encoding(damaged, TextFixerConfig(unescape_html=False, replace_lossy_sequences=False))
    return damaged if "\ufffd" in mended or STILL_MISREAD.search(mended) else mended
