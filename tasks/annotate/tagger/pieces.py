"""A text as word pieces, with what an uncased encoder does not see: capitals, quotation marks, paragraphs."""

from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

SHAPES = ("lower", "capital", "all_caps", "digit", "other")
MARK_STATES = ("none", "opening", "inside", "closing")
OPENING, INSIDE, CLOSING = 1, 2, 3
# Opening mark -> the mark that closes it. A straight mark closes itself.
PAIRS = {"“": "”", '"': '"', "„": "“", "«": "»", "”": "”", "‘": "’", "‚": "‘"}
DOUBLE_MARKS = frozenset('“"„«»”')


@dataclass(slots=True)
class Pieces:
    """Word pieces of one text: arrays of one length, and the numbers of special pieces.

    `starts` and `ends` are half-open offsets in characters. `is_first` marks the first piece of a word: what follows
    up to the next belongs to the same word. `paragraphs` counts from 0; `opens_paragraph` is 1 at its first piece.
    """

    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    is_first: np.ndarray
    shapes: np.ndarray
    marks: np.ndarray
    paragraphs: np.ndarray
    opens_paragraph: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


class PieceReader:
    """Cuts texts into pieces with one tokenizer (a `tokenizers` JSON text, as published with the encoder)."""

    def __init__(self, tokenizer_json: str) -> None:
        self.tokenizer = Tokenizer.from_str(tokenizer_json)
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.opening_id = self._number_of("[CLS]")
        self.closing_id = self._number_of("[SEP]")

    def _number_of(self, piece: str) -> int:
        number = self.tokenizer.token_to_id(piece)
        if number is None:
            raise ValueError(f"the tokenizer does not know the piece {piece}")
        return number

    def read(self, text: str) -> Pieces:
        """The text's pieces, none for a text without words."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        offsets = np.array(encoding.offsets, np.int32).reshape(-1, 2)
        starts, ends = offsets[:, 0], offsets[:, 1]
        words = np.array(encoding.word_ids, np.int32)
        is_first = np.empty(len(words), bool)
        is_first[:1] = True
        is_first[1:] = words[1:] != words[:-1]
        paragraphs = np.searchsorted(_line_ends(text), starts)
        paragraphs = np.unique(paragraphs, return_inverse=True)[1].reshape(-1)
        opens = np.empty(len(words), np.int32)
        opens[:1] = 1
        opens[1:] = paragraphs[1:] != paragraphs[:-1]
        return Pieces(
            ids=np.array(encoding.ids, np.int32),
            starts=starts,
            ends=ends,
            is_first=is_first,
            shapes=_shapes(text, starts, ends, is_first),
            marks=mark_states(text, starts, paragraphs),
            paragraphs=paragraphs,
            opens_paragraph=opens,
        )


def _line_ends(text: str) -> np.ndarray:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.flatnonzero(codes == 10)


def _shapes(text: str, starts: np.ndarray, ends: np.ndarray, is_first: np.ndarray) -> np.ndarray:
    firsts = np.flatnonzero(is_first)
    if not len(firsts):
        return np.zeros(0, np.int32)
    lasts = np.append(firsts[1:], len(starts)) - 1
    shapes = [
        shape_of(text[start:end]) for start, end in zip(starts[firsts].tolist(), ends[lasts].tolist(), strict=True)
    ]
    return np.repeat(np.array(shapes, np.int32), np.diff(np.append(firsts, len(starts))))


def shape_of(word: str) -> int:
    """Position in SHAPES of the word's shape; a single capital letter is a capital."""
    if word.islower():
        return 0
    if word.isdigit():
        return 3
    if word[:1].isupper():
        return 2 if len(word) > 1 and word.isupper() else 1
    return 3 if any(map(str.isdigit, word)) else 4


def mark_states(text: str, starts: np.ndarray, paragraphs: np.ndarray) -> np.ndarray:
    """Position in MARK_STATES of each piece; what a mark opens ends with the paragraph at the latest.

    Marks doubled from single ones ('' and ``) count as one. Single marks count where the text has no double ones.
    """
    states = np.zeros(len(starts), np.int32)
    has_double = any(mark in text for mark in DOUBLE_MARKS) or "''" in text or "``" in text
    singles = "" if has_double else "‘’‚"
    inside, closing, paragraph = False, "", -1
    characters = [text[start] for start in starts.tolist()]
    for index, character in enumerate(characters):
        if paragraphs[index] != paragraph:
            inside, paragraph = False, paragraphs[index]
        mark = _mark_at(character, text, int(starts[index]), singles)
        if mark == " ":
            states[index] = states[index - 1] if index else 0
        elif not mark:
            states[index] = INSIDE if inside else 0
        elif inside and mark == closing:
            states[index], inside = CLOSING, False
        elif not inside and mark in PAIRS and not (mark == "”" and _follows_word(text, int(starts[index]))):
            states[index], inside, closing = OPENING, True, PAIRS[mark]
        else:
            states[index] = INSIDE if inside else 0
    return states


def _follows_word(text: str, start: int) -> bool:
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] in ".,!?;:")


def _mark_at(character: str, text: str, start: int, singles: str) -> str:
    """The mark that stands here as PAIRS knows it, a space for the second half of one, nothing where none stands."""
    if character in DOUBLE_MARKS:
        return character
    if character in "'`":
        if text[start + 1 : start + 2] == character:
            return '"'
        return " " if start and text[start - 1] == character else ""
    if character not in singles or not character:
        return ""
    is_apostrophe = character == "’" and text[start + 1 : start + 2].isalnum()
    return "" if is_apostrophe else character
