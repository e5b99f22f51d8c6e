"""The text of a record that is written in parts, and what lies in a record without being of its text."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from tasks.ingest.encoding import Unreadable
from tasks.ingest.fields import Fields, find_values, fold_field_name
from tasks.ingest.rich_text import join_runs

NESTING_FILE = Path(__file__).with_name("nesting.toml")
# Where a part of an article holds its text: exports of content systems, of WordPress and of fundus.
PART_TEXTS = frozenset(("text", "content", "value", "paragraph", "rendered", "body", "html"))
# What stands above the text of a part, and says nothing without one.
PART_HEADINGS = frozenset(("title", "heading", "subheading", "headline"))
# Parts lie in parts: fundus' paragraphs in sections, Editor.js' items in lists. Deeper ones are no article's.
DEEPEST_PART = 20
# A part whose words follow each other so in the text beside it is told there already.
SHINGLE_WORDS = 3
# So much of a second field for the text is mostly all of it: what lacks are crossheads, captions, other spellings.
MOST = 0.9
WORD = re.compile(r"\w++")
# Behind a paragraph of a page.
BLOCK_END = re.compile(r"(?<=</p>)|(?<=</h\d>)|(?<=</li>)|(?<=</blockquote>)", re.I)
INLINE_MARKUP = re.compile(r"</?(?:a|b|i|u|em|strong|span|sup|sub|mark)\b[^<>]*+>", re.I)
MARKUP = re.compile(r"<[a-z/!][^<>]*+>", re.I)


@cache
def names_of(kind: str) -> frozenset[str]:
    """The folded names of one kind of nesting.toml."""
    return frozenset(tomllib.loads(NESTING_FILE.read_text("utf-8"))[kind]["names"])


@dataclass(frozen=True, slots=True)
class Nested:
    """An object or a list within a record, under a name, that is not of its text."""

    name: str
    value: Any


def is_article(record: Mapping[str, Any], fields: Fields) -> bool:
    """Whether an object says what an article's text is, or holds its parts beside a title or an address."""
    return any(True for _ in _find_own(record, fields))


def is_titled(record: Mapping[str, Any], fields: Fields) -> bool:
    """Whether an object is an article, and says what its title is."""
    return fields.hold_title(record) and is_article(record, fields)


def read_page(record: Mapping[str, Any], fields: Fields) -> str | None:
    """The page of a record, as it stands; None where it has none."""
    return _find_text(record, fields, "html")


def read_text(record: Mapping[str, Any], fields: Fields) -> str | None:
    """The text of a record, as it stands; with an empty line between its parts, where it is written in some.

    Parts that stand beside a text and say more follow it. None where the record says no text; Unreadable where its
    parts lie too deep.
    """
    text = _find_text(record, fields)
    if not any(isinstance(value, (list, dict)) for value in record.values()):
        return text
    said: list[str] = []
    told = _Told()
    own = [(name, value) for name, value in _find_own(record, fields) if isinstance(value, (list, dict))]
    if text is not None and own:
        told.add(text)
    is_once = text is None and len(own) < 2
    for name, value in own:
        parts = list(_texts_of(value, fields))
        if not (said or text is not None) or not (fields.means_article(name) and told.hold_most(parts)):
            parts = told.leave(parts)
            said += parts
            if not is_once:
                told.add(*parts)
    if text is None:
        text = "\n\n".join(said)
        return text if text.strip() else None
    if not said:
        return text
    whole = [part for name, value in own for part in _texts_of(value, fields)] if len(own) == 1 else []
    # The text is the beginning of what its parts say, or all of it but their headings.
    return "\n\n".join(whole if _Told(*whole).hold_beginning(text) else (text, *said))


def find_nested(record: Mapping[str, Any], fields: Fields) -> Iterator[Nested]:
    """What lies in a record and is not of its text, in its order; Unreadable where parts of that lie too deep."""
    own = dict(_find_own(record, fields))
    for name, value in entries_of(record):
        if not isinstance(value, (list, dict)):
            continue
        if name in own and own[name] is not None:
            yield from (part for part in _take(value, name, fields) if isinstance(part, Nested))
        elif name in own and isinstance(value, dict):
            # The text is one of its fields; lists may lie beside it.
            yield from (Nested(inner, part) for inner, part in value.items() if isinstance(part, (list, dict)))
        else:
            yield Nested(name, value)


