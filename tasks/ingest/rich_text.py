"""Paragraphs that editors write as runs of letters: "Mayor ", "Calder" in bold, " spoke." are one line of text."""

from collections.abc import Mapping
from typing import Any

from tasks.ingest.fields import fold_field_name

# Where editors hold the runs of a paragraph: Slate, Lexical, Sanity and Strapi, and ProseMirror and Contentful.
RUNS = frozenset(("children", "content"))
KINDS = ("type", "_type", "nodetype")
# What holds paragraphs, not runs.
ROOTS = frozenset(("doc", "document", "root"))
LEAVES = frozenset(("text", "span"))
INLINE = frozenset(("link", "autolink", "hyperlink", "entry_hyperlink", "asset_hyperlink"))
BREAKS = frozenset(("linebreak", "line_break", "hardbreak", "hard_break"))
# How a run is set, and where a link leads.
SET = frozenset(("marks", "data", "attrs"))
# Links in a paragraph, and nothing in them.
DEEPEST_RUN = 3


def join_runs(part: Mapping[str, Any], name: str, value: Any) -> str | None:
    """The line that a paragraph's runs, its value under this name, make; None where what stands there is anything else.

    A paragraph says of what kind it is. A list of texts that stands in none is one of paragraphs.
    """
    kind = _kind_of(part)
    if name not in RUNS or not kind or kind in ROOTS:
        return None
    return _join(value, 0)


def _join(runs: Any, depth: int) -> str | None:
    if not isinstance(runs, list) or not runs or depth > DEEPEST_RUN:
        return None
    said: list[str] = []
    for one in runs:
        text = _read_run(one, depth) if isinstance(one, dict) else None
        if text is None:
            return None
        said.append(text)
    return "".join(said)


def _read_run(run: dict[str, Any], depth: int) -> str | None:
    kind = _kind_of(run)
    held = {name for name, one in run.items() if isinstance(one, (list, dict))}
    if not held <= ((SET | RUNS) if kind in INLINE else SET):
        # Something to be read by itself may lie in it.
        return None
    if kind in BREAKS:
        return "\n"
    if kind in INLINE:
        inner = [name for name in RUNS if name in run]
        return _join(run[inner[0]], depth + 1) if len(inner) == 1 else None
    # Slate's runs are of no kind.
    if kind and kind not in LEAVES:
        return None
    text = run.get("text", run.get("value") if isinstance(run.get("marks"), list) else None)
    return text if isinstance(text, str) else None


def _kind_of(part: Mapping[str, Any]) -> str:
    held = {fold_field_name(str(name)): one for name, one in part.items()} if part else {}
    kind = next((held[one] for one in KINDS if isinstance(held.get(one), str)), "")
    return fold_field_name(kind)
