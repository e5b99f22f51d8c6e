"""The data files of cleaning."""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def load_table(name: str) -> dict:
    """A data file as TOML says it, by its path below this folder; read once."""
    return tomllib.loads((FOLDER / name).read_text("utf-8"))
