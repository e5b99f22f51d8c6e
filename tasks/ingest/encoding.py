"""Bytes to text: which encoding an input is in, and whether it is text at all."""

import codecs
import re

from charset_normalizer import from_bytes

from tasks.ingest.letters import rank_encodings
from tasks.ingest.wide import WIDE_MARKS, narrow, tell_unmarked

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), *WIDE_MARKS)
# First bytes of what is no text, although some encoding may decode it.
BINARY_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "zip archive or office document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"RIFF", "sound, video or WebP image"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!\x1a\x07", "rar archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"PAR1", "Parquet file"),
    (b"\x7fELF", "program"),
)
# Browsers read these labels as windows-1252, so pages that declare them are written in it
# (WHATWG Encoding Standard, section 4.2).
READ_AS_WINDOWS_1252 = {"ascii", "iso8859-1"}
# Python's own ways of writing text; no page is in them, and some take quadratic time to read.
NOT_OF_PAGES = {"idna", "punycode", "unicode-escape", "raw-unicode-escape"}
# All bytes below 128, so that what is written in them is valid UTF-8 with another meaning.
SEVEN_BIT_ENCODINGS = {"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr", "hz"}
DECLARED_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s{0,8}=\s{0,8}[\"']?([\w:.-]{2,40})", re.I
)
CHARSET_LABEL = re.compile(r"[\w:.-]{2,40}", re.A)
# Browsers look for the declaration in the first 1024 bytes; scraped pages carry comments before it.
DECLARATION_BYTES = 4096
# Odd control characters in real text stay far below one in a hundred; in decoded binary they are about one in eight.
MAXIMUM_CONTROL_SHARE = 0.02
# Of the characters of 1 703 articles of PolNeAR, all English, at most 2.8 in 100; of Polish sentences 8.
WESTERN_SHARE = 0.03
# These and the quotes, dashes and dots of all windows code pages are the same in most languages.
SHARED_BYTES = bytes(range(128)) + b"\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97"
# Scripts and marks of a page are ASCII in any language, and are often longer than what is written in it.
MARKUP = re.compile(rb"<(script|style)\b(?:[^<]++|<(?!/\1))*+|<[a-z/!][^<>]*+>", re.I)
# In western writing, words hold one such letter here and there; in Cyrillic, Greek or Chinese they consist of them.
OTHER_WRITING = re.compile(rb"[\x80-\xff]{5}")
# What "surrogateescape" writes for bytes that are no UTF-8; of these what are the first bytes of a letter, cut off.
STRAY = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{1,2}|[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[^\0-\x7f\udc80-\udcff]")
# Letters and marks of western texts.
USUAL = re.compile("[\xa0-\u017f\u2010-\u203a\u20ac\u2122]")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
IS_TEXT = "text: at most 2 NULs and other control characters in 100"
NO_GUESS = "text without NULs, or in an encoding that is known"


class Unreadable(Exception):
    """Bytes that are no text: at which check, what was seen, what the check asks for."""

    def __init__(self, check: str, observed: str, expected: str) -> None:
        super().__init__(f"{check}: {observed}")
        self.check, self.observed, self.expected = check, observed, expected

    def __reduce__(self) -> tuple:
        return Unreadable, (self.check, self.observed, self.expected)


def decode(raw: bytes, *, declared_in_page: bool = False, declared: str | None = None) -> tuple[str, str]:
    """Text of the bytes and the encoding it was read in; a byte-order mark is not part of the text.

    A mark decides; else zeros in every second byte or in three of four, which are of UTF-16 or UTF-32; else UTF-8 where
    the bytes are valid in it; else the charset that the page declares (asked only with `declared_in_page`), or the
    server (`declared`); else UTF-8 where most letters are, the others as `mend_strays` reads them; else the most likely
    one. A few NULs are left out. Raises Unreadable for bytes that are empty,
    binary, valid in none, or hold NULs and are of an encoding that has to be guessed: Chinese in UTF-16 looks so.
    """
    if not raw.strip():
        raise Unreadable("not_empty", f"{len(raw)} bytes, none of them text", "some text")
    if name := name_signature(raw):
        raise Unreadable("is_text", name, IS_TEXT)
    charset = (find_declared_charset(raw) if declared_in_page else None) or name_charset(declared or "")
    text, encoding = _decode_wide(raw) or _decode_unmarked(raw, charset)
    return keep_text(text), encoding


def name_signature(head: bytes) -> str | None:
    """What the first bytes are the beginning of, where that is no text; else None."""
    return next((name for signature, name in BINARY_SIGNATURES if head.startswith(signature)), None)


def name_binary(head: bytes) -> str | None:
    """Why a file that begins so holds no lines of text; None where it may."""
    if name := name_signature(head):
        return name
    narrowed = narrow(head)
    # A few are a fault of the line that they stand in.
    return "NULs among the first bytes" if narrowed.count(0) > MAXIMUM_CONTROL_SHARE * len(narrowed) else None


def keep_text(text: str) -> str:
    """The text without its NULs, of which no table holds any; Unreadable where it is blank, or no text: with half
    characters, or of many NULs and other control characters.
    """
    if not text.strip():
        raise Unreadable("not_empty", f"{len(text)} characters, all of them white space", "some text")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        observed = f"U+{ord(text[error.start]):04X}, half a character, at {error.start}"
        raise Unreadable("decodable", observed, "valid characters") from error
    count = sum(1 for _ in CONTROL_CHARACTERS.finditer(text))
    if count > MAXIMUM_CONTROL_SHARE * len(text):
        raise Unreadable("is_text", f"{count} control characters among {len(text)}", IS_TEXT)
    return text.replace("\0", "")


def find_declared_charset(raw: bytes) -> str | None:
    """Python's name of the encoding that a page's first bytes declare; None where it is missing or unknown."""
    found = DECLARED_CHARSET.search(raw[:DECLARATION_BYTES])
    return name_charset(found[1].decode("ascii", "replace")) if found else None


def name_charset(label: str) -> str | None:
    """Python's name of the encoding that web pages call by this label; None where it is no encoding of pages."""
    if not CHARSET_LABEL.fullmatch(label):
        return None
    try:
        codec = codecs.lookup(label)
        # The declaration was read as ASCII, so it cannot be in UTF-16; and some codecs make no text at all.
        if codec.name in NOT_OF_PAGES or "a".encode(codec.name) != b"a":
            return None
    except (LookupError, ValueError):
        return None
    return "cp1252" if codec.name in READ_AS_WINDOWS_1252 else codec.name


def _decode_wide(raw: bytes) -> tuple[str, str] | None:
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS if raw.startswith(mark)]
    for encoding in (*marked, tell_unmarked(raw)):
        if encoding and (text := _try(raw, encoding)) is not None:
            return text, encoding
    return None


