"""The language identifier's model: packed as it comes, unpacked once for all runs of a user.

To unpack it takes a second, and then seventy megabytes, of each process that does so. The unpacked files are read where
they lie, and processes share what the system holds of them.
"""

import os
import shutil
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from schemas.warehouse import sync_tree, whole_folder

# What py3langid's identifier is made of, in the order of its `load_model`.
PARTS = ("features", "priors", "languages", "moves", "rows", "outputs")

# An unpacking takes a second or two.
LEFT_SECONDS = 3_600.0


def cache_folder() -> Path:
    """Where the user's system keeps what programs can make again."""
    setting = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(setting) if os.path.isabs(setting) else Path.home() / ".cache") / "onrecord"


def load_identifier() -> Any:
    """py3langid's identifier with its own model.

    Unpacked files that are damaged are removed, and made anew by the next process; where none can be written the model
    is unpacked in memory.
    """
    # RuntimeError: a user without a home.
    with suppress(OSError, RuntimeError):
        folder = cache_folder() / f"language-model-{version('py3langid')}"
        if not folder.is_dir():
            _unpack(folder)
        try:
            return _make_identifier(*(np.load(folder / f"{part}.npy", mmap_mode="r") for part in PARTS))
        except (OSError, ValueError, EOFError):
            shutil.rmtree(folder, ignore_errors=True)
    return _make_identifier(*_load_packed())


def _unpack(folder: Path) -> None:
    parts = _load_packed()
    with whole_folder(folder) as draft:
        for part, content in zip(PARTS, parts, strict=True):
            np.save(draft / f"{part}.npy", np.asarray(content))
        # A power cut must not leave files of the right length with nothing in them.
        sync_tree(draft)
    # Those of other versions, and of processes that were killed meanwhile.
    for other in folder.parent.glob("*language-model-*"):
        if other != folder and time.time() - other.stat().st_mtime > LEFT_SECONDS:
            shutil.rmtree(other, ignore_errors=True)


def _load_packed() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    return load_model(MODEL_DIR / MODEL_FILE)


def _make_identifier(features: Any, priors: Any, languages: Any, moves: Any, rows: Any, outputs: Any) -> Any:
    from py3langid.langid import LanguageIdentifier

    return LanguageIdentifier(
        np.asarray(features),
        np.asarray(priors),
        list(map(str, languages)),
        # Numbers of Python's own, one by one, come faster from these than from arrays of numpy.
        memoryview(moves),
        np.asarray(outputs).tolist(),
        tk_row=np.asarray(rows).tolist(),
        norm_probs=True,
    )
