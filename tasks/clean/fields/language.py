"""The language of a text."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from tasks.clean.tables import load_table

# Pieces from all over the text, so that a quotation in another language at its start decides nothing. On 2 400 news
# texts and on samples in 18 languages, mixed ones among them, these answer as 3 000 characters do.
PIECES = 4
PIECE_CHARS = 40
# Less sure than this, longer pieces are asked.
SURE = 0.95
LONG_PIECE_CHARS = 250


@cache
def _identifier() -> Any:
    # Only here: most texts are plainly English.
    from tasks.clean.fields.language_model import load_identifier

    return load_identifier()


def identify_language(text: str) -> tuple[str, float]:
    """ISO 639-1 code of the text's language and its probability among all languages known.

    The probability of a text of a few words is low: read it before the code. Languages
    without a code of two letters are passed over.
    """
    if is_plain_english(text):
        return "en", load_table("fields/language.toml")["english"]["confidence"]
    language, probability = _classify(_sample(text, PIECE_CHARS))
    if probability < SURE and len(text) > PIECES * PIECE_CHARS:
        language, probability = _classify(_sample(text, LONG_PIECE_CHARS))
    return language, min(1.0, max(0.0, probability))


def is_plain_english(text: str) -> bool:
    """Whether small words of English stand in all parts of the text: then it is in no other language.

    Capitals, lists and texts of a few sentences may be English and lack them.
    """
    english = load_table("fields/language.toml")["english"]
    if len(text) < english["minimum_characters"]:
        return False
    pieces = _cut_pieces(text, min(english["piece_characters"], len(text) // PIECES))
    return all(_holds_english(piece, english["minimum_in_piece"]) for piece in pieces)


def _holds_english(piece: str, minimum: int) -> bool:
    """Whether at least so many small words of English stand in the piece."""
    found = 0
    for word in _english_words():
        found += piece.count(word)
        if found >= minimum:
            return True
    return False


@cache
def _english_words() -> tuple[str, ...]:
    return tuple(f" {word} " for word in load_table("fields/language.toml")["english"]["words"])


def _cut_pieces(text: str, piece_chars: int) -> Iterator[str]:
    starts = (len(text) * number // PIECES for number in range(PIECES))
    return (text[start : start + piece_chars] for start in starts)


def _sample(text: str, piece_chars: int) -> str:
    """Pieces of the text at equal distances, or all of it if they cover it."""
    if len(text) <= PIECES * piece_chars:
        return text
    return " ".join(_cut_pieces(text, piece_chars))


def _classify(sample: str) -> tuple[str, float]:
    language, probability = _identifier().classify(sample)
    if len(language) != 2:
        ranked = _identifier().rank(sample)
        language, probability = next((code, value) for code, value in ranked if len(code) == 2)
    return language, float(probability)
