"""Every regular expression of the project, with the line that compiles it.

    python -m tests.faults.patterns [FOLDER]

Prints one JSON record a pattern. A pattern built of rule files or of words of a text is taken as a run builds it: all
modules are imported, and texts are taken through all stages, while every call that compiles is written down.
"""

import ast
import contextlib
import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDERS = ("flows", "tasks", "schemas")
# What takes a pattern as its first argument.
TAKING = ("compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split")
TAKES_FLAGS_THIRD = {"search", "match", "fullmatch", "findall", "finditer"}
# A word in an expression; two that differ in words alone are as fast as each other.
WORD = re.compile(r"(?<![\\A-Za-z<])[A-Za-z]{3,}")


# What the sample has not, and what some expressions are compiled for: weights, parts of lengths, feeds.
BESIDE_SAMPLE = {
    "weights.txt": (
        "The harbour master of Velm lost twenty pounds last winter, he said on Monday, and blames nobody for it. "
        "A century and a half of quarrels about the pier lie behind the town, the mayor told the council at noon.\n\n"
        "“We have waited for this for a year and a half,” said Ada Cole, the mayor, when the talks ended at last. "
        "They had stretched over seven hours. Sales of the yard rose, from 1245 to 1812 boats.\n"
    ),
    "feed.xml": (
        "<rss><channel><title>Velm</title><item><title>Pier</title><description>The pier of Velm will be rebuilt, "
        "the council said on Monday after a long debate in the old hall.</description></item></channel></rss>"
    ),
}


@dataclass(frozen=True, order=True)
class Found:
    """One pattern: `place` is "file:line" of what compiles it. `pattern` of bytes is kept as Latin-1."""

    place: str
    pattern: str
    flags: int
    is_bytes: bool = False

    @property
    def shape(self) -> str:
        """The pattern without the words in it."""
        return WORD.sub("word", self.pattern)

    def compile(self) -> re.Pattern:
        """The pattern as the project compiles it."""
        return re.compile(self.pattern.encode("latin-1") if self.is_bytes else self.pattern, self.flags)


def sources() -> list[Path]:
    """All files of the project that may compile a pattern."""
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def find_places() -> dict[str, Found | None]:
    """Every place in the source that compiles a pattern; with the pattern, where it stands there as it is."""
    places: dict[str, Found | None] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in TAKING):
                continue
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            places[place] = places.get(place) or _read_constant(node, place)
    return places


def _read_constant(node: ast.Call, place: str) -> Found | None:
    pattern = node.args[0]
    if not isinstance(pattern, ast.Constant):
        return None
    name = node.func.attr  # type: ignore[attr-defined]
    third = 1 if name == "compile" else 2
    given = [word.value for word in node.keywords if word.arg == "flags"]
    if name == "compile" or name in TAKES_FLAGS_THIRD:
        given += node.args[third : third + 1]
    flags = eval(compile(ast.Expression(given[0]), place, "eval"), {"re": re}) if given else 0
    is_bytes = isinstance(pattern.value, bytes)
    return Found(place, pattern.value.decode("latin-1") if is_bytes else pattern.value, int(flags), is_bytes)


def record_patterns(environment: dict[str, str], below: str = "") -> list[Found]:
    """All patterns, sorted: those that stand in the source, and those that a run compiles.

    With a folder named only those below it: what is compiled while its modules are imported and a feed is read.
    """
    command = [sys.executable, "-m", "tests.faults.patterns", *filter(None, [below])]
    printed = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout.decode()
    found = {Found(**json.loads(line)) for line in printed.splitlines()}
    found |= {one for one in find_places().values() if one}
    return sorted(one for one in found if one.place.startswith(below))


def main(below: str = "") -> None:
    """Prints what is compiled while all modules, or those below a folder, are imported and texts are read."""
    compiled: dict[tuple[str, str], Found] = {}
    really_compile = re._compile  # type: ignore[attr-defined]

    def note(pattern: Any, flags: Any) -> Any:
        if isinstance(pattern, (str, bytes)) and (place := _find_place()):
            is_bytes = isinstance(pattern, bytes)
            one = Found(place, pattern.decode("latin-1") if is_bytes else pattern, int(flags), is_bytes)
            compiled.setdefault((place, one.shape), one)
        return really_compile(pattern, flags)

    re._compile = note  # type: ignore[attr-defined]
    for path in sources():
        if not str(path.relative_to(ROOT)).startswith(below):
            continue
        # What trains the tagger needs packages of its own, and reads no article that somebody sends.
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    if below:
        read_beside_sample()
    else:
        run_sample()
    for one in compiled.values():
        print(json.dumps(asdict(one)))


def run_sample() -> None:
    """Takes the sample, and what it lacks, through all stages within this process, by both ways of attribution."""
    os.environ["ONRECORD_WORKERS"] = "0"
    build_tables = importlib.import_module("flows.build_tables").build_tables
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as beside:
        for name, text in BESIDE_SAMPLE.items():
            Path(beside, name).write_text(text, "utf-8")
        for attribution in ("rules", "tagger"):
            build_tables([str(ROOT / "data" / "sample"), beside], folder, attribution=attribution)


def read_beside_sample() -> None:
    """Reads what the sample lacks, a feed among it, as inputs are read."""
    documents = importlib.import_module("tasks.ingest.documents")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in BESIDE_SAMPLE.items():
            Path(folder, name).write_text(text, "utf-8")
        assert len(list(documents.read_documents([folder], refused_at=datetime.now(UTC)))) == len(BESIDE_SAMPLE)


def _find_place() -> str | None:
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "re":
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    inside = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in FOLDERS
    return f"{path.relative_to(ROOT)}:{frame.f_lineno}" if inside else None


if __name__ == "__main__":
    main(*sys.argv[1:2])
