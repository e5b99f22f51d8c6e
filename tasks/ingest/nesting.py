"""The records in a JSON value: every article in it, however deep it lies, or why it is none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from tasks.ingest.columnar import split_columns
from tasks.ingest.encoding import Unreadable
from tasks.ingest.fields import Fields, fold_field_name
from tasks.ingest.sections import (
    Nested,
    entries_of,
    find_nested,
    is_article,
    is_titled,
    is_titled_by_name,
    names_of,
)

UNIQUE = "one column or field of each name"
# So many lists that are called so lie one in the other, in answers of services.
DEEPEST_LISTS = 3
# Each article is kept with what lies in it, so that articles in articles are read as often as they are deep.
DEEPEST_ARTICLE = 20
# Elasticsearch's hits, and the lines of its dumps, hold the document as it was stored under this name; Hugging Face's
# answers the row of a data set.
DOCUMENT_KEYS = ("_source", "row")
EXPECTED_LIST = f"articles with titles, or a list that is called {', '.join(sorted(names_of('lists')))}"
LONGEST_PLACE, MOST_STEPS = 200, 40


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something in a record that is none itself, and why it is no input."""

    reason: str


class _Role(Enum):
    """What is asked of a value."""

    # Refused where it is no article.
    INPUT = auto()
    # An article, if it has a text.
    READ = auto()
    # An article, if it has a title, too.
    LOOSE = auto()
    # Told already, with those beside it; what lies in it is not.
    TOLD = auto()


@dataclass(frozen=True, slots=True)
class _Node:
    """A value, where it stands, and what is asked of it.

    `lists` that are called so lie around it, -1 where others do; `articles` articles do.
    """

    value: Any
    step: str | int = ""
    parent: "_Node | None" = None
    role: _Role = _Role.LOOSE
    lists: int = 0
    articles: int = 0

    @property
    def name(self) -> str:
        """The folded name of the field that it stands in; empty where it stands in none."""
        return fold_field_name(self.step) if isinstance(self.step, str) else ""

    @property
    def place(self) -> str:
        """Where it stands: "lead.articles[1]"."""
        steps: list[str] = []
        node: _Node | None = self
        while node is not None and len(steps) < MOST_STEPS:
            if node.step != "":
                steps.append(f"[{node.step}]" if isinstance(node.step, int) else f".{node.step}")
            node = node.parent
        return "".join(reversed(steps)).lstrip(".")[:LONGEST_PLACE]


@dataclass(slots=True)
class _Look:
    """What a look at a value gave: what is found, and what to look at next."""

    found: list[Any]
    nodes: list[_Node]


def find_records(value: Any, fields: Fields, *, is_input: bool = True) -> Iterator[Any]:
    """The records in a value, in its order: articles, Unreadable for what is none or cannot be told, and PassedOver.

    An article is an object with a text, or with parts of one beside a title or an address. In lists that are called
    one of records everything is an input, and refused where it is no article: as it is, by who makes documents of
    records. Elsewhere articles with titles are. Texts without are refused list by list, and within an article
    passed over. With `is_input` the value itself is refused where no article is in it.

    Each value is looked at a bounded number of times.
    """
    if is_input and isinstance(value, dict) and _is_flat(value) and not split_columns(value, fields):
        # Most records by far: nothing lies in them.
        yield value
    else:
        yield from _walk([_Node(value, role=_Role.INPUT if is_input else _Role.LOOSE)], fields)


def _is_flat(value: dict[str, Any]) -> bool:
    return not any(
        isinstance(one, dict)
        or (isinstance(one, list) and (not one or any(isinstance(part, (dict, list)) for part in one)))
        for one in value.values()
    )


def find_inner(record: dict[str, Any], fields: Fields) -> Iterator[Any]:
    """The records in an article, as `find_records` finds them, without the article itself."""
    try:
        nodes = _within(_Node(record, articles=1), ((one.name, one.value) for one in find_nested(record, fields)))
    except Unreadable:
        return
    yield from _walk(nodes, fields)


def _walk(nodes: list[_Node], fields: Fields) -> Iterator[Any]:
    # Behind what lies in an input stands the input itself, with how many records were found before.
    stack: list[tuple[_Node, int | None]] = [(one, None) for one in reversed(nodes)]
    count = 0
    while stack:
        node, before = stack.pop()
        if before is not None:
            if count == before:
                yield _tell_none(node.value)
                count += 1
            continue
        look = _look(node, fields)
        for one in look.found:
            count += not isinstance(one, PassedOver)
            yield one
        if node.role is _Role.INPUT and not look.found:
            stack.append((node, count))
        stack.extend((one, None) for one in reversed(look.nodes))


def unwrap(value: dict[str, Any], fields: Fields) -> dict[str, Any]:
    """The record that an object tells something of: the document of a hit, an article beside its day; or itself."""
    record, _ = _unwrap(value, fields)
    return record


def _unwrap(value: dict[str, Any], fields: Fields) -> tuple[dict[str, Any], str | None]:
    """The record, and the name of the field that it stands in, if it is not the value itself."""
    if not fields.hold_article(value):
        key = next((one for one in DOCUMENT_KEYS if isinstance(value.get(one), dict)), None)
        return (value[key], key) if key else (value, None)
    held = [name for name, inner in value.items() if fields.means_article(name) and inner not in (None, "")]
    inner = value[held[0]] if len(held) == 1 else None
    if not isinstance(inner, dict) or not is_titled_by_name(inner, fields) or fields.hold_title(value):
        return value, None
    return {name: one for name, one in value.items() if _is_plain(one, fields)} | inner, held[0]


