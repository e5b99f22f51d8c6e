"""From what the user names - files, folders, patterns, addresses - to what to read, each once, in a steady order."""

import glob
import os
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from itertools import dropwhile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from schemas.warehouse import Warehouse
from tasks.ingest.sources import STANDARD_INPUT, Source, find_path, is_there

IGNORED_FILE = Path(__file__).with_name("ignored.toml")
LINK_TO_A_FOLDER = "link to a folder"
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
    paths = _find_paths(text)[1] if text != STANDARD_INPUT and _names_this_machine(text) else []
    return bool(paths) and all(os.path.isfile(path) or os.path.isdir(path) for path in paths)


def find_missing(inputs: Iterable[str], *, asks_stores: bool = False) -> list[str]:
    """Those of the inputs that name nothing; of the web nothing is asked, of other file systems with `asks_stores`."""
    return [text for text in inputs if (asks_stores or _names_this_machine(text)) and _find(text, None).is_missing]


def _names_this_machine(text: str) -> bool:
    protocol, mark, _ = text.partition("://")
    return not mark or _is_local(protocol)


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
            if self.is_pattern and path.is_symlink() and path.is_dir():
                yield Ignored(Source.of(path).uri, LINK_TO_A_FOLDER)
                continue
            yield from _walk(path) if os.path.isdir(path) else [_judge(path, named_itself=not self.is_pattern)]
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
    protocol, mark, _ = text.partition("://")
    if mark and not _is_local(protocol) and not is_there(Path(text)):
        return _Place(text, remote=_find_remote(text, protocol))
    is_pattern, paths = _find_paths(text)
    return _Place(text, paths=tuple(paths), is_pattern=is_pattern)


def _is_local(protocol: str) -> bool:
    return protocol.lower() in ("file", "local")


def _find_remote(text: str, protocol: str) -> _Remote:
    import fsspec

    try:
        filesystem, path = fsspec.core.url_to_fs(text)
        if glob.has_magic(path):
            return _Remote(filesystem, protocol, tuple(sorted(filesystem.glob(path))), named_itself=False)
        if filesystem.isdir(path):
            return _Remote(filesystem, protocol, tuple(sorted(filesystem.find(path))), named_itself=False)
        return _Remote(filesystem, protocol, (path,) if filesystem.exists(path) else (), named_itself=True)
    except (ConnectionError, TimeoutError) as error:
        # It may be there another time.
        raise ConnectionError(f"{text!r} cannot be reached: {error}") from error
    except Exception as error:
        # What reads s3:// and its like is installed by those who need it, and the library names the package. Each
        # kind of address fails in its own way: without a password, a file within the file, a name.
        raise InputNotFound(f"{text!r} cannot be read: {type(error).__name__}: {error}") from error


def _find_paths(text: str) -> tuple[bool, list[Path]]:
    """Whether `text` is a pattern, and the paths it names; none where nothing is there."""
    protocol, mark, rest = text.partition("://")
    if mark and _is_local(protocol):
        # RFC 8089: the host is this machine, and what cannot stand in an address is escaped.
        text = rest.removeprefix("localhost") if rest.startswith("localhost/") else rest
        text = text if is_there(Path(text)) else unquote(text)
    path = find_path(text)
    if text and is_there(path):
        return False, [path]
    return True, [Path(found) for found in sorted(set(_match(text)))] if glob.has_magic(text) else []


def _match(pattern: str) -> Iterator[str]:
    """The paths that a pattern matches; "**" is every folder below, but not what links to folders lead to."""
    parts = pattern.split(os.sep)
    if "**" not in parts:
        yield from glob.iglob(pattern)
        return
    at = parts.index("**")
    # Folders below folders below are folders below.
    rest = os.sep.join(dropwhile(lambda part: part == "**", parts[at:]))
    for top in glob.glob(os.sep.join(parts[:at]) or ("/" if pattern.startswith("/") else ".")):
        if not rest:
            yield top
            continue
        for place, folders, _ in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from _match(os.path.join(glob.escape(place), rest))


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
    if os.path.islink(folder):
        return LINK_TO_A_FOLDER
    # What was published is no news.
    return "a warehouse" if _is_warehouse(folder) else why_ignored(folder.name)


def _is_warehouse(folder: Path) -> bool:
    try:
        return Warehouse(folder).is_begun
    except OSError:
        # One that cannot be looked into: listing it tells.
        return False


def _judge(path: Path, *, named_itself: bool) -> Source | Ignored:
    source = Source.of(path)
    reason = None if named_itself else why_ignored(path.name)
    return Ignored(source.uri, reason) if reason else source


def _uri_of(item: Address | Ignored) -> str:
    return item.uri if isinstance(item, Address) else item.source_uri
