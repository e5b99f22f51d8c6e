"""A target for atheris, which looks for bytes that lead where no bytes have led before.

    python -m tests.ingest.fuzz_readers -max_total_time=600

Whatever comes in, the readers give documents and refusals that the tables can hold. `make check` runs it for some
seconds, `make fuzz` for long; where atheris is not installed, nothing is tried.
"""

import ast
import importlib.abc
import random
import sys
from collections import Counter
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import CodeType

try:
    import atheris
except ImportError:
    print("atheris is not installed here: hypothesis alone looked for faults")
    sys.exit(0)

PACKAGE = "tasks.ingest"
# What these become ends the process, or has lost its arguments: see `write_seeds`.
MISREAD = ["tasks.ingest.readers.table", "tasks.ingest.readers.warc_records"]


class _Leading(ast.NodeTransformer):
    """Functions that begin with a loop begin with something else: the last atheris for Python 3.11 misreads them."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        at = int(ast.get_docstring(node) is not None)
        if any(isinstance(one, ast.While) for one in node.body[at : at + 1]):
            node.body[at:at] = ast.parse("_begun = True").body
        return node


class _SourceLoader(importlib.abc.SourceLoader):
    """Loads a module from its source, never from what was compiled of it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def get_filename(self, fullname: str) -> str:
        return self.path

    def get_data(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def source_to_code(self, data: bytes, path: str) -> CodeType:
        tree = ast.fix_missing_locations(_Leading().visit(ast.parse(data)))
        return compile(tree, path, "exec", dont_inherit=True)


class _SourceFinder(importlib.abc.MetaPathFinder):
    """Finds the modules of ingestion, and nothing else."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        if not f"{fullname}.".startswith(f"{PACKAGE}."):
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.origin:
            spec.loader = _SourceLoader(spec.origin)
        return spec


sys.meta_path.insert(0, _SourceFinder())
with atheris.instrument_imports(include=[PACKAGE], exclude=MISREAD):
    from schemas import Document
    from tasks.ingest.formats import READERS
    from tasks.ingest.readers.reader import Refused, Skipped
    from tests.ingest.hostile import make_content
    from tests.ingest.readers.reading import read_bytes
    from tests.ingest.soundness import require_sound

# Those whose native code may end the process are read in another one; hypothesis tries them.
NAMED = sorted({suffix for reader in READERS if not reader.may_die for suffix in reader.suffixes})
SUFFIXES = ["", ".gz", ".bz2", ".zst", ".zip", *NAMED]
MAXIMUM_BYTES = 100_000
# What is tried first, and changed: whole files of every format.
SEEDS, SEED_FOLDER = 300, Path(".hypothesis/fuzz-seeds")


def read(raw: bytes) -> list[Document | Refused | Skipped]:
    """What is read of the bytes behind the first, which chooses the name of the file."""
    suffix = SUFFIXES[raw[0] % len(SUFFIXES)] if raw else ""
    may_die = any(reader.may_die and reader.recognizes(raw[1:]) for reader in READERS)
    return [] if may_die else read_bytes(raw[1:], "in" + suffix, maximum_bytes=MAXIMUM_BYTES)


def try_bytes(raw: bytes) -> None:
    """Nothing, where the tables can hold what is read."""
    for item in read(raw):
        require_sound(item)


def write_seeds() -> Path:
    """The file that names the seeds, with commas between them; what atheris made of the readers has to read them."""
    SEED_FOLDER.mkdir(parents=True, exist_ok=True)
    paths, kinds = [], Counter()
    for number in range(SEEDS):
        suffix, content = make_content(random.Random(number))
        raw = bytes([SUFFIXES.index(suffix) if suffix in SUFFIXES else 0]) + content
        kinds.update(getattr(item, "check", "document") for item in read(raw))
        paths.append(SEED_FOLDER / str(number))
        paths[-1].write_bytes(raw)
    assert kinds["document"] > SEEDS, kinds
    # A fault that no reader foresees is one of atheris here.
    assert not kinds["reading_error"], kinds
    listed = SEED_FOLDER / "list"
    listed.write_text(",".join(map(str, paths)))
    return listed


if __name__ == "__main__":
    atheris.Setup([*sys.argv, f"-seed_inputs=@{write_seeds()}"], try_bytes)
    atheris.Fuzz()
