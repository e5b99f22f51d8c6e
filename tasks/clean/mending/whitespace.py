"""White space made regular: one space between words, one empty line between paragraphs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tasks.clean.edits import Edit, sort_edits

NEWLINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
SPACES = " \t\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
WHITESPACE_RUN = re.compile(f"[{NEWLINES}{SPACES}]+")
# All but the single space, which stands between words as it should. A set in front lets the search skip fast.
IRREGULAR_RUN = re.compile(f"[{NEWLINES}{SPACES}](?:[{NEWLINES}{SPACES}]+|(?<! ))")
# The same where no two spaces stand together: less a space in front of it, for which the search would stop at each.
RARE_RUN = re.compile(f"[{NEWLINES}{SPACES[1:]}][{NEWLINES}{SPACES}]*")
LINE_BREAK = re.compile(f"\r\n|[{NEWLINES}]")
# Without width or control only. The joiners U+200C and U+200D stay: scripts and emoji need them.
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f]+")
# What a text of plain ASCII is made of.
PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])

PARAGRAPH_BREAK = "\n\n"


@dataclass(slots=True)
class _Piece:
    """A stretch of source text: white space that stands as `value`, or something removed (value "")."""

    start: int
    end: int
    value: str
    edit: Edit | None = None


def drop_plain(encoded: bytes) -> str:
    """The characters of a text in UTF-8 that are not plain ASCII, in order: few, in which others are found quickly."""
    return encoded.translate(None, PLAIN).decode("utf-8", "surrogatepass")


def has_plain_spaces(text: str) -> bool:
    """Whether spaces and line feeds are all the white space of the text; False where it is in doubt."""
    return "\t" not in text and "\r" not in text and drop_plain(text.encode("utf-8", "surrogatepass")).isprintable()


def find_invisible(text: str) -> list[Edit]:
    """Removals of characters that have no width or control only."""
    if _is_visible(text):
        return []
    return [Edit(m.start(), m.end(), "", "whitespace", "invisible_character") for m in INVISIBLE.finditer(text)]


def drop_invisible(text: str) -> str:
    """The text without characters that have no width or control only."""
    return text if _is_visible(text) else INVISIBLE.sub("", text)


def _is_visible(text: str) -> bool:
    """Whether there is certainly nothing INVISIBLE in the text: faster than to look for it."""
    return text.replace("\n", "").isprintable()


def make_whitespace_regular(source_text: str, edits: Iterable[Edit], *, join_lines: bool = False) -> list[Edit]:
    """All edits: those given, and those that make the edited text's white space regular.

    A gap with a line break parts paragraphs, or only one with an empty line if `join_lines` (hard-wrapped text).
    White space at both ends goes. An edit given whose replacement is white space may be
    merged with the white space around it.
    """
    finished: list[Edit] = []
    gap: list[_Piece] = []
    at_head = True
    for piece, is_solid in _split_pieces(source_text, sort_edits(edits)):
        if not is_solid:
            gap.append(piece)
            continue
        if gap:
            finished += _close_gap(source_text, gap, join_lines=join_lines, at_edge=at_head)
            gap = []
        at_head = False
        if piece.edit:
            finished.append(piece.edit)
    return finished + _close_gap(source_text, gap, join_lines=join_lines, at_edge=True)


def _split_pieces(source_text: str, edits: list[Edit]) -> Iterable[tuple[_Piece, bool]]:
    """Pieces from left to right, each with whether it leaves characters other than white space."""
    position = 0
    is_plain = has_plain_spaces(source_text)
    for edit in edits:
        yield from _split_kept(source_text, position, edit.start, is_plain=is_plain)
        solid = bool(edit.replacement and not WHITESPACE_RUN.fullmatch(edit.replacement))
        yield _Piece(edit.start, edit.end, edit.replacement, edit), solid
        position = edit.end
    yield from _split_kept(source_text, position, len(source_text), is_plain=is_plain)


def _split_kept(source_text: str, start: int, end: int, *, is_plain: bool) -> Iterable[tuple[_Piece, bool]]:
    if start == end:
        return
    position = start
    # A single space at an edge may belong to a gap that goes on in the next piece.
    if source_text[start] == " " and (end == start + 1 or not source_text[start + 1].isspace()):
        position += 1
        yield _Piece(start, position, " "), False
    for run_start, run_end in _find_irregular(source_text, position, end, is_plain=is_plain):
        value = source_text[run_start:run_end]
        # Inside the stretch an empty line is regular.
        if value == PARAGRAPH_BREAK and run_start > start and run_end < end:
            continue
        if position < run_start:
            yield _Piece(position, run_start, ""), True
        yield _Piece(run_start, run_end, value), False
        position = run_end
    if position == end:
        return
    last = end - 1 if source_text[end - 1] == " " else end
    if position < last:
        yield _Piece(position, last, ""), True
    if last < end:
        yield _Piece(last, end, " "), False


def _find_irregular(source_text: str, start: int, end: int, *, is_plain: bool) -> Iterator[tuple[int, int]]:
    """Spans of white space in characters [start, end) that is not a single plain space."""
    if source_text.find("  ", start, end) >= 0:
        yield from (match.span() for match in IRREGULAR_RUN.finditer(source_text, start, end))
        return
    runs = _find_line_feeds(source_text, start, end) if is_plain else _find_rare(source_text, start, end)
    for run_start, run_end in runs:
        yield run_start - (run_start > start and source_text[run_start - 1] == " "), run_end


def _find_rare(source_text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return (match.span() for match in RARE_RUN.finditer(source_text, start, end))


def _find_line_feeds(source_text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What RARE_RUN finds where line feeds and spaces are all the white space: they are few, and found at once."""
    run_start = source_text.find("\n", start, end)
    while run_start >= 0:
        run_end = run_start + 1
        while run_end < end and source_text[run_end] in "\n ":
            run_end += 1
        yield run_start, run_end
        run_start = source_text.find("\n", run_end, end)


