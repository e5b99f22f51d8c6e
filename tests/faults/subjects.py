"""How long a text an expression may be given: read off the source, where each of its uses cuts out a stretch."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.faults.patterns import ROOT, TAKING, sources

SUBJECT_SECOND = ("sub", "subn")


def longest_subject(place: str) -> int | None:
    """The most characters that the expression compiled at "file:line" is given at once; None where it may be any.

    Known are stretches of a length that stands in the source: `text[:40]`, `text[-40:]`, `text[start : start + 40]`,
    `text[max(0, end - 40) : end]`, named or not, and the same as the positions of a compiled expression's own methods;
    and texts of which the function has looked first how long they are: `if len(text) > 40: return None`.
    """
    bounds = [_bound_of_use(use, scope) for use, scope in _uses(place)]
    return max(bounds) if bounds and None not in bounds else None  # type: ignore[type-var]


def find_uses(place: str) -> set[str]:
    """How the expression compiled at "file:line" is used, of `pumping.USES`; all where the source does not say."""
    names = [call.func.attr if call else None for call, _ in _uses(place)]  # type: ignore[attr-defined]
    if not names or not set(names) <= {*TAKING}:
        return {"search", "match", "fullmatch"}
    return {name if name in ("match", "fullmatch") else "search" for name in names}


@cache
def _parse(path: Path) -> ast.Module:
    tree = ast.parse(path.read_text("utf-8"))
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            child.parent = parent  # type: ignore[attr-defined]
    return tree


def _uses(place: str) -> Iterator[tuple[ast.Call | None, ast.AST]]:
    """Calls that give a text to the expression, each with the function around it; None for a use of another kind."""
    name, _, line = place.rpartition(":")
    path = ROOT / name
    for node in ast.walk(_parse(path)):
        if not (isinstance(node, ast.Call) and node.lineno == int(line) and _is_re(node.func)):
            continue
        if node.func.attr != "compile":  # type: ignore[attr-defined]
            yield node, _function_around(node)
            continue
        holder = node.parent  # type: ignore[attr-defined]
        if isinstance(holder, ast.Assign) and isinstance(holder.targets[0], ast.Name):
            yield from _uses_of_name(holder.targets[0].id, path, holder)
        elif isinstance(holder, ast.Return) and isinstance(maker := _function_around(holder), ast.FunctionDef):
            yield from _uses_of_name(maker.name, path, holder, is_made=True)
        else:
            yield None, node


def _uses_of_name(
    name: str, path: Path, assignment: ast.AST, *, is_made: bool = False
) -> Iterator[tuple[ast.Call | None, ast.AST]]:
    """Uses of the expression of this name; with `is_made` of that which the function of this name returns."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in _names().get((module, name), []):
        parent = node.parent  # type: ignore[attr-defined]
        if is_made:
            if not (isinstance(parent, ast.Call) and parent.func is node):
                yield None, _function_around(node)
                continue
            parent = parent.parent  # type: ignore[attr-defined]
        is_read = isinstance(parent, ast.Attribute) and parent.attr == "pattern"
        if parent is assignment or is_read:
            # An expression made of this one is found on its own.
            continue
        call = parent.parent if isinstance(parent, ast.Attribute) else None  # type: ignore[attr-defined]
        yield call if isinstance(call, ast.Call) and call.func is parent else None, _function_around(node)


@cache
def _names() -> dict[tuple[str, str], list[ast.Name]]:
    """Where each name of a module stands: in the module itself, and in those that import it."""
    found: dict[tuple[str, str], list[ast.Name]] = {}
    for path in sources():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        nodes = list(ast.walk(_parse(path)))
        imported = {
            one.name: node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) for one in node.names
        }
        for node in nodes:
            if isinstance(node, ast.Name):
                found.setdefault((imported.get(node.id, module), node.id), []).append(node)
    return found


def _is_re(function: ast.AST) -> bool:
    is_attribute = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return is_attribute and function.value.id == "re" and function.attr in TAKING  # type: ignore[attr-defined]


def _function_around(node: ast.AST) -> ast.AST:
    while not isinstance(node, (ast.FunctionDef, ast.Module)):
        node = node.parent  # type: ignore[attr-defined]
    return node


def _bound_of_use(call: ast.Call | None, scope: ast.AST) -> int | None:
    if call is None or not isinstance(call.func, ast.Attribute):
        return None
    given = call.args[1:] if _is_re(call.func) else call.args
    subject = given[1:] if call.func.attr in SUBJECT_SECOND else given
    if not subject:
        return None
    if len(subject) == 3 and not _is_re(call.func):
        return _difference(subject[1], subject[2])
    return _bound_of_text(subject[0], scope)


