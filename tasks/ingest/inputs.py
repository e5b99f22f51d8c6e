"""From what the user names - files, folders, patterns, addresses - to what to read, each once, in a steady order."""

import glob
import os
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from schemas.warehouse import Warehouse
from tasks.ingest.sources import STANDARD_INPUT, Source

IGNORED_FILE = Path(__file__).with_name("ignored.toml")
WEB_SCHEMES = ("http://", "https://")


class InputNotFound(Exception):
    """What the user named is not there, or holds nothing to read; says which and what to do."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """One file or folder that is no input, and why."""

    source_uri: str
    reason: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address on the web: a feed, a sitemap, a page or a file of any format."""

    uri: str


def expand_inputs(inputs: Iterable[str], *, standard_input: Path | None = None) -> Iterator[Source | Address | Ignored]:
    """Everything that the inputs name or hold, in sorted order within each, and what is passed over.

    A folder is read with all folders below it; a link to a folder inside it is passed over, one
    that cannot be listed comes back itself. A file that two inputs name comes once. "-" is standard input, which
    `standard_input` keeps. Raises InputNotFound, before anything is read, with all inputs that are neither a file
    nor a folder nor a pattern that something matches.
    """
    named = [_find(text, standard_input) for text in inputs]
    if missing := [place.text for place in named if place.is_missing]:
        listed = ", ".join(map(repr, missing[:5])) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        raise InputNotFound(f"{len(missing)} of the inputs not there: {listed}. Name a file, a folder or a pattern.")
    seen: set[str] = set()
    for place in named:
        for item in place.items():
            key = item.place if isinstance(item, Source) else f"{type(item).__name__} {_uri_of(item)}"
            if key not in seen:
                seen.add(key)
                yield item


def is_address(text: str) -> bool:
    """Whether an input is an address on the web."""
    return text.lower().startswith(WEB_SCHEMES)


def can_be_read_again(text: str) -> bool:
    """Whether an input names files and folders of this machine, which give the same when they are read once more."""
    paths = _find_paths(text)[1] if text != STANDARD_INPUT and "://" not in text else []
    return bool(paths) and all(path.is_file() or path.is_dir() for path in paths)


def find_missing(inputs: Iterable[str], *, asks_stores: bool = False) -> list[str]:
    """Those of the inputs that name nothing; of the web nothing is asked, of other file systems with `asks_stores`."""
    return [text for text in inputs if (asks_stores or "://" not in text) and _find(text, None).is_missing]


def why_ignored(name: str) -> str | None:
    """Why a file or folder of this name is no input; None for one that is."""
    return next((reason for pattern, reason in _ignored_patterns() if fnmatchcase(name.lower(), pattern)), None)


@cache
def _ignored_patterns() -> tuple[tuple[str, str], ...]:
    rules = tomllib.loads(IGNORED_FILE.read_text("utf-8"))["ignored"]
    return tuple((rule["pattern"], rule["reason"]) for rule in rules)


@dataclass(frozen=True)
class _Place:
    """What one input names: ready items, or paths with whether a pattern found them."""

    text: str
    ready: tuple[Source | Address, ...] = ()
    paths: tuple[Path, ...] = ()
    is_pattern: bool = False
    remote: Any = None

    @property
    def is_missing(self) -> bool:
        return not (self.ready or self.paths or (self.remote and self.remote.paths))

    def items(self) -> Iterator[Source | Address | Ignored]:
        yield from self.ready
        for path in self.paths:
            yield from _walk(path) if path.is_dir() else [_judge(path, named_itself=not self.is_pattern)]
        if self.remote:
            yield from self.remote.items()


@dataclass(frozen=True)
class _Remote:
    """Files of an fsspec file system that one input names."""

    filesystem: Any
    protocol: str
    paths: tuple[str, ...]
    named_itself: bool

    def items(self) -> Iterator[Source | Ignored]:
        for path in self.paths:
            uri = f"{self.protocol}://{path.lstrip('/')}"
            reason = None if self.named_itself else why_ignored(path.rpartition("/")[2])
            yield Ignored(uri, reason) if reason else Source.of_remote(self.filesystem, path, uri)


def _find(text: str, standard_input: Path | None) -> _Place:
    if text == STANDARD_INPUT:
        return _Place(text, ready=(Source.of_standard_input(standard_input),))
    if is_address(text):
        return _Place(text, ready=(Address(text),))
    protocol, mark, rest = text.partition("://")
    if mark and protocol in ("file", "local"):
        text = rest
    elif mark and not Path(text).exists():
        return _Place(text, remote=_find_remote(text, protocol))
    is_pattern, paths = _find_paths(text)
    return _Place(text, paths=tuple(paths), is_pattern=is_pattern)


def _find_remote(text: str, protocol: str) -> _Remote:
    import fsspec

    try:
        filesystem, path = fsspec.core.url_to_fs(text)
        if glob.has_magic(path):
            return _Remote(filesystem, protocol, tuple(sorted(filesystem.glob(path))), named_itself=False)
        if filesystem.isdir(path):
            return _Remote(filesystem, protocol, tuple(sorted(filesystem.find(path))), named_itself=False)
        return _Remote(filesystem, protocol, (path,) if filesystem.exists(path) else (), named_itself=True)
    except (ImportError, ValueError) as error:
        # What reads s3:// and its like is installed by those who need it; the library names the package.
        raise InputNotFound(f"{text!r} cannot be read: {error}") from error


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
            if reason := _why_folder_ignored(child):
                folders.remove(name)
                yield Ignored(Source.of(child).uri, reason)
        for name in sorted(files):
            yield _judge(Path(place, name), named_itself=False)
    yield from (Source.of(Path(error.filename)) for error in unlisted)


def _why_folder_ignored(folder: Path) -> str | None:
    if folder.is_symlink():
        return "link to a folder"
    # What was published is no news.
    return "a warehouse" if Warehouse(folder).is_begun else why_ignored(folder.name)


def _judge(path: Path, *, named_itself: bool) -> Source | Ignored:
    source = Source.of(path)
    reason = None if named_itself else why_ignored(path.name)
    return Ignored(source.uri, reason) if reason else source


def _uri_of(item: Address | Ignored) -> str:
    return item.uri if isinstance(item, Address) else item.source_uri
