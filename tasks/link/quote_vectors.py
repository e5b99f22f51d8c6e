"""Texts as sparse vectors over their letters and their ideas, of many stories at a time."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from tasks.link.quote_pieces import settings
from tasks.link.vectors import MEASURED_PAIRS
from tasks.link.wordings import expand_negations, fold_wording

# A run of four characters is one number of 64 bits. No batch has as many different characters.
MAX_CHARACTERS = 2**16 - 1
SPACE = ord(" ")


def weigh_texts(texts: Sequence[str], ideas: Sequence[Sequence[str]], scopes: np.ndarray) -> sparse.csr_matrix:
    """Vectors of unit length over the letters and the `ideas` of each text, one row a text.

    How rare something is, is counted among the texts of one scope (numbers from 0); texts of two scopes have no column
    in common.
    """
    weight = float(np.sqrt(settings()["pieces"]["weight_of_ideas"]))
    letters = _weigh(*list_runs([fold_wording(expand_negations(text)) for text in texts]), scopes)
    said = _weigh(*_number_ideas(ideas), scopes) * weight
    joined = sparse.hstack([letters, said], format="csr")
    joined.data *= np.repeat(_invert(_sum_rows(joined, joined.data**2) ** 0.5), np.diff(joined.indptr))
    return joined


def list_runs(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Runs of three and four characters within a word and the spaces around it: the row of each, and a number for it.

    `texts` have single spaces between words and none around.
    """
    characters = np.frombuffer("".join(f" {text} " for text in texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    owners = np.repeat(np.arange(len(texts)), [len(text) + 2 for text in texts])
    is_inner = characters != SPACE
    used = np.zeros(characters.max(initial=0) + 1, bool)
    used[characters] = True
    # Numbered by their order, from 1: 0 is no character.
    numbers = (1 + (np.cumsum(used) - 1) % MAX_CHARACTERS)[characters].astype(np.uint64)
    triples = numbers[:-2] | numbers[1:-1] << np.uint64(16) | numbers[2:] << np.uint64(32)
    fours = triples[:-1] | numbers[3:] << np.uint64(48)
    # Between two texts stand two spaces, so that what reaches over them has one inside.
    is_triple, is_four = is_inner[1:-1], is_inner[1:-2] & is_inner[2:-1]
    rows = np.concatenate([owners[:-2][is_triple], owners[:-3][is_four]])
    return rows, np.unique(np.concatenate([triples[is_triple], fours[is_four]]), return_inverse=True)[1]


def _number_ideas(ideas: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    numbers: dict[str, int] = {}
    found = [numbers.setdefault(idea, len(numbers)) for own in ideas for idea in own]
    return np.repeat(np.arange(len(ideas)), [len(own) for own in ideas]), np.array(found, np.int64)


def _weigh(rows: np.ndarray, terms: np.ndarray, scopes: np.ndarray) -> sparse.csr_matrix:
    """TF-IDF vectors of unit length of the texts in whose rows the terms stand; a text without terms is all zeros."""
    term_count = int(terms.max(initial=0)) + 1
    places, counts = np.unique(rows * term_count + terms, return_counts=True)
    row, term = np.divmod(places, term_count)
    _, column, spread = np.unique(scopes[row] * term_count + term, return_inverse=True, return_counts=True)
    sizes = np.bincount(scopes, minlength=1)
    rarity = np.log((1 + sizes[scopes[row]]) / (1 + spread[column])) + 1
    weights = (1 + np.log(counts)) * rarity
    lengths = np.bincount(row, weights**2, minlength=len(scopes)) ** 0.5
    bounds = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(scopes)))])
    data = (weights / lengths[row]).astype(np.float32)
    return sparse.csr_matrix((data, column, bounds), shape=(len(scopes), len(spread)))


def measure_containment(vectors: sparse.csr_matrix, firsts: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Share of the smaller text's weight that stands in the larger one, for each pair of rows."""
    sizes = np.diff(vectors.indptr)
    is_first_smaller = sizes[firsts] <= sizes[seconds]
    smaller, larger = np.where(is_first_smaller, firsts, seconds), np.where(is_first_smaller, seconds, firsts)
    presence, squares = vectors.copy(), vectors.copy()
    presence.data = np.ones_like(presence.data)
    # Rows have unit length, so that their squares add up to 1.
    squares.data = squares.data**2
    shares = np.zeros(len(firsts))
    for start in range(0, len(firsts), MEASURED_PAIRS):
        some = slice(start, start + MEASURED_PAIRS)
        shares[some] = np.asarray(squares[smaller[some]].multiply(presence[larger[some]]).sum(axis=1)).ravel()
    return shares


def _sum_rows(matrix: sparse.csr_matrix, entries: np.ndarray) -> np.ndarray:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return np.bincount(rows, entries, minlength=matrix.shape[0])


def _invert(values: np.ndarray) -> np.ndarray:
    return np.divide(1, values, out=np.zeros_like(values), where=values > 0)
