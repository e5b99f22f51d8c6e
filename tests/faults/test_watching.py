import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import json, os, shutil, sqlite3, sys, tempfile
from pathlib import Path
from tests.faults.watching import move_into, note_writes
area = Path(sys.argv[1])
move_into(area)
note_writes(area / "notes")
Path("read").touch()
(area / "notes").read_text()
open("new", "w").close()
os.makedirs("a/b")
os.symlink("x", "link")
os.replace("new", "newer")
shutil.rmtree("a")
sqlite3.connect("base").close()
tempfile.NamedTemporaryFile().close()
Path("~/at-home").expanduser().write_bytes(b"")
print(json.dumps((area / "notes").read_text().splitlines()))
"""


def test_note_writes_lists_what_is_changed_and_nothing_that_is_read(tmp_path):
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    noted = json.loads(done.stdout)
    here = tmp_path / "here"
    names = ("read", "new", "a", "a/b", "link", "newer", "base")
    assert {str(here / name) for name in names} | {str(tmp_path / "home" / "at-home")} <= set(noted)
    assert not {str(tmp_path / "notes"), str(here / "x")} & set(noted)
    others = [name for name in noted if not name.startswith((str(here), str(tmp_path / "home")))]
    assert others
    assert all(name.startswith(str(tmp_path / "tmp")) for name in others)
