"""What a process writes, wherever it does: noted by Python itself as it opens, makes, renames and removes files."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Events of which these arguments are paths that change; of a link it is the link, not what it leads to.
CHANGING = {
    "os.mkdir": slice(1),
    "os.rename": slice(2),
    "os.link": slice(1, 2),
    "os.symlink": slice(1, 2),
    "os.remove": slice(1),
    "os.rmdir": slice(1),
    "os.truncate": slice(1),
    "os.chmod": slice(1),
    "os.utime": slice(1),
    "sqlite3.connect": slice(1),
}


def move_into(area: Path) -> None:
    """From now on all that a process may write to by habit lies in `area`: home, temporary files, working folder."""
    for name in ("home", "tmp", "here"):
        (area / name).mkdir()
    os.environ.update({"HOME": str(area / "home"), "TMPDIR": str(area / "tmp")})
    os.environ.update({name: str(area / "home") for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")})
    tempfile.tempdir = None
    sys.dont_write_bytecode = True
    os.chdir(area / "here")


def note_writes(path: Path) -> None:
    """From now on the file at `path` lists, line by line, every path that this process changes."""
    notes = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        # Writing to a descriptor is no event.
        for changed in find_changed(event, arguments):
            os.write(notes, changed.encode("utf-8", "backslashreplace").replace(b"\n", b"?") + b"\n")

    sys.addaudithook(note)


def find_changed(event: str, arguments: tuple[Any, ...]) -> list[str]:
    """Absolute paths that an event changes."""
    if event == "open":
        paths = arguments[:1] if isinstance(arguments[2], int) and arguments[2] & WRITING else ()
    else:
        paths = arguments[CHANGING.get(event, slice(0))]
    folder = ""
    if event in ("os.remove", "os.rmdir") and isinstance(arguments[1], int) and arguments[1] >= 0:
        folder = os.readlink(f"/proc/self/fd/{arguments[1]}")
    return [os.path.abspath(os.path.join(folder, os.fsdecode(one))) for one in paths if not isinstance(one, int)]
