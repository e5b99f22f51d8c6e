"""First names: which are known, and the gender that they tell."""

import tomllib
from functools import cache
from pathlib import Path

FIRST_NAMES_FILE = Path(__file__).with_suffix(".toml")


@cache
def load_first_names() -> dict[str, str]:
    """Gender by first name in lower case; names of both are left out."""
    data = tomllib.loads(FIRST_NAMES_FILE.read_text("utf-8"))
    either = set(data["either"].split())
    return {name: gender for gender in ("female", "male") for name in data[gender].split() if name not in either}


@cache
def load_every_first_name() -> frozenset[str]:
    """All first names known, in lower case."""
    data = tomllib.loads(FIRST_NAMES_FILE.read_text("utf-8"))
    return frozenset(name for key in ("female", "male", "either") for name in data[key].split())


@cache
def load_sure_first_names() -> frozenset[str]:
    """First names, in lower case, that are no place, no common word and seldom a surname."""
    data = tomllib.loads(FIRST_NAMES_FILE.read_text("utf-8"))
    return load_every_first_name() - set(data["doubtful"].split())