def _decode_unmarked(raw: bytes, declared: str | None) -> tuple[str, str]:
    # What is valid UTF-8 beyond ASCII is hardly ever anything else, whatever the page says.
    candidates = (declared, "utf-8") if declared in SEVEN_BIT_ENCODINGS else ("utf-8", declared)
    for encoding in candidates:
        if encoding and (text := _try(raw, encoding)) is not None:
            return text, encoding
    text = raw.decode("utf-8", "surrogateescape")
    return (mend_strays(text), "utf-8") if is_damaged(text) else detect(raw)


def is_damaged(text: str) -> bool:
    """Whether a text that was read as UTF-8 with "surrogateescape" is some, of which a few bytes are not."""
    # The end may be cut off within a letter.
    strays = sum(found.end() < len(text) for found in STRAY.finditer(text))
    count = sum(1 for _ in BEYOND_ASCII.finditer(text))
    if not count or count < strays:
        return False
    # In another encoding two letters may be one of UTF-8, but hardly one that western texts hold.
    return count >= 2 * strays or all(USUAL.match(found[0]) for found in BEYOND_ASCII.finditer(text))


def mend_strays(text: str) -> str:
    """The text with each byte that is no UTF-8 read as windows-1252, and half a letter as a replacement character."""
    return STRAY.sub(_mend_stray, text)


def _mend_stray(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-8", "surrogateescape")
    return raw.decode("cp1252", "replace") if len(raw) == 1 and found.end() < len(found.string) else "\ufffd"


def detect(raw: bytes) -> tuple[str, str]:
    """Text of the bytes and the encoding that is most likely; Unreadable for NULs, and where none is likely."""
    if (position := raw.find(0)) >= 0:
        raise Unreadable("is_text", f"NUL at byte {position} of what is no UTF-8", NO_GUESS)
    written = MARKUP.sub(b"", raw)
    likely = [*rank_encodings(written), *(["cp1252"] if _is_western(written) else [])]
    for encoding in likely:
        if (text := _try(raw, encoding)) is not None:
            return _name_usual(raw, text, encoding)
    guesses = (from_bytes(part).best() for part in ((written, raw) if written != raw else (raw,)))
    read = ((guess.encoding, text) for guess in guesses if guess and (text := _try(raw, guess.encoding)) is not None)
    guess, read_text = next(read, (None, None))
    if guess is None or read_text is None:
        raise Unreadable("decodable", f"{len(raw)} bytes that begin {raw[:16].hex(' ')}", "text in a known encoding")
    return _name_usual(raw, read_text, guess)


def _name_usual(raw: bytes, text: str, encoding: str) -> tuple[str, str]:
    """The text, and the usual encoding of a western language where several code pages agree on it."""
    return text, "cp1252" if encoding == "cp1252" or _try(raw, "cp1252") == text else encoding


def _is_western(written: bytes) -> bool:
    """Whether all but a few letters are of ASCII, and no word consists of others."""
    others = len(written.translate(None, SHARED_BYTES))
    return others < WESTERN_SHARE * len(written) and OTHER_WRITING.search(written) is None


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeError, LookupError):
        return None
