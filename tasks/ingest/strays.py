"""Bytes that are no UTF-8 in JSON, which should be: records of other encodings are read in theirs, one by one."""

import re
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from tasks.ingest.encoding import Unreadable, detect, is_damaged, mend_strays

# How "surrogateescape" writes bytes that are no UTF-8.
STRAYS = re.compile("[\udc80-\udcff]++")
# In fewer the encoding is guessed wrong: b"caf\xe9" is taken for UTF-16.
LEAST_CHARACTERS = 32
NEITHER = re.compile("[^\0-\x7f\udc80-\udcff]++")


def holds_strays(text: str) -> bool:
    """Whether a text that was read as UTF-8 with "surrogateescape" holds bytes that are none."""
    return not text.isascii() and STRAYS.search(text) is not None


def read_strays(record: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The record with what is no UTF-8 of it in the encoding that is most likely, and the name of that.

    As it is, with None, where all is UTF-8, where no encoding is likely, where it is too short to tell, or where more
    letters are UTF-8 than not: such a record was damaged.
    """
    try:
        joined = "\n".join(_strings_of(record))
        strays = sum(len(found[0]) for found in STRAYS.finditer(joined))
        if not strays or len(joined) < LEAST_CHARACTERS:
            return record, None
        if is_damaged(joined):
            return _map_strings(record, mend_strays), None
        if sum(len(found[0]) for found in NEITHER.finditer(joined)) > strays:
            return record, None
        _, encoding = detect(NEITHER.sub("", joined).encode("ascii", "surrogateescape"))
        return _map_strings(record, lambda text: _read(text, encoding)), encoding
    except (Unreadable, UnicodeError, RecursionError):
        return record, None


def _read(text: str, encoding: str) -> str:
    return STRAYS.sub(lambda found: found[0].encode("ascii", "surrogateescape").decode(encoding), text)


def _strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings_of(inner)


def _map_strings(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map_strings(inner, change) for inner in value]
    if isinstance(value, dict):
        changed = {change(name): _map_strings(inner, change) for name, inner in value.items()}
        # Of what kind a record is stays.
        made = copy(value)
        made.clear()
        made.update(changed)
        return made
    return value
