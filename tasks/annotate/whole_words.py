"""Where names stand whole in a text: by plain search, since a pattern for each name costs more than what it finds."""

from collections.abc import Iterable, Iterator


def find_whole(text: str, name: str, *, not_before: str = "", not_behind: str = "") -> Iterator[int]:
    """Where the name begins, left to right, with no letter, digit, underscore or one of these marks beside it."""
    start, length = text.find(name), len(name)
    while start >= 0:
        end = start + length
        if _is_free(text[start - 1 : start], not_before) and _is_free(text[end : end + 1], not_behind):
            yield start
            start = text.find(name, end)
        else:
            start = text.find(name, start + 1)


def _is_free(beside: str, marks: str) -> bool:
    return not beside or not (beside.isalnum() or beside == "_" or beside in marks)


def find_names(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Offsets of the names that stand whole, left to right, none inside another: of two that begin alike the longer.

    Before a name stands no apostrophe or hyphen; behind it a hyphen only before a letter in lower case ("U.S.-backed").
    """
    found = [
        (start, start + len(name))
        for name in names
        for start in find_whole(text, name, not_before="’'-")
        if not _joins_name(text[start + len(name) : start + len(name) + 2])
    ]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda place: (place[0], -place[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _joins_name(behind: str) -> bool:
    return len(behind) == 2 and behind[0] == "-" and not "a" <= behind[1] <= "z"