def _bound_of_text(text: ast.AST, scope: ast.AST) -> int | None:
    if isinstance(text, ast.Subscript) and isinstance(text.slice, ast.Slice) and text.slice.step is None:
        return _difference(text.slice.lower, text.slice.upper)
    if (guarded := _bound_of_guard(text, scope)) is not None:
        return guarded
    if not isinstance(text, ast.Name):
        return None
    values = [
        node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and text.id in {one.id for one in node.targets if isinstance(one, ast.Name)}
    ]
    bound = [_bound_of_text(value, scope) for value in values if not isinstance(value, ast.Name)]
    return max(bound) if bound and None not in bound and len(bound) == len(values) else None  # type: ignore[type-var]


# What a text may be put together of: no more of it comes out than went in, but for a constant.
JOINED = (ast.Name, ast.Constant, ast.BinOp, ast.Add, ast.IfExp, ast.Compare, ast.Is, ast.IsNot, ast.Load)
JOINED_BESIDE = (ast.Subscript, ast.Slice, ast.Call, ast.Attribute, ast.FormattedValue, ast.JoinedStr)


def _bound_of_guard(text: ast.AST, scope: ast.AST) -> int | None:
    """The length up to which a guard lets the text through, with its constants; None where there is no guard."""
    parts = list(ast.walk(text))
    if not all(isinstance(part, JOINED + JOINED_BESIDE) for part in parts):
        return None
    lengths = [
        _guard(part.id, text, scope)
        for part in parts
        if isinstance(part, ast.Name) and not _is_called_or_tested(part, text)
    ]
    if not lengths or None in lengths:
        return None
    constants = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return max(lengths) + sum(map(len, constants))  # type: ignore[type-var]


def _is_called_or_tested(name: ast.Name, top: ast.AST) -> bool:
    """Whether the name stands in a condition or in the bounds of a slice: no text of it is given on."""
    node: ast.AST = name
    while node is not top:
        parent = node.parent  # type: ignore[attr-defined]
        is_test = isinstance(parent, ast.IfExp) and node is parent.test
        if is_test or (isinstance(parent, ast.Subscript) and node is parent.slice):
            return True
        node = parent
    return False


def _guard(name: str, use: ast.AST, scope: ast.AST) -> int | None:
    """Most characters of the named text where it is used: what an `if` around the use, or before it, lets through."""
    node = use
    while node is not scope:
        parent = node.parent  # type: ignore[attr-defined]
        if isinstance(parent, ast.IfExp) and node is parent.body:
            found = [_limit(test, name, ast.LtE) for test in _all_of(parent.test, ast.And)]
            if any(found):
                return min(filter(None, found))
        node = parent
    for statement in getattr(scope, "body", []):
        leaves = isinstance(statement, ast.If) and isinstance(statement.body[-1], ast.Return)
        found = [_limit(test, name, ast.Gt) for test in _all_of(statement.test, ast.Or)] if leaves else []
        if any(found):
            return min(filter(None, found))
    return None


def _all_of(test: ast.AST, joined_by: type[ast.boolop]) -> list[ast.expr]:
    """The conditions of which each alone decides."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, joined_by) else [test]  # type: ignore[list-item]


def _limit(test: ast.AST, name: str, sign: type[ast.cmpop]) -> int | None:
    """The number in `len(name) > number`."""
    if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], sign) and isinstance(test.left, ast.Call)):
        return None
    is_length = isinstance(test.left.func, ast.Name) and test.left.func.id == "len"
    argument = test.left.args[0]
    is_named = isinstance(argument, ast.Name) and argument.id == name
    return _number(test.comparators[0]) if is_length and is_named else None


def _difference(lower: ast.AST | None, upper: ast.AST | None) -> int | None:
    """How far apart two positions are at most; None where the source does not say."""
    if upper is None:
        return _number(lower.operand) if isinstance(lower, ast.UnaryOp) and isinstance(lower.op, ast.USub) else None
    if lower is None or (isinstance(lower, ast.Constant) and lower.value == 0):
        return _number(upper)
    if isinstance(lower, ast.Call) and isinstance(lower.func, ast.Name) and lower.func.id == "max":
        found = [bound for one in lower.args if (bound := _difference(one, upper)) is not None]
        return min(found) if found and not isinstance(upper, ast.Constant) else None
    if isinstance(lower, ast.BinOp) and isinstance(lower.op, ast.Sub) and ast.dump(lower.left) == ast.dump(upper):
        return _number(lower.right)
    if isinstance(upper, ast.BinOp) and isinstance(upper.op, ast.Add) and ast.dump(upper.left) == ast.dump(lower):
        return _number(upper.right)
    return None


def _number(node: ast.AST | None) -> int | None:
    """What a number in the source is, also one that stands under a name in the same module."""
    if isinstance(node, ast.Name):
        module = _module_around(node)
        named = [
            one.value
            for one in module.body
            if isinstance(one, ast.Assign) and node.id in {target.id for target in one.targets if _is_name(target)}
        ]
        return _number(named[0]) if len(named) == 1 else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def _module_around(node: ast.AST) -> ast.Module:
    while not isinstance(node, ast.Module):
        node = node.parent  # type: ignore[attr-defined]
    return node