def _close_gap(source_text: str, gap: list[_Piece], *, join_lines: bool, at_edge: bool) -> list[Edit]:
    value = "".join([piece.value for piece in gap])
    if not value:
        return [piece.edit for piece in gap if piece.edit]
    target = "" if at_edge else _regular_gap(value, join_lines=join_lines)
    if len(gap) == 1:
        piece = gap[0]
        text = source_text[piece.start : piece.end]
        return [] if text == target else [Edit(piece.start, piece.end, target, *_kind_of(text, target))]
    removals = [piece.edit for piece in gap if piece.edit and not piece.value]
    segments = _join_neighbours([piece for piece in gap if piece.value])
    texts = [source_text[segment.start : segment.end] for segment in segments]
    bearer = texts.index(target) if target in texts else 0
    edits = list(removals)
    for index, (segment, text) in enumerate(zip(segments, texts, strict=True)):
        wanted = target if index == bearer else ""
        if text != wanted:
            edits.append(Edit(segment.start, segment.end, wanted, *_kind_of(text, wanted)))
    return sorted(edits, key=lambda edit: edit.start)


def _join_neighbours(pieces: list[_Piece]) -> list[_Piece]:
    joined: list[_Piece] = []
    for piece in pieces:
        if joined and joined[-1].end == piece.start:
            joined[-1] = _Piece(joined[-1].start, piece.end, joined[-1].value + piece.value)
        else:
            joined.append(piece)
    return joined


def _regular_gap(value: str, *, join_lines: bool) -> str:
    if value == PARAGRAPH_BREAK:
        return value
    breaks = len(LINE_BREAK.findall(value))
    return PARAGRAPH_BREAK if breaks > join_lines else " "


def _kind_of(text: str, wanted: str) -> tuple[str, str]:
    if "<" in text:
        return ("whitespace", "block_tag") if wanted else ("markup", "block_tag")
    if not wanted:
        return "whitespace", "surplus_space"
    return "whitespace", "paragraph_break" if wanted == PARAGRAPH_BREAK else "inner_space"
