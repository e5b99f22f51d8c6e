"""Which reader reads what: told by the name, else by the first bytes."""

from tasks.ingest.readers.feed import FEED
from tasks.ingest.readers.html import HTML
from tasks.ingest.readers.json_file import JSON
from tasks.ingest.readers.jsonl import JSONL
from tasks.ingest.readers.parquet import PARQUET
from tasks.ingest.readers.reader import Reader
from tasks.ingest.readers.table import TABLE
from tasks.ingest.readers.text import TEXT
from tasks.ingest.readers.warc import WARC
from tasks.ingest.unpacking import strip_suffix

# In the order in which they are asked: what a page begins with is surer than what a table does.
READERS = (PARQUET, WARC, HTML, FEED, JSONL, JSON, TABLE, TEXT)
# Names of several formats: their content tells which.
OPEN_SUFFIXES = (".xml", ".json", ".warc", "")


def suffix_of(name: str) -> str:
    """The ending of a file's name that tells its format, in lower case; empty where there is none."""
    stem, dot, ending = strip_suffix(name).rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""


def find_reader(name: str, head: bytes) -> Reader | None:
    """The reader for a file: by its name, else by its first bytes; None where neither tells.

    Text without markup is believed only of a file without an ending: a program is text as well. What is Parquet
    or a web archive is read as such whatever it is called.
    """
    suffix = suffix_of(name)
    for reader in (PARQUET, WARC):
        if reader.recognizes(head):
            return reader
    named = next((reader for reader in READERS if suffix in reader.suffixes), None)
    if named and suffix not in OPEN_SUFFIXES:
        return named
    if not head.strip():
        return named or TEXT
    candidates = [reader for reader in READERS if reader is not TEXT or not suffix]
    return next((reader for reader in candidates if reader.recognizes(head)), named)


def known_suffixes() -> str:
    """The endings that tell a format, for a person to read."""
    return ", ".join(suffix for reader in READERS for suffix in reader.suffixes)
