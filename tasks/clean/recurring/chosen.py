"""The recurring lines that were chosen for batches, remembered: the same counted batches lead to the same choice."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from schemas.warehouse import Warehouse, write_json
from tasks.batches import Batch, counted_lines

# Beside the folders of the batches.
CHOICE_FILE = "recurring.json"


def choose_again(batches: Sequence[Batch]) -> list[Batch] | None:
    """The batches, each with the name of its set of recurring lines, as chosen when they were counted.

    None where some were never counted, or others since.
    """
    folders = [batch.lines_folder for batch in batches]
    if not batches or not all(folder.is_dir() for folder in folders):
        return None
    names = read_choice(counted_lines(Warehouse(Path(batches[0].warehouse))), folders)
    if names is None:
        return None
    return [batch.with_recurring(name) for batch, name in zip(batches, names, strict=True)]


def read_choice(counted: Sequence[Path], folders: Sequence[Path]) -> list[str] | None:
    """For each of the folders the name of its recurring lines, as chosen when these folders were counted last.

    None where others were counted since, or one of the folders was not among those that were chosen for.
    """
    try:
        choice = json.loads(_file(folders).read_text("utf-8"))
        if choice["counted"] != _name_counted(counted):
            return None
        return [choice["names"][folder.name] for folder in folders]
    except (OSError, ValueError, LookupError, TypeError):
        return None


def write_choice(counted: Sequence[Path], folders: Sequence[Path], names: Sequence[str]) -> None:
    """Remembers the names chosen for the folders, for `read_choice`."""
    chosen = {folder.name: name for folder, name in zip(folders, names, strict=True)}
    write_json({"counted": _name_counted(counted), "names": chosen}, _file(folders))


def recurring_file(folder: Path, name: str) -> Path:
    """Where the recurring lines of that name lie, in the folder of a batch's lines."""
    return folder / f"recurring-{name}.parquet"


def _file(folders: Sequence[Path]) -> Path:
    return folders[0].parent / CHOICE_FILE


def _name_counted(counted: Sequence[Path]) -> str:
    # A folder is named after its documents and the code that read them.
    return hashlib.sha256("\n".join(sorted(folder.name for folder in counted)).encode()).hexdigest()