def _is_plain(value: Any, fields: Fields) -> bool:
    """Whether nothing can lie in a value: it is none of several, or says a name in an object."""
    if isinstance(value, dict):
        return not fields.hold_article(value) and not any(isinstance(one, (dict, list)) for one in value.values())
    return not isinstance(value, list)


def _look(node: _Node, fields: Fields) -> _Look:
    if node.articles and node.name in names_of("asides") and node.value:
        return _Look([PassedOver(f"{node.name} of an article")], [])
    if isinstance(node.value, dict):
        return _look_at_object(node, node.value, fields)
    if isinstance(node.value, list):
        return _look_at_list(node, node.value, fields)
    return _Look([node.value] if node.role is _Role.INPUT else [], [])


def _look_at_object(node: _Node, value: dict[str, Any], fields: Fields) -> _Look:
    if rows := split_columns(value, fields):
        others = ((name, one) for name, one in entries_of(value) if name not in rows[0])
        return _Look([], [*_elements(replace(node, value=rows), _Role.INPUT), *_within(node, others)])
    record, wrapped = _unwrap(value, fields)
    if not is_article(record, fields):
        return _look_at_container(node, value, fields)
    is_record = node.role in (_Role.INPUT, _Role.READ) or (node.role is _Role.LOOSE and is_titled(record, fields))
    if is_record and node.articles >= DEEPEST_ARTICLE:
        observed = f"an article within {node.articles} others, at {node.place}"
        return _Look([Unreadable("articles_bounded", observed, f"at most {DEEPEST_ARTICLE} around each other")], [])
    found = [record] if is_record else [] if node.role is _Role.TOLD else [_tell_untitled(node, 1)]
    inner = replace(node, lists=0, articles=node.articles + is_record)
    try:
        # Parts of a text that is not read may be articles themselves.
        held = find_nested(record, fields) if is_record else (Nested(*one) for one in entries_of(record))
        nodes = _within(inner, ((one.name, one.value) for one in held))
    except Unreadable:
        # Who reads the record's text refuses it, and all that lies in it.
        nodes = []
    if wrapped is not None:
        nodes += _within(inner, ((name, one) for name, one in entries_of(value) if name != wrapped))
    return _Look(found, nodes)


def _look_at_container(node: _Node, value: dict[str, Any], fields: Fields) -> _Look:
    listed = names_of("lists") if node.lists in range(DEEPEST_LISTS) else frozenset()
    doubled = [name for name in getattr(value, "names", ()) if fold_field_name(name) in listed]
    if any(inner is not None and name == doubled[0] for name, inner in (entries_of(value) if doubled else ())):
        return _Look([Unreadable("unique_columns", f"several called {doubled[0]}", UNIQUE)], [])
    nodes = _within(node, entries_of(value))
    # Articles under names of their own, which may be anything.
    is_keyed = len(value) > 1 and not node.articles and all(_is_article(one, fields) for one in value.values())
    return _Look([], [replace(one, role=_Role.READ) for one in nodes] if is_keyed else nodes)


def _look_at_list(node: _Node, values: list[Any], fields: Fields) -> _Look:
    is_nested = any(isinstance(one, (dict, list)) for one in values)
    if node.role is _Role.INPUT:
        return _Look([], _elements(node, _Role.INPUT)) if is_nested else _Look([values], [])
    is_listed = node.lists > 0
    if is_listed and not node.articles:
        # Numbers are no articles; texts may be meant as some.
        is_meant = is_nested or any(isinstance(one, str) for one in values)
        return _Look([], _elements(node, _Role.INPUT) if is_meant else [])
    if not is_nested:
        return _Look([], [])
    articles = [one for one in values if _is_article(one, fields)]
    if any(is_titled(unwrap(one, fields), fields) for one in articles):
        return _Look([], _elements(node, _Role.READ if node.articles else _Role.INPUT))
    if not articles or is_listed or node.name in names_of("posts"):
        return _Look([], _elements(node, _Role.READ if articles else _Role.LOOSE))
    return _Look([_tell_untitled(node, len(values))], _elements(node, _Role.TOLD))


def _is_article(value: Any, fields: Fields) -> bool:
    return isinstance(value, dict) and is_article(unwrap(value, fields), fields)


def _within(node: _Node, entries: Iterable[tuple[str, Any]]) -> list[_Node]:
    """What stands in an object and may hold articles."""
    nodes = []
    for name, value in entries:
        if isinstance(value, (list, dict)):
            is_listed = node.lists in range(DEEPEST_LISTS) and fold_field_name(name) in names_of("lists")
            lists = node.lists + 1 if is_listed else -1
            nodes.append(_Node(value, name, node, lists=lists, articles=node.articles))
    return nodes


def _elements(node: _Node, role: _Role) -> list[_Node]:
    is_all = role is _Role.INPUT
    # An input is whatever lies in it: lists in it may be called so again.
    lists = 0 if is_all else -1
    return [
        # Of lists within a list nothing is told yet.
        _Node(
            one,
            number,
            node,
            _Role.LOOSE if role is _Role.TOLD and isinstance(one, list) else role,
            lists,
            node.articles,
        )
        for number, one in enumerate(node.value)
        if is_all or isinstance(one, (dict, list))
    ]


def _tell_untitled(node: _Node, count: int) -> Unreadable | PassedOver:
    if node.articles:
        return PassedOver("a text without a title within an article")
    observed = f"{node.place or 'what stands here'}: {count} values, texts without titles"
    return Unreadable("list_known", observed, EXPECTED_LIST)


def _tell_none(value: Any) -> Any:
    """What stands for an input in which no article is."""
    if isinstance(value, dict):
        empty = [name for name, inner in value.items() if fold_field_name(name) in names_of("lists") and inner == []]
        if empty:
            return Unreadable("not_empty", f"no records in {empty[0]}", "at least one record")
    return value
