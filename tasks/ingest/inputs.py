"""From what the user names - files, folders, patterns - to the files to read, each once, in a steady order."""

import glob
import os
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from tasks.ingest.readers import Source

IGNORED_FILE = Path(__file__).with_name("ignored.toml")


class InputNotFound(Exception):
    """What the user named is not there, or holds nothing to read; says which and what to do."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """One file or folder that is no input, and why."""

    source_uri: str
    reason: str


def expand_inputs(inputs: Iterable[str]) -> Iterator[Source | Ignored]:
    """Every file that the inputs name or hold, in sorted order within each, and what is passed over.

    A folder is read with all folders below it; a link to a folder inside it is passed over, one
    that cannot be listed comes back itself. A file that two inputs name comes once. Raises
    InputNotFound, before anything is read, with all inputs that are neither a file nor a folder
    nor a pattern that something matches.
    """
    named = [(text, *_find_paths(text)) for text in inputs]
    if missing := [text for text, _, paths in named if not paths]:
        listed = ", ".join(map(repr, missing[:5])) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        raise InputNotFound(f"{len(missing)} of the inputs not there: {listed}. Name a file, a folder or a pattern.")
    seen: set[str] = set()
    for _, is_pattern, paths in named:
        for path in paths:
            for item in _walk(path) if path.is_dir() else [_judge(path, named_itself=not is_pattern)]:
                place = os.path.abspath(item.path) if isinstance(item, Source) else item.source_uri
                if place not in seen:
                    seen.add(place)
                    yield item


def why_ignored(name: str) -> str | None:
    """Why a file or folder of this name is no input; None for one that is."""
    return next((reason for pattern, reason in _ignored_patterns() if fnmatchcase(name.lower(), pattern)), None)


@cache
def _ignored_patterns() -> tuple[tuple[str, str], ...]:
    rules = tomllib.loads(IGNORED_FILE.read_text("utf-8"))["ignored"]
    return tuple((rule["pattern"], rule["reason"]) for rule in rules)


def _find_paths(text: str) -> tuple[bool, list[Path]]:
    """Whether `text` is a pattern, and the paths it names; none where nothing is there."""
    path = Path(text)
    if path.exists():
        return False, [path]
    return True, [Path(found) for found in sorted(glob.glob(text, recursive=True))] if glob.has_magic(text) else []


def _walk(folder: Path) -> Iterator[Source | Ignored]:
    unlisted: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=unlisted.append):
        folders.sort()
        for name in list(folders):
            child = Path(place, name)
            if reason := why_ignored(name) if not child.is_symlink() else "link to a folder":
                folders.remove(name)
                yield Ignored(Source.of(child).uri, reason)
        for name in sorted(files):
            yield _judge(Path(place, name), named_itself=False)
    yield from (Source.of(Path(error.filename)) for error in unlisted)


def _judge(path: Path, *, named_itself: bool) -> Source | Ignored:
    source = Source.of(path)
    reason = None if named_itself else why_ignored(path.name)
    return Ignored(source.uri, reason) if reason else source
