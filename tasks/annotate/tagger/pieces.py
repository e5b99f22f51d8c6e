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
MARK_CODES = np.array(sorted(map(ord, {*DOUBLE_MARKS, *"'`‘’‚"})), np.uint32)
# Words known beyond so many pieces are forgotten, and learnt anew: some dozen megabytes.
KNOWN_PIECES = 100_000


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
    """Cuts texts into pieces with one tokenizer (a `tokenizers` JSON text, as published with the encoder).

    What stands between two spaces is cut alike wherever it stands, so that each such word is cut only once.
    """

    def __init__(self, tokenizer_json: str) -> None:
        self.tokenizer = Tokenizer.from_str(tokenizer_json)
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.opening_id = self._number_of("[CLS]")
        self.closing_id = self._number_of("[SEP]")
        # For each word (pieces, 5): number, start and end in the word, whether it opens a word of the tokenizer, shape.
        self._known: dict[str, np.ndarray] = {}
        self._known_pieces = 0

    def _number_of(self, piece: str) -> int:
        number = self.tokenizer.token_to_id(piece)
        if number is None:
            raise ValueError(f"the tokenizer does not know the piece {piece}")
        return number

    def read(self, text: str) -> Pieces:
        """The text's pieces, none for a text without words."""
        words = text.replace("\n", " ").split(" ")
        self._learn(words)
        found = [self._known[word] for word in words]
        ids, starts, ends, is_first, shapes = np.concatenate(found).T.copy()
        places = np.repeat(_begins(words), list(map(len, found)))
        starts, ends = starts + places, ends + places
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        paragraphs = np.searchsorted(np.flatnonzero(codes == ord("\n")), starts)
        paragraphs = np.unique(paragraphs, return_inverse=True)[1].reshape(-1)
        opens = np.empty(len(ids), np.int32)
        opens[:1] = 1
        opens[1:] = paragraphs[1:] != paragraphs[:-1]
        return Pieces(
            ids=ids,
            starts=starts,
            ends=ends,
            is_first=is_first.astype(bool),
            shapes=shapes,
            marks=mark_states(text, codes, starts, paragraphs),
            paragraphs=paragraphs,
            opens_paragraph=opens,
        )

    def _learn(self, words: list[str]) -> None:
        """Cuts the words that are not known, as one text."""
        if self._known_pieces > KNOWN_PIECES:
            self._known, self._known_pieces = {}, 0
        missing = list(set(words).difference(self._known))
        if not missing:
            return
        text = " ".join(missing)
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        starts, ends = np.array(encoding.offsets, np.int32).reshape(-1, 2).T
        numbers = np.array(encoding.word_ids, np.int32)
        is_first = np.ones(len(numbers), bool)
        is_first[1:] = numbers[1:] != numbers[:-1]
        begins = _begins(missing)
        first_pieces = np.searchsorted(starts, begins)
        places = np.repeat(begins, np.diff(np.append(first_pieces, len(starts))))
        shapes = _shapes(text, starts, ends, is_first)
        rows = np.stack([encoding.ids, starts - places, ends - places, is_first, shapes], axis=1).astype(np.int32)
        self._known.update(zip(missing, np.split(rows, first_pieces[1:]), strict=True))
        self._known_pieces += len(rows)


def _begins(words: list[str]) -> np.ndarray:
    """Where each of the words begins in the text that they make with one space between."""
    lengths = np.array(list(map(len, words)), np.int32)
    return np.cumsum(lengths + 1, dtype=np.int32) - lengths - 1


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


def mark_states(text: str, codes: np.ndarray, starts: np.ndarray, paragraphs: np.ndarray) -> np.ndarray:
    """Position in MARK_STATES of each piece; what a mark opens ends with the paragraph at the latest.

    `codes` are the code points of the text. Marks doubled from single ones ('' and ``) count as one. Single marks count
    where the text has no double ones.
    """
    states = np.zeros(len(starts), np.int32)
    has_double = any(mark in text for mark in DOUBLE_MARKS) or "''" in text or "``" in text
    singles = "" if has_double else "‘’‚"
    printed = np.flatnonzero(np.isin(codes[starts], MARK_CODES))
    paragraph_ends = np.searchsorted(paragraphs, paragraphs[printed], "right").tolist()
    # What is open is inside until the paragraph ends, unless a mark closes it.
    open_until, closing = 0, ""
    for index, start, end in zip(printed.tolist(), starts[printed].tolist(), paragraph_ends, strict=True):
        mark, is_inside = _mark_at(text[start], text, start, singles), index < open_until
        if mark == " ":
            states[index] = states[index - 1] if index else 0
        elif is_inside and mark == closing:
            states[index], states[index + 1 : end], open_until = CLOSING, 0, 0
        elif not is_inside and mark in PAIRS and not (mark == "”" and _follows_word(text, start)):
            states[index], states[index + 1 : end] = OPENING, INSIDE
            open_until, closing = end, PAIRS[mark]
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