def entries_of(record: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The names and values of an object as they were written, also where two have one name."""
    return getattr(record, "pairs", None) or record.items()


def _find_text(record: Mapping[str, Any], fields: Fields, column: str = "text") -> str | None:
    for value in find_values(record, fields.names[column]):
        if isinstance(value, str):
            text = _read_written(value, fields) or value
        elif isinstance(value, (list, dict)) and _is_own(value, record, fields):
            text = "\n\n".join(_texts_of(value, fields))
        else:
            continue
        if text.strip():
            return text
    return None


def _read_written(text: str, fields: Fields) -> str | None:
    """The text of parts that a field holds as JSON, as cells of tables do; None where it holds anything else."""
    written = text.strip()
    if (written[:1], written[-1:]) not in (("[", "]"), ("{", "}")):
        return None
    try:
        parts = list(_take(json.loads(written), "", fields))
    except (ValueError, RecursionError):
        return None
    said = [one for one in parts if isinstance(one, str)]
    # Articles of their own that lie in it are not lost: all stays as it is written.
    return "\n\n".join(said) if len(said) == len(parts) else None


def _has_text(record: Mapping[str, Any], fields: Fields) -> bool:
    try:
        return _find_text(record, fields) is not None
    except Unreadable:
        # It is told where the text is read.
        return True


def _find_own(record: Mapping[str, Any], fields: Fields) -> Iterator[tuple[str, Any]]:
    """The entries of a record in which its text may stand; with None for one that has it in a field of its own."""
    parts, paragraphs = names_of("parts"), names_of("paragraphs")
    may_have_parts: bool | None = None
    for name, value in record.items():
        is_nested = isinstance(value, (list, dict))
        if fields.means_article(name):
            if not is_nested or _is_own(value, record, fields):
                yield name, value
            continue
        if not is_nested:
            continue
        folded = fold_field_name(name)
        if folded in parts or folded in paragraphs:
            if may_have_parts is None:
                may_have_parts = _is_headed(record, fields) or _has_text(record, fields)
            if may_have_parts and _holds_text(value, fields, strings=folded in paragraphs):
                yield name, value
        elif isinstance(value, dict) and _names_text_within(name, value, fields):
            yield name, None


def _is_own(value: Any, record: Mapping[str, Any], fields: Fields) -> bool:
    """Whether parts under the name of a text are of its record, rather than articles in an object that is none."""
    return not _holds_articles(value, fields) or _is_headed(record, fields)


def _names_text(record: Mapping[str, Any], fields: Fields) -> bool:
    """Whether an object has a field for a text, itself or within another one as Guardian's `fields.bodyText`."""
    return fields.hold_article(record) or any(
        isinstance(value, dict) and _names_text_within(name, value, fields) for name, value in record.items()
    )


def _names_text_within(name: str, value: Mapping[str, Any], fields: Fields) -> bool:
    return any(fields.means_article(f"{name}.{one}") for one in value)


def _is_headed(record: Mapping[str, Any], fields: Fields) -> bool:
    return any(value not in (None, "", [], {}) and fields.hold_heading(str(name)) for name, value in record.items())


def _holds_articles(value: Any, fields: Fields) -> bool:
    """Whether an object, or those in a list, are articles rather than parts of one: all with a text have a title."""
    values = value if isinstance(value, list) else [value]
    held = [one for one in values if isinstance(one, dict) and _names_text(one, fields)]
    return bool(held) and all(fields.hold_title(one) for one in held)


def _holds_text(value: Any, fields: Fields, *, strings: bool) -> bool:
    values = value if isinstance(value, list) else [value]
    try:
        return any(
            part.strip() for one in values if strings or not isinstance(one, str) for part in _texts_of(one, fields)
        )
    except Unreadable:
        # It is told where the text is read.
        return True


def _texts_of(value: Any, fields: Fields) -> Iterator[str]:
    return (part for part in _take(value, "", fields) if isinstance(part, str))


def _take(value: Any, name: str, fields: Fields, depth: int = 0) -> Iterator[str | Nested]:
    """The texts in a part, in its order, and the articles in it, which are none of it: those with a title and an
    address or a day, and those in a list that is called one of articles.
    """
    if isinstance(value, str):
        yield value
    elif depth > DEEPEST_PART and isinstance(value, (list, dict)):
        raise Unreadable(
            "parts_bounded", f"parts of a text more than {DEEPEST_PART} deep", "parts that are not so deep"
        )
    elif isinstance(value, list):
        for part in value:
            yield from _take(part, name, fields, depth + 1)
    elif isinstance(value, dict):
        if _stands_alone(value, name, fields):
            yield Nested(name, value)
        else:
            yield from _take_part(value, fields, depth)


def _take_part(part: Mapping[str, Any], fields: Fields, depth: int) -> Iterator[str | Nested]:
    headings: list[str] = []
    told = _Told()
    count = sum(isinstance(value, str) and fold_field_name(str(name)) in PART_TEXTS for name, value in part.items())
    for name, value in part.items():
        folded = fold_field_name(str(name))
        if isinstance(value, str):
            if folded in PART_HEADINGS:
                headings.append(value)
            # Beside its text a part may tell its kind, its address, its style.
            elif folded in PART_TEXTS and value.strip():
                # It may say the same twice: as a text, and with markup.
                more = told.leave([value]) if count > 1 else [value]
                if more:
                    yield from headings
                    headings.clear()
                yield from more
                if count > 1:
                    told.add(*more)
        elif isinstance(value, (list, dict)):
            line = join_runs(part, folded, value)
            for inner in _take(value if line is None else line, folded, fields, depth + 1):
                if isinstance(inner, str):
                    yield from headings
                    headings.clear()
                yield inner


def _stands_alone(value: dict[str, Any], name: str, fields: Fields) -> bool:
    return is_titled_by_name(value, fields) and (
        fold_field_name(name) in names_of("lists") or any(fields.hold_origin(str(one)) for one in value)
    )


def is_titled_by_name(value: Mapping[str, Any], fields: Fields) -> bool:
    """Whether an object has a field for a title and one for a text, whatever these hold."""
    return fields.hold_title(value) and _names_text(value, fields)


class _Told:
    """What was said already, as its words and as how they follow each other."""

    def __init__(self, *texts: str) -> None:
        self.held: set[str] = set()
        self.add(*texts)

    def add(self, *texts: str) -> None:
        for text in texts:
            words = _words_of(text)
            self.held.update(words, _shingles(words))

    def leave(self, parts: Iterable[str]) -> list[str]:
        """The parts that say something more; of parts with markup the blocks that do."""
        if not self.held:
            return list(parts)
        left = ([one for one in BLOCK_END.split(part) if self._lacks(one)] for part in parts)
        return ["\n".join(blocks) for blocks in left if blocks]

    def _lacks(self, text: str) -> bool:
        words = _words_of(text)
        return not self.held.issuperset(_shingles(words) or words)

    def hold_most(self, parts: Iterable[str]) -> bool:
        """Whether parts say nearly nothing else: they are the same in another form."""
        said = [one in self.held for part in parts for one in _shingles(_words_of(part))]
        return sum(said) >= MOST * len(said)

    def hold_beginning(self, text: str) -> bool:
        """Whether a text is said, up to a last word that may be cut off."""
        shingles = _shingles(_words_of(text))
        return len(shingles) > 1 and self.held.issuperset(shingles[:-1])


def _words_of(text: str) -> list[str]:
    """The words of a text, however it is set: without its markup, marks and entities."""
    text = INLINE_MARKUP.sub("", text) if "<" in text else text
    text = unescape(MARKUP.sub(" ", text)) if "<" in text or "&" in text else text
    return WORD.findall(text.casefold())


def _shingles(words: Sequence[str]) -> list[str]:
    return [" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)]
